"""A search on one machine: trials one after the other or side by side, of which the best one's outputs are kept."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from mlplatform.spec.tune import SEARCH, TuneSpec
from mlplatform.steps.chooser import Chooser
from mlplatform.steps.stamp import add_parameters
from mlplatform.steps.trial_records import (
    RECORD,
    SearchRecord,
    TrialRecord,
    best_of,
    better,
    keep_trial,
    read_search,
    read_trials,
)
from mlplatform.steps.trials import RunningTrial, number_in

BEST = "best"
"""Folder in the output `search` in which a machine of several keeps its best trial's outputs."""

PAUSE_SECONDS = 0.2
"""How often it looks at its trials."""


class SearchFailed(Exception):
    """More than half of the trials failed, or none came to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a machine is told."""

    tune: TuneSpec
    """The search."""

    command: Sequence[str]
    """Program and arguments of a trial."""

    kept: Sequence[str]
    """Names of the outputs of a trial."""

    metrics: str
    """The one of them with the number that decides."""

    models: Sequence[str] = ()
    """Those with a model, whose `training.json` gets the values."""

    folders: Mapping[str, Path]
    """Where the outputs are: `search`, and all of `kept` where one machine searches."""

    checkpoint: Path | None = None
    """Where trials are kept for the next attempt."""

    machine: int = 0
    """Number of this machine, from 0."""

    devices: int = 0
    """Its accelerators."""


def run_search(search: Search, chooser: Chooser) -> SearchRecord:
    """Run the trials, and keep the best one.

    Args:
        search: what it is told.
        chooser: what chooses the values.

    Raises:
        SearchFailed: too many trials failed.
        OSError: the program cannot be started, or a folder not be written.
    """
    work = Path(tempfile.mkdtemp(prefix="search-"))
    running = _Machine(search, chooser, work)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        return running.run()
    finally:
        signal.signal(signal.SIGTERM, before)
        running.end_all()
        shutil.rmtree(work, ignore_errors=True)


