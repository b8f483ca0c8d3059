"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class VariantSpec(TypedDict):
    """One model behind the endpoint, with its share of the traffic."""

    name: str
    """Stable over rollouts: a new model keeps its variant's name."""

    model: NotRequired[str]
    """Path below the store's `models` place. Omitted: none yet, the pipeline or a later `up` supplies it."""

    image: NotRequired[str]
    """Container image of this variant. Omitted: the endpoint's."""

    traffic_percent: NotRequired[int]
    """Whole per cent of live requests; all variants sum to 100."""


class ShadowSpec(TypedDict):
    """A model that sees a copy of live requests and whose answers are only recorded."""

    name: NotRequired[str]
    """Must differ from the variants' names."""

    model: str
    """Path below the store's `models` place."""

    image: NotRequired[str]
    """Omitted: the endpoint's."""

    sample_percent: NotRequired[int]
    """Whole per cent of live requests that are copied."""


class CpuSpec(TypedDict):
    """The size of a CPU replica; the smallest machine that fits is taken."""

    vcpus: NotRequired[int]
    """vCPUs of one replica."""

    memory_gib: NotRequired[int]
    """Memory of one replica, GiB."""


class AutoscalingSpec(TypedDict):
    """What one replica should carry before another is added."""

    metric: NotRequired[str]
    """Requests per minute and replica, requests in flight per replica, or utilisation in per cent.

    One of requests, concurrency, cpu, gpu.
    """

    target: NotRequired[int]
    """The value to hold, in the metric's unit."""

    cooldown_seconds: NotRequired[int]
    """Quiet time before replicas are removed."""


class SloSpec(TypedDict):
    """What the endpoint promises; burning the error budget too fast raises an alert."""

    availability_percent: NotRequired[float]
    """Share of requests that succeed."""

    latency_ms: NotRequired[int]
    """Response time that `latency_percent` of requests stay under, milliseconds. Omitted: no latency objective."""

    latency_percent: NotRequired[float]
    """Share of requests under `latency_ms`."""

    window_days: NotRequired[int]
    """Rolling window."""


class EndpointSpec(TypedDict):
    """An online prediction service, private and guarded by the cloud's identity unless said otherwise."""

    name: str
    """Unique in the platform; at most 24 characters."""

    server: NotRequired[str]
    """The model server; `custom` needs `image`.

    One of triton, vllm, torchserve, tensorflow, mlflow, custom.
    """

    image: NotRequired[str]
    """Container image. Omitted: the server's public image, pinned by the platform's catalogue."""

    model: NotRequired[str]
    """Short for a single variant named `main` that takes all traffic."""

    variants: NotRequired[Sequence[VariantSpec]]
    """Models that share the traffic. Omitted: one variant named `main`."""

    shadow: NotRequired[ShadowSpec]
    """Omitted: no shadow."""

    accelerator: NotRequired[Sequence[str]]
    """GPU of one replica. Omitted: CPU."""

    cpu: NotRequired[CpuSpec]
    """Size of a CPU replica; the least a GPU replica must have."""

    replicas: NotRequired[Sequence[int]]
    """Least and most replicas of each variant; 0 lets the endpoint sleep where the cloud can."""

    autoscaling: NotRequired[AutoscalingSpec]
    """When replicas are added and removed."""

    max_concurrency: NotRequired[int]
    """Requests one replica handles at a time."""

    timeout_seconds: NotRequired[int]
    """Longest time a request may take."""

    port: NotRequired[int]
    """Port the container listens on; fixed by the server unless it is `custom`."""

    health_path: NotRequired[str]
    """HTTP path of the readiness probe of a `custom` server."""

    env: NotRequired[Mapping[str, str]]
    """Environment variables of the container; never secrets."""

    secrets: NotRequired[Mapping[str, str]]
    """Environment variables that name a secret of the platform's secret store."""

    rollout: NotRequired[Any]
    """How a new model takes over. Alarms on errors and latency take it back."""

    capture_percent: NotRequired[int]
    """Whole per cent of requests and responses kept in the store's `monitoring` place."""

    exposure: NotRequired[str]
    """Reachable from the platform's network only, or from the internet. Callers always need an identity.

    One of private, public.
    """

    slo: NotRequired[SloSpec]
    """Omitted: alerts on thresholds only."""
