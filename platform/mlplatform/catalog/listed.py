"""Resources that their parent lists among its own inputs too, once somebody reads it from the cloud.

A cluster of AKS answers with every agent pool that it has. A program writes some of them within the cluster, and the
others as resources of their own, which would count twice where both are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChildren:
    """Children of one type, in a list of their parent."""

    property: str
    """The parent's input, a list of objects."""

    name: str
    """Property of an entry that names it."""

    child: str
    """Type of the children."""

    child_name: str
    """The child's input with its name."""

    within: tuple[str, ...]
    """Inputs that parent and child share."""

    source: str
    """The page about it."""


LISTED: Mapping[str, ListedChildren] = {
    "azure-native:containerservice:ManagedCluster": ListedChildren(
        property="agentPoolProfiles",
        name="name",
        child="azure-native:containerservice:AgentPool",
        child_name="agentPoolName",
        within=("resourceGroupName", "resourceName"),
        source="https://github.com/pulumi/pulumi-azure-native/issues/1532",
    ),
}
"""By the parent's type token."""


def is_listed(listed: ListedChildren, parent: Mapping[str, object], token: str, inputs: Mapping[str, object]) -> bool:
    """Whether a parent lists a resource.

    Args:
        listed: the row of the parent's type.
        parent: inputs of the parent.
        token: type of the resource.
        inputs: its inputs.
    """
    shared = ((inputs.get(key), parent.get(key)) for key in listed.within)
    return token == listed.child and all(mine is not None and mine == theirs for mine, theirs in shared)
