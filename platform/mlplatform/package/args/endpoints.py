"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from mlplatform.package.args.capture_redaction import CaptureRedactionSpec
from mlplatform.package.args.model_monitor import ModelMonitorSpec
from mlplatform.package.args.replicas import AutoscalingSpec, CpuSpec
from mlplatform.package.args.variants import ShadowSpec, VariantSpec


class PublicEntrySpec(TypedDict):
    """The way from the internet to an endpoint on the cluster: a load balancer of the cloud, which hands connections
    to the endpoint's router. The router ends TLS, from version 1.2 on, and checks the same tokens as inside the
    cluster.
    """

    host: str
    """Its public name, for which the certificate is, and an audience that callers' tokens may be for. A person
    points it to the load balancer once that is there.
    """

    certificate: str
    """The secret of the cloud's store with the certificate, those of its authorities, and its private key, in PEM.
    It is read when a router starts and every hour, so that a renewed one needs no `up`.
    """

    cidrs: NotRequired[Sequence[str]]
    """Ranges that may connect. Omitted: every address."""


class SloSpec(TypedDict):
    """The endpoint's service level objective; a high burn rate raises an alert."""

    availability_percent: NotRequired[float]
    """Share of requests that succeed."""

    latency_ms: NotRequired[int]
    """Response time that `latency_percent` of requests stay under, milliseconds. Omitted: no latency objective."""

    latency_percent: NotRequired[float]
    """Share of requests under `latency_ms`."""

    window_days: NotRequired[int]
    """Rolling window, days."""


class EndpointSpec(TypedDict):
    """An online prediction service, private by default; callers need an identity of the cloud."""

    name: str
    """Unique in the platform; at most 24 characters."""

    on: NotRequired[str]
    """Who runs the replicas: the cloud's serving service (SageMaker, Cloud Run, Azure ML), or the training cluster,
    as pods on `pool`.

    On the cluster an endpoint answers the jobs of the cluster alone, and callers prove themselves by a token of
    their service account. It needs the layer, `cluster`.

    One of managed, cluster.
    """

    pool: NotRequired[str]
    """With `on` the cluster: the pool of `training` that runs the replicas, which keeps nodes for the least of them.
    Omitted: none, for managed endpoints.
    """

    server: NotRequired[str]
    """The model server; `custom` needs `image`.

    One of triton, vllm, torchserve, tensorflow, mlflow, custom.
    """

    image: NotRequired[str]
    """Container image. Omitted: the server's public image, pinned by the platform's catalogue."""

    model: NotRequired[str]
    """Short form of a single variant named `main` with all traffic; a name or a pinned version, as a variant's."""

    variants: NotRequired[Sequence[VariantSpec]]
    """Models that share the traffic. Omitted: one variant named `main`."""

    shadow: NotRequired[ShadowSpec]
    """A model that receives a copy of the requests. Omitted: none."""

    accelerator: NotRequired[Sequence[str]]
    """GPUs of one replica, or of each node of a replica over several. Omitted: CPU."""

    nodes: NotRequired[int]
    """Nodes of one replica, for a model that is larger than one. More than 1 with `on` the cluster and the server
    vLLM: `pool` has a fabric, `accelerator` is a whole node of it, and vLLM splits layers over the nodes and each
    layer over the GPUs of a node.
    """

    model_cache: NotRequired[str]
    """With `on` the cluster: where the files of a model stay for replicas that start later. `node`: on the disk of
    each node of `pool`, where a replica that starts finds them and only checks their digests. The node keeps the
    release of each variant and the one before it, so that `disk_gib` (or the local disks) of the pool must hold
    both. `none`: each replica copies them for itself. Has no charge of its own.

    One of none, node.
    """

    cpu: NotRequired[CpuSpec]
    """Size of a CPU replica; the minimum vCPUs and memory of a GPU replica."""

    replicas: NotRequired[Sequence[int]]
    """Minimum and maximum replicas of each variant; with minimum 0 the endpoint scales to zero, if the cloud can."""

    autoscaling: NotRequired[AutoscalingSpec]
    """When replicas are added and removed."""

    max_concurrency: NotRequired[int]
    """Requests one replica handles at a time."""

    timeout_seconds: NotRequired[int]
    """Longest time a request may take."""

    startup_seconds: NotRequired[int]
    """Longest time from the start of a replica's container until its server answers, seconds: it loads the model
    then. A replica that takes longer is started anew, or the release is taken back. Omitted: 1800 for vLLM, which
    also compiles the model, 900 with another server and an accelerator, 600 with a CPU (900 on AWS).
    """

    port: NotRequired[int]
    """Port the container listens on; fixed by the server unless it is `custom`."""

    health_path: NotRequired[str]
    """HTTP path of the readiness probe of a `custom` server."""

    env: NotRequired[Mapping[str, str]]
    """Environment variables of the container; never secrets."""

    secrets: NotRequired[Mapping[str, str]]
    """Environment variables with their values from the platform's secret store, by name of the secret. With `on` the
    cluster it needs Kubernetes 1.35, and a value is one line without a single quote. The endpoint waits until
    `mlplatform promote` has released it: the secrets must be there first.
    """

    rollout: NotRequired[Any]
    """The rollout of a new model. Alarms on errors and latency roll it back."""

    capture_percent: NotRequired[int]
    """Percentage of requests and responses kept in the store's `monitoring` place, a whole number."""

    redact: NotRequired[CaptureRedactionSpec]
    """Removes personal data from what is captured, before it is stored. Omitted: requests and responses are stored
    as they are, without the caller's token.
    """

    monitor: NotRequired[ModelMonitorSpec]
    """Looks at what it captured, and tells why its model got worse. Omitted: nobody looks."""

    exposure: NotRequired[str]
    """Reachable from the platform's network only, or from the internet. Callers always need an identity.

    One of private, public.
    """

    entry: NotRequired[PublicEntrySpec]
    """With `on` the cluster and public exposure: name and certificate. Omitted: none, for other endpoints."""

    slo: NotRequired[SloSpec]
    """Service level objective. Omitted: alerts on thresholds only."""
