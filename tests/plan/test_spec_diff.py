"""Fields of two specs that differ, and the resources that each of them changes."""

from __future__ import annotations

from typing import cast

import pytest

from mlplatform.plan.change import Diff, SpecChange
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Plan
from mlplatform.plan.spec_diff import MAX_PLANNED, attribute_changes, compare_specs
from mlplatform.plan.spec_field import replace_field
from mlplatform.spec.platform import PlatformSpec

from ..planned import record_released

BASE: dict[str, object] = {
    "name": "acme",
    "owner": "team",
    "cost_center": "1",
    "targets": [
        {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"},
        {
            "cloud": "gcp",
            "project": "acme-ml",
            "project_number": "123456789012",
            "region": "us-central1",
            "billing_account": "012345-6789AB-CDEF01",
        },
    ],
    "artifact_store": {"data": {"retention": "standard"}, "pipelines": {"retention": "ephemeral"}},
    "budget": {"monthly_usd": 100, "emails": ["a@acme.example"]},
}


def spec(**changes: object) -> PlatformSpec:
    return PlatformSpec.model_validate({**BASE, **changes})


def paths(before: PlatformSpec, after: PlatformSpec) -> dict[str, tuple[object, object]]:
    return {f.change.path: (f.change.before, f.change.after) for f in compare_specs(before, after)}


def pool(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "accelerator": "T4:1", "max_nodes": 4, **more}


def test_items_of_lists_go_by_their_names() -> None:
    before = spec(training={"pools": [pool("a"), pool("b")]})
    after = spec(training={"pools": [pool("n"), pool("b", max_nodes=8), pool("a", accelerator=["L4:1", "T4:1"])]})
    found = paths(before, after)
    assert set(found) == {
        "training.pools.n",
        "training.pools.b.max_nodes",
        "training.pools.a.accelerator",
        "training.pools (order)",
    }
    assert found["training.pools.b.max_nodes"] == (4, 8)
    assert found["training.pools.a.accelerator"] == (["T4:1"], ["L4:1", "T4:1"])
    assert found["training.pools.n"][0] is None


def test_targets_go_by_cloud_and_bounds_by_position() -> None:
    targets = cast("list[dict[str, object]]", BASE["targets"])
    after = spec(targets=[targets[1], {**targets[0], "region": "us-west-2"}], network={"cidr": "10.60.0.0/16"})
    assert {"targets.aws.region", "network.cidr"} <= set(paths(spec(), after))
    assert paths(spec(), spec()) == {}
    assert compare_specs(None, spec()) == ()


def test_a_spec_with_one_field_of_another_keeps_what_was_not_set() -> None:
    before = spec(training={"pools": [pool("a"), pool("b")]})
    after = spec(
        training={"pools": [pool("b", max_nodes=8)]}, keys={"rotation_days": 180}, budget=None, tags={"x": "y"}
    )
    made = {
        field.change.path: replace_field(before, after, field.before, field.after)
        for field in compare_specs(before, after)
    }
    assert set(made) == {"training.pools.a", "training.pools.b.max_nodes", "keys.rotation_days", "budget", "tags.x"}
    assert made["training.pools.a"] == spec(training={"pools": [pool("b")]})
    assert made["training.pools.b.max_nodes"] == spec(training={"pools": [pool("a"), pool("b", max_nodes=8)]})
    only = made["keys.rotation_days"]
    assert only is not None
    assert only.keys.rotation_days == 180
    assert only.keys.model_fields_set == {"rotation_days"}
    assert made["budget"] is not None
    assert made["budget"].budget is None
    assert made["tags.x"] is not None
    assert made["tags.x"].tags == {"x": "y"}


@pytest.fixture(scope="module")
def compared() -> tuple[PlatformSpec, PlatformSpec, Diff]:
    before = spec()
    after = spec(
        artifact_store={
            "data": {"retention": "standard", "expire_after_days": 30},
            "pipelines": {"retention": "ephemeral"},
        },
        budget={"monthly_usd": 200, "emails": ["a@acme.example"]},
        targets=[cast("list[object]", BASE["targets"])[0]],
    )  # fmt: skip
    return before, after, diff(record_released(before, "aws"), record_released(after, "aws"))


def test_each_field_has_the_resources_it_changes(compared: tuple[PlatformSpec, PlatformSpec, Diff]) -> None:
    before, after, found = compared
    told = attribute_changes(compare_specs(before, after), found, before, after, most=MAX_PLANNED)
    names = {change.path: [urn.rpartition("::")[2] for urn in change.urns] for change in told}
    assert names == {
        "artifact_store.data.expire_after_days": ["acme-store-data-lifecycle"],
        "budget.monthly_usd": ["acme-budget-monthly"],
        "targets.gcp": [],
    }
    assert {urn for change in told for urn in change.urns} == {change.step.urn for change in found.changes}


def test_without_planning_it_goes_by_component(compared: tuple[PlatformSpec, PlatformSpec, Diff]) -> None:
    before, after, found = compared
    told = attribute_changes(compare_specs(before, after), found, before, after, most=0)
    assert [len(change.urns) for change in told] == [1, 1, 0]


def test_one_field_alone_changes_all_there_is(compared: tuple[PlatformSpec, PlatformSpec, Diff]) -> None:
    _, _, found = compared
    before, after = spec(), spec(budget={"monthly_usd": 200, "emails": ["a@acme.example"]})
    (only,) = attribute_changes(compare_specs(before, after), found, before, after, most=MAX_PLANNED)
    assert len(only.urns) == len(found.changes)


def test_where_nothing_differs_no_field_changes_anything() -> None:
    empty = Plan("aws", "p", "s", ())
    before, after = spec(), spec(owner="other", cost_center="2")
    told = attribute_changes(compare_specs(before, after), diff(empty, empty), before, after, most=MAX_PLANNED)
    assert told == (SpecChange("cost_center", "1", "2"), SpecChange("owner", "team", "other"))
