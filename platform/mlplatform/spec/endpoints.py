"""Serving endpoints: variants, shadow, rollout, capture, autoscaling."""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import EVERY, FieldProblem, refuses, repeated
from mlplatform.snippet import Snippet
from mlplatform.spec.accelerators import Accelerators
from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.later import later
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.plain_secrets import variable_problems
from mlplatform.spec.replicas import AutoscalingSpec, CpuSpec
from mlplatform.spec.rollouts import BlueGreenRollout, Rollout
from mlplatform.spec.variants import Image, ModelPath, ShadowSpec, VariantSpec

if TYPE_CHECKING:
    from mlplatform.spec.capture_redaction import CaptureRedactionSpec as _Redaction
    from mlplatform.spec.model_monitor import ModelMonitorSpec as _Monitor
else:
    _Redaction = later("mlplatform.spec.capture_redaction:CaptureRedactionSpec")
    _Monitor = later("mlplatform.spec.model_monitor:ModelMonitorSpec")

_HOST = r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
"""A name with a dot, as the DNS has them."""

Server = Literal["triton", "vllm", "torchserve", "tensorflow", "mlflow", "custom"]

EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]{0,127}$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,126}$")]
SERVING_NAMESPACE = "endpoints"
"""Namespace of the endpoints that the training cluster runs."""

_CPU_START, _GPU_START, _VLLM_START = 600, 900, 1800
"""Longest start by default, seconds. Every cloud allows them."""


class SloSpec(SpecModel):
    """The endpoint's service level objective; a high burn rate raises an alert."""

    availability_percent: float = Field(default=99.5, ge=90, lt=100)
    """Share of requests that succeed."""

    latency_ms: int | None = Field(default=None, ge=1, le=60000)
    """Response time that `latency_percent` of requests stay under, milliseconds. Omitted: no latency objective."""

    latency_percent: float = Field(default=99.0, ge=50, lt=100)
    """Share of requests under `latency_ms`."""

    window_days: int = Field(default=28, ge=1, le=30)
    """Rolling window, days."""


class PublicEntrySpec(SpecModel):
    """The way from the internet to an endpoint on the cluster: a load balancer of the cloud, which hands connections to
    the endpoint's router. The router ends TLS, from version 1.2 on, and checks the same tokens as inside the cluster.
    """

    host: Annotated[str, StringConstraints(max_length=253, pattern=_HOST)]
    """Its public name, for which the certificate is, and an audience that callers' tokens may be for. A person points
    it to the load balancer once that is there."""

    certificate: SecretName
    """The secret of the cloud's store with the certificate, those of its authorities, and its private key, in PEM. It
    is read when a router starts and every hour, so that a renewed one needs no `up`."""

    cidrs: tuple[IPv4Network, ...] = ()
    """Ranges that may connect. Omitted: every address."""


