"""A person's call to a cluster's API: the commands that the stack shows are played against what the cloud holds.

`call_api` answers what the person may do in the cluster, or refuses in the words of the tool that fails first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.way_in import aws, azure, gcp
from mlplatform.mock_cloud.way_in.base import Caller, NoWayIn

CLUSTERS = frozenset(
    (
        "aws:eks/cluster:Cluster",
        "gcp:container/cluster:Cluster",
        "azure-native:containerservice:ManagedCluster",
    )
)
"""Types of clusters that can be called."""

_CALLS = {"aws": aws.call, "gcp": gcp.call, "azure": azure.call}


def call_api(cloud: str, resources: Iterable[Granted], commands: Sequence[str], caller: Caller) -> str:
    """Type the commands in order, and then `kubectl`.

    Args:
        cloud: the cloud's name.
        resources: planned or held resources.
        commands: what the stack's output `clusterAccess` has.
        caller: who types them, and where.

    Returns:
        The cloud's name of the right that the caller then has in the cluster.

    Raises:
        NoWayIn: there are no commands, the network does not let the call through, or nobody granted the right.
        LookupError: the cloud has no such data plane.
    """
    if not commands:
        raise NoWayIn("kubectl: the connection to the server timed out", "nothing leads to the private API")
    return _CALLS[cloud](tuple(resources), tuple(commands), caller)


__all__ = ["CLUSTERS", "Caller", "NoWayIn", "call_api"]
