"""Arguments and outputs of the package. Derived: `python -m mlplatform.package.derive`, never edited."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict


class ScheduleTrigger(TypedDict):
    """A run at moments that a cron expression names."""

    name: str
    """Unique among the pipeline's schedules: `nightly`."""

    cron: str
    """Minute, hour, day of the month, month and day of the week, the last one by name: `0 3 * * MON-FRI`. The
    platform's own program reads it, so it means the same on each cloud; a run starts at most some minutes later.
    """

    time_zone: NotRequired[str]
    """IANA name: `Europe/Zurich`. A time that the change to summer time leaves out runs when the clock has been
    moved, and one that comes twice runs once.
    """

    parameters: NotRequired[Mapping[str, Any]]
    """Values of its runs by name of the pipeline's parameter. Omitted: the defaults."""


class DataTrigger(TypedDict):
    """A run when new data is complete below a folder of the store."""

    name: str
    """Unique among the pipeline's data: `claims`."""

    place: NotRequired[str]
    """Place of the store. What runs write themselves, in other places, starts none.

    One of data, features.
    """

    path: str
    """Folder in that place, which a step reads as an input: `claims`. New objects below it count."""

    marker: NotRequired[str]
    """Name of the object that a producer writes last: `_SUCCESS`. Others do not count then. Omitted: each new object
    counts, and `quiet_minutes` decides whether the data is complete.
    """

    parameters: NotRequired[Mapping[str, Any]]
    """Values of its runs by name of the pipeline's parameter. Omitted: the defaults."""


class TeamCeilings(TypedDict):
    """What all pipelines of a team on one target may do together."""

    name: str
    """The team: pipelines with the same name share the ceilings, and each says the same ones: `fraud`."""

    max_runs_at_once: NotRequired[int]
    """Most runs of these pipelines that are going at the same moment, whoever started them. Omitted: one of each
    pipeline.
    """

    max_usd_per_month: NotRequired[float]
    """Most that the runs of a calendar month may cost together, USD, each counted as the most that it can cost. Not
    even forced runs go beyond. Omitted: no bound.
    """


class TriggersSpec(TypedDict):
    """What starts runs of a pipeline, and what holds them back. All of it goes through one door per pipeline, which
    starts one run for all that happened, keeps what must wait, and records why something was skipped.
    """

    enabled: NotRequired[bool]
    """Whether runs start. False: everything is skipped and recorded, except a forced `mlplatform retrain`."""

    schedules: NotRequired[Sequence[ScheduleTrigger]]
    """Runs by the clock. One that comes while a run is going, or in the cool-down, is skipped. Omitted: none."""

    data: NotRequired[Sequence[DataTrigger]]
    """Runs by new data. Omitted: none."""

    events: NotRequired[Sequence[str]]
    """What monitors may ask for a run for: drift of the data, or loss of quality. Omitted: nothing.

    One of drift, quality.
    """

    new_labels: NotRequired[int]
    """A run starts when so many new labels were reported since the last one. Omitted: labels start none."""

    branch: NotRequired[str]
    """Branch of the training code: CI asks for a run after a push to it. Omitted: code starts none."""

    quiet_minutes: NotRequired[int]
    """A run waits until nothing new has come for so long, so that late files are in it; at most ten times as long.
    Schedules and people do not wait.
    """

    cooldown_hours: NotRequired[int]
    """Shortest time between the starts of two runs, hours; at least the pipeline's `timeout_hours`. Omitted: that."""

    max_runs_per_month: NotRequired[int]
    """Most runs that start in a calendar month, UTC; only forced ones go beyond."""

    max_usd_per_month: NotRequired[float]
    """Most that the runs of a calendar month may cost, USD, each counted as the most that it can cost. Not even
    forced runs go beyond. Omitted: no bound but that of the runs.
    """

    team: NotRequired[TeamCeilings]
    """The team that the pipeline belongs to, and what its pipelines may do together. Omitted: none."""
