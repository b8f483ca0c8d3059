"""Addresses of artefacts and own images, and the AWS command line for them. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.aws.naming import bucket_name
from mlplatform.backends.aws.repositories import repository_addresses
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.artefacts import Fetch, Transfer, own_repository
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.artifact_store import Place
from mlplatform.spec.platform import PlatformSpec


def place_uri(spec: PlatformSpec, place: Place) -> str:
    """Address of a place of the store, without a slash at its end; an existing bucket, where the target names it."""
    target = typed_target(spec.targets[0], AwsTarget)
    existing = target.existing.store if target.existing else None
    if existing and place in existing.buckets:
        return f"s3://{existing.buckets[place].name}"
    return f"s3://{bucket_name(spec, target, place)}"


def store_region(spec: PlatformSpec) -> str:
    """Region of the store's buckets, existing ones included: jobs read them in their own region."""
    return typed_target(spec.targets[0], AwsTarget).region


def own_images(spec: PlatformSpec) -> tuple[str, ...]:
    """Beginning of the addresses of the platform's own images, and of those in existing repositories."""
    return tuple(repository_addresses(spec).values())


def own_image(spec: PlatformSpec, repository: str, name: str) -> str:
    """Address of an image: a repository of ECR holds one.

    Raises:
        LookupError: there is no such repository.
    """
    del name
    return own_repository(repository_addresses(spec), repository)


def transfer(source: str, uri: str, *, folder: bool) -> Transfer:
    """The commands that copy an artefact, and list it, https://docs.aws.amazon.com/cli/latest/reference/s3/cp.html

    What is there already is left alone, and the rights of people ask for that: version 2 of the command line, of 2026
    or later, knows `--no-overwrite`, https://github.com/aws/aws-cli/pull/9963; version 1 does not
    """
    copy = ("aws", "s3", "cp", source, uri, *(("--recursive",) if folder else ()), "--no-overwrite")
    return Transfer(copy=copy, look=("aws", "s3", "ls", uri, "--recursive"))


def fetch(uri: str, folder: str) -> Fetch:
    """The command that copies an artefact's folder out of a bucket."""
    return Fetch(command=("aws", "s3", "cp", uri, folder, "--recursive"), folder=folder)


def image_login(address: str) -> str:
    """The line of shell that lets `crane` read and write a repository; the registry's name has the region,
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html"""
    host = address.partition("/")[0]
    _, _, _, region, *_ = host.split(".")
    return registry_login(host, region)


def registry_login(host: str, region: str) -> str:
    """The same for a registry, whose name may stand for a word that the shell knows."""
    put = "crane auth login --username AWS --password-stdin"
    return f"aws ecr get-login-password --region {region} | {put} {host}"


def look_image(spec: PlatformSpec, image: str, digest: str) -> tuple[str, ...]:
    """The command that fails unless one of the platform's own images is there,
    https://docs.aws.amazon.com/cli/latest/reference/ecr/describe-images.html"""
    target = typed_target(spec.targets[0], AwsTarget)
    host, _, path = image.partition("/")
    registry, repository = ("--registry-id", host.partition(".")[0]), ("--repository-name", path)
    ids = ("--image-ids", f"imageDigest={digest}", "--region", target.region)
    return ("aws", "ecr", "describe-images", *registry, *repository, *ids)


def look_secret(spec: PlatformSpec, secret: str) -> tuple[str, ...]:
    """The command that fails unless a secret has a value,
    https://docs.aws.amazon.com/cli/latest/reference/secretsmanager/list-secret-version-ids.html"""
    region = typed_target(spec.targets[0], AwsTarget).region
    query = ("--query", "Versions[?contains(VersionStages, `AWSCURRENT`)].VersionId", "--output", "text")
    return ("aws", "secretsmanager", "list-secret-version-ids", "--secret-id", secret, "--region", region, *query)
