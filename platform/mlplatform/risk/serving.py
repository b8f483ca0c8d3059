"""Resources that people or jobs use while they run, and who is interrupted without them."""

from __future__ import annotations

ENDPOINT_USERS = "callers of the endpoint"
"""Who uses an endpoint, or a part of one that answers them."""
NODE_USERS = "jobs on its nodes"
"""Who uses a pool of nodes."""

_SERVES = {
    "Cluster": "the cluster and everything that runs on it",
    "ManagedCluster": "the cluster and everything that runs on it",
    "NodeGroup": NODE_USERS,
    "NodePool": NODE_USERS,
    "AgentPool": NODE_USERS,
    "Endpoint": ENDPOINT_USERS,
    "AiEndpoint": ENDPOINT_USERS,
    "OnlineEndpoint": ENDPOINT_USERS,
    "OnlineDeployment": ENDPOINT_USERS,
    "ContainerApp": ENDPOINT_USERS,
    "Service": ENDPOINT_USERS,
    "ManagedEnvironment": "callers of its endpoints",
    "Vpc": "everything in the network",
    "Network": "everything in the network",
    "VirtualNetwork": "everything in the network",
    "Subnet": "everything in the subnet",
    "Subnetwork": "everything in the subnet",
    "NatGateway": "calls that leave the network",
    "RouterNat": "calls that leave the network",
    "VpcEndpoint": "calls to the cloud's services",
    "PrivateEndpoint": "calls to the cloud's services",
    "ManagedZone": "everything that resolves DNS names",
    "PrivateZone": "everything that resolves DNS names",
}
_NOT = frozenset({"projects", "servicenetworking", "monitoring"})
"""Modules whose nouns serve nobody: gcp:projects/service:Service enables an API."""


def affected_users(token: str) -> str:
    """People or systems that are interrupted while a resource of this type is missing; empty for nobody."""
    module = token.split(":")[1].partition("/")[0] if token.count(":") > 1 else ""
    return "" if module in _NOT else _SERVES.get(token.rpartition(":")[2], "")
