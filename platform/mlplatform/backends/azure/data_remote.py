"""A place of the store as a remote of DVC: a container of blobs, by identity. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container, place_uri
from mlplatform.components.artefacts import FEAST_FILE, DataRemote, FeastRegistry
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec

_BLOBS = "feast.infra.registry.contrib.azure.azure_registry_store.AzBlobRegistryStore"


def data_remote(spec: PlatformSpec, place: Place) -> DataRemote:
    """The container of a place. The accounts take no shared keys; without one, DVC logs in with the identity that is
    there: of the job, of `az login`, … (https://dvc.org/doc/user-guide/data-management/remote-storage/azure-blob-storage)
    """
    account, container = place_container(spec, place)
    return DataRemote(f"azure://{container}", (("account_name", account),))


def feast_registry(spec: PlatformSpec) -> FeastRegistry:
    """The definitions of features in the container of features. Feast logs in with the identity that is there, if it is
    told the class that does so: an address of https alone names no kind of store."""
    return FeastRegistry(f"{place_uri(spec, 'features')}/{FEAST_FILE}", "azure", _BLOBS)
