"""What a gate reads: metrics, predictions, and which model is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from mlplatform.json_text import NotJson, parse_json
from mlplatform.promote.digests import compute_digests
from mlplatform.spec.gates import GateSpec
from mlplatform.spec.model_names import Version
from mlplatform.steps import predictions
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.model_files import METRICS, model_folder
from mlplatform.steps.predictions import Predictions, read_predictions
from mlplatform.steps.released_now import NoCopy, ReleasedNow

RELEASED = "released.json"
ROWS = "rows"
"""Name of the number of labelled test rows in `metrics.json`."""


@dataclass(frozen=True, slots=True)
class GateEvidence:
    """All that the gate knows. What could not be read is a sentence instead."""

    metrics: Mapping[str, float]
    """Finite numbers by name."""

    bad_metrics: Mapping[str, str]
    """Why a metric is not among them."""

    predictions: Predictions | CannotJudge
    """The rows, or why there are none."""

    released: str | CannotJudge | None
    """The released version; None where the evaluating step says that nothing is released; or why nobody can tell."""

    model: Path | None
    """The model's folder; None where the gate does not ask for it."""

    inputs: Mapping[str, str]
    """SHA-256 of each file that was read, by the name of the input and the file."""

    record: ReleasedNow | NoCopy | CannotJudge | None = None
    """What the copy of the record says is released; None where the gate was not told of one."""

    def known_predictions(self) -> Predictions:
        """The rows.

        Raises:
            CannotJudge: there are none that can be trusted.
        """
        if isinstance(self.predictions, CannotJudge):
            raise self.predictions
        return self.predictions

    @property
    def rows(self) -> int | None:
        """Labelled test rows; None where nobody can tell."""
        if isinstance(self.predictions, Predictions):
            return len(self.predictions)
        said = self.metrics.get(ROWS) if ROWS not in self.bad_metrics else None
        return int(said) if said is not None and said >= 0 else None

    @property
    def broken_predictions(self) -> CannotJudge | None:
        """Why predictions that are there cannot be trusted; None where they can, or where there are none."""
        there = any(name.endswith(f"/{predictions.FILE}") for name in self.inputs)
        return self.predictions if there and isinstance(self.predictions, CannotJudge) else None


def read_evidence(gate: GateSpec, inputs: Mapping[str, Path]) -> GateEvidence:
    """Read the folders of a gate.

    Raises:
        ValueError: nobody can tell which input is the model's folder.
    """
    model = model_folder(inputs) if gate.needs_model else None
    metrics: dict[str, float] = {}
    bad: dict[str, str] = {}
    digests: dict[str, str] = {}
    for name, folder in sorted(inputs.items()):
        if folder == model:
            digests |= {f"{name}/{file}": digest for file, digest in compute_digests(folder).items()}
            continue
        for file in (METRICS, predictions.FILE, RELEASED):
            if (folder / file).is_file():
                digests[f"{name}/{file}"] = compute_digests(folder / file)[file]
        if (folder / METRICS).is_file():
            _read_metrics(folder / METRICS, metrics, bad)
    where = [folder for folder in inputs.values() if folder != model and (folder / predictions.FILE).is_file()]
    return GateEvidence(metrics, bad, _predictions(gate, where), _released(where), model, digests)


def _read_metrics(file: Path, metrics: dict[str, float], bad: dict[str, str]) -> None:
    try:
        # NaN, which other programs write for a metric without a value, makes the whole file no JSON
        given = parse_json(file.read_text(encoding="utf-8"))
    except (NotJson, UnicodeDecodeError) as error:
        bad[""] = f"{METRICS} cannot be read: {error}"
        return
    if not isinstance(given, dict):
        bad[""] = f"{METRICS} is no object of numbers by name"
        return
    for name, value in cast("dict[str, object]", given).items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            bad[name] = f"{name} in {METRICS} is no number"
        elif metrics.setdefault(name, float(value)) != float(value):
            bad[name] = f"two inputs give {name} different values, {metrics[name]:g} and {value:g}"


def _predictions(gate: GateSpec, where: list[Path]) -> Predictions | CannotJudge:
    if not where:
        return CannotJudge(f"no input has {predictions.FILE}")
    if len(where) > 1:
        return CannotJudge(f"{len(where)} inputs have {predictions.FILE}, and nobody can tell which one counts")
    try:
        return read_predictions(where[0], tuple(dict.fromkeys(part.column for part in gate.slices)))
    except CannotJudge as reason:
        return reason


def _released(where: list[Path]) -> str | CannotJudge | None:
    files = [folder / RELEASED for folder in where if (folder / RELEASED).is_file()]
    if not files:
        return CannotJudge(
            f"nobody says which model is released: the evaluating step writes {RELEASED} beside {predictions.FILE}, "
            'with {"version": null} where nothing is released'
        )
    try:
        given = parse_json(files[0].read_text(encoding="utf-8"))
        said = cast("dict[str, object]", given) if isinstance(given, dict) else {}
        if "version" not in said:
            return CannotJudge(f"{RELEASED} has no version")
        version = said["version"]
        return None if version is None else TypeAdapter[str](Version).validate_python(version)
    except (NotJson, UnicodeDecodeError) as error:
        return CannotJudge(f"{RELEASED} cannot be read: {error}")
    except ValidationError:
        return CannotJudge(f"the version in {RELEASED} is no version of a model")
