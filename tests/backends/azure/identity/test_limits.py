"""What Azure refuses in people's groups."""

from __future__ import annotations

from ..conftest import refused, target


def test_people_are_groups_by_id() -> None:
    refused("targets[azure].people.auditor", "az ad group", targets=(target(people={"auditor": ("auditors",)}),))
    unusual = "{aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1}"
    refused("targets[azure].people.auditor", "az ad group", targets=(target(people={"auditor": (unusual,)}),))


def test_a_group_has_one_role_once() -> None:
    group = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeee1"
    two = {"operator": (group,), "auditor": (group,)}
    refused("targets[azure].people.auditor", "nest it", targets=(target(people=two),))
    twice = {"auditor": (group, group)}
    refused("targets[azure].people.auditor", "nest it", targets=(target(people=twice),))
