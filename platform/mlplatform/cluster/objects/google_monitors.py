"""Pods whose metrics Google's managed Prometheus collects, and rules by which it records others:
https://github.com/GoogleCloudPlatform/prometheus-engine/blob/2ffde4ec7/doc/api.md"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Labels, LabelSelector, Metadata
from mlplatform.fast.record import record


@record(kw_only=True)
class SecretKey:
    """An entry of a secret in the monitor's namespace."""

    name: str
    """The secret."""

    key: str
    """The entry."""


@record(kw_only=True)
class Credentials:
    """Where a credential is."""

    secret: SecretKey
    """In a secret."""


@record(kw_only=True)
class Authorization:
    """The header with which the collector proves itself: a bearer token."""

    credentials: Credentials
    """The token."""


@record(kw_only=True)
class ScrapeTls:
    """How the pod's certificate is checked."""

    insecure_skip_verify: bool
    """True: not at all."""


@record(kw_only=True)
class ScrapeEndpoint:
    """Where a pod shows its metrics."""

    port: str
    """Name of its port."""

    interval: str
    """Time between two readings."""

    scheme: Literal["http", "https"]
    """Protocol."""

    tls: ScrapeTls | None = None
    """Of HTTPS."""

    path: str | None = None
    """Path of the metrics. Omitted: `/metrics`."""

    authorization: Authorization | None = None
    """What proves the collector. Omitted: nothing."""


@record(kw_only=True)
class PodMonitoringSpec:
    """Which pods are read, and how."""

    selector: LabelSelector
    """The pods, in the monitor's namespace."""

    endpoints: tuple[ScrapeEndpoint, ...]
    """Their ports."""


@record(kw_only=True)
class PodMonitoring(KubeObject):
    """Pods that are read."""

    API = "monitoring.googleapis.com/v1"
    KIND = "PodMonitoring"

    metadata: Metadata
    """Name and namespace."""

    spec: PodMonitoringSpec
    """The pods."""


@record(kw_only=True)
class RecordingRule:
    """A metric that is made of others."""

    record: str
    """Its name."""

    expr: str
    """PromQL of its values."""

    labels: Labels | None = None
    """Labels that it has beside those of the query."""


@record(kw_only=True)
class RuleGroup:
    """Rules that are evaluated together."""

    name: str
    """Name of the group."""

    interval: str
    """Time between two evaluations."""

    rules: tuple[RecordingRule, ...]
    """The rules."""


@record(kw_only=True)
class ClusterRulesSpec:
    """Groups of rules."""

    groups: tuple[RuleGroup, ...]
    """The groups."""


@record(kw_only=True)
class ClusterRules(KubeObject):
    """Rules over the metrics of this cluster."""

    API = "monitoring.googleapis.com/v1"
    KIND = "ClusterRules"

    metadata: Metadata
    """Name."""

    spec: ClusterRulesSpec
    """The rules."""
