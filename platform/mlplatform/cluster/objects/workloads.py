"""Pods that run until they are changed, and the number of them:
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, LabelSelector, Metadata
from mlplatform.cluster.objects.pods import PodTemplate
from mlplatform.fast.record import record


@record(kw_only=True)
class RollingUpdate:
    """How many pods may be replaced at a time."""

    max_surge: int
    """Pods beyond the wanted number."""

    max_unavailable: int
    """Pods that may be missing."""


@record(kw_only=True)
class DeploymentStrategy:
    """How pods are replaced."""

    rolling_update: RollingUpdate
    """A few at a time."""

    type: Literal["RollingUpdate"] = "RollingUpdate"
    """A few at a time."""


@record(kw_only=True)
class DeploymentSpec:
    """The pods of a deployment."""

    selector: LabelSelector
    """Labels of its pods; it cannot be changed."""

    template: PodTemplate
    """Its pods."""

    strategy: DeploymentStrategy
    """How they are replaced."""

    replicas: int | None = None
    """How many. Omitted: an autoscaler decides."""

    min_ready_seconds: int | None = None
    """Seconds that a pod must be ready for, before it counts."""

    progress_deadline_seconds: int | None = None
    """Seconds in which another pod must be ready, else the change has failed."""


@record(kw_only=True)
class Deployment(KubeObject):
    """Pods that run until they are changed."""

    API = "apps/v1"
    KIND = "Deployment"

    metadata: Metadata
    """Name and namespace."""

    spec: DeploymentSpec
    """Its pods."""


@record(kw_only=True)
class ScaledObject:
    """What an autoscaler scales."""

    name: str
    """Its name, in the same namespace."""

    api_version: str = "apps/v1"
    """Version of its kind."""

    kind: str = "Deployment"
    """Its kind."""


@record(kw_only=True)
class MetricTarget:
    """The value that an autoscaler holds."""

    average_utilization: int
    """Percentage of what the pods ask for, on average."""

    type: Literal["Utilization"] = "Utilization"
    """A percentage."""


@record(kw_only=True)
class ResourceMetric:
    """Use of a resource."""

    target: MetricTarget
    """The value."""

    name: Literal["cpu"] = "cpu"
    """The resource."""


@record(kw_only=True)
class Metric:
    """What an autoscaler looks at."""

    resource: ResourceMetric
    """Use of a resource by the pods."""

    type: Literal["Resource"] = "Resource"
    """Use of a resource."""


@record(kw_only=True)
class ScalingRules:
    """How fast pods are added or removed."""

    stabilization_window_seconds: int
    """Seconds for which the fewest pods must have been enough."""


@record(kw_only=True)
class ScalingBehavior:
    """How fast the number changes."""

    scale_down: ScalingRules
    """Downwards."""


@record(kw_only=True)
class AutoscalerSpec:
    """Bounds and metrics of an autoscaler."""

    scale_target_ref: ScaledObject
    """What it scales."""

    min_replicas: int
    """Fewest pods."""

    max_replicas: int
    """Most pods."""

    metrics: tuple[Metric, ...]
    """What it looks at."""

    behavior: ScalingBehavior
    """How fast."""


@record(kw_only=True)
class HorizontalPodAutoscaler(KubeObject):
    """Adds and removes pods by their load, of which the cluster's metrics server knows CPU and memory."""

    API = "autoscaling/v2"
    KIND = "HorizontalPodAutoscaler"

    metadata: Metadata
    """Name and namespace."""

    spec: AutoscalerSpec
    """Bounds and metrics."""


@record(kw_only=True)
class ReplicaBudgetSpec:
    """Pods of a deployment that may be missing."""

    max_unavailable: int
    """Most of them."""

    selector: LabelSelector
    """The pods."""


@record(kw_only=True)
class ReplicaBudget(KubeObject):
    """Holds off drains of nodes that would take several pods of a deployment at once."""

    API = "policy/v1"
    KIND = "PodDisruptionBudget"

    metadata: Metadata
    """Name and namespace."""

    spec: ReplicaBudgetSpec
    """The pods."""


@record(kw_only=True)
class ServicePort:
    """A port of a service."""

    port: int
    """The port that callers use."""

    target_port: int
    """Port of the pods."""

    name: str = "http"
    """Its name."""


@record(kw_only=True)
class ServiceSpec:
    """The pods of a service."""

    selector: dict[str, str]
    """Labels of the pods."""

    ports: tuple[ServicePort, ...]
    """Its ports."""

    type: Literal["LoadBalancer"] | None = None
    """`LoadBalancer`: the cloud makes one before it. Omitted: it is reached inside the cluster alone."""

    load_balancer_source_ranges: tuple[str, ...] | None = None
    """Ranges that may reach the load balancer. Omitted: all."""

    external_traffic_policy: Literal["Local"] | None = None
    """`Local`: only nodes with a pod of it are sent connections, which keep the caller's address."""

    cluster_ip: Literal["None"] | None = None
    """`None`: its name leads to the addresses of the pods themselves. Omitted: it has an address of its own."""


@record(kw_only=True)
class KubeService(KubeObject):
    """A name in the cluster for some pods."""

    API = "v1"
    KIND = "Service"

    metadata: Metadata
    """Name and namespace."""

    spec: ServiceSpec
    """Its pods."""
