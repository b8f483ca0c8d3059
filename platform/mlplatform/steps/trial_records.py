"""What a search remembers of its trials: `search.json`, and a file of each ended trial beside the checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

TrialValue: TypeAlias = bool | int | float | str
TrialValues: TypeAlias = Mapping[str, TrialValue]

RECORD = "search.json"
"""File in the output `search`."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class TrialRecord(_Kept):
    """A trial that ended."""

    number: int
    """Its number on its machine, from 0."""

    values: dict[str, TrialValue]
    """What it was given."""

    outcome: Literal["complete", "stopped", "failed"]
    """Whether it ended by itself, was worse than the others at the same point, or failed."""

    value: float | None = None
    """The metric of a complete one."""

    seconds: float
    """How long it took."""

    why: str | None = None
    """What went wrong in a failed one."""


class SearchRecord(_Kept):
    """A search on one machine, or on all of them together."""

    search_version: Literal[1] = 1
    metric: str
    goal: Literal["maximize", "minimize"]
    seed: int
    machines: tuple[tuple[TrialRecord, ...], ...]
    """The trials of each machine, in the order of their numbers."""

    best: tuple[int, int] | None
    """Machine and number of the best trial; None where none is complete."""


def better(goal: str, value: float, than: float | None) -> bool:
    """Whether a value is better than another; the first of two equal ones stays the best.

    Args:
        goal: `maximize` or `minimize`.
        value: the value.
        than: the other one; None where there is none.
    """
    return than is None or (value > than if goal == "maximize" else value < than)


def best_of(goal: str, machines: Iterable[Iterable[TrialRecord]]) -> tuple[int, int] | None:
    """Machine and number of the best trial.

    Args:
        goal: `maximize` or `minimize`.
        machines: the trials of each.
    """
    found, value = None, None
    for place, trials in enumerate(machines):
        for trial in sorted(trials, key=lambda trial: trial.number):
            if trial.value is not None and better(goal, trial.value, value):
                found, value = (place, trial.number), trial.value
    return found


def read_search(folder: Path) -> SearchRecord:
    """What a machine wrote.

    Args:
        folder: its output `search`.

    Raises:
        ValueError: it is not there, or cannot be read.
    """
    file = folder / RECORD
    try:
        return SearchRecord.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def read_trials(folder: Path) -> list[TrialRecord]:
    """Trials that ended in a former attempt. A file that was not written to its end is left out: that trial runs again.

    Args:
        folder: where they are kept.
    """
    found: list[TrialRecord] = []
    for file in sorted(folder.glob("trial-*.json")):
        try:
            found.append(TrialRecord.model_validate_json(file.read_bytes()))
        except ValidationError:
            print(f"{file.name} was not written to its end, and is left out", flush=True)
    return found


def keep_trial(folder: Path, trial: TrialRecord) -> None:
    """Write an ended trial.

    Args:
        folder: where they are kept.
        trial: the trial.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # at once and under its last name: a store that is mounted as a folder renames nothing
    (folder / f"trial-{trial.number:04}.json").write_text(trial.model_dump_json() + "\n", encoding="utf-8")
