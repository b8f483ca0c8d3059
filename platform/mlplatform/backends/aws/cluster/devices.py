"""What EKS does not bring: the autoscaler, and plugins of EFA and Neuron. The image has that of NVIDIA's GPUs."""

from __future__ import annotations

from mlplatform.backends.aws.cluster.fabric import efa_plugin
from mlplatform.backends.aws.cluster.neuron import neuron_plugin
from mlplatform.backends.aws.naming import CLUSTER
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

ACCOUNT = "cluster-autoscaler"
"""Service account in kube-system; the platform's pod identity association names it."""

_PATCHES = {"1.33": 6, "1.34": 5, "1.35": 2, "1.36": 1}
"""Newest patch of the autoscaler by minor, https://github.com/kubernetes/autoscaler/releases (2026-08-22). It must be
of the cluster's own minor: it simulates that scheduler."""


def build(layer: LayerContext) -> tuple[LayerItem, ...]:
    """The autoscaler, without which no pool starts from zero, and the plugins of what the pools have."""
    autoscaler = LayerItem(role="release-autoscaler", stage="devices", body=_autoscaler(layer.spec))
    return (autoscaler, *efa_plugin(layer), *neuron_plugin(layer))


def _autoscaler(spec: PlatformSpec) -> ChartRelease:
    target = target_of(spec, AwsTarget)
    minor = spec.training.kubernetes_version if spec.training else ""
    return ChartRelease(
        chart="cluster-autoscaler",
        namespace="kube-system",
        values={
            "autoDiscovery": {"clusterName": physical_name(spec, "cluster", CLUSTER)},
            "awsRegion": target.region,
            "image": {"tag": f"v{minor}.{_PATCHES.get(minor, 0)}"},
            "replicaCount": 2,
            "rbac": {"serviceAccount": {"name": ACCOUNT}},
            "extraArgs": {
                # the groups of a pool differ in their zone alone: balanced, each job of several nodes would be in all
                "balance-similar-node-groups": False,
                "expander": "least-waste",
                "skip-nodes-with-local-storage": False,
                "scale-down-unneeded-time": "10m",
                # a machine with eight GPUs takes up to 20 minutes to join
                "max-node-provision-time": "20m",
            },
            "resources": {"requests": {"cpu": "100m", "memory": "300Mi"}, "limits": {"memory": "1Gi"}},
        },
    )
