"""What a model monitor asks of the captured rows of a window, and the metrics that there are."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel

ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
MonitorTask = Literal["classification", "regression", "ranking", "language"]
InputKind = Literal["number", "category"]
MonitorMetricName = Literal[
    "accuracy", "precision", "recall", "f1", "positive_rate", "auc", "brier", "mae", "rmse", "ndcg", "mrr", "grounded"
]

CLASS_METRICS = ("accuracy", "precision", "recall", "f1", "positive_rate", "auc", "brier")
"""Metrics of a classification. All but accuracy need two classes. `brier` is the mean squared distance of the score
from the label: it grows where scores are no chances any more, or tell classes apart less."""

VALUE_METRICS = ("mae", "rmse")
"""Metrics of a regression."""

RANKING_METRICS = ("ndcg", "mrr")
"""Metrics of a ranking, of each query: the normalised discounted cumulative gain of its rows, and one by the place of
its first relevant row."""

LESS_IS_BETTER = (*VALUE_METRICS, "brier")

TEXT_METRICS = ("grounded",)
"""Metrics of a language model: the share of labelled answers whose label is 1."""

METRICS: Mapping[MonitorTask, tuple[str, ...]] = {
    "classification": CLASS_METRICS,
    "regression": VALUE_METRICS,
    "ranking": RANKING_METRICS,
    "language": TEXT_METRICS,
}

TOPICS = 8
"""Numbers that stand for the topic of a text."""

MOST_ALPHA = 0.05
"""Greatest chance of a false alarm in one look."""


class MonitorInput(SpecModel):
    """One input of the model."""

    name: ColumnName
    """Its name in requests and in the reference. Requests without names have values in the order of the inputs."""

    kind: InputKind = "number"
    """`number`, or `category`: a value that is one of several, or yes and no."""


LANGUAGE_SIGNALS = (
    MonitorInput(name="prompt_length"),
    MonitorInput(name="answer_length"),
    MonitorInput(name="prompt_language", kind="category"),
    MonitorInput(name="answer_language", kind="category"),
    MonitorInput(name="answer_kind", kind="category"),
    *(MonitorInput(name=f"{side}_topic_{place}") for side in ("prompt", "answer") for place in range(1, TOPICS + 1)),
)
"""What is known of a prompt and its answer. Lengths are logarithms: twice the length is one more."""


class MonitorMetric(SpecModel):
    """A metric of the labelled rows.

    Without a bound it is compared with its value on the reference.
    """

    metric: MonitorMetricName
    """The metric."""

    at_least: float | None = None
    """Least good value. Omitted: no lower bound."""

    at_most: float | None = None
    """Greatest good value. Omitted: no upper bound."""


class MonitorQuestions(SpecModel):
    """What is asked of a window of captured rows, and how sure a finding must be."""

    by_meaning: ClassVar[frozenset[str]] = frozenset({"inputs"})

    task: MonitorTask
    """What the model does. `ranking`: its scores put the rows of a query in order, and labels say how relevant each row
    is, 0 for not at all; the reference has the column `query`. `language`: it answers prompts with text, and signals of
    both are judged, such as lengths, languages, topics, refusals and empty answers; the reference has the columns
    `prompt`, `answer` and `finish_reason`."""

    inputs: tuple[MonitorInput, ...] = Field(default=(), max_length=2000)
    """The model's inputs, in the order of requests without names. Omitted: those of the signature in the model's
    folder, a file `MLmodel` as MLflow writes it. With the task `language`: none, its signals are known."""

    score: ColumnName | None = "score"
    """Name of the answered number: the probability of the second class, or the value. None: classes alone."""

    predicted: ColumnName | None = None
    """Name of the class that it answers. None: the second class from a score of 0.5 on."""

    query: ColumnName = "query"
    """With the task `ranking`: field of a request's row, and column of the reference, that says which query it belongs
    to. Of rows without it a request is one query."""

    row_id: ColumnName = "id"
    """Field of a request's row, and column of the labels, that says which row it is."""

    metrics: tuple[MonitorMetric, ...] = Field(default=(), max_length=20)
    """Metrics of the labelled rows. Omitted: accuracy, the mean absolute error, `ndcg` of a ranking, or, with the task
    `language`, `grounded`, the share of labelled answers with label 1; compared with the reference."""

    slices: tuple[ColumnName, ...] = Field(default=(), max_length=20)
    """Inputs of kind category; metrics and the relation to labels are judged for each of their values too. With the
    task `language`: `prompt_language`, `answer_language`, `answer_kind`."""

    false_alarms_per_year: float = Field(default=1, gt=0, le=366)
    """Expected false alarms of a year in which nothing changes: the chance of one is this by the looks of a year."""

    least_shift: float = Field(default=0.08, gt=0, lt=1)
    """Least share of rows that must have moved for a finding: 0.3 standard deviations of a normal input move 0.12."""

    least_concept: float = Field(default=0.05, gt=0, lt=1)
    """Least mean change of the chance of a label, at the same score, for a finding."""

    least_loss: float = Field(default=0.02, gt=0)
    """Least loss of a metric without bounds; of errors as a share of the reference's value."""

    least_rows: int = Field(default=200, ge=30)
    """Rows, of the window and of the reference, without which nothing is judged."""

    least_labels: int = Field(default=200, ge=30)
    """Labelled rows without which nothing that needs labels is judged."""

    @model_validator(mode="after")
    @refuses
    def _makes_sense(self) -> Iterator[FieldProblem]:
        yield from repeated("inputs", [each.name for each in self.inputs], of="input")
        yield from repeated("slices", self.slices, inner=None, of="slice")
        language = self.task == "language"
        inputs = LANGUAGE_SIGNALS if language else self.inputs
        kinds = {each.name: each.kind for each in inputs}
        categories = ", ".join(name for name, kind in kinds.items() if kind == "category")
        for place, name in enumerate(self.slices if inputs else ()):
            if kinds.get(name) != "category":
                yield FieldProblem(
                    ("slices", place),
                    f"a signal of kind category: {categories}" if language else "an input of kind category",
                    "use one of these" if language else "add it to inputs, or remove it here",
                    got=f"'{name}'",
                    fields=(("inputs",), ("slices", place)),
                )
        if language:
            yield from self._language_problems()
        elif self.score is None and (self.predicted is None or self.task in ("regression", "ranking")):
            yield FieldProblem(
                ("score",), "the name of what the model answers", "name it", fields=(("predicted",), ("task",))
            )
        for name, out in (("predicted", self.task == "ranking"), ("query", self.task != "ranking")):
            if out and not language and getattr(self, name) != MonitorQuestions.model_fields[name].default:
                yield FieldProblem(
                    (name,),
                    "nothing: a ranking is judged by its scores" if name == "predicted" else "a ranking",
                    f"remove {name}",
                    fields=((name,), ("task",)),
                )
        for place, each in enumerate(self.metrics):
            yield from self._metric_problems(place, each)

    def _language_problems(self) -> Iterator[FieldProblem]:
        """What belongs to models of rows."""
        for name in ("inputs", "score", "predicted", "query", "least_concept"):
            if getattr(self, name) != MonitorQuestions.model_fields[name].default:
                yield FieldProblem(
                    (name,),
                    "nothing: with the task language the signals of prompts and answers are known",
                    f"remove {name}",
                    fields=((name,), ("task",)),
                )

    def _metric_problems(self, place: int, each: MonitorMetric) -> Iterator[FieldProblem]:
        at: FieldPath = ("metrics", place)
        known = METRICS[self.task]
        if each.metric not in known:
            yield FieldProblem(
                (*at, "metric"),
                f"a metric of {'language models' if self.task == 'language' else f'a {self.task}'}: {', '.join(known)}",
                "use one of these",
                fields=((*at, "metric"), ("task",)),
            )
            return
        if each.metric in ("auc", "brier") and self.score is None:
            yield FieldProblem(
                (*at, "metric"), "a metric of classes: there is no score", "name the score", fields=(("score",),)
            )
        least, most = each.at_least, each.at_most
        if least is not None and most is not None and least > most:
            yield FieldProblem((*at, "at_least"), f"at most at_most, {most:g}", "lower it", fields=((*at, "at_most"),))
        top = float("inf") if self.task == "regression" else 1.0
        if least is not None and (least <= 0 or least > top):
            yield FieldProblem(
                (*at, "at_least"),
                f"a bound that some values break: above 0{', at most 1' if top == 1 else ''}",
                "correct it: no value, or each value, is below this one",
                got=f"{least:g}",
            )
        if most is not None and (most < 0 or most >= top):
            yield FieldProblem(
                (*at, "at_most"),
                f"a bound that some values break: at least 0{', below 1' if top == 1 else ''}",
                "correct it: no value, or each value, is above this one",
                got=f"{most:g}",
            )


def alarm_problems(false_alarms_per_year: float, looks: int) -> Iterator[FieldProblem]:
    """A chance of false alarms that nobody could live with.

    Args:
        false_alarms_per_year: those that are expected.
        looks: looks of a year.
    """
    if false_alarms_per_year / looks > MOST_ALPHA:
        yield FieldProblem(
            ("false_alarms_per_year",),
            f"at most {MOST_ALPHA * looks:g}, one look in twenty",
            "lower it",
            got=f"{false_alarms_per_year:g}",
        )
