"""The model's folder that a gate judges and that is registered: its files, their size, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from mlplatform.steps import predictions
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.verdict import FILE

METRICS = "metrics.json"
PROVENANCE = "provenance.json"
"""File in the model's folder that says where it comes from."""

_FIXED = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})$")

_Text = Annotated[str, StringConstraints(pattern=r"^\S(.{0,398}\S)?$")]


class BaseModelSaid(BaseModel):
    """The model that this one was trained from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: _Text
    """Its name where it was published."""

    revision: _Text
    """The whole commit or digest of what was taken. A branch or a tag moves."""

    licence: _Text
    """Its licence, as SPDX writes it."""


class ProvenanceSaid(BaseModel):
    """What `provenance.json` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    licence: _Text
    """The model's licence, as SPDX writes it."""

    base: BaseModelSaid | None = None
    """The model that it was trained from. Omitted: it was trained from nothing."""


def model_folder(inputs: Mapping[str, Path]) -> Path:
    """The input called `model`, or the only one that is none of the files that gates read and write.

    Raises:
        ValueError: none or several could be it.
    """
    if "model" in inputs:
        return inputs["model"]
    known = (FILE, METRICS, predictions.FILE)
    others = {name: folder for name, folder in inputs.items() if not any((folder / file).is_file() for file in known)}
    if len(others) != 1:
        names = ", ".join(sorted(others)) or "none"
        raise ValueError(f"--input: {names} could be the model's folder, expected one; name that input model")
    return next(iter(others.values()))


def size_mib(folder: Path) -> float:
    """The size of all files.

    Raises:
        CannotJudge: there is none.
    """
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    if not sizes:
        raise CannotJudge("the model's folder has no files")
    return sum(sizes) / 2**20


def read_provenance(folder: Path) -> ProvenanceSaid:
    """Where a model comes from.

    Raises:
        CannotJudge: nobody says it, or it cannot be read.
    """
    file = folder / PROVENANCE
    if not file.is_file():
        raise CannotJudge(f"the model's folder has no {PROVENANCE}, so nobody says its licence")
    try:
        return ProvenanceSaid.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise CannotJudge(f"{PROVENANCE} cannot be read: {f'{at}: ' if at else ''}{first['msg']}") from None


def is_fixed(revision: str) -> bool:
    """Whether a revision is a whole commit or digest, and so always the same files."""
    return _FIXED.fullmatch(revision) is not None
