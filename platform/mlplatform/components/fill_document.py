"""What the job that fills the online store is told, and where that cannot be. Imports no SDK."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.components.feast_repository import feast_configuration, feast_definitions
from mlplatform.spec.feature_store import FeatureFillSpec, FeatureStoreSpec
from mlplatform.spec.model_monitor import MOST_TEXT
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

if TYPE_CHECKING:
    from mlplatform.components.backend import Backend


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
    online = backend.feast_online(spec)
    groups = {
        group.name: {
            "keys": sorted(keys[name] for name in group.entities),
            "features": sorted(each.name for each in group.features),
            "timestamp": group.timestamp,
            **({"created": group.created} if group.created else {}),
            **({"ttl_hours": group.ttl_hours} if group.ttl_hours else {}),
            **({"expires": True} if online.expires else {}),
        }
        for group in features.online_groups
    }
    document = {
        "configuration": feast_configuration(spec, backend.feast_registry(spec), online),
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
