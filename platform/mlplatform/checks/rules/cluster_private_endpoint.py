"""The Kubernetes API has no endpoint that the whole internet can reach."""

from __future__ import annotations

from mlplatform.checks.predicates import is_false
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_WORLD = ("0.0.0.0/0", "::/0")


def _eks(cluster: Resource) -> list[CheckFault]:
    if not cluster.true("vpcConfig.endpointPublicAccess", default=True):
        return []
    ranges = cluster.texts("vpcConfig.publicAccessCidrs[]")
    if ranges and not any(one in _WORLD for one in ranges):
        return []
    return [CheckFault("The API accepts requests from the whole internet.", "vpcConfig.endpointPublicAccess")]


def _gke(cluster: Resource) -> list[CheckFault]:
    faults: list[CheckFault] = []
    dns = "controlPlaneEndpointsConfig.dnsEndpointConfig"
    # IAM refuses whoever may not connect before a request reaches the cluster, unless Kubernetes' own proofs are taken
    if cluster.true(f"{dns}.allowExternalTraffic") and (
        cluster.true(f"{dns}.enableK8sCertsViaDns") or cluster.true(f"{dns}.enableK8sTokensViaDns")
    ):
        faults.append(CheckFault("The API's DNS endpoint takes Kubernetes' own proofs from outside.", dns))
    private = "privateClusterConfig.enablePrivateEndpoint"
    ip = "controlPlaneEndpointsConfig.ipEndpointsConfig"
    if cluster.true(private) or not cluster.true(f"{ip}.enabled", default=True):
        return faults
    networks = cluster.texts("masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock")
    if not cluster.has("masterAuthorizedNetworksConfig") or any(one in _WORLD for one in networks):
        faults.append(CheckFault("The API's public endpoint accepts requests from everybody.", private))
    return faults


def _aks(cluster: Resource) -> list[CheckFault]:
    if cluster.true("apiServerAccessProfile.enablePrivateCluster"):
        return []
    ranges = cluster.texts("apiServerAccessProfile.authorizedIPRanges[]")
    if ranges and not any(one in _WORLD for one in ranges):
        return []
    return [
        CheckFault("The API accepts requests from the whole internet.", "apiServerAccessProfile.enablePrivateCluster")
    ]


RULE = CheckRule(
    id="cluster-private-endpoint",
    level="high",
    topic="public access",
    title="The Kubernetes API is private or limited to known addresses",
    why="With an open API, one leaked token or one vulnerability is enough to take over the cluster.",
    fix="Disable the public endpoint, or list the address ranges that may reach it.",
    entries=(
        Entry(
            ("aws:eks/cluster:Cluster",),
            _eks,
            refs=("CIS EKS 1.8 5.4.1", "CIS EKS 1.8 5.4.2", "AWS FSBP EKS.1"),
            link="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
        ),
        Entry(
            ("gcp:container/cluster:Cluster",),
            _gke,
            refs=("CIS GKE 1.9 5.6.3", "CIS GKE 1.9 5.6.4"),
            link="https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _aks,
            refs=("CIS AKS 1.8 5.4.1", "CIS AKS 1.8 5.4.2", "MCSB NS-2"),
            link="https://learn.microsoft.com/azure/aks/private-clusters",
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            is_false("apiServerAccessProfile.enablePrivateClusterPublicFQDN", "The private API has a public DNS name."),
            refs=("MCSB NS-2",),
            link="https://learn.microsoft.com/azure/aks/private-clusters",
            when=lambda cluster: cluster.true("apiServerAccessProfile.enablePrivateCluster"),
        ),
    ),
)
