"""A call to AKS: by run-command, by the public address for named ranges, or inside by a name that can be looked up.

https://learn.microsoft.com/azure/aks/access-private-cluster
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.way_in.base import Caller, NoWayIn, at, contains, items, of_type

_RIGHTS = {
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": "Azure Kubernetes Service RBAC Cluster Admin",
    "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb": "Azure Kubernetes Service RBAC Writer",
    "7f6c6a51-bcf8-42ba-9220-52d62157d7db": "Azure Kubernetes Service RBAC Reader",
}
_USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
_RUN = frozenset(
    (
        "Microsoft.ContainerService/managedClusters/runcommand/action",
        "Microsoft.ContainerService/managedClusters/commandResults/read",
    )
)


def call(resources: Sequence[Granted], commands: Sequence[str], caller: Caller) -> str:
    """Type the commands; returns the role by which Azure lets the caller into the cluster."""
    command = commands[-1]
    access = at(next(of_type(resources, "azure-native:containerservice:ManagedCluster")), "apiServerAccessProfile")
    roles = [
        str(one.get("roleDefinitionId")).rpartition("/")[2].lower()
        for one in of_type(resources, "azure-native:authorization:RoleAssignment")
        if one.get("principalId") == caller.person
    ]
    if command.startswith("az aks command invoke"):
        if at(access, "disableRunCommand") is not False:
            raise NoWayIn("az: (OperationNotAllowed) Run command is disabled for this cluster", "disableRunCommand")
        if not _custom_actions(resources, roles) >= _RUN:
            raise NoWayIn("az: (AuthorizationFailed) does not have authorization to perform runcommand", "no role")
    else:
        if _USER not in roles:
            raise NoWayIn("az: (AuthorizationFailed) listClusterUserCredential/action", "no role to find the cluster")
        _must_reach(access, command, caller)
    for role, name in _RIGHTS.items():
        if role in roles:
            return name
    raise NoWayIn("kubectl: Error from server (Forbidden)", f"{caller.person} has no role in the cluster")


def _must_reach(access: object, command: str, caller: Caller) -> None:
    if at(access, "enablePrivateCluster") is not True:
        if not contains(items(at(access, "authorizedIPRanges")), caller.address):
            raise NoWayIn("kubectl: i/o timeout", "the caller's address is in no authorized range")
        return
    if not caller.inside:
        raise NoWayIn("kubectl: dial tcp: lookup: no such host", "the API's name is known only inside the network")
    if "--public-fqdn" in command and at(access, "enablePrivateClusterPublicFQDN") is not True:
        raise NoWayIn("az: the cluster has no public name", "enablePrivateClusterPublicFQDN")


def _custom_actions(resources: Sequence[Granted], roles: Sequence[str]) -> set[str]:
    return {
        str(action)
        for definition in of_type(resources, "azure-native:authorization:RoleDefinition")
        if str(definition.get("roleDefinitionId")).lower() in roles
        for permission in items(definition.get("permissions"))
        for action in items(at(permission, "actions"))
    }
