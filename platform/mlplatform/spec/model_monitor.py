"""Monitors of models: what an endpoint captured is compared with the data of the model that serves."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses, repeated
from mlplatform.spec.base import SpecModel
from mlplatform.spec.monitor_questions import (
    ColumnName,
    MonitorQuestions,
    alarm_problems,
)
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.nodes import PoolName
from mlplatform.spec.pipelines import PipelineName
from mlplatform.spec.step_folders import StorePath
from mlplatform.spec.variants import Image

MONITORS_NAMESPACE = "model-monitors"
"""Namespace of the monitors that run on the training cluster."""

MOST_WORKERS = 24
"""Most workers of one look: each counts whole hours of the window."""

LOOK_GIB = 4
"""Memory of a look, GiB: a window of ten million rows by sixty inputs needs less than 2 (docs/monitoring-models.md)."""

ANSWER_KINDS = ("answered", "refused", "cut off", "tool call")
"""What a language model answered, where its answer is not empty."""

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

    image: Image | None = None
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
