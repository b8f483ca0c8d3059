"""What a monitor is told: the inputs of the model, what it answers, and how sure a finding must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Task: TypeAlias = Literal["classification", "regression"]
InputKind: TypeAlias = Literal["number", "category"]

CLASS_METRICS = ("accuracy", "precision", "recall", "f1", "positive_rate", "auc")
"""Metrics of a classification. Precision, recall, F1, AUC and the positive rate need two classes."""

VALUE_METRICS = ("mae", "rmse")
"""Metrics of a regression."""

MOST_ALPHA = 0.05
"""Greatest chance of a false alarm in one run."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MonitorInput(_Settings):
    """One input of the model."""

    name: Name
    """Its name in requests and in the reference. Requests without names have values in the order of the inputs."""

    kind: InputKind = "number"
    """`number`, or `category`: a value that is one of several, or yes and no."""


class MonitorMetric(_Settings):
    """A metric of the labelled rows.

    Without a bound it is compared with its value on the reference.
    """

    metric: Literal["accuracy", "precision", "recall", "f1", "positive_rate", "auc", "mae", "rmse"]
    """The metric."""

    at_least: float | None = None
    """Least good value. Omitted: no lower bound."""

    at_most: float | None = None
    """Greatest good value. Omitted: no upper bound."""


class MonitorSettings(_Settings):
    """The document that the monitor reads."""

    endpoint: Name
    """Name of the endpoint."""

    model: Name
    """Name of the model."""

    version: Name | None = None
    """Version of the model that serves. Omitted: not compared with the reference's."""

    task: Task
    """What the model does."""

    inputs: Annotated[tuple[MonitorInput, ...], Field(min_length=1, max_length=2000)]
    """The model's inputs, in the order of requests without names."""

    score: Name | None = "score"
    """Name of the answered number: the probability of the second class, or the value. None: classes alone."""

    predicted: Name | None = None
    """Name of the class that it answers. None: the second class from a score of 0.5 on."""

    label: Name = "label"
    """Column of the truth in the reference and in the labels."""

    row_id: Name = "id"
    """Field of a request's row, and column of the labels, that says which row it is."""

    label_days: Annotated[float, Field(ge=0, le=3650)] = 0
    """Days until the labels of a row are there."""

    metrics: tuple[MonitorMetric, ...] = ()
    """Metrics of the labelled rows. Omitted: accuracy, or the mean absolute error, compared with the reference."""

    slices: tuple[Name, ...] = ()
    """Inputs of kind category; metrics and the relation to labels are judged for each of their values too."""

    runs_per_year: Annotated[int, Field(ge=1, le=8784)] = 365
    """How often the monitor looks."""

    false_alarms_per_year: Annotated[float, Field(gt=0, le=366)] = 1
    """Expected false alarms of a year in which nothing changes: the chance of one run is this by `runs_per_year`."""

    least_shift: Annotated[float, Field(gt=0, lt=1)] = 0.08
    """Least share of rows that must have moved for a finding: 0.3 standard deviations of a normal input move 0.12."""

    least_concept: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Least mean change of the chance of a label, at the same score, for a finding."""

    least_loss: Annotated[float, Field(gt=0)] = 0.02
    """Least loss of a metric without bounds; of errors as a share of the reference's value."""

    least_rows: Annotated[int, Field(ge=30)] = 200
    """Rows, of the window and of the reference, without which nothing is judged."""

    least_labels: Annotated[int, Field(ge=30)] = 200
    """Labelled rows without which nothing that needs labels is judged."""

    pipeline: Name | None = None
    """Pipeline that is asked to run. Omitted: none."""

    @property
    def alpha(self) -> float:
        """Chance of a false alarm in one run."""
        return min(MOST_ALPHA, self.false_alarms_per_year / self.runs_per_year)

    @property
    def watched(self) -> tuple[MonitorMetric, ...]:
        """The metrics."""
        return self.metrics or (MonitorMetric(metric="accuracy" if self.task == "classification" else "mae"),)

    @model_validator(mode="after")
    @refuses
    def _makes_sense(self) -> Iterator[FieldProblem]:
        yield from repeated("inputs", [each.name for each in self.inputs], of="input")
        kinds = {each.name: each.kind for each in self.inputs}
        for place, name in enumerate(self.slices):
            if kinds.get(name) != "category":
                yield FieldProblem(
                    ("slices", place), "an input of kind category", "add it to inputs, or remove it here", got=name
                )
        if self.score is None and (self.predicted is None or self.task == "regression"):
            yield FieldProblem(("score",), "the name of what the model answers", "name it")
        if self.false_alarms_per_year / self.runs_per_year > MOST_ALPHA:
            yield FieldProblem(
                ("false_alarms_per_year",),
                f"at most {MOST_ALPHA * self.runs_per_year:g}, one run in twenty",
                "lower it",
                got=f"{self.false_alarms_per_year:g}",
            )
        for place, each in enumerate(self.metrics):
            yield from self._metric_problems(place, each)

    def _metric_problems(self, place: int, each: MonitorMetric) -> Iterator[FieldProblem]:
        known = CLASS_METRICS if self.task == "classification" else VALUE_METRICS
        if each.metric not in known:
            yield FieldProblem(
                ("metrics", place, "metric"), f"a metric of a {self.task}: {', '.join(known)}", "use one of these"
            )
            return
        if each.metric == "auc" and self.score is None:
            yield FieldProblem(("metrics", place, "metric"), "a metric of classes: there is no score", "name the score")
        least, most = each.at_least, each.at_most
        if least is not None and most is not None and least > most:
            yield FieldProblem(("metrics", place, "at_least"), f"at most at_most, {most:g}", "lower it")
        top = 1.0 if self.task == "classification" else float("inf")
        if least is not None and (least <= 0 or least > top):
            yield FieldProblem(
                ("metrics", place, "at_least"),
                f"a bound that some values break: above 0{', at most 1' if top == 1 else ''}",
                "correct it: no value, or each value, is below this one",
                got=f"{least:g}",
            )
        if most is not None and (most < 0 or most >= top):
            yield FieldProblem(
                ("metrics", place, "at_most"),
                f"a bound that some values break: at least 0{', below 1' if top == 1 else ''}",
                "correct it: no value, or each value, is above this one",
                got=f"{most:g}",
            )
