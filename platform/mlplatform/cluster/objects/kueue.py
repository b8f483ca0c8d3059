"""Kueue's objects, version v1beta2, which is stored since 0.17 and whose decoding is strict.

https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata, Taint, Toleration
from mlplatform.fast.record import record

API = "kueue.x-k8s.io/v1beta2"


@record(kw_only=True)
class ResourceFlavorSpec:
    """The nodes of a flavor. With a topology nothing in it can be changed: a new flavor takes its place."""

    node_labels: Mapping[str, str]
    """Labels of its nodes, at most 8; Kueue adds them to the pods' selector."""

    node_taints: tuple[Taint, ...] | None = None
    """Taints of its nodes, at most 8; a job that tolerates them may use it."""

    tolerations: tuple[Toleration, ...] | None = None
    """Tolerations that Kueue adds to the pods, at most 8."""

    topology_name: str | None = None
    """The topology of its nodes. Omitted: none is known."""


@record(kw_only=True)
class ResourceFlavor(KubeObject):
    """Nodes of one kind, for quotas."""

    API = API
    KIND = "ResourceFlavor"

    metadata: Metadata
    """Name."""

    spec: ResourceFlavorSpec
    """The nodes."""


@record(kw_only=True)
class TopologyLevel:
    """A level of a topology."""

    node_label: str
    """Label whose values tell its domains."""


@record(kw_only=True)
class TopologySpec:
    """The levels of a topology, from the largest domain to the smallest."""

    levels: tuple[TopologyLevel, ...]
    """The levels; cannot be changed."""


@record(kw_only=True)
class Topology(KubeObject):
    """Where nodes are. With one, a flavor admits a job only when nodes are there, ready and not drained, that hold it,
    https://kueue.sigs.k8s.io/docs/concepts/topology_aware_scheduling/"""

    API = API
    KIND = "Topology"

    metadata: Metadata
    """Name."""

    spec: TopologySpec
    """The levels."""


@record(kw_only=True)
class CohortSpec:
    """The settings of a cohort."""

    parent_name: str | None = None
    """The cohort above it. Omitted: it is a root."""


@record(kw_only=True)
class Cohort(KubeObject):
    """Queues that lend each other what they do not use."""

    API = API
    KIND = "Cohort"

    metadata: Metadata
    """Name."""

    spec: CohortSpec
    """Its settings."""


@record(kw_only=True)
class FlavorQuota:
    """The quota of one resource in one flavor."""

    name: str
    """The resource."""

    nominal_quota: str
    """What the queue may always use."""

    borrowing_limit: str | None = None
    """What it may borrow beyond that. Omitted: everything that the cohort has."""

    lending_limit: str | None = None
    """What others may borrow of it. Omitted: everything."""


@record(kw_only=True)
class FlavorQuotas:
    """The quotas of one flavor."""

    name: str
    """The flavor."""

    resources: tuple[FlavorQuota, ...]
    """Its resources, in the order of the group's `covered_resources`."""


@record(kw_only=True)
class ResourceGroup:
    """Resources that come from the same flavors."""

    covered_resources: tuple[str, ...]
    """The resources; each in one group only."""

    flavors: tuple[FlavorQuotas, ...]
    """The flavors, in the order in which they are tried."""


@record(kw_only=True)
class Preemption:
    """Who must give way."""

    within_cluster_queue: Literal["Never", "LowerPriority", "LowerOrNewerEqualPriority"] = "LowerPriority"
    """Jobs of the same queue."""

    reclaim_within_cohort: Literal["Never", "LowerPriority", "Any"] = "Any"
    """Jobs of other queues that use what they borrowed."""


@record(kw_only=True)
class FairSharing:
    """A queue's part of what nobody's quota covers."""

    weight: str
    """Compared with the weights of the other queues of the cohort; 1 where nothing is said."""


@record(kw_only=True)
class CheckOnFlavors:
    """An admission check of some flavors."""

    name: str
    """The check."""

    on_flavors: tuple[str, ...]
    """Flavors whose jobs it holds until it is passed."""


