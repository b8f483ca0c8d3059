"""Serving endpoints: variants, shadow, rollout, capture, autoscaling."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.training import Accelerators

Server = Literal["triton", "vllm", "torchserve", "tensorflow", "mlflow", "custom"]

VariantName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,15}$")]
ModelPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$")]
EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]{0,127}$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,126}$")]
Image = Annotated[
    str,
    # no \w: with all of Unicode in it, the repetition takes 50 ms to compile
    StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?(:[A-Za-z0-9_.-]{1,128})?(@sha256:[0-9a-f]{64})?$"),
]


class CpuSpec(SpecModel):
    """The size of a CPU replica; the smallest machine that fits is taken."""

    vcpus: int = Field(default=2, ge=1, le=64)
    """vCPUs of one replica."""

    memory_gib: int = Field(default=8, ge=1, le=512)
    """Memory of one replica, GiB."""


class VariantSpec(SpecModel):
    """One model behind the endpoint, with its share of the traffic."""

    name: VariantName
    """Stable over rollouts: a new model keeps its variant's name."""

    model: ModelPath | None = None
    """Path below the store's `models` place. Omitted: none yet, the pipeline or a later `up` supplies it."""

    image: Image | None = None
    """Container image of this variant. Omitted: the endpoint's."""

    traffic_percent: int = Field(default=100, ge=0, le=100)
    """Whole per cent of live requests; all variants sum to 100."""


class ShadowSpec(SpecModel):
    """A model that sees a copy of live requests and whose answers are only recorded."""

    name: VariantName = "shadow"
    """Must differ from the variants' names."""

    model: ModelPath
    """Path below the store's `models` place."""

    image: Image | None = None
    """Omitted: the endpoint's."""

    sample_percent: int = Field(default=100, ge=1, le=100)
    """Whole per cent of live requests that are copied."""


class AutoscalingSpec(SpecModel):
    """What one replica should carry before another is added."""

    metric: Literal["requests", "concurrency", "cpu", "gpu"] = "concurrency"
    """Requests per minute and replica, requests in flight per replica, or utilisation in per cent."""

    target: int = Field(default=8, ge=1, le=100000)
    """The value to hold, in the metric's unit."""

    cooldown_seconds: int = Field(default=300, ge=60, le=3600)
    """Quiet time before replicas are removed."""

    @model_validator(mode="after")
    def _per_cent(self) -> Self:
        if self.metric in ("cpu", "gpu") and not 10 <= self.target <= 95:
            raise ValueError(f"target {self.target}: {self.metric} utilisation is a per cent from 10 to 95")
        return self


class AllAtOnce(SpecModel):
    """Move all traffic at once."""

    kind: Literal["all-at-once"] = "all-at-once"
    """Names the kind of rollout."""


class BlueGreenRollout(SpecModel):
    """Start the new fleet beside the old one, move all traffic, keep the old one while baking."""

    kind: Literal["blue-green"] = "blue-green"
    """Names the kind of rollout."""

    bake_minutes: int = Field(default=10, ge=1, le=60)
    """How long the alarms are watched before the old fleet goes."""


class CanaryRollout(SpecModel):
    """Give the new model a growing share of the traffic; go back when an alarm fires."""

    kind: Literal["canary"] = "canary"
    """Names the kind of rollout."""

    steps: tuple[Annotated[int, Field(ge=1, le=99)], ...] = Field(default=(10,), min_length=1, max_length=10)
    """Growing per cents of traffic for the new model, before 100."""

    bake_minutes: int = Field(default=10, ge=1, le=60)
    """How long the alarms are watched at each step."""

    @model_validator(mode="after")
    def _growing(self) -> Self:
        if list(self.steps) != sorted(set(self.steps)):
            raise ValueError(f"steps {self.steps} do not grow: write for example (10, 50)")
        return self


Rollout = Annotated[AllAtOnce | BlueGreenRollout | CanaryRollout, Field(discriminator="kind")]


class SloSpec(SpecModel):
    """What the endpoint promises; burning the error budget too fast raises an alert."""

    availability_percent: float = Field(default=99.5, ge=90, lt=100)
    """Share of requests that succeed."""

    latency_ms: int | None = Field(default=None, ge=1, le=60000)
    """Response time that `latency_percent` of requests stay under, milliseconds. Omitted: no latency objective."""

    latency_percent: float = Field(default=99.0, ge=50, lt=100)
    """Share of requests under `latency_ms`."""

    window_days: int = Field(default=28, ge=1, le=30)
    """Rolling window."""


