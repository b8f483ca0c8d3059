"""Groups of pods that serve as one replica: https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/ (v0.10.0)"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.cluster.objects.workloads import RollingUpdate
from mlplatform.fast.record import record


@record(kw_only=True)
class GroupRollout:
    """How groups are replaced."""

    rolling_update_configuration: RollingUpdate
    """A few at a time."""

    type: Literal["RollingUpdate"] = "RollingUpdate"
    """A few at a time."""


@record(kw_only=True)
class GroupTemplate:
    """The pods of one group."""

    size: int
    """Pods of a group, the leader among them."""

    leader_template: PodTemplate
    """The first pod, which answers."""

    worker_template: PodTemplate
    """The others."""

    restart_policy: Literal["RecreateGroupOnPodRestart", "RecreateGroupAfterStart", "None"]
    """What a container that starts again means for its group."""


@record(kw_only=True)
class LeaderWorkerSetSpec:
    """The groups of a set."""

    leader_worker_template: GroupTemplate
    """One group."""

    rollout_strategy: GroupRollout
    """How groups are replaced."""

    replicas: int | None = None
    """How many groups. Omitted: an autoscaler decides."""


@record(kw_only=True)
class LeaderWorkerSet(KubeObject):
    """Groups of pods that start, fail and are replaced together. Its name is that of a service as well."""

    API = "leaderworkerset.x-k8s.io/v1"
    KIND = "LeaderWorkerSet"

    metadata: Metadata
    """Name and namespace."""

    spec: LeaderWorkerSetSpec
    """Its groups."""
