"""Actions that a planned resource takes, those of resources in templates too. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from mlplatform.components.bootstrap import Operation, PlannedResource, RightsTable, UnknownRights, plain

ASSIGN_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
USE_RESERVATION = "Microsoft.Compute/capacityReservationGroups/deploy/action"
"""https://learn.microsoft.com/azure/role-based-access-control/permissions/compute"""
_PRIVATE = "azure-native:network:PrivateEndpoint"
_POOL = "azure-native:containerservice:AgentPool"
_TEMPLATES = ("azure-native:resources:Deployment", "azure-native:resources:DeploymentAtSubscriptionScope")
_VERBS: Mapping[Operation, str] = {"create": "write", "read": "read", "update": "write", "delete": "delete"}
GRAPH = "Microsoft.Graph/"
"""Begins types of the Entra directory, whose rights no role of Azure holds."""


@cache
def rights_table() -> RightsTable:
    """The table beside this file."""
    return RightsTable(Path(__file__).with_name("rights.toml"))


def build(resource: PlannedResource, operation: Operation) -> tuple[str, ...]:
    """The actions of one operation.

    A template writes its resources with the caller's rights, and the deletion of a deployment leaves them. Azure asks
    for rights on what a resource is linked to as well.

    Raises:
        UnknownRights: the table does not say who approves a private endpoint.
    """
    actions = set(rights_table().of(resource.type, operation))
    if operation in ("create", "update"):
        if resource.type == _PRIVATE:
            actions |= set(_approvals(resource))
        elif resource.type == _POOL and resource.inputs.get("capacityReservationGroupID"):
            actions.add(USE_RESERVATION)
    if resource.type in _TEMPLATES and operation != "delete":
        for kind, with_identity in _template_types(resource):
            if not kind.startswith(GRAPH):
                actions |= {f"{kind}/{_VERBS[operation]}", f"{kind}/read"}
            if with_identity and operation != "read":
                actions.add(ASSIGN_IDENTITY)
    return tuple(sorted(actions))


def _approvals(resource: PlannedResource) -> Iterator[str]:
    """The right to approve a private endpoint where it leads; without it the endpoint is refused, not kept waiting.

    https://learn.microsoft.com/azure/private-link/rbac-permissions
    """
    approved = cast("Mapping[str, str]", rights_table().data["approved"])
    for connection in cast("Sequence[object]", plain(resource.inputs.get("privateLinkServiceConnections", ()))):
        for group in cast("Sequence[str]", cast("Mapping[str, object]", plain(connection))["groupIds"]):
            if group not in approved:
                raise UnknownRights(f"{group}: rights.toml does not say which right approves a private endpoint of it")
            yield approved[group]


def directory_types(resource: PlannedResource) -> tuple[str, ...]:
    """Types of the Entra directory that a resource writes, sorted."""
    if resource.type not in _TEMPLATES:
        return ()
    return tuple(sorted({kind for kind, _ in _template_types(resource) if kind.startswith(GRAPH)}))


def _template_types(resource: PlannedResource) -> Iterator[tuple[str, bool]]:
    properties = cast("Mapping[str, object]", plain(resource.inputs.get("properties", {})))
    template = plain(properties.get("template", {}))
    if isinstance(template, Mapping):
        yield from _types(cast("Mapping[str, object]", template))


def _types(template: Mapping[str, object]) -> Iterator[tuple[str, bool]]:
    contents = plain(template.get("resources", ()))
    if isinstance(contents, Mapping):
        contents = list(cast("Mapping[str, object]", contents).values())
    for each in cast("Sequence[object]", contents):
        content = cast("Mapping[str, object]", plain(each))
        kind = str(content["type"]).partition("@")[0]
        yield kind, "identity" in content
        nested = plain(content.get("properties", {}))
        if kind == "Microsoft.Resources/deployments" and isinstance(nested, Mapping):
            inner = plain(cast("Mapping[str, object]", nested).get("template", {}))
            yield from _types(cast("Mapping[str, object]", inner))
