"""Fetches the released model for the evaluating step: the one that is released now, and not when the run began."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from mlplatform.promote.digests import compute_digests
from mlplatform.services.stores import SCHEMES, copy_folder
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.evidence import RELEASED
from mlplatform.steps.released_now import NoCopy, ReleasedNow

MODEL = "model"
"""Folder with the model's files, beside `released.json`."""

_REGION = "AWS_REGION"
_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class ReleasedModel:
    """The released model."""

    version: str | None
    """Its version; None: nothing is released."""

    artifact: str | None
    """Address of the folder with its files; None where its image holds them."""

    said_by: str
    """Who says so, for people."""

    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """SHA-256 of each file; empty where nobody has said them."""


def champion_of_record(
    record: ReleasedNow | NoCopy | CannotJudge | None, version: str | None, artifact: str | None
) -> ReleasedModel:
    """What is released, by the copy of the record; by the pipeline's definition where there is no copy.

    Args:
        record: what the copy says; None where the step was not told of one.
        version: the version that the definition names, if there is one.
        artifact: address of its files.

    Raises:
        CannotJudge: the copy cannot be read: another model may serve by now.
    """
    if isinstance(record, CannotJudge):
        raise record
    if isinstance(record, ReleasedNow):
        return ReleasedModel(
            version=record.version, artifact=record.artifact, said_by=record.origin, digests=record.digests
        )
    missing = f"there is no copy of the record at {record.address}, so " if record else ""
    return ReleasedModel(version=version, artifact=artifact, said_by=f"{missing}the pipeline's definition")


def fetch_champion(champion: ReleasedModel, output: Path, *, record: str | None, environment: Mapping[str, str]) -> str:
    """Write `released.json`, and the files of the model into the folder `model` beside it.

    Args:
        champion: the released model.
        output: the folder to write.
        record: address of the copy of the record, which may name the store's region.
        environment: of the process.

    Returns:
        What was done, for people.

    Raises:
        CannotJudge: the files cannot be read, or are others than those that were released.
    """
    output.mkdir(parents=True, exist_ok=True)
    (output / RELEASED).write_text(json.dumps({"version": champion.version}) + "\n", encoding="utf-8")
    if champion.version is None:
        return f"nothing is released: {champion.said_by} says so"
    if champion.artifact is None:
        return f"version {champion.version} is released, and its files are in its image: {champion.said_by} says so"
    folder, address = output / MODEL, champion.artifact
    try:
        files = copy_folder(address, folder, _with_region(record, environment)) if _in_store(address) else None
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise CannotJudge(f"version {champion.version} at {address} cannot be read: {said}") from None
    if files is None:
        files = _copy_local(Path(address), folder)
    if not files:
        raise CannotJudge(f"version {champion.version} is released, and there is no file at {address}")
    _hold_against(champion, folder)
    return f"version {champion.version}: {files} files from {address}; {champion.said_by} says so"


def _in_store(address: str) -> bool:
    return address.startswith(SCHEMES)


def _copy_local(source: Path, folder: Path) -> int:
    """A folder of a mounted store."""
    from shutil import copytree

    if not source.is_dir():
        return 0
    copytree(source, folder, dirs_exist_ok=True)
    return sum(each.is_file() for each in folder.rglob("*"))


def _hold_against(champion: ReleasedModel, folder: Path) -> None:
    """The files are those that were released."""
    if not champion.digests:
        return
    found = compute_digests(folder)
    names = sorted(found.keys() | champion.digests.keys())
    others = [name for name in names if found.get(name) != champion.digests.get(name)]
    if others:
        shown = ", ".join(others[:_SHOWN])
        raise CannotJudge(
            f"the files of version {champion.version} at {champion.artifact} are not those that were released: {shown}"
        )


def _with_region(record: str | None, environment: Mapping[str, str]) -> Mapping[str, str]:
    """S3 is asked in the bucket's own region, which the record's address names: the container's may be another one."""
    region = parse_qs(urlsplit(record).query).get("region", [""])[0] if record else ""
    return {**environment, _REGION: region} if region else environment
