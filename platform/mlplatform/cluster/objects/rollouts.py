"""Replicas that are replaced all at once beside the former ones, and taken back where a measurement fails:
https://argo-rollouts.readthedocs.io/en/release-1.9/features/specification/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class AnalysisRef:
    """A template of measurements."""

    template_name: str
    """Its name, in the same namespace."""


@record(kw_only=True)
class ReplicasHash:
    """The label `rollouts-pod-template-hash` of replicas."""

    pod_template_hash_value: Literal["Latest", "Stable"]
    """Those of the newest release, or those that serve."""


@record(kw_only=True)
class AnalysisArg:
    """A value that measurements are told: `{{args.NAME}}` in their text."""

    name: str
    """Its name."""

    value_from: ReplicasHash | None = None
    """Where it comes from. Omitted: whoever starts the measurements says it."""


@record(kw_only=True)
class AnalysisStep:
    """Measurements at one moment of a rollout."""

    templates: tuple[AnalysisRef, ...]
    """What is measured."""

    args: tuple[AnalysisArg, ...] | None = None
    """What they are told. Omitted: nothing."""


@record(kw_only=True)
class BlueGreenStrategy:
    """All new replicas start beside the former ones; a name then leads to them, or back."""

    active_service: str
    """The service whose selector leads to the replicas that serve."""

    preview_service: str | None = None
    """The service whose selector leads to the newest replicas. Omitted: none does."""

    auto_promotion_enabled: bool = True
    """Whether nobody must agree first."""

    pre_promotion_analysis: AnalysisStep | None = None
    """Measured before `active_service` leads to the new replicas. Omitted: nothing is."""

    post_promotion_analysis: AnalysisStep | None = None
    """Measured after that; a failure leads back. Omitted: nothing is."""

    scale_down_delay_seconds: int | None = None
    """Seconds for which the former replicas stay. Omitted: until the measurements have ended, and half a minute."""


@record(kw_only=True)
class RolloutStrategy:
    """How replicas are replaced."""

    blue_green: BlueGreenStrategy
    """All at once, beside the former ones."""


@record(kw_only=True)
class RolloutSpec:
    """The pods of a rollout."""

    selector: LabelSelector
    """Labels of its pods; it cannot be changed."""

    template: PodTemplate
    """Its pods."""

    strategy: RolloutStrategy
    """How they are replaced."""

    replicas: int | None = None
    """How many. Omitted: an autoscaler decides."""

    min_ready_seconds: int
    """Seconds that a pod must be ready for, before it counts."""

    progress_deadline_seconds: int
    """Seconds in which another pod must be ready."""

    progress_deadline_abort: bool = True
    """Whether replicas that do not start are taken back."""

    revision_history_limit: int = 2
    """Former templates that are kept."""


@record(kw_only=True)
class ArgoRollout(KubeObject):
    """Pods that are replaced under measurement."""

    API = "argoproj.io/v1alpha1"
    KIND = "Rollout"

    metadata: Metadata
    """Name and namespace."""

    spec: RolloutSpec
    """Its pods."""


@record(kw_only=True)
class PrometheusQuery:
    """A question to Prometheus."""

    address: str
    """Its address."""

    query: str
    """PromQL."""


@record(kw_only=True)
class AnalysisJobSpec:
    """Pods of which one must succeed."""

    template: PodTemplate
    """The pods."""

    backoff_limit: int
    """Failures that are borne."""

    active_deadline_seconds: int
    """Seconds after which it has failed."""


@record(kw_only=True)
class AnalysisJob:
    """A job, whose success is the measurement."""

    spec: AnalysisJobSpec
    """Its pods."""


@record(kw_only=True)
class AnalysisProvider:
    """Where a measurement comes from: one of these."""

    prometheus: PrometheusQuery | None = None
    """A question to Prometheus."""

    job: AnalysisJob | None = None
    """A job."""


@record(kw_only=True)
class AnalysisMetric:
    """A measurement, again and again."""

    name: str
    """Unique in its template."""

    provider: AnalysisProvider
    """Where it comes from."""

    success_condition: str | None = None
    """Expression over `result`, the values of the answer; false is a failure,
    https://argo-rollouts.readthedocs.io/en/release-1.9/features/analysis/. Omitted: a job succeeds by itself."""

    initial_delay: str | None = None
    """Time from the start of the measurements to the first one of this, `120s`. Omitted: none."""

    interval: str | None = None
    """Time between two. Omitted: there is one."""

    count: int | None = None
    """How many. Omitted: one."""

    failure_limit: int = 0
    """Failures that are borne."""


@record(kw_only=True)
class AnalysisTemplateSpec:
    """What is measured."""

    metrics: tuple[AnalysisMetric, ...]
    """All of them must succeed."""

    args: tuple[AnalysisArg, ...] | None = None
    """What they are told. Omitted: nothing."""


@record(kw_only=True)
class AnalysisTemplate(KubeObject):
    """Measurements that decide whether new replicas stay."""

    API = "argoproj.io/v1alpha1"
    KIND = "AnalysisTemplate"

    metadata: Metadata
    """Name and namespace."""

    spec: AnalysisTemplateSpec
    """What is measured."""
