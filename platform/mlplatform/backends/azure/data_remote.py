"""A place of the store as a remote of DVC: a container of blobs, by identity. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.components.artefacts import DataRemote
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def data_remote(spec: PlatformSpec, place: Place) -> DataRemote:
    """The container of a place. The accounts take no shared keys; without one, DVC logs in with the identity that is
    there: of the job, of `az login`, … (https://dvc.org/doc/user-guide/data-management/remote-storage/azure-blob-storage)
    """
    account, container = place_container(spec, place)
    return DataRemote(f"azure://{container}", (("account_name", account),))
