"""The job that fills the online store: what it is told, who it is, and what is told when it is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artefacts import FEAST_FILE
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.fill_document import fill_document, fill_image
from mlplatform.components.hourly_program import HourlyProgram
from mlplatform.components.identity import Identity
from mlplatform.components.names import platform_name
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.feature_store import FeatureFillSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

PROGRAM = ("mlplatform-fill",)
"""Command of the job: all else is in the document that `JOB_VARIABLE` has."""

JOB_VARIABLE = "MLPLATFORM_FILL_JOB"
"""Variable with the document."""

VCPUS, MEMORY_GIB = 1, 4
"""Size of the job: the newest row of each key stays in memory, ten million of ten numbers (docs/features.md)."""

SILENT_PERIODS = 3
"""Times `every_hours` without a run that ended well after which somebody is told."""

FILLED = "filled"
"""Value of the field `features` in the line that the program writes at its end."""


def silent_hours(fill: FeatureFillSpec) -> int:
    """Hours without a run that ended well after which somebody is told; no log alert of Azure looks back longer."""
    return min(SILENT_PERIODS * fill.every_hours, 48)


def silence_words(fill: FeatureFillSpec) -> str:
    """What the alert on silence tells."""
    return (
        f"The online store of features was not filled for {silent_hours(fill)} hours: models are served older values "
        "than the tables have. Look at the job's schedule and its log. A new job is silent until its first run"
    )


@record(kw_only=True)
class FeatureFillNeeds:
    """What the job uses."""

    identity: Identity
    """Its own identity. The component grants it the tables, the definitions and the online store."""

    models: ModelRegistry
    """The model registry, with what its cloud's jobs share."""

    image: str
    """Image with `mlplatform-fill`."""

    job: pulumi.Output[str]
    """The document that the program is told, JSON: the same for the same spec."""


@record(kw_only=True)
class FeatureFillParts:
    """One job."""


def fill_program(scope: Scope, fill: FeatureFillSpec, needs: FeatureFillNeeds) -> HourlyProgram:
    """The job, alike on every cloud.

    Args:
        scope: its owner.
        fill: the job's spec.
        needs: what it uses.
    """
    return HourlyProgram(
        name="fill",
        container="fill",
        image=needs.image,
        command=PROGRAM,
        environment={JOB_VARIABLE: needs.job},
        vcpus=VCPUS,
        memory_gib=MEMORY_GIB,
        hours_of_day=fill.hours_of_day,
        every_hours=fill.every_hours,
        about=f"the job that fills the features of {platform_name(scope.spec)}",
        purpose="Brings the newest values of features into the online store",
        field="feature_store.fill.image",
        log="features-fill",
        scratch=True,
    )


@contract("feature_store.fill")
class BuildsFeatureFill(Protocol):
    """Makes the job, its clock, and the alert on its silence."""

    def __call__(self, scope: Scope, spec: FeatureFillSpec, needs: FeatureFillNeeds, /) -> FeatureFillParts: ...


class FeatureFill(Component):
    """Brings the newest values of the tables into the online store, on a schedule."""

    capability = "features"

    def __init__(
        self,
        name: str,
        features: FeatureStore,
        context: Context,
        opts: pulumi.ResourceOptions | None = None,
        *,
        store: ArtifactStore,
        models: ModelRegistry,
    ) -> None:
        """Make the job that the feature store's spec describes.

        Args:
            name: logical name.
            features: the feature store, with `fill` in its spec.
            context: the platform that it belongs to.
            opts: the usual options.
            store: the store of the tables.
            models: the model registry.

        Raises:
            ValueError: the feature store has no `fill`.
        """
        spec = features.spec.fill
        if spec is None:
            raise ValueError("feature_store.fill: none")
        super().__init__(name, context, opts)
        self.spec = spec
        build = context.backend.load(BuildsFeatureFill)
        self.identity = Identity(f"{name}-identity", "monitor", context, pulumi.ResourceOptions(parent=self))
        # definitions and what was filled are written below `feast/`; tables are read
        store.grant_read(self.identity, "features")
        store.grant_folder(self.identity, "features", FEAST_FILE.partition("/")[0])
        features.grant_write(self.identity)
        text = store.uris["features"].apply(
            lambda uri: fill_document(context.spec, features.spec, context.backend, uri)
        )
        self.parts = build(
            self.scope,
            spec,
            FeatureFillNeeds(
                identity=self.identity, models=models, image=fill_image(context.spec, spec, context.backend), job=text
            ),
        )
        self.register_outputs({})
