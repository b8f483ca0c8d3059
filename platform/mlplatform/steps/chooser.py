"""What chooses the values of the next trial: Optuna, or what a test gives in its place."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

from mlplatform.spec.tune import TunedParameter, TuneSpec
from mlplatform.steps.trial_records import TrialRecord, TrialValue, TrialValues

_FORMER = 5
"""Trials that run to their end before one is compared with them, Optuna's own default."""


class Chooser(Protocol):
    """Chooses values, and learns from what came of them."""

    def choose(self, number: int) -> TrialValues:
        """The values of a new trial."""
        ...

    def is_bad(self, number: int, point: int, value: float) -> bool:
        """Whether a trial that runs is worse than former ones at the same point."""
        ...

    def learn(self, trial: TrialRecord) -> None:
        """Take note of an ended trial, of this attempt or of a former one."""
        ...


class OptunaChooser:
    """Optuna's tree of Parzen estimators, and the median of former trials at the same point."""

    def __init__(self, tune: TuneSpec, machine: int) -> None:
        """Begin.

        Args:
            tune: the search.
            machine: number of this machine, from 0: each has random numbers of its own.

        Raises:
            ImportError: Optuna is not installed.
        """
        # by name: only images that search have it
        self._optuna = optuna = cast("Any", import_module("optuna"))
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._tune = tune
        pruners = optuna.pruners
        self._study = optuna.create_study(
            direction=tune.goal,
            sampler=optuna.samplers.TPESampler(seed=tune.seed + machine, constant_liar=True),
            pruner=pruners.MedianPruner(n_startup_trials=_FORMER) if tune.stop_trials else pruners.NopPruner(),
        )
        self._asked: dict[int, Any] = {}

    def choose(self, number: int) -> TrialValues:
        """The values of a new trial."""
        trial = self._asked[number] = self._study.ask()
        return {each.name: self._suggested(trial, each) for each in self._tune.parameters}

    def _suggested(self, trial: Any, each: TunedParameter) -> TrialValue:  # noqa: ANN401
        if each.type == "choice":
            return trial.suggest_categorical(each.name, list(each.choices))
        low, high = each.at_least or 0.0, each.at_most or 0.0
        if each.type == "integer":
            return trial.suggest_int(each.name, int(low), int(high), log=each.log)
        return trial.suggest_float(each.name, low, high, log=each.log)

    def is_bad(self, number: int, point: int, value: float) -> bool:
        """Whether a trial that runs is worse than former ones at the same point."""
        trial = self._asked[number]
        trial.report(value, point)
        return bool(trial.should_prune())

    def learn(self, trial: TrialRecord) -> None:
        """Take note of an ended trial."""
        states = self._optuna.trial.TrialState
        asked = self._asked.pop(trial.number, None)
        if asked is None:
            self._add(trial)
        elif trial.outcome == "complete":
            self._study.tell(asked, trial.value)
        else:
            self._study.tell(asked, state=states.PRUNED if trial.outcome == "stopped" else states.FAIL)

    def _add(self, trial: TrialRecord) -> None:
        """A trial of a former attempt. One without a value teaches nothing."""
        if trial.value is None:
            return
        self._study.add_trial(
            self._optuna.trial.create_trial(
                params=dict(trial.values),
                distributions={each.name: self._distribution(each) for each in self._tune.parameters},
                value=trial.value,
            )
        )

    def _distribution(self, each: TunedParameter) -> object:
        kinds = self._optuna.distributions
        if each.type == "choice":
            return kinds.CategoricalDistribution(list(each.choices))
        low, high = each.at_least or 0.0, each.at_most or 0.0
        if each.type == "integer":
            return kinds.IntDistribution(int(low), int(high), log=each.log)
        return kinds.FloatDistribution(low, high, log=each.log)
