"""Monitors of models: what an endpoint captured is compared with the data of the model that serves."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel
from mlplatform.spec.endpoints import Image
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.pipeline_steps import StorePath
from mlplatform.spec.pipelines import PipelineName, PipelineSpec

if TYPE_CHECKING:
    from mlplatform.spec.endpoints import EndpointSpec, VariantSpec
    from mlplatform.spec.platform import PlatformSpec

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

MONITORS_NAMESPACE = "model-monitors"
"""Namespace of the monitors that run on the training cluster."""

MOST_WORKERS = 24
"""Most workers of one look: each counts whole hours of the window."""

LOOK_GIB = 4
"""Memory of a look, GiB: a window of ten million rows by sixty inputs needs less than 2 (docs/monitoring-models.md)."""

ANSWER_KINDS = ("answered", "refused", "cut off", "tool call")
"""What a language model answered, where its answer is not empty."""

TOPICS = 8
"""Numbers that stand for the topic of a text."""

MOST_ALPHA = 0.05
"""Greatest chance of a false alarm in one look."""

HOURS_OF_YEAR = 8760

MOST_HOURS = 31 * 24
"""Longest window, hours."""

MOST_TEXT = 24_000
"""Bytes of the inputs in what a job is told: Cloud Run's variables have at most 32 KiB,
https://docs.cloud.google.com/run/quotas (2026-11)"""

_INPUT_TEXT = '{"name":"","kind":"category"},'

LANGUAGE_SERVERS = ("vllm",)
"""Servers of language models alone, whose prompts and answers are no rows of inputs."""

_NEED_LABELS = ("metrics", "slices", "least_concept", "least_loss", "least_labels")


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


class MonitorLabelsSpec(SpecModel):
    """Where the truth of captured rows comes to, and how late."""

    place: Literal["data", "features"] = "data"
    """Place of the store."""

    path: StorePath
    """Folder in that place, with Parquet files that have a column of the row's id and one of the label."""

    column: ColumnName = "label"
    """Column of the truth, in the labels and in the reference."""

    days: float = Field(default=0, ge=0, le=90)
    """Days until the labels of a row are there. Rows are judged with their labels so many days later, in a look of
    their own."""


