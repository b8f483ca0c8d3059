"""What the program that looks for drift is told: one document per endpoint, as the platform writes it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlplatform.field_problem import FieldProblem, refuses
from mlplatform.spec.base import SpecModel
from mlplatform.spec.model_monitor import MOST_WORKERS
from mlplatform.spec.monitor_questions import (
    MOST_ALPHA,
    ColumnName,
    MonitorMetric,
    MonitorMetricName,
    MonitorQuestions,
    MonitorTask,
    alarm_problems,
)
from mlplatform.spec.triggers import TriggerEvent

_METRIC: Mapping[MonitorTask, MonitorMetricName] = {
    "classification": "accuracy",
    "regression": "mae",
    "ranking": "ndcg",
    "language": "grounded",
}
"""The metric where none is named."""

WORKER_VARIABLE, RUN_VARIABLE = "MLPLATFORM_MONITOR_WORKER", "MLPLATFORM_MONITOR_RUN"
"""Variables of one of several workers: its number, from 0, and what started all of them, where the place that runs them
has no variables of its own for it."""

Address = Annotated[str, Field(min_length=1)]


class MonitorSettings(MonitorQuestions):
    """What is judged."""

    endpoint: ColumnName
    """Name of the endpoint."""

    model: ColumnName
    """Name of the model."""

    version: ColumnName | None = None
    """Version of the model that serves. Omitted: not compared with the reference's."""

    variant: ColumnName | None = None
    """Variant whose answers are judged, where several are captured. Omitted: all answers are."""

    label: ColumnName = "label"
    """Column of the truth in the reference and in the labels."""

    label_days: float = Field(default=0, ge=0, le=3650)
    """Days until the labels of a row are there."""

    runs_per_year: int = Field(default=365, ge=1, le=2 * 8784)
    """How often the monitor looks."""

    pipeline: ColumnName | None = None
    """Pipeline that is asked to run. Omitted: none."""

    @property
    def alpha(self) -> float:
        """Chance of a false alarm in one run."""
        return min(MOST_ALPHA, self.false_alarms_per_year / self.runs_per_year)

    @property
    def watched(self) -> tuple[MonitorMetric, ...]:
        """The metrics."""
        return self.metrics or (MonitorMetric(metric=_METRIC[self.task]),)

    @property
    def has_classes(self) -> bool:
        """Whether labels are classes, not numbers."""
        return self.task != "regression"

    @model_validator(mode="after")
    @refuses
    def _rarely_wrong(self) -> Iterator[FieldProblem]:
        yield from alarm_problems(self.false_alarms_per_year, self.runs_per_year)


class MonitorDoor(SpecModel):
    """The queue of the pipelines' door."""

    cloud: str
    """Name of the cloud whose queue it is."""

    inbox: Address
    """Address of the queue, as the stack's output `door` has it."""

    events: tuple[TriggerEvent, ...]
    """What the pipeline may be asked for."""


class ServedGroup(SpecModel):
    """A group of features that captured rows are compared with."""

    name: ColumnName
    """Name of the group."""

    table: Address
    """Address of the folder of its Parquet files."""

    keys: tuple[ColumnName, ...] = Field(min_length=1)
    """Columns of the keys of its entities, in the table and in requests."""

    features: tuple[ColumnName, ...] = Field(min_length=1)
    """Features that are compared."""

    timestamp: ColumnName
    """Column with the moment from which a row is true."""

    created: ColumnName | None = None
    """Column with the moment at which it was written. Omitted: the same."""

    ttl_hours: int | None = None
    """Hours for which a value is believed. Omitted: for ever."""

    late_hours: int = Field(default=24, ge=0)
    """Hours by which a served value may be older than the table's."""


class MonitorJob(SpecModel):
    """All that one monitor is told. The program finds it by a variable, or by its address."""

    version: Literal[1] = 1
    """Version of the document."""

    settings: MonitorSettings
    """What is judged."""

    model: Address
    """Address of the folder of the model's version, with its signature."""

    reference: Address
    """Address of the folder of the reference."""

    capture: tuple[Address, ...] = Field(min_length=1)
    """Addresses of the folders that the endpoint captures to."""

    labels: Address | None = None
    """Address of the folder of labels. Omitted: none."""

    features: tuple[ServedGroup, ...] = ()
    """Groups of features that captured rows are compared with. Omitted: none."""

    reports: Address
    """Address of the folder of reports; each look writes to a folder of its own below."""

    hours: int = Field(ge=1, le=31 * 24)
    """Length of the window, hours."""

    workers: int = Field(default=1, ge=1, le=MOST_WORKERS)
    """Processes that count the window together."""

    wait_seconds: int = Field(default=3600, ge=1)
    """Seconds that the first of several workers waits for the counts of the others."""

    door: MonitorDoor | None = None
    """Where a run is asked for. Omitted: nobody is asked."""
