"""What the online store is called, and how Feast is told. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artefacts import FeastOnline
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def database_name(spec: PlatformSpec) -> str:
    """Id of the database, 4 to 63 characters,
    https://docs.cloud.google.com/datastore/docs/manage-databases#database_id"""
    return physical_name(spec, "features", COMPUTE)


NAME = 60
"""Most characters of a store, a view and a feature group of Vertex AI: lower-case letters, digits and underscores,
https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.featureOnlineStores/create"""


def features_name(spec: PlatformSpec) -> str:
    """Name of Vertex AI's store, and of the dataset of its tables. No other character of a platform's name is changed,
    so that two names stay two."""
    return f"{platform_name(spec, '_').replace('-', '_')}_features"


def feature_group_name(spec: PlatformSpec, group: str) -> str:
    """Name of a feature group, which is one of the whole project."""
    return f"{features_name(spec)}_{group}"


def feast_online(spec: PlatformSpec) -> FeastOnline:
    """The database in Datastore mode, or Vertex AI's store."""
    target = target_of(spec, GcpTarget)
    project = target.project
    if spec.feature_store and spec.feature_store.engine == "managed":
        name = features_name(spec)
        return FeastOnline(
            kind="vertex_features.VertexOnlineStore",
            extra="gcp",
            options=(("project", project), ("region", target.region), ("store", name), ("dataset", name)),
            program="vertex_features.py",
        )
    return FeastOnline(
        kind="datastore", extra="gcp", options=(("project_id", project), ("database", database_name(spec)))
    )
