"""Names and ids that are known before their resource exists, and the parts of an id."""

from __future__ import annotations

from typing import cast

import pulumi


def known_output(resource: pulumi.Resource, value: str) -> pulumi.Output[str]:
    """A known text that depends on a resource: readable in the first preview, ordered after the resource."""
    plain = pulumi.Output.from_input(value)
    return cast("pulumi.Output[str]", pulumi.Output({resource}, plain.future(), plain.is_known()))


def resource_name(resource_id: str) -> str:
    """The name in a resource id: its last part."""
    return resource_id.rpartition("/")[2]


def resource_group_of(resource_id: str) -> str:
    """The resource group in an id, `/subscriptions/S/resourceGroups/G/…`; empty where the id has none."""
    parts = resource_id.split("/")
    return parts[4] if len(parts) > 4 else ""