class EndpointSpec(SpecModel):
    """An online prediction service, private and guarded by the cloud's identity unless said otherwise."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,22}[a-z0-9])?$")]
    """Unique in the platform; at most 24 characters."""

    server: Server = "triton"
    """The model server; `custom` needs `image`."""

    image: Image | None = None
    """Container image. Omitted: the server's public image, pinned by the platform's catalogue."""

    model: ModelPath | None = None
    """Short for a single variant named `main` that takes all traffic."""

    variants: tuple[VariantSpec, ...] = Field(default=(), max_length=10)
    """Models that share the traffic. Omitted: one variant named `main`."""

    shadow: ShadowSpec | None = None
    """Omitted: no shadow."""

    accelerator: Accelerators | None = None
    """GPU of one replica. Omitted: CPU."""

    cpu: CpuSpec = default(CpuSpec)
    """Size of a CPU replica; the least a GPU replica must have."""

    replicas: tuple[Annotated[int, Field(ge=0, le=500)], Annotated[int, Field(ge=1, le=500)]] = (1, 4)
    """Least and most replicas of each variant; 0 lets the endpoint sleep where the cloud can."""

    autoscaling: AutoscalingSpec = default(AutoscalingSpec)
    """When replicas are added and removed."""

    max_concurrency: int = Field(default=16, ge=1, le=1000)
    """Requests one replica handles at a time."""

    timeout_seconds: int = Field(default=60, ge=1, le=3600)
    """Longest time a request may take."""

    port: int = Field(default=8080, ge=1, le=65535)
    """Port the container listens on; fixed by the server unless it is `custom`."""

    health_path: str = Field(default="/health", pattern=r"^/[A-Za-z0-9._/-]*$")
    """HTTP path of the readiness probe of a `custom` server."""

    env: dict[EnvName, Annotated[str, StringConstraints(max_length=1024)]] = Field(default_factory=dict)
    """Environment variables of the container; never secrets."""

    secrets: dict[EnvName, SecretName] = Field(default_factory=dict)
    """Environment variables that name a secret of the platform's secret store."""

    rollout: Rollout = default(BlueGreenRollout)
    """How a new model takes over. Alarms on errors and latency take it back."""

    capture_percent: int = Field(default=0, ge=0, le=100)
    """Whole per cent of requests and responses kept in the store's `monitoring` place."""

    exposure: Literal["private", "public"] = "private"
    """Reachable from the platform's network only, or from the internet. Callers always need an identity."""

    slo: SloSpec | None = None
    """Omitted: alerts on thresholds only."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.replicas
        if low > high:
            raise ValueError(f"replicas: the least, {low}, is above the most, {high}; write ({high}, {low})")
        if self.model and self.variants:
            raise ValueError("model and variants are both given: remove one of them")
        if self.server == "custom" and not (self.image or (all(v.image for v in self.variants) and self.variants)):
            raise ValueError("server 'custom' has no image: name one here or in every variant")
        names = [variant.name for variant in self.variants]
        if len(set(names)) != len(names):
            raise ValueError(f"variants: names must be unique, got {', '.join(names)}; give each its own")
        total = sum(variant.traffic_percent for variant in self.variants)
        if self.variants and total != 100:
            raise ValueError(f"traffic_percent of all variants must sum to 100, got {total}; change the shares")
        if self.shadow:
            if not any(variant.model for variant in self.all_variants()):
                raise ValueError("a shadow needs a primary with a model: give model or variants")
            if self.shadow.name in names or (not names and self.shadow.name == "main"):
                raise ValueError(f"shadow.name '{self.shadow.name}' is also a variant's name: give it another")
        both = sorted(set(self.env) & set(self.secrets))
        if both:
            raise ValueError(f"secrets and env both set {', '.join(both)}: keep one of the two")
        return self

    def all_variants(self) -> tuple[VariantSpec, ...]:
        """The variants, with the short form spelled out."""
        return self.variants or (VariantSpec(name="main", model=self.model),)

    @property
    def awaits_model(self) -> bool:
        """True while no variant has a model: the endpoint exists and waits for its first one."""
        return not any(variant.model for variant in self.all_variants()) and self.server != "custom"