@dataclass(slots=True)
class _Machine:
    search: Search
    chooser: Chooser
    work: Path
    running: dict[int, RunningTrial] = field(default_factory=dict[int, RunningTrial])
    """By lane: which part of the machine a trial has."""
    ended: list[TrialRecord] = field(default_factory=list[TrialRecord])
    points: dict[int, list[float]] = field(default_factory=dict[int, list[float]])

    def run(self) -> SearchRecord:
        tune = self.search.tune
        for trial in self._former():
            self.ended.append(trial)
            self.chooser.learn(trial)
        while True:
            for lane in range(tune.parallel):
                if lane not in self.running and self._goes_on():
                    self._start(lane)
            if not self.running:
                break
            time.sleep(PAUSE_SECONDS)
            for lane, trial in list(self.running.items()):
                self._look(lane, trial)
        record = SearchRecord(
            metric=tune.metric,
            goal=tune.goal,
            seed=tune.seed,
            machines=(tuple(sorted(self.ended, key=lambda trial: trial.number)),),
            best=best_of(tune.goal, [self.ended]),
        )
        target = self.search.folders[SEARCH]
        target.mkdir(parents=True, exist_ok=True)
        (target / RECORD).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
        if record.best is None or self._failed * 2 > len(self.ended):
            why = next((trial.why for trial in self.ended if trial.why), "none came to its end")
            raise SearchFailed(f"{self._failed} of {len(self.ended)} trials failed: {why}")
        number = record.best[1]
        self._hand_on(next(trial for trial in self.ended if trial.number == number))
        return record

    def _former(self) -> list[TrialRecord]:
        """Trials of former attempts; without the best one where its files are not there: it runs again."""
        found = read_trials(self._kept) if self._kept else []
        best = best_of(self.search.tune.goal, [found])
        lost = best[1] if best and not self._place(best[1]).is_dir() else None
        return [trial for trial in found if trial.number != lost]

    @property
    def _kept(self) -> Path | None:
        return self.search.checkpoint / "trials" if self.search.checkpoint else None

    @property
    def _failed(self) -> int:
        return sum(trial.outcome == "failed" for trial in self.ended)

    def _goes_on(self) -> bool:
        tune = self.search.tune
        trials = tune.trials_of(self.search.machine)
        # a program that is broken shall not cost all trials
        if len(self.ended) + len(self.running) >= trials or self._failed * 2 > trials:
            return False
        if tune.without_gain is None:
            return True
        best, since = None, 0
        for trial in self.ended:
            gained = trial.value is not None and better(tune.goal, trial.value, best)
            best, since = (trial.value, 0) if gained else (best, since + 1)
        return since < tune.without_gain

    def _start(self, lane: int) -> None:
        taken = {trial.number for trial in self.ended} | {trial.number for trial in self.running.values()}
        number = next(each for each in range(len(taken) + 1) if each not in taken)
        values = self.chooser.choose(number)
        print(f"trial {number}: {_said(values)}", flush=True)
        checkpoint = self.search.checkpoint / f"trial-{number:04}" if self.search.checkpoint else None
        self.running[lane] = RunningTrial(
            self.search.command,
            number=number,
            values=values,
            work=self.work / f"{number}",
            outputs=self.search.kept,
            part=self._part(lane),
            checkpoint=checkpoint,
        )

    def _part(self, lane: int) -> dict[str, str]:
        """Variables with a trial's part of the machine, where several run side by side."""
        parallel = self.search.tune.parallel
        if parallel == 1:
            return {}
        each = self.search.devices // parallel
        cpus = max(1, len(os.sched_getaffinity(0)) // parallel)
        own = {} if "OMP_NUM_THREADS" in os.environ else {"OMP_NUM_THREADS": str(cpus)}
        if each:
            # ROCm reads this name too
            own["CUDA_VISIBLE_DEVICES"] = ",".join(str(lane * each + device) for device in range(each))
        return own

    def _look(self, lane: int, trial: RunningTrial) -> None:
        tune = self.search.tune
        code = trial.code()
        value = number_in(trial.work / self.search.metrics, tune.metric)
        if code is None:
            if trial.seconds > tune.trial_minutes * 60:
                trial.end()
                self._note(lane, trial, why=f"it took longer than {tune.trial_minutes} minutes")
            elif tune.stop_trials and value is not None and self._is_bad(trial, value):
                trial.end()
                self._note(lane, trial, stopped=True)
        elif code:
            self._note(lane, trial, why=f"the program ended with {code}")
        elif value is None:
            self._note(lane, trial, why=f"metrics.json has no number {tune.metric}")
        else:
            self._note(lane, trial, value=value)

    def _is_bad(self, trial: RunningTrial, value: float) -> bool:
        seen = self.points.setdefault(trial.number, [])
        if seen and seen[-1] == value:
            return False
        seen.append(value)
        return self.chooser.is_bad(trial.number, len(seen), value)

    def _note(
        self,
        lane: int,
        trial: RunningTrial,
        *,
        value: float | None = None,
        why: str | None = None,
        stopped: bool = False,
    ) -> None:
        del self.running[lane]
        record = TrialRecord(
            number=trial.number,
            values=dict(trial.values),
            outcome="stopped" if stopped else "failed" if why else "complete",
            value=value,
            seconds=round(trial.seconds, 1),
            why=why,
        )
        goal, metric = self.search.tune.goal, self.search.tune.metric
        former = best_of(goal, [self.ended])
        self.ended.append(record)
        self.chooser.learn(record)
        print(f"trial {trial.number}: {f'{metric} {value:g}' if value is not None else why or 'stopped'}", flush=True)
        best = best_of(goal, [self.ended]) == (0, trial.number)
        place = self._place(trial.number)
        if best and place != trial.work:
            shutil.rmtree(place, ignore_errors=True)
            copy_folder(trial.work, place)
        if not best or place != trial.work:
            shutil.rmtree(trial.work)
        # between the files of the new best and those of the former: a best trial that is remembered has its files
        if self._kept:
            keep_trial(self._kept, record)
        if best and former:
            shutil.rmtree(self._place(former[1]), ignore_errors=True)

    def _place(self, number: int) -> Path:
        return self.search.checkpoint / f"best-{number:04}" if self.search.checkpoint else self.work / f"{number}"

    def _hand_on(self, best: TrialRecord) -> None:
        """The best trial's outputs as those of the step, or below `search` where another step compares machines."""
        for name in self.search.kept:
            target = self.search.folders.get(name) or self.search.folders[SEARCH] / BEST / name
            copy_folder(self._place(best.number) / name, target)
            if name in self.search.models:
                add_parameters(target, best.values)
        print(
            f"best: trial {best.number} with {self.search.tune.metric} {best.value:g}: {_said(best.values)}", flush=True
        )

    def end_all(self) -> None:
        for trial in self.running.values():
            trial.ask_to_end()
        for trial in self.running.values():
            trial.end()


def keep_best(goal: str, parts: Mapping[str, Path], folders: Mapping[str, Path]) -> SearchRecord:
    """The best of several machines' searches: its files are the step's outputs.

    Args:
        goal: `maximize` or `minimize`.
        parts: the output `search` of each machine, in their order.
        folders: where the outputs are.

    Raises:
        SearchFailed: no machine has a complete trial.
        ValueError: what a machine wrote cannot be read.
    """
    read = {name: read_search(folder) for name, folder in parts.items()}
    machines = tuple(trials for record in read.values() for trials in record.machines)
    first = next(iter(read.values()))
    record = first.model_copy(update={"machines": machines, "best": best_of(goal, machines)})
    if record.best is None:
        raise SearchFailed("no trial of any machine came to its end")
    source = list(parts.values())[record.best[0]] / BEST
    for name, target in folders.items():
        if name != SEARCH:
            copy_folder(source / name, target)
    folders[SEARCH].mkdir(parents=True, exist_ok=True)
    (folders[SEARCH] / RECORD).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return record


def copy_folder(source: Path, target: Path) -> None:
    """Copy files, without their times and rights, which a store that is mounted as a folder does not keep.

    Args:
        source: a folder.
        target: where its files go; it is made.
    """
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.rglob("*")):
        there = target / file.relative_to(source)
        if file.is_dir():
            there.mkdir(parents=True, exist_ok=True)
        else:
            shutil.copyfile(file, there)


def _said(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
