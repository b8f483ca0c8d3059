"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict


class TunedParameter(TypedDict):
    """A value that each trial is given anew, as `{{tune.NAME}}`."""

    name: str
    """Unique among the tuned values and the pipeline's parameters; camel case: `learningRate`. The candidate's
    record has the best trial's value under this name.
    """

    type: NotRequired[str]
    """What a value is: a number, a whole number, or one of `choices`.

    One of float, integer, choice.
    """

    at_least: NotRequired[float]
    """Least value of a number. Needed for numbers."""

    at_most: NotRequired[float]
    """Greatest value of a number. Needed for numbers."""

    log: NotRequired[bool]
    """Whether factors count, not differences: as many trials between 0.001 and 0.01 as between 0.01 and 0.1."""

    choices: NotRequired[Sequence[Any]]
    """The values of a choice, which have no order: `[adam, sgd]`."""


class TuneSpec(TypedDict):
    """A search: the step's command runs once for each trial, with other values, and the best trial's outputs are the
    step's outputs.

    The values are chosen by Optuna's tree of Parzen estimators, on the machines of the step, by `mlplatform-step
    tune`: the step's image needs `mlplatform[tune]`. A trial that fails is left out; the step fails when more
    than half do.
    """

    parameters: Sequence[TunedParameter]
    """What is searched. The command, or a variable, names each as `{{tune.NAME}}`."""

    metric: str
    """The number that decides, in `metrics.json` of one of the step's outputs."""

    goal: str
    """Whether the best trial has the greatest or the least.

    One of maximize, minimize.
    """

    trials: int
    """Trials in all."""

    trial_minutes: int
    """Longest trial, minutes; it is ended then, and counts as failed."""

    parallel: NotRequired[int]
    """Trials at the same time on each machine, which share its vCPUs and have equal parts of its accelerators."""

    machines: NotRequired[int]
    """Machines at the same time. Each searches with its part of the trials, and does not see the others' results."""

    without_gain: NotRequired[int]
    """Trials in a row without a better one after which a machine ends its search. Omitted: all trials run."""

    stop_trials: NotRequired[bool]
    """Whether a trial ends early when it is worse than the median of former trials at the same point. The program
    writes `metrics.json` anew whenever it knows more, for example after each epoch.
    """

    seed: NotRequired[int]
    """Beginning of the random numbers. With one trial at a time on a machine the same seed tries the same values."""
