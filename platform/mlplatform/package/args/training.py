"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from mlplatform.package.args.cpu_pool import CpuPoolSpec
from mlplatform.package.args.nodes import TaintSpec


class GpuPoolSpec(TypedDict):
    """A pool of GPU nodes that scales from zero. The accelerator decides image, driver, labels and taints."""

    name: str
    """Unique among all pools; at most 12 lower-case letters and digits, which every cloud accepts."""

    accelerator: Sequence[str]
    """Accelerators of each node, for example `"H100:8"` or `["L4:1", "T4:1"]`."""

    min_nodes: NotRequired[int]
    """Nodes that always run. Omitted: none, the pool scales from zero."""

    max_nodes: int
    """Maximum of nodes over all zones."""

    capacity: NotRequired[Any]
    """On demand, spot, flex-start, a reservation or a capacity block.

    Flex-start, of GCP alone, waits for machines that are then kept for `max_run_hours`, at a discount. With the
    layer in the cluster, a job waits in the queue until all of its machines are there.

    One of on-demand, spot, flex-start.
    """

    max_run_hours: NotRequired[int]
    """Hours after which the cloud ends a machine of flex-start; shorter times are found sooner. Omitted: 168."""

    disk_gib: NotRequired[int]
    """Boot disk of each node, GiB."""

    disk_type: NotRequired[str]
    """General-purpose SSD, or the cloud's provisioned-performance SSD.

    One of balanced, fast.
    """

    local_nvme: NotRequired[bool]
    """Use the machine's local NVMe disks as the nodes' ephemeral storage."""

    labels: NotRequired[Mapping[str, str]]
    """Kubernetes labels, besides those the platform sets.

    Keys below `mlplatform.dev`, and those of Kubernetes and the clouds, are refused.
    """

    taints: NotRequired[Sequence[TaintSpec]]
    """Kubernetes taints, besides the GPU taint; the same keys are refused as for labels."""

    zones: NotRequired[Sequence[int]]
    """Positions in the target's zones, from 1. Omitted: one zone for fabric and reservations, else all."""

    fabric: NotRequired[bool]
    """Multi-node training over the cloud's fast fabric (EFA, GPUDirect, InfiniBand), in one zone."""

    sharing: NotRequired[Any]
    """Share each GPU by time slicing or MIG. Omitted: a pod gets whole GPUs."""


class UpgradeHold(TypedDict):
    """A time in which no node is replaced by an automatic upgrade, and no minor version is raised automatically.

    Patches of the control plane, which interrupt no job, and urgent security fixes may still come.
    """

    name: str
    """Unique in the spec, for example `llm-pretraining`."""

    starts: str
    """First day, UTC."""

    ends: str
    """Last day, UTC; less than 180 days after the first, and before the end of the version's support."""


class SystemPoolSpec(TypedDict):
    """The CPU nodes that run the cluster's own services."""

    min_nodes: NotRequired[int]
    """Minimum of nodes. Omitted: 3 in prod, 2 elsewhere."""

    max_nodes: NotRequired[int]
    """Maximum of nodes over all zones."""

    vcpus: NotRequired[int]
    """Minimum vCPUs of a node."""

    memory_gib: NotRequired[int]
    """Minimum memory of a node, GiB."""

    disk_gib: NotRequired[int]
    """Boot disk of each node, GiB."""


class TrainingSpec(TypedDict):
    """The Kubernetes cluster for training, and its node pools."""

    kubernetes_version: NotRequired[str]
    """Minor version; raised one minor at a time, never lowered. Versions whose support has ended are refused."""

    support: NotRequired[str]
    """How long a version is kept: until the end of standard support, or about a year more, which costs more.

    Extended support is that of EKS, GKE's Extended channel, and AKS' long-term support in the Premium tier.

    One of standard, extended.
    """

    holds: NotRequired[Sequence[UpgradeHold]]
    """Times without automatic upgrades, for example of a long training. Omitted: upgrades come in the weekly window."""

    api_cidrs: NotRequired[Sequence[str]]
    """Ranges that may reach the cluster's API. Public ranges get it a public address; private ones, for example of a
    VPN, reach its private address. Omitted: the API is private, and `access.entry` is the way to it.
    """

    system_pool: NotRequired[SystemPoolSpec]
    """The CPU pool that always runs."""

    pools: NotRequired[Sequence[GpuPoolSpec]]
    """GPU node pools."""

    cpu_pools: NotRequired[Sequence[CpuPoolSpec]]
    """Pools of nodes without accelerator, besides the system pool. Omitted: none."""
