"""A search for the parameters of a training program: many trials of one step, of which the best is kept."""

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.gates import MetricName
from mlplatform.spec.pipeline_parameters import ParameterName

if TYPE_CHECKING:
    from mlplatform.spec.pipeline_steps import StepSpec

SEARCH = "search"
"""Output of a step with `tune`: `search.json`, every trial with its values, and the best of them."""

ChoiceValue = bool | int | float | Annotated[str, StringConstraints(min_length=1, max_length=256)]


class TunedParameter(SpecModel):
    """A value that each trial is given anew, as `{{tune.NAME}}`."""

    by_meaning = frozenset({"choices"})

    name: ParameterName
    """Unique among the tuned values and the pipeline's parameters; camel case: `learningRate`. The candidate's record
    has the best trial's value under this name."""

    type: Literal["float", "integer", "choice"] = "float"
    """What a value is: a number, a whole number, or one of `choices`."""

    at_least: float | None = None
    """Least value of a number. Needed for numbers."""

    at_most: float | None = None
    """Greatest value of a number. Needed for numbers."""

    log: bool = False
    """Whether factors count, not differences: as many trials between 0.001 and 0.01 as between 0.01 and 0.1."""

    choices: tuple[ChoiceValue, ...] = Field(default=(), max_length=64)
    """The values of a choice, which have no order: `[adam, sgd]`."""

    @model_validator(mode="after")
    @refuses
    def _of_a_type(self) -> Iterator[FieldProblem]:
        if self.type == "choice":
            yield from self._choice_problems()
            return
        if self.choices:
            yield FieldProblem(
                ("choices",), f"none for values of type {self.type}", "remove them, or set type to choice",
                fields=(("type",),),
            )  # fmt: skip
        bounds = (("at_least", self.at_least), ("at_most", self.at_most))
        for field, bound in bounds:
            if bound is None:
                yield FieldProblem((field,), "a bound: a search has no end without both", "give it", got="none")
            elif self.type == "integer" and not bound.is_integer():
                yield FieldProblem(
                    (field,), "a whole number", "correct it, or set type to float", fields=((field,), ("type",))
                )
        if self.at_least is None or self.at_most is None:
            return
        if self.at_least >= self.at_most:
            yield FieldProblem(
                ("at_least",), f"less than at_most, {self.at_most:g}", "lower it, or raise at_most",
                fields=(("at_most",),),
            )  # fmt: skip
        if self.log and self.at_least <= 0:
            yield FieldProblem(
                ("at_least",), "more than 0: log counts factors", "raise it, or remove log", fields=(("log",),)
            )

    def _choice_problems(self) -> Iterator[FieldProblem]:
        for field in ("at_least", "at_most"):
            if getattr(self, field) is not None:
                yield FieldProblem(
                    (field,), "none for a choice", "remove it, or set type to float", fields=((field,), ("type",))
                )
        if self.log:
            yield FieldProblem(("log",), "none for a choice", "remove it, or set type to float", fields=(("type",),))
        # as the program gets them: 1 and "1" are one text
        if len({str(each) for each in self.choices}) < max(2, len(self.choices)):
            yield FieldProblem(
                ("choices",), "at least two different values", "name each value once", fields=(("choices",), ("type",))
            )


