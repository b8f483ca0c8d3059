"""The target of a platform: the bindings to one cloud, and its overrides."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from mlplatform import discovery
from mlplatform.field_problem import FieldProblem, repeated
from mlplatform.spec.accelerators import Accelerators
from mlplatform.spec.access import Role
from mlplatform.spec.base import Name, SpecModel
from mlplatform.spec.capacity import Capacity
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.gpu_sharing import Sharing
from mlplatform.spec.later import LaterModel
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.references import References, by_position
from mlplatform.spec.replicas import AutoscalingSpec, CpuSpec
from mlplatform.spec.rollouts import Rollout
from mlplatform.spec.training import MOST_RUN_HOURS, GpuPoolSpec, TrainingSpec
from mlplatform.spec.variants import ShadowSpec

P = TypeVar("P", bound=GpuPoolSpec | CpuPoolSpec)


class ReservationBinding(SpecModel):
    """The cloud's id of a reservation or capacity block that a pool names."""

    id: str = Field(min_length=3, max_length=400)
    """The cloud's id (`cr-…` on AWS, a reservation's name on GCP, a capacity reservation group's id on Azure)."""

    zone: str = Field(min_length=1, max_length=32)
    """The zone it is in; must be one of the target's zones."""


class PoolOverride(SpecModel):
    """Changes to one GPU or CPU pool on this cloud. Omitted fields keep the spec's values.

    A field that the pool does not have is refused: a CPU pool has no accelerator, a GPU pool no vcpus.
    """

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    enabled: bool = True
    """False leaves the pool out on this cloud."""

    accelerator: Accelerators | None = None
    """Other acceptable accelerators."""

    vcpus: int | None = Field(default=None, ge=2, le=64)
    """Other least number of vCPUs, of a CPU pool."""

    memory_gib: int | None = Field(default=None, ge=4, le=512)
    """Other least memory of a CPU pool, GiB."""

    min_nodes: int | None = Field(default=None, ge=0)
    """Other minimum of nodes."""

    max_nodes: int | None = Field(default=None, ge=1, le=1000)
    """Other maximum of nodes."""

    capacity: Capacity | None = None
    """Other source of capacity."""

    max_run_hours: int | None = Field(default=None, ge=1, le=MOST_RUN_HOURS)
    """Other life of machines of flex-start, hours."""

    zones: tuple[Annotated[int, Field(ge=1, le=3)], ...] | None = None
    """Other zones, as positions in the target's zones."""

    fabric: bool | None = None
    """With or without the fast fabric."""

    local_nvme: bool | None = None
    """With or without local NVMe."""

    sharing: Sharing | Literal["none"] | None = None
    """Other sharing, or none."""


class EndpointOverride(SpecModel):
    """Changes to one endpoint on this cloud. Omitted fields keep the spec's values."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"accelerator"})

    enabled: bool = True
    """False leaves the endpoint out on this cloud."""

    on: Literal["managed", "cluster"] | None = None
    """Run by the cloud's service, or by the training cluster."""

    pool: PoolName | Literal["none"] | None = None
    """Another pool, or none."""

    accelerator: Accelerators | Literal["none"] | None = None
    """Other acceptable accelerators, or a CPU."""

    cpu: CpuSpec | None = None
    """Other CPU size."""

    replicas: tuple[Annotated[int, Field(ge=0, le=500)], Annotated[int, Field(ge=1, le=500)]] | None = None
    """Other minimum and maximum of replicas."""

    autoscaling: AutoscalingSpec | None = None
    """Other scaling rule."""

    timeout_seconds: int | None = Field(default=None, ge=1, le=3600)
    """Other timeout."""

    rollout: Rollout | None = None
    """Other rollout."""

    shadow: ShadowSpec | Literal["none"] | None = None
    """Other shadow, or none."""

    capture_percent: int | None = Field(default=None, ge=0, le=100)
    """Other percentage of captured requests."""

    monitor: Literal["none"] | None = None
    """No monitor on this cloud."""

    exposure: Literal["private", "public"] | None = None
    """Other exposure."""


TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$")]
"""As `Name`, at most 20 characters: it is a part of stack names and physical names."""


def _name_of_cloud(values: dict[str, Any]) -> str:
    """The default of a target's name: its cloud, which is the field before it."""
    return str(values.get("cloud", ""))


