"""A call to GKE: by the DNS endpoint, which IAM guards, by the public address for named ranges, or by the private one.

https://docs.cloud.google.com/kubernetes-engine/docs/concepts/network-isolation
"""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.mock_cloud.logins import Granted
from mlplatform.mock_cloud.way_in.base import Caller, NoWayIn, at, contains, items, of_type

_RIGHTS = ("roles/container.admin", "roles/container.developer", "roles/container.viewer")
"""Roles with rights inside the cluster, strongest first; each has `container.clusters.connect` too."""

_TIMEOUT = "kubectl: Unable to connect to the server: dial tcp: i/o timeout"


def call(resources: Sequence[Granted], commands: Sequence[str], caller: Caller) -> str:
    """Type the commands; returns the role by which IAM lets the caller into the cluster."""
    command = commands[-1]
    cluster = next(of_type(resources, "gcp:container/cluster:Cluster"))
    ranges = [at(block, "cidrBlock") for block in items(at(cluster, "masterAuthorizedNetworksConfig", "cidrBlocks"))]
    if "--dns-endpoint" in command:
        dns = at(cluster, "controlPlaneEndpointsConfig", "dnsEndpointConfig", "allowExternalTraffic")
        if dns is not True:
            raise NoWayIn("kubectl: the server responded with 403 Forbidden", "the DNS endpoint takes no user traffic")
    elif "--internal-ip" in command:
        if not caller.inside:
            raise NoWayIn(_TIMEOUT, "the private address answers only inside the network")
        if not contains(ranges, caller.address):
            raise NoWayIn(_TIMEOUT, "the caller's address is in no authorized network")
    elif at(cluster, "privateClusterConfig", "enablePrivateEndpoint") is True:
        raise NoWayIn("gcloud: the cluster has no public endpoint", "the command names no other one")
    elif not contains(ranges, caller.address):
        raise NoWayIn(_TIMEOUT, "the caller's address is in no authorized network")
    held = {
        str(grant.get("role"))
        for grant in of_type(resources, "gcp:projects/iAMMember:IAMMember")
        if str(grant.get("member")).partition(":")[2] == caller.person or grant.get("member") == caller.person
    }
    for right in _RIGHTS:
        if right in held:
            return right
    raise NoWayIn("kubectl: Error from server (Forbidden)", f"{caller.person} has no role with rights in the cluster")
