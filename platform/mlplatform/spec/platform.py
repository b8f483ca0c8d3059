"""The whole platform: one spec, any number of targets."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self, cast

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import EVERY, FieldPath, FieldProblem, refuses, repeated
from mlplatform.spec.access import AccessSpec, Entry
from mlplatform.spec.artifact_store import ArtifactStoreSpec, kept_problems
from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.cluster import ClusterSpec, ImageSource
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.entry_problems import entry_problems
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.later import AnyExtension, later
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform.spec.names_in_use import cluster_endpoint_problems, team_problems, unknown_overrides
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.notebook_problems import notebook_problems
from mlplatform.spec.owned_names import owned_tags
from mlplatform.spec.pinned_images import PinnedImages
from mlplatform.spec.pipeline_places import pipeline_problems
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.plain_secrets import text_problems
from mlplatform.spec.profile import DEFAULTS, Defaults, Profile
from mlplatform.spec.registry import COPIES, RegistrySpec
from mlplatform.spec.releases import ReleaseRecord
from mlplatform.spec.target import (
    AnyTarget,
    Target,
    misplaced_fields,
    name_problems,
    override_endpoint,
    override_pool,
)
from mlplatform.spec.training import TrainingSpec

if TYPE_CHECKING:
    from mlplatform.spec.extension import ExtensionSpec
    from mlplatform.spec.feature_store import FeatureStoreSpec as _Features
    from mlplatform.spec.tracking import TrackingSpec as _Tracking

    _Targets = tuple[Target, ...]
    _Extensions = tuple[ExtensionSpec, ...]
else:
    _Extensions = tuple[Annotated[SpecModel, AnyExtension], ...]
    _Targets = tuple[Annotated[Target, AnyTarget], ...]
    _Features = later("mlplatform.spec.feature_store:FeatureStoreSpec")
    _Tracking = later("mlplatform.spec.tracking:TrackingSpec")

DataClass = Literal["public", "internal", "confidential", "restricted"]
TagKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
TagValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,63}$")]
"""GCP's label alphabet, the strictest of the three."""