@record(kw_only=True)
class ChecksStrategy:
    """What a job must pass beside its quota."""

    admission_checks: tuple[CheckOnFlavors, ...]
    """The checks."""


@record(kw_only=True)
class ClusterQueueSpec:
    """The settings of a queue."""

    cohort_name: str
    """Its cohort."""

    namespace_selector: LabelSelector
    """Namespaces whose jobs it takes."""

    resource_groups: tuple[ResourceGroup, ...]
    """Its quotas."""

    preemption: Preemption
    """Who must give way."""

    queueing_strategy: Literal["StrictFIFO", "BestEffortFIFO"] = "BestEffortFIFO"
    """Whether a job that does not fit holds up those behind it."""

    admission_checks_strategy: ChecksStrategy | None = None
    """What a job must pass beside its quota. Omitted: nothing."""

    fair_sharing: FairSharing | None = None
    """Its part of what nobody's quota covers. Omitted: that of a queue with weight 1."""


@record(kw_only=True)
class ClusterQueue(KubeObject):
    """A queue with quotas."""

    API = API
    KIND = "ClusterQueue"

    metadata: Metadata
    """Name."""

    spec: ClusterQueueSpec
    """Its settings."""


@record(kw_only=True)
class CheckParameters:
    """Where the settings of a check are."""

    api_group: str
    """API group of their kind."""

    kind: str
    """Their kind."""

    name: str
    """Their name."""


@record(kw_only=True)
class AdmissionCheckSpec:
    """Who checks, and with which settings."""

    controller_name: str
    """The controller; cannot be changed."""

    parameters: CheckParameters
    """The settings."""


@record(kw_only=True)
class AdmissionCheck(KubeObject):
    """Something that a job waits for between its quota and its start."""

    API = API
    KIND = "AdmissionCheck"

    metadata: Metadata
    """Name."""

    spec: AdmissionCheckSpec
    """The check."""


@record(kw_only=True)
class RetryStrategy:
    """What follows a request that failed."""

    backoff_limit_count: int
    """Attempts after which the job is given up: it never comes back by itself."""

    backoff_base_seconds: int
    """First wait."""

    backoff_max_seconds: int
    """Longest wait."""


@record(kw_only=True)
class ProvisioningRequestConfigSpec:
    """How the autoscaler is asked for the nodes of a job."""

    provisioning_class_name: str
    """The autoscaler's class of requests."""

    parameters: Mapping[str, str]
    """Parameters of the class."""

    managed_resources: tuple[str, ...]
    """Pods that ask for one of these are in the request; others are not."""

    pod_set_merge_policy: Literal["IdenticalPodTemplates", "IdenticalWorkloadSchedulingRequirements"]
    """Which groups of a job's pods become one group of the request."""

    retry_strategy: RetryStrategy
    """What follows a request that failed."""


@record(kw_only=True)
class ProvisioningRequestConfig(KubeObject):
    """The settings of a check that asks the autoscaler for nodes,
    https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/"""

    API = API
    KIND = "ProvisioningRequestConfig"

    metadata: Metadata
    """Name."""

    spec: ProvisioningRequestConfigSpec
    """The settings."""


@record(kw_only=True)
class LocalQueueSpec:
    """The settings of a namespace's queue."""

    cluster_queue: str
    """The queue behind it; cannot be changed."""


@record(kw_only=True)
class LocalQueue(KubeObject):
    """A namespace's way into a queue; jobs that name none take the one called `default`."""

    API = API
    KIND = "LocalQueue"

    metadata: Metadata
    """Name and namespace."""

    spec: LocalQueueSpec
    """Its settings."""


@record(kw_only=True)
class WorkloadPriorityClass(KubeObject):
    """A job's place in the queue; its pods' priority is a separate matter."""

    API = API
    KIND = "WorkloadPriorityClass"

    metadata: Metadata
    """Name."""

    value: int
    """Higher values come first."""

    description: str = ""
    """For people."""
