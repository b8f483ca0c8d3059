"""Gates: what a candidate must prove before it may be registered as one that can be released."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel

MetricName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
"""A measured value: lower-case words with underscores, `auc` or `latency_p95_ms`."""

ColumnName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,62}$")]

Licence = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$", max_length=100)
]
"""A licence as SPDX writes it: `Apache-2.0`."""

SignOffRole = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
"""What a person is who signs off a model: `domain-expert`, `model-risk`."""

PairedTest = Literal["delong", "mcnemar", "bootstrap"]
"""Tests that compare two models on the same rows.

- `delong`: the area under the ROC curve of two scores.
- `mcnemar`: the accuracy of two classifiers, exact.
- `bootstrap`: any other metric, by drawing the same rows for both.
"""

TESTED_METRICS: dict[PairedTest, tuple[str, ...]] = {"delong": ("auc",), "mcnemar": ("accuracy",)}
"""Metrics that a test is made for; `bootstrap` is for all."""

MORE_IS_BETTER = ("auc", "average_precision", "accuracy", "precision", "recall", "f1", "r2")
"""Metrics that the gate computes from predictions, of which a greater value is better."""

LESS_IS_BETTER = ("log_loss", "brier", "false_positive_rate", "mae", "rmse")
"""Metrics that the gate computes from predictions, of which a smaller value is better."""

COMPUTED_METRICS = (*MORE_IS_BETTER, *LESS_IS_BETTER, "positive_rate")
"""All metrics that the gate computes from predictions. The positive rate, which compares parts, is neither."""

OWN_COLUMNS = ("id", "score", "predicted", "released_score", "released_predicted")
"""Columns of predictions with a meaning of their own, which make no parts."""


def _computed(metric: str, known: tuple[str, ...], reason: str) -> Iterator[FieldProblem]:
    if metric not in known:
        near = nearest_names(metric, known)
        yield FieldProblem(
            ("metric",),
            f"a metric that {reason}: {', '.join(known)}",
            f"write {near[0]}" if near else "use one of these; the evaluating step's own metrics can have thresholds",
        )


class ThresholdSpec(SpecModel):
    """A bound of one metric that holds without any other model."""

    metric: MetricName
    """The metric, as the evaluating step writes it."""

    at_least: float | None = None
    """Least value that passes. Omitted: no lower bound."""

    at_most: float | None = None
    """Greatest value that passes. Omitted: no upper bound."""

    def __init__(self, metric: str | None = None, **data: object) -> None:
        # optional for Python alone: data without it must reach the validator instead of a TypeError
        super().__init__(**(data if metric is None else {"metric": metric, **data}))

    @model_validator(mode="after")
    @refuses
    def _bounded(self) -> Iterator[FieldProblem]:
        least, most = self.at_least, self.at_most
        if least is None and most is None:
            yield FieldProblem(
                ("at_least",), "a bound", "give at_least or at_most", got="neither", fields=(("at_most",),)
            )
        if least is not None and most is not None and least > most:
            yield FieldProblem(
                ("at_least",), f"at most at_most, {most:g}", "lower it, or raise at_most", fields=(("at_most",),)
            )


class ChampionSpec(SpecModel):
    """The comparison with the model that is released now, on the same rows.

    With no model released there is nothing to compare with: the thresholds alone decide then.
    """

    metric: MetricName
    """The metric that both models are compared by, computed from the predictions of both on the same rows."""

    test: PairedTest = "bootstrap"
    """The paired test."""

    margin: float = Field(default=0.0, ge=-1.0, le=1.0)
    """Least improvement that the test must show, in units of the metric; of an error, by how much it is smaller.
    0: the candidate must be better. Negative: it may be worse by so much, which is a test that it is not worse."""

    alpha: float = Field(default=0.05, gt=0.0, le=0.2)
    """Share of candidates that are no better and pass all the same, one-sided."""

    @model_validator(mode="after")
    @refuses
    def _fits(self) -> Iterator[FieldProblem]:
        made_for = TESTED_METRICS.get(self.test)
        if made_for and self.metric not in made_for:
            yield FieldProblem(
                ("test",),
                f"a test of {self.metric}: {self.test} is a test of {', '.join(made_for)}",
                "use bootstrap, or another metric",
                fields=(("metric",),),
            )
        if self.test == "mcnemar" and self.margin:
            yield FieldProblem(
                ("margin",),
                "0: mcnemar tells whether one model is right more often, not by how much",
                "remove margin, or use bootstrap",
                fields=(("test",),),
            )
        yield from _computed(self.metric, MORE_IS_BETTER + LESS_IS_BETTER, "the gate computes, and that can be better")


class SliceSpec(SpecModel):
    """A bound that holds in every part of the test rows that one column makes: by country, by age group."""

    column: ColumnName
    """Column of the predictions that names the part. Rows without a value are a part of their own."""

    metric: MetricName
    """The metric, computed for each part."""

    at_least: float | None = None
    """Least value in each part. Omitted: no lower bound."""

    at_most: float | None = None
    """Greatest value in each part. Omitted: no upper bound."""

    most_difference: float | None = Field(default=None, gt=0.0)
    """Greatest difference between the best and the worst part. Omitted: no bound."""

    least_rows: int = Field(default=100, ge=10)
    """Rows that a part needs to be judged; a part with fewer is named in the result, and the gate does not pass."""

    @model_validator(mode="after")
    @refuses
    def _bounded(self) -> Iterator[FieldProblem]:
        if self.at_least is None and self.at_most is None and self.most_difference is None:
            yield FieldProblem(
                ("at_least",),
                "a bound",
                "give at_least, at_most or most_difference",
                got="none",
                fields=(("at_most",), ("most_difference",)),
            )
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            yield FieldProblem(
                ("at_least",),
                f"at most at_most, {self.at_most:g}",
                "lower it, or raise at_most",
                fields=(("at_most",),),
            )
        if self.column in OWN_COLUMNS:
            yield FieldProblem(
                ("column",), f"a column that names parts; {', '.join(OWN_COLUMNS)} do not", "name another column"
            )
        yield from _computed(self.metric, COMPUTED_METRICS, "the gate computes from predictions")


class GateSpec(SpecModel):
    """What a candidate must prove. A gate that cannot judge, for lack of rows or labels, says so and does not pass."""

    thresholds: tuple[ThresholdSpec, ...] = ()
    """Bounds of metrics. At least one, because the first model has no other to be compared with."""

    champion: ChampionSpec | None = None
    """Comparison with the released model. Omitted: none."""

    slices: tuple[SliceSpec, ...] = ()
    """Bounds by part of the test rows. Omitted: none."""

    least_rows: int = Field(default=500, ge=20)
    """Labelled test rows that are needed for any judgement."""

    most_model_mib: float | None = Field(default=None, gt=0.0)
    """Greatest size of the model's files, MiB. Omitted: any size."""

    licences: tuple[Licence, ...] = ()
    """Licences that the model and the model that it was trained from may have, as `provenance.json` in the model's
    folder says them; without the file the gate cannot judge. A base model needs a revision that cannot move. Omitted:
    nobody asks."""

    sign_off: tuple[SignOffRole, ...] = ()
    """Who must sign a candidate off before `mlplatform promote` releases it, by what they are. The record names them.
    Omitted: nobody."""

    @model_validator(mode="after")
    @refuses
    def _has_a_floor(self) -> Iterator[FieldProblem]:
        yield from repeated("licences", list(self.licences), inner=None, of="licence")
        yield from repeated("sign_off", list(self.sign_off), inner=None, of="role")
        yield from repeated(
            "thresholds", [threshold.metric for threshold in self.thresholds], inner="metric", of="bound"
        )
        if not self.thresholds:
            yield FieldProblem(
                ("thresholds",),
                "a bound that holds without a released model"
                + (
                    ": the first model has none, and an old one may be worth nothing after a shift"
                    if self.champion
                    else ""
                ),
                "add a threshold, for example of the same metric",
                got="none",
                fields=(("champion",),) if self.champion else (),
            )

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics that the evaluating step must write, each once; those of slices are computed from the predictions."""
        return tuple(dict.fromkeys(threshold.metric for threshold in self.thresholds))

    @property
    def needs_model(self) -> bool:
        """Whether it reads the model's files, besides the metrics."""
        return self.most_model_mib is not None or bool(self.licences)

    @property
    def needs_predictions(self) -> bool:
        """Whether it reads the predictions of each test row, besides the metrics."""
        return self.champion is not None or bool(self.slices)
