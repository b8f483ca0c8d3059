"""What the online store is called, and how Feast is told. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import COMPUTE
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artefacts import FeastOnline
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec


def database_name(spec: PlatformSpec) -> str:
    """Id of the database, 4 to 63 characters,
    https://docs.cloud.google.com/datastore/docs/manage-databases#database_id"""
    return physical_name(spec, "features", COMPUTE)


def feast_online(spec: PlatformSpec) -> FeastOnline:
    """The database in Datastore mode."""
    project = target_of(spec, GcpTarget).project
    return FeastOnline(
        kind="datastore", extra="gcp", options=(("project_id", project), ("database", database_name(spec)))
    )
