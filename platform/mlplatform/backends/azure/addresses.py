"""Addresses of artefacts and own images, and the Azure command line for them. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.repositories import repository_addresses
from mlplatform.components.artefacts import Transfer
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def models_uri(spec: PlatformSpec) -> str:
    """Address of the store's `models` place, without a slash at its end."""
    return f"https://{place_account(spec, 'models')}.blob.core.windows.net/models"


def place_account(spec: PlatformSpec, place: Place) -> str:
    """The storage account of a place: a write-once place has one of its own."""
    return physical_name(spec, "storage-account", place if spec.artifact_store.place(place).worm else "main")


def own_images(spec: PlatformSpec) -> tuple[str, ...]:
    """Beginning of the addresses of the platform's own images, also in an existing registry."""
    return tuple(repository_addresses(spec).values())


def transfer(source: str, uri: str, *, folder: bool) -> Transfer:
    """The commands that copy an artefact, and list it, https://learn.microsoft.com/cli/azure/storage/blob"""
    account, _, path = uri.removeprefix("https://").partition(".blob.core.windows.net/")
    container, _, inside = path.strip("/").partition("/")
    own = ("--auth-mode", "login", "--account-name", account)
    copy = (
        ("upload-batch", *own, "--destination", container, "--destination-path", inside, "--source", source)
        if folder
        else ("upload", *own, "--container-name", container, "--name", inside, "--file", source)
    )
    look = ("list", *own, "--container-name", container, "--prefix", f"{inside}/", "--query", "[].name")
    return Transfer(
        copy=("az", "storage", "blob", *copy, "--overwrite"),
        look=("az", "storage", "blob", *look, "--output", "tsv"),
    )


def look_image(spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
    """The command that fails unless one of the platform's own images is there,
    https://learn.microsoft.com/cli/azure/acr/manifest"""
    del spec
    return ("az", "acr", "manifest", "show-metadata", f"{image}@{digest}")


def look_secret(spec: PlatformSpec, secret: str) -> tuple[str, ...]:
    """The command that fails unless a secret has a value, https://learn.microsoft.com/cli/azure/keyvault/secret"""
    vault = physical_name(spec, "vault", "endpoints")
    own = ("--vault-name", vault, "--name", secret, "--query", "id", "--output", "tsv")
    return ("az", "keyvault", "secret", "show", *own)
