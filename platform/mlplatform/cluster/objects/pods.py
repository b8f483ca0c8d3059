"""Pods, as templates in other objects: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import Labels, LabelSelector, Toleration
from mlplatform.cluster.objects.containers import Container
from mlplatform.cluster.objects.volumes import Volume
from mlplatform.fast.record import record


@record(kw_only=True)
class PodClaim:
    """A claim of devices for each pod, made from a template."""

    name: str
    """Its name in the pod."""

    resource_claim_template_name: str
    """The template, in the pod's namespace."""


@record(kw_only=True)
class SpreadConstraint:
    """How pods are spread."""

    topology_key: str
    """Label of the nodes whose values are the places."""

    label_selector: LabelSelector
    """The pods."""

    max_skew: int = 1
    """Most that two places may differ by."""

    when_unsatisfiable: Literal["ScheduleAnyway", "DoNotSchedule"] = "ScheduleAnyway"
    """What happens where it cannot be kept."""


@record(kw_only=True)
class PodSpec:
    """A pod."""

    containers: tuple[Container, ...]
    """Its containers."""

    init_containers: tuple[Container, ...] | None = None
    """Containers that run before, or, with `restart_policy`, beside the others."""

    node_selector: Mapping[str, str] | None = None
    """Labels of the nodes that it may run on."""

    affinity: Mapping[str, object] | None = None
    """Nodes that it must or should run on. Omitted: any that the selector admits."""

    tolerations: tuple[Toleration, ...] | None = None
    """Taints that it tolerates. Omitted: none."""

    priority_class_name: str | None = None
    """Its priority. Omitted: the cluster's default."""

    host_network: bool | None = None
    """Whether it has the node's network instead of one of its own."""

    host_pid: bool | None = None
    """Whether it sees the node's processes."""

    automount_service_account_token: bool | None = None
    """Whether it gets a token of the cluster's API. Omitted: it does."""

    service_account_name: str | None = None
    """Its account."""

    restart_policy: Literal["Always", "OnFailure", "Never"] | None = None
    """Whether its containers start again in place."""

    termination_grace_period_seconds: int | None = None
    """Seconds from the signal to end until it is killed."""

    volumes: tuple[Volume, ...] | None = None
    """Its volumes."""

    resource_claims: tuple[PodClaim, ...] | None = None
    """Its claims of devices."""

    topology_spread_constraints: tuple[SpreadConstraint, ...] | None = None
    """How it and its like are spread over nodes and zones. Omitted: as the scheduler likes."""


@record(kw_only=True)
class PodMetadata:
    """Labels and annotations of the pods of a template."""

    labels: Labels | None = None
    """Labels."""

    annotations: Labels | None = None
    """Annotations."""


@record(kw_only=True)
class PodTemplate:
    """Pods of one kind."""

    metadata: PodMetadata | None = None
    """Their labels and annotations."""

    spec: PodSpec
    """The pods."""
