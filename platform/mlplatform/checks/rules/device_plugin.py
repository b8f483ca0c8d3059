"""Every device of a pool is offered to pods by one plugin: without one no pod gets it, and two undo each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.catalog.accelerator import models
from mlplatform.checks.nodes_and_pods import DAEMONS, POOLS, RELEASE, Nodes, chart_of, lands_on, nodes_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown
from mlplatform.components.labels import ACCELERATOR_LABEL

_OFFERS: Mapping[str, str] = {
    "aws-efa-k8s-device-plugin": "efa",
    "gpu-operator": "nvidia",
    "neuron-helm-chart": "aws",
    "nvidia-device-plugin": "nvidia",
}
"""By chart: the maker of the devices that it offers, or the kind of fabric."""


_FABRICS = ("efa", "infiniband")
"""Kinds of fabric that a device plugin offers."""

_POLICY = "kubernetes:mellanox.com/v1alpha1:NicClusterPolicy"
_PLUGINS = ("sriovDevicePlugin", "rdmaSharedDevicePlugin")


def _brought(pool: Resource) -> Iterator[str]:
    """Makers of devices that the cloud's own image or service offers."""
    match pool.step.type:
        case "aws:eks/nodeGroup:NodeGroup":
            # https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
            if pool.text("amiType").startswith("BOTTLEROCKET"):
                yield "nvidia"
        case "gcp:container/nodePool:NodePool":
            yield "nvidia"
        case _:
            return


def _wanted(nodes: Nodes) -> Iterator[str]:
    model = models().get(nodes.labels.get(ACCELERATOR_LABEL, ""))
    if model is not None:
        yield model.vendor
    if nodes.fabric in _FABRICS:
        yield nodes.fabric


def _one_each(pool: Resource) -> Iterator[CheckFault]:
    nodes = nodes_of(pool)
    for device in _wanted(nodes):
        found = ["the cloud's own image" for maker in _brought(pool) if maker == device]
        found += [
            name
            for release in pool.index.of_type(RELEASE)
            if _OFFERS.get(name := chart_of(release)) == device and (name not in DAEMONS or lands_on(release, nodes))
        ]
        if device == "infiniband":
            found += [name for policy in pool.index.of_type(_POLICY) for name in _PLUGINS if policy.has(f"spec.{name}")]
        what = f"its interfaces of {device}" if device in _FABRICS else f"the devices of {device}"
        if not found:
            yield CheckFault(f"Nothing offers {what} to pods: none can ask for them.")
        elif len(found) > 1:
            yield CheckFault(f"{what[0].upper()}{what[1:]} are offered twice, by {shown(' and '.join(sorted(found)))}.")


RULE = CheckRule(
    id="device-plugin",
    level="high",
    topic="cluster",
    title="Every device of a pool is offered to pods by exactly one plugin",
    why="Pods that ask for a device that nothing offers wait for ever; two plugins register the same device in turn.",
    fix="Install the plugin that the cloud does not bring: NVIDIA's on AKS, EFA's and Neuron's on EKS; none on GKE. "
    "For AMD's GPUs install AMD's operator, which also brings their driver.",
    entries=(
        Entry(
            POOLS,
            _one_each,
            link="https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/",
            when=lambda pool: nodes_of(pool).accelerated and bool(pool.index.of_type(RELEASE)),
            siblings=True,
        ),
    ),
)