class TuneSpec(SpecModel):
    """A search: the step's command runs once for each trial, with other values, and the best trial's outputs are the
    step's outputs.

    The values are chosen by Optuna's tree of Parzen estimators, on the machines of the step, by `mlplatform-step tune`:
    the step's image needs `mlplatform[tune]`. A trial that fails is left out; the step fails when more than half do.
    """

    parameters: tuple[TunedParameter, ...] = Field(min_length=1, max_length=20)
    """What is searched. The command, or a variable, names each as `{{tune.NAME}}`."""

    metric: MetricName
    """The number that decides, in `metrics.json` of one of the step's outputs."""

    goal: Literal["maximize", "minimize"]
    """Whether the best trial has the greatest or the least."""

    trials: int = Field(ge=2, le=1000)
    """Trials in all."""

    trial_minutes: int = Field(ge=1, le=28 * 24 * 60)
    """Longest trial, minutes; it is ended then, and counts as failed."""

    parallel: int = Field(default=1, ge=1, le=64)
    """Trials at the same time on each machine, which share its vCPUs and have equal parts of its accelerators."""

    machines: int = Field(default=1, ge=1, le=8)
    """Machines at the same time. Each searches with its part of the trials, and does not see the others' results."""

    without_gain: int | None = Field(default=None, ge=1, le=1000)
    """Trials in a row without a better one after which a machine ends its search. Omitted: all trials run."""

    stop_trials: bool = False
    """Whether a trial ends early when it is worse than the median of former trials at the same point. The program
    writes `metrics.json` anew whenever it knows more, for example after each epoch."""

    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    """Beginning of the random numbers. With one trial at a time on a machine the same seed tries the same values."""

    @property
    def rounds(self) -> int:
        """Trials that a machine runs one after the other, at most."""
        return -(-self.trials_of(0) // self.parallel)

    def trials_of(self, machine: int) -> int:
        """Trials of one machine.

        Args:
            machine: its number, from 0.
        """
        return len(range(machine, self.trials, self.machines))

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("parameters", [each.name for each in self.parameters], of="tuned value")
        if self.parallel * self.machines > self.trials:
            yield FieldProblem(
                ("trials",),
                f"at least parallel times machines, {self.parallel * self.machines}: else some have nothing to do",
                "raise it, or lower parallel or machines",
                fields=(("parallel",), ("machines",)),
            )


def tune_problems(tune: TuneSpec, step: "StepSpec") -> Iterator[FieldProblem]:
    """What does not fit between a search and its step.

    Args:
        tune: the search.
        step: its step.
    """
    if step.own:
        yield FieldProblem(
            ("tune",),
            f"none in a step of kind {step.kind}: it is the platform's own program",
            "remove it, or set kind to train",
            fields=(("kind",),),
        )
    if SEARCH in step.outputs:
        yield FieldProblem(
            ("outputs", SEARCH), "another name: a search writes its trials there itself", "rename it",
            fields=(("tune",),),
        )  # fmt: skip
    yield from _metric_problems(tune, step)
    yield from _machine_problems(tune, step)
    least = tune.rounds * tune.trial_minutes
    if step.timeout_minutes < least:
        yield FieldProblem(
            ("timeout_minutes",),
            f"at least {least}: {tune.rounds} trials after each other take up to {tune.trial_minutes} minutes each",
            f"set it to {least} or more, or run more trials at a time, on more machines",
            fields=(("timeout_minutes",), ("tune",)),
        )
    used = {name for _, (group, name) in step.placeholders() if group == "tune"}
    for index, each in enumerate(tune.parameters):
        if each.name not in used:
            yield FieldProblem(
                ("tune", "parameters", index, "name"),
                f"a command that reads it: nothing names {{{{tune.{each.name}}}}}",
                "hand the placeholder to the program, or remove it",
                fields=(("tune", "parameters"), ("command",), ("env",)),
            )


def _metric_problems(tune: TuneSpec, step: "StepSpec") -> Iterator[FieldProblem]:
    writers = [name for name, output in step.outputs.items() if tune.metric in output.metrics]
    known = [metric for output in step.outputs.values() for metric in output.metrics]
    if len(writers) != 1:
        near = nearest_names(tune.metric, known)
        yield FieldProblem(
            ("tune", "metric"),
            f"a metric of one output of the step: {', '.join(known) or 'it writes none'}"
            if not writers
            else f"a metric of one output, not of {' and '.join(writers)}",
            "name it in one output alone"
            if writers
            else f"write {near[0]}"
            if near
            else "add an output of kind metrics",
            fields=(("tune", "metric"), ("outputs",)),
        )


def _machine_problems(tune: TuneSpec, step: "StepSpec") -> Iterator[FieldProblem]:
    resources: FieldPath = ("resources",)
    if step.resources.nodes > 1:
        yield FieldProblem(
            (*resources, "nodes"),
            "1 for a search, each trial of which runs on one machine",
            "set it to 1, and search on several by tune.machines",
            fields=((*resources, "nodes"), ("tune",)),
        )
    if tune.parallel > step.resources.vcpus:
        yield FieldProblem(
            ("tune", "parallel"),
            f"at most resources.vcpus, {step.resources.vcpus}",
            "lower it, or raise resources.vcpus",
            fields=(("tune", "parallel"), (*resources, "vcpus")),
        )
    if tune.parallel > 1 and step.resources.accelerator:
        found = [Accelerator.parse(name) for name in step.resources.accelerator]
        counts = {each.count for each in found}
        if any(each.model.vendor == "aws" for each in found):
            yield FieldProblem(
                ("tune", "parallel"),
                "1 on AWS's own accelerators, whose runtime gives a program all cores",
                "set it to 1, and raise tune.machines",
                fields=(("tune", "parallel"), (*resources, "accelerator")),
            )
        elif len(counts) > 1 or min(counts) % tune.parallel:
            yield FieldProblem(
                ("tune", "parallel"),
                f"a part of the machine's accelerators, {_counts(counts)}: each trial has the same number",
                "lower it, or ask for accelerators that it divides, as many of each kind",
                fields=(("tune", "parallel"), (*resources, "accelerator")),
            )


def _counts(counts: Set[int]) -> str:
    return " or ".join(map(str, sorted(counts)))
