"""People and CI that GCP refuses."""

from __future__ import annotations

from mlplatform import AccessSpec, CiSpec

from ..conftest import problems, refused, target


def test_people_are_groups_with_one_role_each() -> None:
    refused("targets[gcp].people.operator", "ops", targets=(target(people={"operator": ("ops",)}),))
    both = {"operator": ("team@acme.example",), "ml-engineer": ("group:team@acme.example",)}
    refused("targets[gcp].people.ml-engineer", "one role or team per group", targets=(target(people=both),))


def test_ci_is_named_by_a_subject_that_fits() -> None:
    ci = CiSpec(system="gitlab", repository="a/" * 50 + "ml")
    refused("access.ci.repository", "127", access=AccessSpec(ci=ci))


def test_names_that_google_reserves_for_identity_pools() -> None:
    refused("name", "gcp-", name="gcp", access=AccessSpec(ci=CiSpec(repository="acme/ml")))
    assert not problems(name="gcp")
