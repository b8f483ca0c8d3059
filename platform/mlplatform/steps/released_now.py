"""What is released at the moment a gate judges, as the copy of the record in the store says it.

A pipeline's definition names the model that was released when the definition was applied. A run that trains for days
may end when another one serves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import ValidationError

from mlplatform.services.aws_calls import client_of
from mlplatform.services.aws_texts import S3Texts
from mlplatform.services.azure_api import AzureApi
from mlplatform.services.azure_texts import BlobTexts
from mlplatform.services.gcp_api import GoogleApi
from mlplatform.services.gcp_texts import StorageTexts
from mlplatform.services.stored_text import StoredText
from mlplatform.spec.record_copy import RecordCopy
from mlplatform.spec.releases import Release
from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.cannot_judge import CannotJudge

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ReleasedNow:
    """What a copy of the record says of the model."""

    version: str | None
    """The released version; None: nothing is released."""

    origin: str
    """The record that says so, for people."""

    artifact: str | None = None
    """Address of the folder with the files; None where nothing is released, or the image holds them."""

    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each of the files, by its path; empty where the record has none."""


@dataclass(frozen=True, slots=True)
class NoCopy:
    """There is no copy: nobody has copied the record since the platform was made."""

    address: str
    """Where it would be."""


class ReadsText(Protocol):
    """Objects of a store."""

    def read(self, name: str, /) -> StoredText: ...


class OpensFolder(Protocol):
    """Opens the folder of an address."""

    def __call__(self, address: SplitResult, folder: str, /) -> ReadsText: ...


def released_now(
    address: str, *, pipeline: str, model: str, openers: Mapping[str, OpensFolder] | None = None
) -> ReleasedNow | NoCopy | CannotJudge:
    """What the copy at an address says of a pipeline's model.

    Args:
        address: of the copy: `s3://…`, `gs://…`, `https://…`, or the path of a mounted file.
        pipeline: name of the pipeline.
        model: name of its model.
        openers: how each kind of address is opened. Omitted: as the identity that the step has.

    Returns:
        What it says; that there is no copy; or why nobody can tell: a copy that cannot be read may be of another model.

    Raises:
        BadInput: it is no address of a store.
    """
    parts = urlsplit(address)
    known = OPENERS if openers is None else openers
    folder, _, file = parts.path.strip("/").rpartition("/")
    # a folder of the store that is mounted, or on this machine, has neither a kind nor a host
    mounted = not parts.scheme and parts.path.startswith("/")
    if parts.scheme not in known or not (parts.netloc or mounted) or not folder or not file.endswith(".json"):
        raise BadInput(f"--record: got {address!r}, expected the address of a file of the store, {_KINDS}")
    try:
        found = known[parts.scheme](parts, folder).read(file.removesuffix(".json"))
    except Exception as error:
        # whatever the reason: another model may serve by now
        said = f"the variable {error} is not set" if isinstance(error, KeyError) else " ".join(str(error).split())
        return CannotJudge(f"the copy of the record at {address} cannot be read: {said[:_SHOWN]}")
    if found.text is None:
        return NoCopy(address)
    return _said(found.text, address, pipeline, model)


def _said(text: str, address: str, pipeline: str, model: str) -> ReleasedNow | CannotJudge:
    try:
        copy = RecordCopy.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        return CannotJudge(f"{address} is no copy of a record: {f'{at}: ' if at else ''}{first['msg']}")
    champion = copy.champions.get(pipeline)
    if champion is None or champion.model != model:
        other = f"has model {champion.model} for it" if champion else f"has only {', '.join(copy.champions) or 'none'}"
        return CannotJudge(f"{copy.origin} says nothing of pipeline {pipeline} with model {model}: it {other}")
    release = _release(copy, model, champion.version)
    if release is None:
        return ReleasedNow(champion.version, copy.origin)
    return ReleasedNow(champion.version, copy.origin, release.artifact, release.digests)


def _release(copy: RecordCopy, model: str, version: str | None) -> Release | None:
    """The release with the files of a version: all releases of a version name the same ones."""
    every = (release for variants in copy.releases.values() for release in variants.values())
    return next((each for each in every if each.model == model and each.version == version), None)


def _of_s3(address: SplitResult, folder: str) -> ReadsText:
    region = parse_qs(address.query).get("region", [""])[0]
    return S3Texts(client_of("s3", region or os.environ["AWS_REGION"]), address.netloc, folder)


def _of_google(address: SplitResult, folder: str) -> ReadsText:
    return StorageTexts(GoogleApi(), f"gs://{address.netloc}/{folder}/")


class _Folder:
    """The store as a folder: mounted, or on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, /) -> StoredText:
        """A file of it."""
        try:
            return StoredText((self._folder / f"{name}.json").read_text("utf-8"), "")
        except FileNotFoundError:
            return StoredText(None, "")


def _of_folder(address: SplitResult, folder: str) -> ReadsText:
    del address
    return _Folder(Path("/", folder))


def _of_azure(address: SplitResult, folder: str) -> ReadsText:
    return BlobTexts(AzureApi(os.environ), f"https://{address.netloc}/{folder}")


OPENERS: dict[str, OpensFolder] = {
    "s3": _of_s3,
    "gs": _of_google,
    "https": _of_azure,
    "": _of_folder,
}
"""By the kind of an address; none for the path of a mounted folder."""

_KINDS = (
    "s3://BUCKET/FOLDER/FILE.json, gs://BUCKET/FOLDER/FILE.json, https://ACCOUNT/CONTAINER/FOLDER/FILE.json or the "
    "path of a file in a mounted folder"
)
