"""The whole platform: one spec, any number of targets."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self, cast

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.access import AccessSpec, Entry
from mlplatform.spec.artifact_store import ArtifactStoreSpec
from mlplatform.spec.base import SpecModel, default
from mlplatform.spec.budget import BudgetSpec
from mlplatform.spec.cluster import ClusterSpec, ImageSource
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.keys import KeysSpec
from mlplatform.spec.later import AnyExtension, later
from mlplatform.spec.monitoring import MonitoringSpec
from mlplatform.spec.narrowing import narrowed_fields
from mlplatform.spec.network import NetworkSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.profile import DEFAULTS, Defaults, Profile
from mlplatform.spec.registry import RegistrySpec
from mlplatform.spec.spec_problems import fitting_problems, spec_problems
from mlplatform.spec.target import AnyTarget, Target
from mlplatform.spec.training import TrainingSpec

if TYPE_CHECKING:
    from mlplatform.spec.extension import ExtensionSpec
    from mlplatform.spec.feature_store import FeatureStoreSpec as _Features
    from mlplatform.spec.pinned_images import PinnedImages
    from mlplatform.spec.releases import ReleaseRecord
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

NamedTagValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,63}$")]
"""The value of a tag that names somebody: an empty one would name nobody."""


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

    owner: NamedTagValue
    """Team that is responsible for the platform."""

    cost_center: NamedTagValue
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
        return spec_problems(self)

    @property
    def record(self) -> "ReleaseRecord | None":
        """The record of releases that was read with the spec; None where there is none, so that nothing is released."""
        # not a field: it is a file of its own, with other authors and reviews
        return self.__dict__.get("_record")

    def with_record(self, record: "ReleaseRecord | None") -> Self:
        """The same spec with another record of releases."""
        copy = self.model_copy()
        object.__setattr__(copy, "_record", record)
        return copy

    @property
    def pinned_images(self) -> "PinnedImages | None":
        """The digests of the layer's images that were read with the spec; None where there are none."""
        return self.__dict__.get("_pinned_images")

    def with_pinned_images(self, pinned: "PinnedImages | None") -> Self:
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
        return self._with_files(super().overlaid(changes))

    def rejoined(self, changes: Mapping[str, object]) -> Self:
        """As `overlaid`, of parts that are valid by themselves; the record and the digests stay with it.

        Raises:
            pydantic.ValidationError: the parts do not fit together.
        """
        return self._with_files(super().rejoined(changes))

    def fits_together(self) -> bool:
        """Whether its parts fit together. Their texts were looked through when the spec was made of them."""
        return next(fitting_problems(self), None) is None

    def _with_files(self, copy: Self) -> Self:
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
        # the overrides are applied here; if kept, they would name pools and endpoints that they removed
        alone = target.rejoined({"pools": {}, "endpoints": {}})
        narrowed = self.rejoined({"targets": (alone,), **narrowed_fields(self, target)})
        object.__setattr__(narrowed, "_gated_models", self.gated_models)
        _NARROWED.append((self, target, narrowed))
        return narrowed


_NARROWED: deque[tuple[PlatformSpec, Target, PlatformSpec]] = deque(maxlen=8)
"""The last specs that were narrowed, and to what: a spec never changes, and each narrowing checks a whole one.

They are compared as objects, because a copy may have another record of releases."""