class PlatformSpec(SpecModel):
    """One ML platform in one environment, on every target it names."""

    spec_version: Literal[2] = 2
    """Version of this format. Omitted: the current one; `mlplatform migrate` rewrites specs of earlier versions."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z]([-a-z0-9]{0,18}[a-z0-9])$")]
    """The platform's name, 2 to 20 characters; the first part of every physical name."""

    environment: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,11}$")] = "dev"
    """dev, staging, prod or your own, at most 12 characters; the second part of every physical name."""

    profile: Profile | None = None
    """Set of defaults. Omitted: the profile with the environment's name, or prod if there is none."""

    deletion_protection: bool | None = None
    """Whether Pulumi and the cloud refuse to delete what holds data or keys, and the cluster. Omitted: as the profile
    says, off in dev. To take a platform down, set it to false, apply that, and destroy. Places with WORM or a legal
    hold stay until that ends."""

    owner: TagValue
    """Team that is responsible for the platform."""

    cost_center: TagValue
    """Cost center that pays for the platform."""

    data_class: DataClass = "internal"
    """The most sensitive data the platform may hold."""

    tags: dict[TagKey, TagValue] = Field(default_factory=dict, max_length=8)
    """Additional tags on every resource that can carry them. Names that the platform or a cloud sets are refused."""

    targets: _Targets = Field(min_length=1)
    """Accounts and regions to run in; several targets on one cloud each need a `name`."""

    network: NetworkSpec = default(NetworkSpec)
    """The network."""

    keys: KeysSpec = default(KeysSpec)
    """Encryption keys."""

    access: AccessSpec = default(AccessSpec)
    """Identities and roles."""

    artifact_store: ArtifactStoreSpec = default(ArtifactStoreSpec)
    """The artifact store."""

    training: TrainingSpec | None = None
    """Training cluster. Omitted: none."""

    cluster: ClusterSpec | None = None
    """The layer inside the training cluster: queue, job engines, teams and add-ons, applied by a stack of its own.
    Omitted: none, the cluster is bare."""

    registry: RegistrySpec = default(RegistrySpec)
    """Image and model registries."""

    endpoints: tuple[EndpointSpec, ...] = ()
    """Serving endpoints."""

    pipelines: tuple[PipelineSpec, ...] = ()
    """Pipelines from data to a gated candidate. Omitted: none. `mlplatform render pipeline` writes each for the
    service that runs it."""

    tracking: _Tracking | None = None
    """The tracking server, which keeps runs and the registry of models. Omitted: none."""

    feature_store: _Features | None = None
    """Features and their groups, the same in training and in serving. Omitted: none. `mlplatform render features`
    writes them for Feast."""

    extensions: _Extensions = ()
    """Capabilities that other packages add, each selected by its `kind` and described by its package. Omitted: none.
    `mlplatform new capability` writes such a package."""

    monitoring: MonitoringSpec = default(MonitoringSpec)
    """Logs, metrics, alerts, routes."""

    budget: BudgetSpec | None = None
    """Monthly budget. Omitted: none."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from text_problems(self)
        yield from owned_tags("tags", self.tags)
        yield from name_problems(self.targets)
        endpoints = [endpoint.name for endpoint in self.endpoints]
        yield from repeated("endpoints", endpoints, of="endpoint")
        yield from repeated("extensions", [extension.name for extension in self.extensions], of="extension")
        names = [target.name for target in self.targets]
        for index, extension in enumerate(self.extensions):
            if extension.on is not None and extension.on not in names:
                known = ", ".join(names)
                yield FieldProblem(
                    ("extensions", index, "on"),
                    f"a target of this spec: {known}",
                    f"name one of {known}, or remove on",
                    fields=(("targets", EVERY, "name"),),
                )
        pools = [pool.name for pool in self.training.all_pools] if self.training else []
        for index, target in enumerate(self.targets):
            yield from unknown_overrides(index, "endpoints", target.endpoints, endpoints, ("endpoints",))
            yield from unknown_overrides(index, "pools", target.pools, pools, ("training", "pools"))
            yield from self._misplaced_overrides(index, target)
        if self.cluster and self.training is None:
            yield FieldProblem(
                ("cluster",),
                "`training`, whose cluster it is inside of",
                "add `training` with pools, or remove `cluster`",
                got="a layer, and no cluster",
                fields=(("training",),),
            )
        yield from team_problems(self, pools)
        for index, name in enumerate(self.registry.repositories):
            if name == COPIES and self.keeps_copies:
                yield FieldProblem(
                    ("registry", "repositories", index),
                    "a name that the copies of the layer's images do not have",
                    f"use {COPIES}-images, or set cluster.images to public",
                    fields=(("cluster", "images"),),
                )
        yield from cluster_endpoint_problems(self, pools)
        yield from entry_problems(self.endpoints)
        yield from notebook_problems(self.cluster, self.training, self.targets)
        yield from pipeline_problems(self.pipelines, self.targets, self.training, self.cluster)
        for index, pipeline in enumerate(self.pipelines):
            if pipeline.engine != "managed":
                from mlplatform.spec.pipeline_pods import pod_problems  # for pipelines in the cluster alone

                yield from pod_problems(("pipelines", index), pipeline, self.access, self.artifact_store, self.cluster)
        if self.endpoints or self.pipelines or self.tracking:
            what = "released models are in it, and what the tracking server keeps of runs"
            needs: tuple[FieldPath, ...] = (("endpoints",), ("pipelines",), ("tracking",))
            yield from kept_problems(self.artifact_store, "models", what, *needs)
        if self.tracking:
            from mlplatform.spec.tracking import tracking_problems

            yield from tracking_problems(self)
        if self.cluster and self.cluster.airflow:
            from mlplatform.spec.airflow import airflow_problems

            yield from airflow_problems(self)
        if self.cluster and self.cluster.managed_airflow:
            from mlplatform.spec.managed_airflow import managed_airflow_problems

            yield from managed_airflow_problems(self)
        if self.feature_store:
            from mlplatform.spec.feature_problems import feature_problems

            yield from feature_problems(self)
        if any(endpoint.redact for endpoint in self.endpoints):
            from mlplatform.spec.capture_redaction import redaction_problems

            yield from redaction_problems(self)
        if any(endpoint.monitor for endpoint in self.endpoints):
            from mlplatform.spec.monitor_problems import monitor_problems

            yield from monitor_problems(self)
            if self.feature_store is None:
                from mlplatform.spec.feature_problems import monitor_feature_problems

                yield from monitor_feature_problems(self)
        if self.budget and not self.budget.emails and not any(r.kind == "email" for r in self.monitoring.routes):
            yield FieldProblem(
                ("budget",),
                "somebody who is told when it is exceeded",
                "set budget.emails, or an e-mail route in monitoring.routes",
                got="a budget without a recipient",
                fields=(("budget", "emails"), ("monitoring", "routes")),
            )

    def _misplaced_overrides(self, index: int, target: Target) -> Iterator[FieldProblem]:
        """Fields of overrides that the pool's kind does not have."""
        for pool in self.training.all_pools if self.training else ():
            override = target.pools.get(pool.name)
            for name in misplaced_fields(pool, override) if override else ():
                kind = "CPU" if isinstance(pool, CpuPoolSpec) else "GPU"
                yield FieldProblem(
                    ("targets", index, "pools", pool.name, name),
                    f"a field that a {kind} pool has: {', '.join(sorted(type(pool).model_fields))}",
                    f"remove {name}",
                )

    @property
    def record(self) -> ReleaseRecord | None:
        """The record of releases that was read with the spec; None where there is none, so that nothing is released."""
        # not a field: it is a file of its own, with other authors and reviews
        return self.__dict__.get("_record")

    def with_record(self, record: ReleaseRecord | None) -> Self:
        """The same spec with another record of releases."""
        copy = self.model_copy()
        object.__setattr__(copy, "_record", record)
        return copy

    @property
    def pinned_images(self) -> PinnedImages | None:
        """The digests of the layer's images that were read with the spec; None where there are none."""
        return self.__dict__.get("_pinned_images")

    def with_pinned_images(self, pinned: PinnedImages | None) -> Self:
        """The same spec with other digests of the layer's images."""
        copy = self.model_copy()
        object.__setattr__(copy, "_pinned_images", pinned)
        return copy

    @property
    def gated_models(self) -> Mapping[str, tuple[str, ...]]:
        """The models that the gate of a pipeline judges, on any target, each with who must sign a candidate off.

        `on` keeps those of the whole spec.
        """
        kept: Mapping[str, tuple[str, ...]] | None = self.__dict__.get("_gated_models")
        if kept is not None:
            return kept
        gates = [(each.model, step.gate) for each in self.pipelines for step in each.steps if step.gate]
        return {
            model: tuple(sorted({role for of, gate in gates if of == model for role in gate.sign_off}))
            for model, _ in gates
        }

    @property
    def layer_images(self) -> ImageSource:
        """Where the layer's images are pulled from: `cluster.images`, or its default."""
        if self.cluster and self.cluster.images:
            return self.cluster.images
        return "platform" if self.profile_in_use == "prod" or self.network.nat == "none" else "public"

    @property
    def keeps_copies(self) -> bool:
        """Whether the platform's registry holds copies of the images that the layer pulls."""
        return self.cluster is not None and self.layer_images == "platform"

    def overlaid(self, changes: Mapping[str, object]) -> Self:
        """A copy with `changes` applied, validated again; the record of releases and the digests stay with it.

        Raises:
            pydantic.ValidationError: a changed field is unknown or its value is refused.
        """
        copy = super().overlaid(changes)
        copy = copy if self.record is None else copy.with_record(self.record)
        return copy if self.pinned_images is None else copy.with_pinned_images(self.pinned_images)

    @property
    def defaults(self) -> Defaults:
        """The defaults of omitted fields; `protected` is `deletion_protection` where that is set."""
        defaults = DEFAULTS[self.profile_in_use]
        if self.deletion_protection is None or self.deletion_protection == defaults.protected:
            return defaults
        return defaults.with_protection(self.deletion_protection)

    @property
    def profile_in_use(self) -> Profile:
        """The set of defaults: `profile`, or its default."""
        if self.profile:
            return self.profile
        match self.environment:
            case "dev" | "staging" | "prod" as profile:
                return profile
            case _:
                return "prod"

    @property
    def entry(self) -> Entry:
        """The way to the cluster's private API: `access.entry`, or its default."""
        if self.access.entry:
            return self.access.entry
        return "none" if self.training and self.training.public_api_cidrs else "broker"

    def target(self, name: str) -> Target:
        """One of this platform's targets.

        Args:
            name: the target's name, or its cloud where the spec has one target on that cloud.

        Raises:
            LookupError: no target has that name, or several are on that cloud.
        """
        for target in self.targets:
            if target.name == name:
                return target
        there = [target for target in self.targets if target.cloud == name]
        if len(there) == 1:
            return there[0]
        known = ", ".join(target.name for target in there or self.targets)
        if there:
            raise LookupError(f"the spec has {len(there)} targets on '{name}': name one of {known}")
        raise LookupError(f"the spec has no target '{name}'; it has {known}")

    @property
    def managed_endpoints(self) -> tuple[EndpointSpec, ...]:
        """Endpoints that the cloud's serving service runs."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.on == "managed")

    @property
    def cluster_endpoints(self) -> tuple[EndpointSpec, ...]:
        """Endpoints that the training cluster runs."""
        return tuple(endpoint for endpoint in self.endpoints if endpoint.on == "cluster")

    @property
    def cluster_pipelines(self) -> tuple[PipelineSpec, ...]:
        """The pipelines whose steps are pods on the training cluster."""
        return tuple(pipeline for pipeline in self.pipelines if pipeline.engine != "managed")

    @property
    def door_pipelines(self) -> tuple[PipelineSpec, ...]:
        """The pipelines whose runs the door starts or orders: those with triggers."""
        return tuple(pipeline for pipeline in self.pipelines if pipeline.triggers)

    @property
    def ordered_pipelines(self) -> tuple[PipelineSpec, ...]:
        """Those of them that the door orders, and a starter in the cluster starts."""
        return tuple(pipeline for pipeline in self.door_pipelines if pipeline.engine != "managed")

    @property
    def own_tracking(self) -> "_Tracking | None":
        """The tracking server with a database of the platform, on the cluster or as a service; else None."""
        return self.tracking if self.tracking and self.tracking.server != "managed" else None

    @property
    def cluster_tracking(self) -> "_Tracking | None":
        """The tracking server, where the training cluster runs it."""
        return self.tracking if self.tracking and self.tracking.server == "cluster" else None

    def on(self, name: str) -> Self:
        """The spec for one target: that target alone, with its overrides applied.

        Args:
            name: as in `target`.

        Raises:
            LookupError: as in `target`.
        """
        target = self.target(name)
        for spec, other, narrowed in _NARROWED:
            if spec is self and other is target:
                return cast("Self", narrowed)
        narrowed = self._narrowed_to(target)
        _NARROWED.append((self, target, narrowed))
        return narrowed

    def _narrowed_to(self, target: Target) -> Self:
        """The spec for one of its targets, validated again."""
        # the overrides are applied here; if kept, they would name pools and endpoints that they removed
        changes: dict[str, object] = {"targets": (target.overlay(pools={}, endpoints={}),)}
        there = {p.name for p in self.pipelines if p.on in (None, target.name)}
        endpoints = tuple(
            changed.asking(there)
            for e in self.endpoints
            if (changed := override_endpoint(e, target.endpoints.get(e.name)))
        )
        changes["endpoints"] = endpoints
        if self.feature_store:
            changes["feature_store"] = self.feature_store.read_by({endpoint.name for endpoint in endpoints})
        if self.extensions:
            changes["extensions"] = tuple(e for e in self.extensions if e.on in (None, target.name))
        if self.pipelines:
            changes["pipelines"] = tuple(p for p in self.pipelines if p.on in (None, target.name))
        if self.tracking and self.tracking.on not in (None, target.name):
            changes["tracking"] = None
        if self.training:
            changes["training"] = self.training.overlay(
                pools=tuple(
                    changed for p in self.training.pools if (changed := override_pool(p, target.pools.get(p.name)))
                ),
                cpu_pools=tuple(
                    changed for p in self.training.cpu_pools if (changed := override_pool(p, target.pools.get(p.name)))
                ),
            )
        cluster = self.cluster
        if cluster and (cluster.teams or cluster.notebooks or cluster.airflow or cluster.managed_airflow):
            training = changes.get("training")
            there = training if isinstance(training, TrainingSpec) else None
            pools = tuple(pool.name for pool in there.pools) if there else ()
            narrowed: dict[str, object] = {"teams": tuple(team.on_pools(pools) for team in cluster.teams)}
            if cluster.notebooks:
                every = tuple(pool.name for pool in there.all_pools) if there else ()
                narrowed["notebooks"] = cluster.notebooks.on_pools(every)
            if cluster.airflow and changes.get("tracking", self.tracking) is None:
                # it is where the tracking server's database is
                narrowed["airflow"] = None
            here_pipelines = cast("tuple[PipelineSpec, ...]", changes.get("pipelines", self.pipelines))
            if cluster.managed_airflow and all(each.engine != "airflow" for each in here_pipelines):
                # paid by the hour where nothing runs on it
                narrowed["managed_airflow"] = None
            changes["cluster"] = cluster.overlaid(narrowed)
        here = self.overlaid(changes)
        object.__setattr__(here, "_gated_models", self.gated_models)
        return here


_NARROWED: deque[tuple[PlatformSpec, Target, PlatformSpec]] = deque(maxlen=8)
"""The last specs that were narrowed, and to what: a spec never changes, and each narrowing validates a whole one.

They are compared as objects, because a copy may have another record of releases."""
