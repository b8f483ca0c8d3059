"""The job that fills the online store: what it is told, who it is, and what is told when it is silent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pulumi

from mlplatform.components.artefacts import FEAST_FILE
from mlplatform.components.artifact_store import ArtifactStore
from mlplatform.components.base import Component
from mlplatform.components.contract import contract
from mlplatform.components.feast_repository import feast_configuration, feast_definitions
from mlplatform.components.feature_store import FeatureStore
from mlplatform.components.identity import Identity
from mlplatform.components.registry import ModelRegistry
from mlplatform.components.scope import Scope
from mlplatform.spec.feature_store import FeatureFillSpec, FeatureStoreSpec
from mlplatform.spec.model_monitor import MOST_TEXT
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend
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


def longest_seconds(fill: FeatureFillSpec) -> int:
    """Longest run, seconds: it ends before the next one starts."""
    return min(fill.every_hours * 3600 - 300, 6 * 3600)


def silent_hours(fill: FeatureFillSpec) -> int:
    """Hours without a run that ended well after which somebody is told; no log alert of Azure looks back longer."""
    return min(SILENT_PERIODS * fill.every_hours, 48)


def silence_words(fill: FeatureFillSpec) -> str:
    """What the alert on silence tells."""
    return (
        f"The online store of features was not filled for {silent_hours(fill)} hours: models are served older values "
        "than the tables have. Look at the job's schedule and its log. A new job is silent until its first run"
    )


@dataclass(frozen=True, kw_only=True)
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


@dataclass(frozen=True, kw_only=True)
class FeatureFillParts:
    """One job."""


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


def fill_image(spec: PlatformSpec, fill: FeatureFillSpec, backend: Backend) -> str:
    """Address of the job's image.

    Args:
        spec: narrowed to one target.
        fill: the job.
        backend: of the target.

    Raises:
        LookupError: it names a repository that the platform does not have.
    """
    if "/" in fill.image:
        return fill.image
    repository, _, tag = fill.image.partition(":")
    return f"{backend.own_image(spec, repository, 'fill')}:{tag}"


def fill_document(spec: PlatformSpec, features: FeatureStoreSpec, backend: Backend, tables: str) -> str:
    """All that the program is told, JSON.

    Args:
        spec: narrowed to one target.
        features: the feature store.
        backend: of the target.
        tables: address of the place of features.
    """
    keys = {each.name: each.key for each in features.entities}
    groups = {
        group.name: {
            "keys": sorted(keys[name] for name in group.entities),
            "features": sorted(each.name for each in group.features),
            "timestamp": group.timestamp,
            **({"created": group.created} if group.created else {}),
            **({"ttl_hours": group.ttl_hours} if group.ttl_hours else {}),
        }
        for group in features.online_groups
    }
    document = {
        "configuration": feast_configuration(spec, backend.feast_registry(spec), backend.feast_online(spec)),
        "definitions": feast_definitions(features),
        "tables": tables.rstrip("/"),
        "groups": groups,
        "late_hours": features.fill.late_hours if features.fill else 0,
    }
    return json.dumps(document, sort_keys=True)


def fill_problems(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    """A repository that is not there, and more definitions than a variable of a job holds.

    Args:
        spec: narrowed to one target.
        backend: of the target.
    """
    features = spec.feature_store
    if features is None or features.fill is None or not features.online_groups:
        return
    try:
        fill_image(spec, features.fill, backend)
    except LookupError:
        yield backend.refuse(
            "feature_store.fill.image",
            features.fill.image,
            f"a repository of the platform and a tag: {', '.join(spec.registry.repositories) or 'there is none'}; "
            "or the address of an image, with its registry",
            "add the repository to registry.repositories, or name one of these",
            fields=("feature_store.fill.image", "registry.repositories"),
        )
    length = len(fill_document(spec, features, backend, backend.place_uri(spec, "features")).encode())
    if length > MOST_TEXT:
        yield backend.refuse(
            "feature_store.groups",
            f"{length} bytes of definitions",
            f"at most {MOST_TEXT}: the job that fills the online store is told all of them in one variable",
            "keep fewer groups and features in one feature store, or remove fill and fill it by a pipeline",
            fields=("feature_store.groups", "feature_store.fill"),
        )
