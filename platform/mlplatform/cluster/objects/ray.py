"""KubeRay's jobs: https://docs.ray.io/en/latest/cluster/kubernetes/getting-started/rayjob-quick-start.html"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class HeadGroup:
    """The pod that keeps the cluster together."""

    ray_start_params: Mapping[str, str]
    """Options of `ray start`."""

    template: PodTemplate
    """The pod."""


@record(kw_only=True)
class WorkerGroup:
    """Equal workers."""

    group_name: str
    """Its name."""

    replicas: int
    """Workers."""

    min_replicas: int
    """Least workers."""

    max_replicas: int
    """Most workers."""

    ray_start_params: Mapping[str, str]
    """Options of `ray start`."""

    template: PodTemplate
    """The pods."""


@record(kw_only=True)
class RayClusterSpec:
    """A cluster of Ray."""

    head_group_spec: HeadGroup
    """Its head."""

    worker_group_specs: tuple[WorkerGroup, ...]
    """Its workers."""


@record(kw_only=True)
class RayJobSpec:
    """A program and the cluster that is made for it."""

    entrypoint: str
    """The program, as a line of shell."""

    ray_cluster_spec: RayClusterSpec
    """The cluster."""

    shutdown_after_job_finishes: bool = True
    """Whether the cluster goes with the job; Kueue admits no other."""

    ttl_seconds_after_finished: int | None = None
    """Seconds until the cluster of a finished job goes."""

    backoff_limit: int | None = None
    """How often the whole cluster starts again after a failure."""


@record(kw_only=True)
class RayJob(KubeObject):
    """A program on a cluster of Ray."""

    API = "ray.io/v1"
    KIND = "RayJob"

    metadata: Metadata
    """Name, namespace, and the queue's label."""

    spec: RayJobSpec
    """The job."""
