"""InfiniBand on AKS: NVIDIA's network operator with driver and device plugin, and the module of GPUDirect RDMA.

https://azure.github.io/aks-rdma-infiniband/ (700dabb, 2026-07-16). AKS has the driver of the GPUs itself, and no
GPU operator may run beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from mlplatform.backends.azure.cluster.topology import FILE, topology, topology_map, topology_name
from mlplatform.cluster.daemons import EVERY_TAINT, on_pools
from mlplatform.cluster.facts import LayerContext, PoolNodes
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata, Toleration
from mlplatform.cluster.objects.containers import Container, ContainerSecurity, EnvVar, Resources
from mlplatform.cluster.objects.core import ConfigMap
from mlplatform.cluster.objects.daemons import DaemonSet, DaemonSetSpec
from mlplatform.cluster.objects.nics import (
    DevicePlugin,
    FeatureMatch,
    FeatureRule,
    FeatureRules,
    FeatureTest,
    NicClusterPolicy,
    NicClusterPolicySpec,
    NodeFeatureRule,
    OfedDriver,
    UpgradePolicy,
)
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.parts.base import namespace
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE

NAMESPACE = "network-operator"

_REPOSITORY = "nvcr.io/nvidia/mellanox"
_DRIVER = "doca3.4.1-26.04-1.1.0.0-1"
_PLUGIN = "network-operator-v26.4.1"
"""Those that go with the operator, https://github.com/Mellanox/network-operator/blob/v26.4.1/hack/release.yaml"""

_SHELL = "mcr.microsoft.com/mirror/docker/library/ubuntu:24.04"
"""An image with `nsenter`, from Microsoft's own registry."""

_NICS = ("101c", "101e")
"""Virtual functions of the InfiniBand cards of ND machines. The chart's own rule takes any card of the maker, and so
also that of the ordinary network, which most nodes have,
https://github.com/Azure/aks-rdma-infiniband/blob/700dabb/tests/setup-infra/network-operator-nfd.yaml"""

_PEERMEM = """\
while true; do
  modprobe nvidia-peermem || echo "nvidia-peermem: not yet"
  sleep 30
done
"""
"""On the node itself, with the node's own tools: it needs no package from the internet. Again and again, since the
driver of the cards loads later than that of the GPUs, and takes the module away when it is loaded anew."""


def infiniband(layer: LayerContext) -> Iterator[LayerItem]:
    """Everything of InfiniBand, for the pools that have it; nothing without such a pool."""
    pools = [nodes for nodes in layer.pools if nodes.fabric and nodes.fabric.kind == "infiniband"]
    if not pools:
        return
    yield namespace(NAMESPACE, "privileged")
    release = ChartRelease(
        chart="network-operator",
        namespace=NAMESPACE,
        values={
            "nfd": {"deployNodeFeatureRules": False},
            "node-feature-discovery": {"worker": {"tolerations": EVERY_TAINT}},
        },
    )
    yield LayerItem(role="release-network-operator", stage="devices", body=release)
    # the operator's kinds come with its release, and stages are in order: `jobs` is the next
    yield LayerItem(role="nics", stage="jobs", body=_rule())
    yield LayerItem(role="nic-policy", stage="jobs", body=_policy(pools))
    nvidia = [nodes for nodes in pools if nodes.choice.machine.accelerator.model.vendor == "nvidia"]
    if nvidia:
        yield LayerItem(role="daemon-peermem", stage="devices", body=_peermem(nvidia))
    machines = {name: kind for nodes in pools if (name := topology_name(kind := nodes.choice.machine.machine_type))}
    for name, kind in sorted(machines.items()):
        for own in _job_namespaces(layer):
            body = ConfigMap(metadata=Metadata(name=topology_map(kind), namespace=own), data={FILE: topology(kind)})
            yield LayerItem(role=f"topology-{own}-{name}", stage="access", body=body)


def _job_namespaces(layer: LayerContext) -> tuple[str, ...]:
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    pipelines = (PIPELINES_NAMESPACE,) if layer.spec.cluster_pipelines else ()
    return (layer.spec.access.training_namespace, *pipelines, *(team.namespace for team in teams))


def _rule() -> NodeFeatureRule:
    matches = {"vendor": FeatureTest(op="In", value=("15b3",)), "device": FeatureTest(op="In", value=_NICS)}
    rule = FeatureRule(
        name="infiniband",
        labels={"feature.node.kubernetes.io/pci-15b3.present": "true"},
        match_features=(FeatureMatch(feature="pci.device", match_expressions=matches),),
    )
    return NodeFeatureRule(metadata=Metadata(name="infiniband"), spec=FeatureRules(rules=(rule,)))


def _policy(pools: Sequence[PoolNodes]) -> NicClusterPolicy:
    selectors = {"vendors": ["15b3"], "linkTypes": ["infiniband"], "isRdma": True}
    resources = [{"resourcePrefix": "rdma", "resourceName": "ib", "selectors": selectors}]
    return NicClusterPolicy(
        metadata=Metadata(name="nic-cluster-policy"),
        spec=NicClusterPolicySpec(
            node_affinity=cast("Mapping[str, object]", on_pools(pools)["nodeAffinity"]),
            tolerations=(Toleration(),),
            ofed_driver=OfedDriver(
                repository=_REPOSITORY,
                image="doca-driver",
                version=_DRIVER,
                # a newer driver drains the node, and with it a job of weeks
                upgrade_policy=UpgradePolicy(auto_upgrade=False),
                env=(
                    # https://github.com/Mellanox/doca-driver-build/issues/52
                    EnvVar(
                        name="OFED_BLACKLIST_MODULES_FILE", value="/host/etc/modprobe.d/blacklist-ofed-modules.conf"
                    ),
                ),
            ),
            # each card as a device of one pod: `rdma/ib: 8` is the whole node
            sriov_device_plugin=DevicePlugin(
                repository=_REPOSITORY,
                image="sriov-network-device-plugin",
                version=_PLUGIN,
                config=json.dumps({"resourceList": resources}, sort_keys=True),
            ),
        ),
    )


def _peermem(pools: Sequence[PoolNodes]) -> DaemonSet:
    labels = {"app.kubernetes.io/name": "nvidia-peermem"}
    container = Container(
        name="load",
        image=_SHELL,
        command=("nsenter", "-at", "1", "--", "sh", "-c", _PEERMEM),
        resources=Resources(requests={"cpu": "10m", "memory": "16Mi"}, limits={"memory": "64Mi"}),
        security_context=ContainerSecurity(privileged=True),
    )
    pod = PodSpec(
        containers=(container,),
        affinity=on_pools(pools),
        tolerations=(Toleration(),),
        priority_class_name="system-node-critical",
        host_pid=True,
        automount_service_account_token=False,
    )
    return DaemonSet(
        metadata=Metadata(name="nvidia-peermem", namespace=NAMESPACE, labels=labels),
        spec=DaemonSetSpec(
            selector=LabelSelector(match_labels=labels),
            template=PodTemplate(metadata=PodMetadata(labels=labels), spec=pod),
        ),
    )
