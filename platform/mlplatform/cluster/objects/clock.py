"""Jobs of one pod, and those that a clock starts: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.cluster.objects.jobs import PodFailurePolicy
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class TimedJobSpec:
    """The pod of one start."""

    template: PodTemplate
    """The pod."""

    active_deadline_seconds: int
    """Seconds after which it is ended."""

    backoff_limit: int = 0
    """How often it is tried again; the next start finds what this one left."""

    pod_failure_policy: PodFailurePolicy | None = None
    """What failures mean. Omitted: every failure counts."""

    completion_mode: Literal["Indexed"] | None = None
    """`Indexed`: each pod has a number, JOB_COMPLETION_INDEX. Omitted: none has."""

    completions: int | None = None
    """Pods that must succeed. Omitted: one."""

    parallelism: int | None = None
    """Pods at a time. Omitted: one."""


@record(kw_only=True)
class SingleJob(KubeObject):
    """A job of one pod that runs once. Another pod is another job."""

    API = "batch/v1"
    KIND = "Job"

    metadata: Metadata
    """Name and namespace."""

    spec: TimedJobSpec
    """Its pod."""


@record(kw_only=True)
class TimedJobTemplate:
    """A job of the clock."""

    spec: TimedJobSpec
    """The job."""


@record(kw_only=True)
class CronJobSpec:
    """When what starts."""

    schedule: str
    """Five fields of cron."""

    time_zone: str | None = None
    """Time zone of the schedule. Omitted: that of the control plane."""

    job_template: TimedJobTemplate
    """What starts."""

    concurrency_policy: Literal["Forbid"] = "Forbid"
    """A start is left out while the one before is going."""

    starting_deadline_seconds: int | None = None
    """Seconds after its moment until which a start that was missed is made up for. With more than 100 missed ones
    and no such bound, the clock stops for ever."""

    successful_jobs_history_limit: int = 1
    """Ended jobs that are kept, with their logs."""

    failed_jobs_history_limit: int = 3
    """Failed jobs that are kept, with their logs."""


@record(kw_only=True)
class CronJob(KubeObject):
    """A job that a clock starts."""

    API = "batch/v1"
    KIND = "CronJob"

    metadata: Metadata
    """Name and namespace."""

    spec: CronJobSpec
    """The clock and the job."""
