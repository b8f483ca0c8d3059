"""One trial of a search: a process with its values, its folders and its part of the machine."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from mlplatform.spec.pipeline_parameters import value_text
from mlplatform.steps.model_files import METRICS
from mlplatform.steps.trial_records import TrialValues

GRACE_SECONDS = 20.0
"""How long a trial that is ended may save; less than the half minute that its step has."""


def number_in(folder: Path, metric: str) -> float | None:
    """A number of `metrics.json`; None where it is not there, or not yet written to its end.

    Args:
        folder: folder of the metrics.
        metric: the number's name.
    """
    try:
        found: object = json.loads((folder / METRICS).read_bytes())
    except (OSError, ValueError):
        return None
    value = cast("dict[str, object]", found).get(metric) if isinstance(found, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


class RunningTrial:
    """A trial that runs."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        number: int,
        values: TrialValues,
        work: Path,
        outputs: Sequence[str],
        part: Mapping[str, str],
        checkpoint: Path | None,
    ) -> None:
        """Start it.

        Args:
            command: program and arguments, in which words stand for values and folders.
            number: its number.
            values: what it is given.
            work: a folder of its own, that is not there yet.
            outputs: names of the folders that it writes.
            part: variables with its part of the machine.
            checkpoint: a folder that a trial of the same number finds again. None: there is none.

        Raises:
            OSError: the program cannot be started.
        """
        self.number, self.values, self.work = number, values, work
        self.started = time.monotonic()
        words = {f"<tune.{name}>": value_text(value) for name, value in values.items()}
        for name in outputs:
            folder = work / name
            folder.mkdir(parents=True)
            words[f"<outputs.{name}>"] = str(folder)
        if checkpoint:
            checkpoint.mkdir(parents=True, exist_ok=True)
            words["<checkpoint>"] = str(checkpoint)

        def filled(text: str) -> str:
            for word, value in words.items():
                text = text.replace(word, value)
            return text

        given = {name: filled(value) for name, value in os.environ.items()}
        # a group of its own: what the program started ends with it
        self._process = subprocess.Popen(
            [filled(word) for word in command], env={**given, **part}, start_new_session=True
        )

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.started

    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Tell it to save and to end."""
        self._send(signal.SIGTERM)

    def end(self) -> None:
        """End it: it may save, and is killed after a while."""
        self.ask_to_end()
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._send(signal.SIGKILL)
            self._process.wait()

    def _send(self, what: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, what)
        except ProcessLookupError:
            return
