"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from mlplatform.package.args.nodes import TaintSpec


class CpuPoolSpec(TypedDict):
    """A pool of nodes without accelerator that scales from zero.

    For data preparation, heads of Ray clusters, controllers and notebooks, which would otherwise take a GPU
    machine or crowd the system pool. Pods choose it by the label of the pool's name.
    """

    name: str
    """Unique among all pools; at most 12 lower-case letters and digits, which every cloud accepts."""

    vcpus: NotRequired[int]
    """Least vCPUs of a node: the cheapest machine of the catalogue that has them and the memory is used."""

    memory_gib: NotRequired[int]
    """Least memory of a node, GiB."""

    min_nodes: NotRequired[int]
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int
    """Maximum of nodes over all zones."""

    capacity: NotRequired[str]
    """On demand or spot. Spot nodes have a taint besides, on every cloud: only pods that tolerate it run there.

    One of on-demand, spot.
    """

    disk_gib: NotRequired[int]
    """Boot disk of each node, GiB."""

    labels: NotRequired[Mapping[str, str]]
    """Kubernetes labels, besides those the platform sets.

    Keys below `mlplatform.dev`, and those of Kubernetes and the clouds, are refused.
    """

    taints: NotRequired[Sequence[TaintSpec]]
    """Kubernetes taints; the same keys are refused as for labels. Omitted: none, so that any pod may run there."""

    zones: NotRequired[Sequence[int]]
    """Positions in the target's zones, from 1. Omitted: all."""
