"""Jobs of many pods: Kubernetes' own, JobSet's, and budgets of their disruption.

https://kubernetes.io/docs/concepts/workloads/controllers/job/, https://jobset.sigs.k8s.io/docs/concepts/
"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.pods import PodMetadata, PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class PodCondition:
    """A condition of a failed pod."""

    type: str
    """The condition; `DisruptionTarget`: the cluster took the pod away."""


@record(kw_only=True)
class PodFailureRule:
    """What the failure of a pod means for its job."""

    action: Literal["FailJob", "Ignore", "Count", "FailIndex"]
    """What happens."""

    on_pod_conditions: tuple[PodCondition, ...]
    """The failures that it is for."""


@record(kw_only=True)
class PodFailurePolicy:
    """What failures of pods mean, the first rule that fits."""

    rules: tuple[PodFailureRule, ...]
    """In order."""


INTERRUPTIONS_ALONE = PodFailurePolicy(
    rules=(PodFailureRule(action="Ignore", on_pod_conditions=(PodCondition(type="DisruptionTarget"),)),)
)
"""A pod that the cluster took away is started again, and counts as no failure."""


@record(kw_only=True)
class JobSpec:
    """A job's pods, and what their failures mean."""

    template: PodTemplate
    """The pods."""

    completion_mode: Literal["Indexed"] = "Indexed"
    """Each pod has a number, JOB_COMPLETION_INDEX."""

    completions: int | None = None
    """Pods that must succeed. Omitted: an engine sets it."""

    parallelism: int | None = None
    """Pods at a time. Omitted: an engine sets it."""

    backoff_limit: int | None = None
    """Failures after which the job has failed. Omitted: not limited by their sum."""

    backoff_limit_per_index: int | None = None
    """Failures of one number after which that number has failed."""

    pod_failure_policy: PodFailurePolicy
    """What failures mean."""

    pod_replacement_policy: Literal["Failed"] = "Failed"
    """A pod is replaced when it is gone, not while it still saves its work."""

    ttl_seconds_after_finished: int | None = None
    """Seconds until a finished job is deleted."""


@record(kw_only=True)
class Job(KubeObject):
    """A job of equal pods."""

    API = "batch/v1"
    KIND = "Job"

    metadata: Metadata
    """Name, namespace, and the queue's label."""

    spec: JobSpec
    """The pods."""


@record(kw_only=True)
class JobTemplate:
    """A job inside of a set."""

    metadata: PodMetadata | None = None
    """Its labels."""

    spec: JobSpec
    """The job."""


@record(kw_only=True)
class ReplicatedJob:
    """Equal jobs of a set."""

    name: str
    """Its name in the set."""

    replicas: int | None = None
    """How many. Omitted: one."""

    template: JobTemplate
    """The job."""


@record(kw_only=True)
class FailureRule:
    """What the failure of one job means for the set."""

    name: str
    """Its name, for the events."""

    action: Literal["FailJobSet", "RestartJobSet", "RestartJobSetAndIgnoreMaxRestarts"]
    """What happens."""

    on_job_failure_reasons: tuple[str, ...]
    """The failures that it is for."""


@record(kw_only=True)
class FailurePolicy:
    """How often a set starts again, and how."""

    max_restarts: int
    """Most restarts, without those that a rule does not count."""

    restart_strategy: Literal["Recreate", "BlockingRecreate"] = "BlockingRecreate"
    """`BlockingRecreate`: all old pods are gone before new ones come, so that both do not write one checkpoint."""

    rules: tuple[FailureRule, ...]
    """Failures that are treated otherwise."""


@record(kw_only=True)
class SetNetwork:
    """Names of a set's pods in DNS."""

    publish_not_ready_addresses: bool = True
    """Whether a pod's name is known before it is ready: others wait for it by name."""


@record(kw_only=True)
class JobSetSpec:
    """The jobs of a set, which start and fail together."""

    replicated_jobs: tuple[ReplicatedJob, ...]
    """The jobs."""

    failure_policy: FailurePolicy
    """What failures mean."""

    network: SetNetwork | None = None
    """Names in DNS."""

    ttl_seconds_after_finished: int | None = None
    """Seconds until a finished set is deleted."""


@record(kw_only=True)
class JobSet(KubeObject):
    """A set of jobs that start and fail together."""

    API = "jobset.x-k8s.io/v1alpha2"
    KIND = "JobSet"

    metadata: Metadata
    """Name, namespace, and the queue's label."""

    spec: JobSetSpec
    """The jobs."""


@record(kw_only=True)
class DisruptionBudgetSpec:
    """Pods that must keep running."""

    min_available: int
    """Least pods. Of the pods of jobs Kubernetes can only count this, not `maxUnavailable`:
    https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors"""

    selector: LabelSelector
    """The pods."""


@record(kw_only=True)
class PodDisruptionBudget(KubeObject):
    """Holds off drains of nodes while pods run there."""

    API = "policy/v1"
    KIND = "PodDisruptionBudget"

    metadata: Metadata
    """Name and namespace."""

    spec: DisruptionBudgetSpec
    """The pods."""
