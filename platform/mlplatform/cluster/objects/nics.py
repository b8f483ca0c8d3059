"""Fast network cards, as NVIDIA's network operator sets them up:
https://github.com/Mellanox/network-operator/tree/v26.4.1"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from mlplatform.cluster.objects.base import KubeObject, Metadata, Toleration
from mlplatform.cluster.objects.containers import EnvVar
from mlplatform.fast.record import record


@record(kw_only=True)
class UpgradePolicy:
    """How the driver of nodes in use is upgraded."""

    auto_upgrade: bool
    """Whether a newer version is put on nodes by itself, which ends the jobs there."""


@record(kw_only=True)
class OfedDriver:
    """The driver of the cards, built on each node by a container."""

    SYSTEMS: ClassVar[tuple[str, ...]] = ("-ubuntu22.04-amd64", "-ubuntu24.04-amd64")
    """What the operator adds to the version, by the node's system: those that AKS has as Ubuntu,
    https://github.com/Mellanox/network-operator/blob/v26.4.1/pkg/state/state_ofed.go"""

    repository: str
    """Where its image is."""

    image: str
    """Its image; the operator adds the node's system to the version."""

    version: str
    """Its version."""

    upgrade_policy: UpgradePolicy
    """How nodes in use are upgraded."""

    env: tuple[EnvVar, ...] | None = None
    """Settings of the container."""


@record(kw_only=True)
class DevicePlugin:
    """What offers the cards to pods."""

    repository: str
    """Where its image is."""

    image: str
    """Its image."""

    version: str
    """Its version."""

    config: str
    """JSON: which cards are which resource."""


@record(kw_only=True)
class NicClusterPolicySpec:
    """What the operator runs on the nodes."""

    node_affinity: Mapping[str, object]
    """The nodes."""

    tolerations: tuple[Toleration, ...]
    """Taints that its daemons tolerate."""

    ofed_driver: OfedDriver
    """The driver."""

    sriov_device_plugin: DevicePlugin
    """The plugin."""


@record(kw_only=True)
class NicClusterPolicy(KubeObject):
    """The one policy of a cluster; the operator looks for its name."""

    API = "mellanox.com/v1alpha1"
    KIND = "NicClusterPolicy"

    metadata: Metadata
    """`nic-cluster-policy`."""

    spec: NicClusterPolicySpec
    """What runs."""


@record(kw_only=True)
class FeatureTest:
    """A condition on one property."""

    op: str
    """The comparison, for example `In`."""

    value: tuple[str, ...]
    """What it is compared with."""


@record(kw_only=True)
class FeatureMatch:
    """Conditions on one kind of feature."""

    feature: str
    """The kind, for example `pci.device`."""

    match_expressions: Mapping[str, FeatureTest]
    """Conditions by property; one device must meet them all."""


@record(kw_only=True)
class FeatureRule:
    """A rule."""

    name: str
    """Unique in its object."""

    labels: Mapping[str, str]
    """Labels of the nodes that match."""

    match_features: tuple[FeatureMatch, ...]
    """What they have."""


@record(kw_only=True)
class FeatureRules:
    """Rules."""

    rules: tuple[FeatureRule, ...]
    """The rules."""


@record(kw_only=True)
class NodeFeatureRule(KubeObject):
    """Labels of nodes by their devices."""

    API = "nfd.k8s-sigs.io/v1alpha1"
    KIND = "NodeFeatureRule"

    metadata: Metadata
    """Name."""

    spec: FeatureRules
    """The rules."""
