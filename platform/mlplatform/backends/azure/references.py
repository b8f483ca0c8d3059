"""Values known beforehand that still belong to a resource: readable in a first preview, ordered after it."""

from __future__ import annotations

from typing import cast

import pulumi


def known_output(resource: pulumi.Resource, value: str) -> pulumi.Output[str]:
    """A known text that depends on a resource, for names and ids that Azure builds by rule."""
    plain = pulumi.Output.from_input(value)
    return cast("pulumi.Output[str]", pulumi.Output({resource}, plain.future(), plain.is_known()))


def resource_name(resource_id: str) -> str:
    """Name of a resource, the last part of its id."""
    return resource_id.rpartition("/")[2]


def resource_group_of(resource_id: str) -> str:
    """Resource group in an id, `/subscriptions/S/resourceGroups/G/…`; empty where the id has none."""
    parts = resource_id.split("/")
    return parts[4] if len(parts) > 4 else ""
