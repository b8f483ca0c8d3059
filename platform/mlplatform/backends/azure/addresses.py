"""Addresses of artefacts and own images, and the Azure command line for them. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.repositories import repository_addresses
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.artefacts import Fetch, Transfer, own_repository
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec

TOKEN_USER = "00000000-0000-0000-0000-000000000000"
"""Name of the user beside a token of Container Registry."""


def place_uri(spec: PlatformSpec, place: Place) -> str:
    """Address of a place of the store, without a slash at its end."""
    account, container = place_container(spec, place)
    return f"https://{account}.blob.core.windows.net/{container}"


def place_container(spec: PlatformSpec, place: Place) -> tuple[str, str]:
    """The storage account and the container of a place: existing ones, where the target names them.

    A write-once place has an account of its own.
    """
    existing = typed_target(spec.targets[0], AzureTarget).existing
    if existing and existing.store and (named := existing.store.containers.get(place)):
        return named.account_id.rpartition("/")[2], named.name
    worm = spec.artifact_store.place(place).worm
    return physical_name(spec, "storage-account", place if worm else "main"), place


def own_images(spec: PlatformSpec) -> tuple[str, ...]:
    """Beginning of the addresses of the platform's own images, also in an existing registry."""
    return tuple(repository_addresses(spec).values())


def own_image(spec: PlatformSpec, repository: str, name: str) -> str:
    """Address of an image: a repository holds one.

    Raises:
        LookupError: there is no such repository.
    """
    del name
    return own_repository(repository_addresses(spec), repository)


def transfer(source: str, uri: str, *, folder: bool) -> Transfer:
    """The commands that copy an artefact, and list it, https://learn.microsoft.com/cli/azure/storage/blob"""
    account, container, inside = _parts(uri)
    own = ("--auth-mode", "login", "--account-name", account)
    copy = (
        ("upload-batch", *own, "--destination", container, "--destination-path", inside, "--source", source)
        if folder
        else ("upload", *own, "--container-name", container, "--name", inside, "--file", source)
    )
    look = ("list", *own, "--container-name", container, "--prefix", f"{inside}/", "--query", "[].name")
    return Transfer(
        # what is there already is left alone: people's rights allow nothing else. A batch skips it and goes on
        copy=("az", "storage", "blob", *copy, "--overwrite", "false"),
        look=("az", "storage", "blob", *look, "--output", "tsv"),
    )


def fetch(uri: str, folder: str) -> Fetch:
    """The command that copies an artefact's folder out of a container; the path in the container comes along,
    https://learn.microsoft.com/cli/azure/storage/blob#az-storage-blob-download-batch"""
    account, container, inside = _parts(uri)
    own = ("--auth-mode", "login", "--account-name", account)
    what = ("--source", container, "--pattern", f"{inside}/*", "--destination", folder)
    return Fetch(command=("az", "storage", "blob", "download-batch", *own, *what), folder=f"{folder}/{inside}")


def image_login(address: str) -> str:
    """The line of shell that lets `crane` read and write a repository. The user is the same for every token,
    https://learn.microsoft.com/azure/container-registry/container-registry-authentication"""
    server = address.partition("/")[0]
    token = f"az acr login --name {server.partition('.')[0]} --expose-token --query accessToken --output tsv"
    return f"{token} | crane auth login --username {TOKEN_USER} --password-stdin {server}"


def _parts(uri: str) -> tuple[str, str, str]:
    """The account, the container, and the path in it."""
    account, _, path = uri.removeprefix("https://").partition(".blob.core.windows.net/")
    container, _, inside = path.strip("/").partition("/")
    return account, container, inside


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
