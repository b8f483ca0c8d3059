"""A place of the store as a remote of DVC: a bucket of Cloud Storage, whose default key it keeps. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artefacts import FEAST_FILE, DataRemote, FeastRegistry
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def data_remote(spec: PlatformSpec, place: Place) -> DataRemote:
    """The bucket of a place. An object without a key of its own takes the bucket's,
    https://docs.cloud.google.com/storage/docs/encryption/customer-managed-keys"""
    target = typed_target(spec.targets[0], GcpTarget)
    return DataRemote(place_uri(spec, place), (("projectname", target.project),))


def feast_registry(spec: PlatformSpec) -> FeastRegistry:
    """The definitions of features in the bucket of features; its default key encrypts them."""
    return FeastRegistry(f"{place_uri(spec, 'features')}/{FEAST_FILE}", "gcp")
