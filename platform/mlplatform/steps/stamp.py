"""How a candidate was trained: what the training program wrote, and what the pipeline knows of its run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from mlplatform.json_text import NotJson, parse_json
from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.training_run import TrainingRun
from mlplatform.steps.validation import DataVerdict

TRAINING = "training.json"
"""File in the model's folder that the training program may write: fields of `TrainingRun`, `commit`, `data_version`."""

COMMIT, DATA_VERSION, IMAGE = "MLPLATFORM_COMMIT", "MLPLATFORM_DATA_VERSION", "MLPLATFORM_IMAGE"
"""Variables that say where a model comes from; the step's `env` or the engine sets them."""

_WITH_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")

RunParameter = bool | int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOfRun:
    """What the pipeline knows of its run."""

    pipeline: str
    """Its name."""

    definition: str | None = None
    """Digest of the pipeline as the spec has it."""

    image: str | None = None
    """Image of the step that trained."""

    parameters: Mapping[str, RunParameter]
    """Values of the run's parameters."""

    base_models: tuple[BaseModelSpec, ...] = ()
    """The models of others that the pipeline starts from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStamp:
    """Where a candidate comes from."""

    commit: str | None
    """Commit of the training code."""

    data_version: str | None
    """Version of the data."""

    image: str | None
    """Image that trained it."""

    training: TrainingRun
    """The rest."""


def stamp_of(model: Path, known: KnownOfRun, looked_at: DataVerdict | None = None) -> RunStamp:
    """Where a model comes from.

    Args:
        model: its folder.
        known: what the pipeline knows.
        looked_at: the look at the data, whose digest is the version of the data where nobody names another. Omitted:
            none.

    Raises:
        ValueError: the file cannot be read, or two say something different; one sentence each.
    """
    wrote = _written(model)
    problems: list[str] = []

    def agreed(name: str, *said: tuple[str, object]) -> str | None:
        """What all say who say something."""
        given = {where: str(value) for where, value in said if value}
        if len(set(given.values())) > 1:
            problems.append(f"{name}: {', '.join(f'{where} says {value}' for where, value in given.items())}")
        return next(iter(given.values()), None)

    commit = agreed("commit", (TRAINING, wrote.pop("commit", None)), (COMMIT, _variable(COMMIT)))
    data = agreed("data_version", (TRAINING, wrote.pop("data_version", None)), (DATA_VERSION, _variable(DATA_VERSION)))
    data = data or (looked_at.data_version if looked_at else None)
    # the variable is there for an image that another name stands for
    image = agreed("image", (TRAINING, wrote.get("image")), (IMAGE, _variable(IMAGE))) or known.image
    parameters = cast("dict[str, object]", wrote.get("parameters") or {})
    for name, value in known.parameters.items():
        if name in parameters and parameters[name] != value:
            problems.append(f"parameter {name}: {TRAINING} says {parameters[name]}, the run was given {value}")
    agreed("pipeline", (TRAINING, wrote.get("pipeline")), ("the run", known.pipeline))
    agreed("definition", (TRAINING, wrote.get("definition")), ("the run", known.definition))
    given: dict[str, object] = {
        **wrote,
        "pipeline": known.pipeline,
        "definition": known.definition,
        "parameters": {**known.parameters, **parameters},
        # what the pipeline mounts, and not what the program says of it
        "base_models": known.base_models or wrote.get("base_models"),
        # an image without a digest is not the one that trained: the tag may have moved
        "image": image if image and _WITH_DIGEST.search(image) else None,
    }
    try:
        training = TrainingRun.model_validate(
            {name: value for name, value in given.items() if value not in (None, {}, ())}
        )
    except ValidationError as error:
        problems += [f"{TRAINING}: {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ValueError(*problems) from None
    if problems:
        raise ValueError(*problems)
    return RunStamp(commit=commit, data_version=data, image=image, training=training)


def add_parameters(model: Path, values: Mapping[str, RunParameter]) -> None:
    """Say in `training.json` what values a model was trained with. What its program wrote there stays.

    Args:
        model: its folder.
        values: the values by name.

    Raises:
        ValueError: the file cannot be read.
    """
    wrote = _written(model)
    said: object = wrote.get("parameters") or {}
    if not isinstance(said, dict):
        raise ValueError(f"{TRAINING}: parameters is no object")
    wrote["parameters"] = {**values, **cast("dict[str, object]", said)}
    (model / TRAINING).write_text(json.dumps(wrote, indent=2) + "\n", encoding="utf-8")


def typed_parameters(given: Sequence[str]) -> dict[str, RunParameter]:
    """Values of `NAME:TYPE=VALUE`.

    Raises:
        ValueError: an argument is none of these; one sentence each.
    """
    found: dict[str, RunParameter] = {}
    problems: list[str] = []
    for text in given:
        head, equals, value = text.partition("=")
        name, _, kind = head.partition(":")
        try:
            if not equals or not name:
                raise ValueError
            match kind:
                case "boolean":
                    # engines write it in their own ways
                    found[name] = {"true": True, "1": True, "false": False, "0": False}[value.lower()]
                case "integer":
                    found[name] = int(float(value)) if float(value).is_integer() else int(value)
                case "float":
                    found[name] = float(value)
                case "string":
                    found[name] = value
                case _:
                    raise ValueError
        except (ValueError, KeyError, OverflowError):
            problems.append(f"--parameter: got {text!r}, expected NAME:TYPE=VALUE with a value of that type")
    if problems:
        raise ValueError(*problems)
    return found


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def _written(model: Path) -> dict[str, object]:
    file = model / TRAINING
    if not file.is_file():
        return {}
    try:
        given = parse_json(file.read_text(encoding="utf-8"))
    except (NotJson, UnicodeDecodeError) as error:
        raise ValueError(f"{TRAINING} cannot be read: {error}") from None
    if not isinstance(given, dict):
        raise ValueError(f"{TRAINING} is no object")
    return dict(cast("dict[str, object]", given))