class ModelMonitorSpec(MonitorQuestions):
    """Looks at what an endpoint captured, tells what changed, and may ask for another training.

    It needs `capture_percent`. The model's reference stays with its version, so a release brings its own.
    """

    on: Literal["managed", "cluster"] = "managed"
    """Where it runs: a job of the cloud, or a CronJob of the training cluster, which needs `cluster`. It reads the
    captures of endpoints on either."""

    pool: PoolName | None = None
    """With `on` the cluster: the CPU pool of `training` whose nodes run it. Omitted: the nodes of the system pool."""

    workers: int = Field(default=1, ge=1, le=MOST_WORKERS)
    """Workers that count the window together, each some of its hours, for windows of many million rows; the first one
    adds the counts and judges, with the findings of one. They are tasks of the cloud's job, or with `on` the cluster
    pods, which need `pool` if there are several."""

    variant: ColumnName | None = None
    """Variant of the endpoint whose answers are judged, against the reference of its model. Omitted: the one with
    traffic; where several have, it must be named."""

    image: Image | None = Field(default=None, max_length=400)
    """Image with `mlplatform-monitor`. Omitted: `programs_image` of the pipeline that it asks."""

    reference: StorePath = "reference"
    """Folder below the folder of the model's version with Parquet files that have a column for each input, the answers,
    and the label: its labelled test rows. Triton takes each folder beside its models for a model: give it one inside of
    its model, `fraud/reference`."""

    labels: MonitorLabelsSpec | None = None
    """The labels. Omitted: none, so that only inputs and answers are judged."""

    features: ColumnName | None = None
    """Service of `feature_store` whose features the requests carry, beside the keys of their entities: captured values
    are compared with those of the tables, so that training and serving see the same. Omitted: not compared."""

    every_hours: Literal[1, 2, 3, 4, 6, 8, 12, 24] = 24
    """Hours from one look to the next."""

    first_hour: int = Field(default=6, ge=0, le=23)
    """Hour of the day, UTC, of one of the looks: the others follow from `every_hours`."""

    window_hours: int | None = Field(default=None, ge=1, le=MOST_HOURS)
    """Length of the window, hours; it ends an hour before the look. More than `every_hours`: windows overlap, for
    endpoints with few requests. Omitted: `every_hours`."""

    severity: Severity = "warning"
    """Severity of the alerts that tell of a change, which decides who is told: `monitoring.routes`."""

    retrain: tuple[PipelineName, ...] = Field(default=(), max_length=50)
    """Pipelines that are asked for a run when a change is found that training answers: on each target the one that runs
    there. Its `triggers.events` name what it may be asked for. Omitted: nobody is asked."""

    @property
    def window(self) -> int:
        """Hours of the window."""
        return self.window_hours or self.every_hours

    @property
    def late_labels(self) -> bool:
        """Whether rows have a second look, when their labels are there."""
        return self.labels is not None and self.labels.days > 0

    @property
    def looks_per_year(self) -> int:
        """Looks of a year, those with late labels too."""
        return HOURS_OF_YEAR // self.every_hours * (2 if self.late_labels else 1)

    @property
    def hours_of_day(self) -> tuple[int, ...]:
        """The hours, UTC, of its looks."""
        return tuple(range(self.first_hour % self.every_hours, 24, self.every_hours))

    @model_validator(mode="after")
    @refuses
    def _can_tell(self) -> Iterator[FieldProblem]:
        yield from repeated("retrain", self.retrain, inner=None, of="pipeline")
        if self.window < self.every_hours:
            yield FieldProblem(
                ("window_hours",),
                f"at least every_hours, {self.every_hours}: rows between two windows would never be judged",
                "raise it, or lower every_hours",
                fields=(("every_hours",),),
            )
        yield from self._place_problems()
        yield from alarm_problems(self.false_alarms_per_year, self.looks_per_year)
        length = sum(len(each.name.encode()) + len(_INPUT_TEXT) for each in self.inputs)
        if length > MOST_TEXT:
            yield FieldProblem(
                ("inputs",),
                f"at most {MOST_TEXT} characters of names and kinds: a job is told all of them in one variable",
                "omit inputs and log the model with a signature, which has them",
                got=f"{len(self.inputs)} inputs, {length} characters",
            )
        if self.labels is None:
            for name in sorted(self.model_fields_set & set(_NEED_LABELS)):
                if getattr(self, name) != type(self).model_fields[name].default:
                    yield FieldProblem(
                        (name,), "labels, without which this is never judged", f"give labels, or remove {name}",
                        fields=(("labels",),),
                    )  # fmt: skip

    def _place_problems(self) -> Iterator[FieldProblem]:
        """Pools and workers of a job of the cloud, and workers that would have nothing to do."""
        if self.pool and self.on == "managed":
            yield FieldProblem(
                ("pool",),
                "no pool: a job of the cloud has no nodes",
                "set on to cluster, or remove pool",
                fields=(("pool",), ("on",)),
            )
        if self.workers > 1 and self.on == "cluster" and not self.pool:
            yield FieldProblem(
                ("workers",),
                "1, or a pool with nodes for them: the system pool has no room for several",
                "name a pool, or remove workers or on",
                fields=(("workers",), ("on",), ("pool",)),
            )
        if self.workers > self.window:
            yield FieldProblem(
                ("workers",),
                f"at most the hours of the window, {self.window}: each worker counts whole hours",
                "lower it",
                fields=(("workers",), ("window_hours",), ("every_hours",)),
            )


def watched_variant(endpoint: "EndpointSpec") -> "VariantSpec | None":
    """The variant whose answers the monitor of an endpoint judges; None where it has no traffic.

    Args:
        endpoint: the endpoint, with what is released.
    """
    name = endpoint.monitor.variant if endpoint.monitor else None
    served = (each for each in endpoint.all_variants() if each.traffic_percent)
    return next((each for each in served if name in (None, each.name)), None)


def shares_captures(endpoint: "EndpointSpec") -> bool:
    """Whether answers of several variants are captured."""
    return sum(1 for each in endpoint.all_variants() if each.traffic_percent) > 1


def monitor_image(monitor: ModelMonitorSpec, spec: "PlatformSpec") -> str:
    """The image with the program, of a spec that is narrowed to one target.

    Raises:
        LookupError: nothing names one; validation refuses that first.
    """
    pipeline = asked_pipeline(monitor, spec)
    image = monitor.image or (pipeline.programs_image if pipeline else None)
    if image is None:
        raise LookupError("monitor.image: nothing names the image with mlplatform-monitor")
    return image


def asked_pipeline(monitor: ModelMonitorSpec, spec: "PlatformSpec") -> PipelineSpec | None:
    """The pipeline that a monitor asks, of a spec that is narrowed to one target; None where there is none."""
    return next((each for each in spec.pipelines if each.name in monitor.retrain), None)