class Target(SpecModel):
    """Fields of every cloud's target. Each backend adds its account, region and zones."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"zones"})

    cloud: str
    """Name of the backend."""

    name: TargetName = Field(default_factory=_name_of_cloud)
    """The target's name in commands, stacks and plans, unique in the spec, at most 20 characters: `aws-us`.

    Omitted: the cloud's name. Any other name is also a part of every physical name, so that several targets can share
    an account. To rename a target is to make another one.
    """

    zones: tuple[str, ...] = ()
    """Zones to use, in order. Omitted: the first zones that the vendor lists for the region."""

    replica_region: str | None = None
    """Second region for replicated stores. Omitted: replication is refused."""

    reservations: dict[Name, ReservationBinding] = Field(default_factory=dict)
    """Reservations and capacity blocks by the name the pools use."""

    offered: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = ()
    """Machines, services and features that you know to be in the region although the package's lists lack them there.

    Names are those of the refusal: `p5.4xlarge`, for endpoints on AWS `ml.g6.xlarge`, `grafana`. The plan says so.
    Omitted: what is not listed is refused.
    """

    people: dict[Role, tuple[str, ...]] = Field(default_factory=dict[Role, tuple[str, ...]])
    """Groups or principals of this cloud, by role. Omitted roles are not created."""

    members: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Groups or principals of this cloud, by the name of a team of `cluster.teams`, in the form that `people` takes.

    They may run jobs in the team's namespace. Teams that are not named have an identity and a queue, and no people.
    """

    pools: dict[str, PoolOverride] = Field(default_factory=dict)
    """Overrides by pool name."""

    endpoints: dict[str, EndpointOverride] = Field(default_factory=dict)
    """Overrides by endpoint name."""

    @property
    def has_own_name(self) -> bool:
        """Whether its name is another than its cloud's."""
        return self.name != self.cloud

    def references(self) -> Iterator[References]:
        """References that must differ from each other, with their fields; those of a network are its own."""
        yield by_position("zones", self.zones)
        yield {f"reservations.{name}.id": f"{each.id}" for name, each in self.reservations.items()}
        for role, members in self.people.items():
            yield by_position(f"people.{role}", members)
        for team, members in self.members.items():
            yield by_position(f"members.{team}", members)

    if TYPE_CHECKING:  # a field on some clouds, a property on others: a real property here would shadow the field

        @property
        def location(self) -> str:
            """The region or location of all resources."""
            ...


class _TargetLater(LaterModel):
    """Stands for the model of a cloud's targets: a spec needs those of its own clouds."""

    @classmethod
    def model(cls) -> type[SpecModel]:
        return discovery.target_type(cls.place)


@cache
def _target_of(cloud: str) -> type[LaterModel]:
    return type(cloud, (_TargetLater,), {"place": cloud})


class AnyTarget:
    """Annotation: a target of any installed backend, selected by its `cloud`."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices = {cloud: handler.generate_schema(_target_of(cloud)) for cloud in discovery.clouds()}
        return core_schema.tagged_union_schema(choices=dict(choices), discriminator="cloud")


def name_problems(targets: Sequence[Target]) -> Iterator[FieldProblem]:
    """What is wrong with the names of a spec's targets."""
    yield from repeated("targets", [target.name for target in targets], of="target")
    clouds = discovery.clouds()
    for index, target in enumerate(targets):
        if target.has_own_name and target.name in clouds:
            # every place that takes a target's name also takes its cloud's
            yield FieldProblem(
                ("targets", index, "name"),
                "a name that is no other cloud's",
                f"use for example {target.cloud}-{target.name}",
                got=f"'{target.name}'",
            )


def _fields_set(override: SpecModel) -> dict[str, object]:
    return {
        name: None if (value := getattr(override, name)) == "none" else value
        for name in override.model_fields_set
        if name != "enabled" and getattr(override, name) is not None
    }


def misplaced_field_problems(index: int, target: Target, training: TrainingSpec | None) -> Iterator[FieldProblem]:
    """Fields of a target's overrides that a pool of that kind does not have.

    Args:
        index: the target's position in the spec.
        target: the target.
        training: the cluster with the pools, if the spec has one.
    """
    for pool in training.all_pools if training else ():
        override = target.pools.get(pool.name)
        known = type(pool).model_fields
        for name in _fields_set(override) if override else ():
            if name not in known:
                kind = "CPU" if isinstance(pool, CpuPoolSpec) else "GPU"
                yield FieldProblem(
                    ("targets", index, "pools", pool.name, name),
                    f"a field that a {kind} pool has: {', '.join(sorted(known))}",
                    f"remove {name}",
                )


def override_pool(pool: P, override: PoolOverride | None) -> P | None:
    """The pool with this target's override applied; None if the target leaves it out."""
    if override is None:
        return pool
    fields = _fields_set(override)
    if isinstance(pool, GpuPoolSpec) and fields.get("capacity", "flex-start") != "flex-start":
        # it belongs to the capacity that is replaced
        fields.setdefault("max_run_hours", None)
    return pool.overlaid(fields) if override.enabled else None


def override_endpoint(endpoint: EndpointSpec, override: EndpointOverride | None) -> EndpointSpec | None:
    """The endpoint with this target's override applied; None if the target leaves it out."""
    if override is None:
        return endpoint
    fields = _fields_set(override)
    if fields.get("capture_percent") == 0 and endpoint.redact:
        # what is not kept needs no redaction
        fields["redact"] = None
    return endpoint.overlaid(fields) if override.enabled else None