class EndpointSpec(SpecModel):
    """An online prediction service, private by default; callers need an identity of the cloud."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,22}[a-z0-9])?$")]
    """Unique in the platform; at most 24 characters."""

    on: Literal["managed", "cluster"] = "managed"
    """Who runs the replicas: the cloud's serving service (SageMaker, Cloud Run, Azure ML), or the training cluster, as
    pods on `pool`.

    On the cluster an endpoint answers the jobs of the cluster alone, and callers prove themselves by a token of their
    service account. It needs the layer, `cluster`.
    """

    pool: PoolName | None = None
    """With `on` the cluster: the pool of `training` that runs the replicas, which keeps nodes for the least of them.
    Omitted: none, for managed endpoints."""

    server: Server = "triton"
    """The model server; `custom` needs `image`."""

    image: Image | None = None
    """Container image. Omitted: the server's public image, pinned by the platform's catalogue."""

    model: ModelPath | None = None
    """Short form of a single variant named `main` with all traffic; a name or a pinned version, as a variant's."""

    variants: tuple[VariantSpec, ...] = Field(default=(), max_length=10)
    """Models that share the traffic. Omitted: one variant named `main`."""

    shadow: ShadowSpec | None = None
    """A model that receives a copy of the requests. Omitted: none."""

    accelerator: Accelerators | None = None
    """GPUs of one replica, or of each node of a replica over several. Omitted: CPU."""

    nodes: int = Field(default=1, ge=1, le=16)
    """Nodes of one replica, for a model that is larger than one. More than 1 with `on` the cluster and the server vLLM:
    `pool` has a fabric, `accelerator` is a whole node of it, and vLLM splits layers over the nodes and each layer over
    the GPUs of a node."""

    model_cache: Literal["none", "node"] = "none"
    """With `on` the cluster: where the files of a model stay for replicas that start later. `node`: on the disk of each
    node of `pool`, where a replica that starts finds them and only checks their digests. The node keeps the release of
    each variant and the one before it, so that `disk_gib` (or the local disks) of the pool must hold both. `none`: each
    replica copies them for itself. Has no charge of its own."""

    cpu: CpuSpec = default(CpuSpec)
    """Size of a CPU replica; the minimum vCPUs and memory of a GPU replica."""

    replicas: tuple[Annotated[int, Field(ge=0, le=500)], Annotated[int, Field(ge=1, le=500)]] = (1, 4)
    """Minimum and maximum replicas of each variant; with minimum 0 the endpoint scales to zero, if the cloud can."""

    autoscaling: AutoscalingSpec = default(AutoscalingSpec)
    """When replicas are added and removed."""

    max_concurrency: int = Field(default=16, ge=1, le=1000)
    """Requests one replica handles at a time."""

    timeout_seconds: int = Field(default=60, ge=1, le=3600)
    """Longest time a request may take."""

    startup_seconds: int | None = Field(default=None, ge=60, le=3600)
    """Longest time from the start of a replica's container until its server answers, seconds: it loads the model then.
    A replica that takes longer is started anew, or the release is taken back. Omitted: 1800 for vLLM, which also
    compiles the model, 900 with another server and an accelerator, 600 with a CPU (900 on AWS)."""

    port: int = Field(default=8080, ge=1, le=65535)
    """Port the container listens on; fixed by the server unless it is `custom`."""

    health_path: str = Field(default="/health", pattern=r"^/[A-Za-z0-9._/-]*$")
    """HTTP path of the readiness probe of a `custom` server."""

    env: dict[EnvName, Annotated[str, StringConstraints(max_length=1024)]] = Field(default_factory=dict)
    """Environment variables of the container; never secrets."""

    secrets: dict[EnvName, SecretName] = Field(default_factory=dict)
    """Environment variables with their values from the platform's secret store, by name of the secret. With `on` the
    cluster it needs Kubernetes 1.35, and a value is one line without a single quote. The endpoint waits until
    `mlplatform promote` has released it: the secrets must be there first."""

    rollout: Rollout = default(BlueGreenRollout)
    """The rollout of a new model. Alarms on errors and latency roll it back."""

    capture_percent: int = Field(default=0, ge=0, le=100)
    """Percentage of requests and responses kept in the store's `monitoring` place, a whole number."""

    redact: _Redaction | None = None
    """Removes personal data from what is captured, before it is stored. Omitted: requests and responses are stored as
    they are, without the caller's token."""

    monitor: _Monitor | None = None
    """Looks at what it captured, and tells why its model got worse. Omitted: nobody looks."""

    exposure: Literal["private", "public"] = "private"
    """Reachable from the platform's network only, or from the internet. Callers always need an identity."""

    entry: PublicEntrySpec | None = None
    """With `on` the cluster and public exposure: name and certificate. Omitted: none, for other endpoints."""

    slo: SloSpec | None = None
    """Service level objective. Omitted: alerts on thresholds only."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        low, high = self.replicas
        if low > high:
            yield FieldProblem(
                ("replicas",), "a minimum that is not above the maximum", "write", write=Snippet((high, low))
            )
        if self.on == "cluster" and self.pool is None:
            yield FieldProblem(
                ("pool",), "the pool that runs the replicas", "name one of training", got="nothing", fields=(("on",),)
            )
        if self.on == "managed" and self.pool is not None:
            yield FieldProblem(
                ("pool",),
                "none: the cloud's service runs the replicas of a managed endpoint",
                "remove pool, or set on to cluster",
                got=f"'{self.pool}'",
                fields=(("on",),),
            )
        if self.on == "managed" and self.model_cache != "none":
            yield FieldProblem(
                ("model_cache",),
                "none: the cloud's service keeps the files of a managed endpoint as it likes",
                "remove model_cache, or set on to cluster with a pool",
                got=f"'{self.model_cache}'",
                fields=(("on",),),
            )
        yield from self._entry_problems()
        if self.on == "managed" and self.nodes > 1:
            yield FieldProblem(
                ("nodes",),
                "1: a replica of a managed endpoint is one instance",
                "set nodes to 1, or on to cluster with a pool that has a fabric",
                got=str(self.nodes),
                fields=(("on",),),
            )
        if self.model and self.variants:
            yield FieldProblem(
                ("model",),
                "none beside variants, which have their own",
                "remove model or variants",
            )
        yield from self._image_problems()
        names = [variant.name for variant in self.variants]
        yield from repeated("variants", names, of="variant of this endpoint")
        total = sum(variant.traffic_percent for variant in self.variants)
        if self.variants and total != 100:
            shares = ", ".join(f"{variant.name} {variant.traffic_percent}" for variant in self.variants)
            yield FieldProblem(
                ("variants",),
                "shares of the traffic that sum to 100",
                "change their traffic_percent",
                got=f"{total} in sum: {shares}",
                fields=(("variants", EVERY, "traffic_percent"),),
            )
        yield from self._shadow_problems(names)
        yield from variable_problems(self.env)
        for name in sorted(set(self.env) & set(self.secrets)):
            yield FieldProblem(
                ("secrets", name),
                "a name that env does not set",
                f"remove {name} from env or from secrets",
                got=f"'{name}' in both",
                fields=(("env", name),),
            )

    def _entry_problems(self) -> Iterator[FieldProblem]:
        public = self.on == "cluster" and self.exposure == "public"
        if public and self.entry is None:
            yield FieldProblem(
                ("entry",),
                "the name and the certificate of a public endpoint on the cluster",
                "write entry with host and certificate, or set exposure to private",
                got="nothing",
                fields=(("on",), ("exposure",)),
            )
        if self.entry and not public:
            yield FieldProblem(
                ("entry",),
                "none: only a public endpoint on the cluster has one"
                if self.on == "cluster"
                else "none: the cloud's service has a name and a certificate of its own",
                "remove entry, or set exposure to public and on to cluster",
                fields=(("on",), ("exposure",)),
            )
        if self.entry and self.entry.certificate in self.secrets.values():
            yield FieldProblem(
                ("entry", "certificate"),
                "a secret that no model's server gets: its key would prove anybody to be the endpoint",
                "use a secret of its own",
                got=f"'{self.entry.certificate}', also in secrets",
                fields=(("secrets",),),
            )

    def _image_problems(self) -> Iterator[FieldProblem]:
        if self.server != "custom" or self.image:
            return
        if self.variants and all(variant.image for variant in self.variants):
            return
        yield FieldProblem(
            ("server",),
            "another server, or an image to run",
            "set image for the endpoint" + (" or for every variant" if self.variants else ""),
            got="'custom' without an image",
            fields=(("image",), ("variants", EVERY, "image")),
        )

    def _shadow_problems(self, names: list[str]) -> Iterator[FieldProblem]:
        if self.shadow is None:
            return
        if not any(variant.model for variant in self.all_variants()):
            yield FieldProblem(
                ("shadow",),
                "none while no variant has a model: it copies the requests of a live model",
                "set model or variants, or remove shadow",
                fields=(("model",), ("variants", EVERY, "model")),
            )
        if self.shadow.name in (names or ["main"]):
            yield FieldProblem(
                ("shadow", "name"),
                f"a name that no variant has; the variants are {', '.join(names or ['main'])}",
                "give the shadow another name",
                got=f"'{self.shadow.name}'",
                fields=(("variants", names.index(self.shadow.name), "name") if names else ("variants",),),
            )

    def all_variants(self) -> tuple[VariantSpec, ...]:
        """The variants; the short form as one variant named `main`."""
        return self.variants or (VariantSpec(name="main", model=self.model),)

    def asking(self, pipelines: Collection[str]) -> Self:
        """The same endpoint, whose monitor asks only those of these pipelines."""
        if self.monitor is None or set(self.monitor.retrain) <= set(pipelines):
            return self
        monitor = self.monitor.rejoined({"retrain": tuple(p for p in self.monitor.retrain if p in pipelines)})
        return self.rejoined({"monitor": monitor})

    @property
    def longest_start(self) -> int:
        """Seconds within which the server of a replica must answer: the stated ones, or those of its kind of server."""
        if self.startup_seconds is not None:
            return self.startup_seconds
        if self.accelerator is None:
            return _CPU_START
        return _VLLM_START if self.server == "vllm" else _GPU_START

    @property
    def sleeps(self) -> bool:
        """True if the endpoint has no replicas while nobody calls it: its minimum is 0."""
        return self.replicas[0] == 0

    @property
    def open_entry(self) -> PublicEntrySpec | None:
        """The public entry once there is a model behind it: before, nobody has put its certificate."""
        return None if self.awaits_model else self.entry

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Secrets of the cloud's store that must be there before a release."""
        return tuple(sorted({*self.secrets.values(), *((self.entry.certificate,) if self.entry else ())}))

    @property
    def awaits_model(self) -> bool:
        """True if no variant has a model yet: the endpoint exists and waits for its first one."""
        return not any(variant.model for variant in self.all_variants()) and self.server != "custom"
