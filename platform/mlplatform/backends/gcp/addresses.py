"""Addresses of artefacts and own images, and the Google Cloud command line for them. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import bucket_name
from mlplatform.backends.gcp.repositories import repository_addresses
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.artefacts import Fetch, Transfer, own_repository
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def place_uri(spec: PlatformSpec, place: Place) -> str:
    """Address of a place of the store, without a slash at its end; an existing bucket, where the target names it."""
    target = typed_target(spec.targets[0], GcpTarget)
    existing = target.existing.store if target.existing else None
    if existing and place in existing.buckets:
        return f"gs://{existing.buckets[place]}"
    return f"gs://{bucket_name(spec, target, place)}"


def own_images(spec: PlatformSpec) -> tuple[str, ...]:
    """Beginning of the addresses of the platform's own images, and of those in existing repositories."""
    return tuple(repository_addresses(spec).values())


def own_image(spec: PlatformSpec, repository: str, name: str) -> str:
    """Address of an image: a repository holds several.

    Raises:
        LookupError: there is no such repository.
    """
    return f"{own_repository(repository_addresses(spec), repository)}/{name}"


def transfer(source: str, uri: str, *, folder: bool) -> Transfer:
    """The commands that copy an artefact, and list it,
    https://docs.cloud.google.com/sdk/gcloud/reference/storage/rsync,
    https://docs.cloud.google.com/sdk/gcloud/reference/storage/ls"""
    # what is there already is left alone: people's rights allow nothing else
    copy = ("rsync", "--recursive", "--no-clobber", source, uri) if folder else ("cp", "--no-clobber", source, uri)
    return Transfer(copy=("gcloud", "storage", *copy), look=("gcloud", "storage", "ls", f"{uri}**"))


def fetch(uri: str, folder: str) -> Fetch:
    """The command that copies an artefact's folder out of a bucket."""
    return Fetch(command=("gcloud", "storage", "rsync", "--recursive", uri, folder), folder=folder)


def image_login(address: str) -> str:
    """The line of shell that lets `crane` read and write a repository,
    https://docs.cloud.google.com/artifact-registry/docs/docker/authentication#token"""
    server = address.partition("/")[0]
    return f"gcloud auth print-access-token | crane auth login --username oauth2accesstoken --password-stdin {server}"


def look_image(spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
    """The command that fails unless one of the platform's own images is there,
    https://docs.cloud.google.com/sdk/gcloud/reference/artifacts/docker/images/describe"""
    del spec
    return ("gcloud", "artifacts", "docker", "images", "describe", f"{image}@{digest}")


def look_secret(spec: PlatformSpec, secret: str) -> tuple[str, ...]:
    """The command that prints nothing, or fails, unless a secret has a value,
    https://docs.cloud.google.com/sdk/gcloud/reference/secrets/versions/list"""
    project = typed_target(spec.targets[0], GcpTarget).project
    filters = ("--filter", "state=ENABLED", "--format", "value(name)")
    return ("gcloud", "secrets", "versions", "list", secret, "--project", project, *filters)
