"""What starts a pipeline without a person, and what holds it back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from mlplatform.field_problem import FieldPath, FieldProblem, refuses, repeated
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel
from mlplatform.spec.pipeline_parameters import ParameterName, ParameterSpec, type_of
from mlplatform.spec.step_folders import StorePath

TriggerName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=32)]
BranchName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=100)]
TriggerEvent = Literal["drift", "quality"]

ParameterText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.,:/=@+-]*$", max_length=256)]
"""A value that reaches a command line as it is on each service: without quotes, spaces and what a shell reads."""

ParameterValue = bool | int | float | ParameterText

TICK_MINUTES = 5
"""Every so many minutes the platform's own program looks whether a run must start."""


class ScheduleTrigger(SpecModel):
    """A run at moments that a cron expression names."""

    name: TriggerName
    """Unique among the pipeline's schedules: `nightly`."""

    cron: str = Field(max_length=100)
    """Minute, hour, day of the month, month and day of the week, the last one by name: `0 3 * * MON-FRI`. The
    platform's own program reads it, so it means the same on each cloud; a run starts at most some minutes later."""

    time_zone: str = Field(default="UTC", max_length=60)
    """IANA name: `Europe/Zurich`. A time that the change to summer time leaves out runs when the clock has been moved,
    and one that comes twice runs once."""

    parameters: dict[ParameterName, ParameterValue] = Field(default_factory=dict[str, bool | int | float | str])
    """Values of its runs by name of the pipeline's parameter. Omitted: the defaults."""

    @model_validator(mode="after")
    @refuses
    def _read_alike(self) -> Iterator[FieldProblem]:
        from mlplatform.spec.schedules import cron_problem, time_zone

        if problem := cron_problem(self.cron):
            expected, fix = problem
            yield FieldProblem(("cron",), expected, _meant_cron(self.cron) or fix)
        if time_zone(self.time_zone) is None:
            yield FieldProblem(
                ("time_zone",),
                "the IANA name of a time zone: UTC, or a place such as Europe/Zurich",
                _meant_zone(self.time_zone) or "correct it; abbreviations such as CET are not the same everywhere",
            )


_CRON_NAMES = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "midnight": "0 0 * * *",
    "weekly": "0 0 * * SUN",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
    "annually": "0 0 1 1 *",
}


def _meant_cron(written: str) -> str:
    """What to write for the name of a schedule, or for one that begins with seconds; empty where it is neither."""
    from mlplatform.spec.schedules import cron_problem

    if named := _CRON_NAMES.get(written.strip().lower().removeprefix("@")):
        return f"write `{named}`"
    seconds, _, rest = written.strip().partition(" ")
    return f"write `{rest.strip()}`, without seconds" if seconds == "0" and cron_problem(rest) is None else ""


def _meant_zone(written: str) -> str:
    """What to write for the place of a time zone alone; empty where no zone or several end so."""
    from zoneinfo import available_timezones

    place = written.strip().lower().replace(" ", "_")
    found = sorted(zone for zone in available_timezones() if zone.lower().rpartition("/")[2] == place and "/" in zone)
    return f"write {found[0]}" if len(found) == 1 else ""


class DataTrigger(SpecModel):
    """A run when new data is complete below a folder of the store."""

    name: TriggerName
    """Unique among the pipeline's data: `claims`."""

    place: Literal["data", "features"] = "data"
    """Place of the store. What runs write themselves, in other places, starts none."""

    path: StorePath
    """Folder in that place, which a step reads as an input: `claims`. New objects below it count."""

    marker: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,100}$")
    """Name of the object that a producer writes last: `_SUCCESS`. Others do not count then. Omitted: each new object
    counts, and `quiet_minutes` decides whether the data is complete."""

    parameters: dict[ParameterName, ParameterValue] = Field(default_factory=dict[str, bool | int | float | str])
    """Values of its runs by name of the pipeline's parameter. Omitted: the defaults."""


class TeamCeilings(SpecModel):
    """What all pipelines of a team on one target may do together."""

    name: TriggerName
    """The team: pipelines with the same name share the ceilings, and each says the same ones: `fraud`."""

    max_runs_at_once: int | None = Field(default=None, ge=1, le=100)
    """Most runs of these pipelines that are going at the same moment, whoever started them. Omitted: one of each
    pipeline."""

    max_usd_per_month: float | None = Field(default=None, gt=0.0)
    """Most that the runs of a calendar month may cost together, USD, each counted as the most that it can cost. Not
    even forced runs go beyond. Omitted: no bound."""

    @model_validator(mode="after")
    @refuses
    def _bounded(self) -> Iterator[FieldProblem]:
        if self.max_runs_at_once is None and self.max_usd_per_month is None:
            yield FieldProblem(
                ("max_runs_at_once",),
                "a ceiling: without one nothing is shared",
                "set max_runs_at_once or max_usd_per_month, or remove the team",
                got="neither max_runs_at_once nor max_usd_per_month",
            )


class TriggersSpec(SpecModel):
    """What starts runs of a pipeline, and what holds them back. All of it goes through one door per pipeline, which
    starts one run for all that happened, keeps what must wait, and records why something was skipped."""

    enabled: bool = True
    """Whether runs start. False: everything is skipped and recorded, except a forced `mlplatform retrain`."""

    schedules: tuple[ScheduleTrigger, ...] = Field(default=(), max_length=8)
    """Runs by the clock. One that comes while a run is going, or in the cool-down, is skipped. Omitted: none."""

    data: tuple[DataTrigger, ...] = Field(default=(), max_length=8)
    """Runs by new data. Omitted: none."""

    events: tuple[TriggerEvent, ...] = Field(default=(), max_length=2)
    """What monitors may ask for a run for: drift of the data, or loss of quality. Omitted: nothing."""

    new_labels: int | None = Field(default=None, ge=1)
    """A run starts when so many new labels were reported since the last one. Omitted: labels start none."""

    branch: BranchName | None = None
    """Branch of the training code: CI asks for a run after a push to it. Omitted: code starts none."""

    quiet_minutes: int = Field(default=15, ge=0, le=24 * 60)
    """A run waits until nothing new has come for so long, so that late files are in it; at most ten times as long.
    Schedules and people do not wait."""

    cooldown_hours: int | None = Field(default=None, ge=1, le=28 * 24)
    """Shortest time between the starts of two runs, hours; at least the pipeline's `timeout_hours`. Omitted: that."""

    max_runs_per_month: int = Field(default=31, ge=1, le=1000)
    """Most runs that start in a calendar month, UTC; only forced ones go beyond."""

    max_usd_per_month: float | None = Field(default=None, gt=0.0)
    """Most that the runs of a calendar month may cost, USD, each counted as the most that it can cost. Not even forced
    runs go beyond. Omitted: no bound but that of the runs."""

    team: TeamCeilings | None = None
    """The team that the pipeline belongs to, and what its pipelines may do together. Omitted: none."""

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]:
        yield from repeated("schedules", [each.name for each in self.schedules], of="schedule")
        yield from repeated("data", [each.name for each in self.data], of="data trigger")
        yield from repeated("events", self.events, inner=None, of="event")
        for index, each in enumerate(self.data):
            for first, other in enumerate(self.data[:index]):
                if each.place == other.place and (_inside(each.path, other.path) or _inside(other.path, each.path)):
                    yield FieldProblem(
                        ("data", index, "path"),
                        f"a folder apart from that of {other.name}: one object would count twice",
                        "keep the outer one of the two",
                        fields=(("data", index), ("data", first)),
                    )

    def pause(self, timeout_hours: int) -> int:
        """Hours between the starts of two runs: `cooldown_hours`, or the pipeline's longest run."""
        return self.cooldown_hours or timeout_hours


def trigger_problems(
    triggers: TriggersSpec,
    *,
    parameters: Sequence[ParameterSpec],
    timeout_hours: int,
    max_usd_per_run: float | None,
    folders: Sequence[tuple[str, str]],
    programs_image: str | None,
) -> Iterator[FieldProblem]:
    """Problems of triggers with the rest of their pipeline; paths are below `triggers`, or begin with its fields.

    Args:
        triggers: the triggers.
        parameters: the pipeline's parameters.
        timeout_hours: its longest run.
        max_usd_per_run: most that a run may cost, where that is bounded.
        folders: place and path of each folder of the store that a step reads.
        programs_image: its image with the platform's programs.
    """
    at: FieldPath = ("triggers",)
    if programs_image is None:
        yield FieldProblem(
            at,
            "programs_image of the pipeline: mlplatform-step decides there what starts",
            "set programs_image",
            got="triggers, and no programs_image",
            fields=(("programs_image",),),
        )
    if triggers.cooldown_hours is not None and triggers.cooldown_hours < timeout_hours:
        yield FieldProblem(
            (*at, "cooldown_hours"),
            f"at least timeout_hours, {timeout_hours}: a cool-down shorter than a run ends while it is going",
            "raise it, or lower timeout_hours",
            fields=((*at, "cooldown_hours"), ("timeout_hours",)),
        )
    most = triggers.max_usd_per_month
    if most is not None and max_usd_per_run is not None and most < max_usd_per_run:
        yield FieldProblem(
            (*at, "max_usd_per_month"),
            f"at least max_usd_per_run, {max_usd_per_run:g}: no run could ever start",
            "raise it, or lower max_usd_per_run",
            fields=((*at, "max_usd_per_month"), ("max_usd_per_run",)),
        )
    shared = triggers.team.max_usd_per_month if triggers.team else None
    if shared is not None and max_usd_per_run is not None and shared < max_usd_per_run:
        yield FieldProblem(
            (*at, "team", "max_usd_per_month"),
            f"at least max_usd_per_run, {max_usd_per_run:g}: no run could ever start",
            "raise it, or lower max_usd_per_run",
            fields=((*at, "team", "max_usd_per_month"), ("max_usd_per_run",)),
        )
    for index, schedule in enumerate(triggers.schedules):
        here: FieldPath = (*at, "schedules", index)
        yield from _pause_problems(here, schedule, triggers.pause(timeout_hours))
        yield from _value_problems(here, schedule.parameters, parameters)
    for index, data in enumerate(triggers.data):
        here = (*at, "data", index)
        yield from _value_problems(here, data.parameters, parameters)
        if not any(
            place == data.place and (_inside(data.path, path) or _inside(path, data.path)) for place, path in folders
        ):
            known = ", ".join(sorted(f"{place}/{path}" for place, path in folders))
            yield FieldProblem(
                (*here, "path"),
                f"a folder that a step reads as an input: {known or 'no step reads one'}",
                "write one of these, or add it to the inputs of a step",
                got=f"'{data.place}/{data.path}'",
                fields=((*here, "path"), (*here, "place"), ("steps",)),
            )


def _pause_problems(at: FieldPath, schedule: ScheduleTrigger, hours: int) -> Iterator[FieldProblem]:
    """Firings that come in the cool-down of the one before, so that they are always skipped."""
    from mlplatform.spec.schedules import cron_problem, shortest_gap, time_zone

    if cron_problem(schedule.cron) or time_zone(schedule.time_zone) is None:
        return
    gap = shortest_gap(schedule.cron, schedule.time_zone)
    if gap is not None and gap < timedelta(hours=hours):
        yield FieldProblem(
            (*at, "cron"),
            f"firings at least {hours} hours apart, as long as the cool-down: the later one would be skipped",
            f"make it rarer, or set timeout_hours and cooldown_hours to {max(1, int(gap.total_seconds() // 3600))}"
            if gap >= timedelta(hours=1)
            else "make it rarer",
            got=f"'{schedule.cron}', whose firings come {gap.total_seconds() / 3600:g} hours apart",
            fields=((*at, "cron"), ("timeout_hours",), ("triggers", "cooldown_hours")),
        )


def _value_problems(
    at: FieldPath, values: Mapping[str, bool | int | float | str], parameters: Sequence[ParameterSpec]
) -> Iterator[FieldProblem]:
    """Values of parameters that are not there, or of another type."""
    known = {each.name: each for each in parameters}
    for name, value in values.items():
        path: FieldPath = (*at, "parameters", name)
        if name not in known:
            near = nearest_names(name, known)
            yield FieldProblem(
                path,
                f"one of the pipeline's parameters: {', '.join(known) or 'it has none'}",
                f"write {near[0]}" if near else "use one of these, or add it to parameters",
                got=f"'{name}'",
                fields=(path, ("parameters",)),
            )
        elif not carries(known[name], value):
            yield FieldProblem(
                path,
                f"a value of type {known[name].type}",
                "correct it, or the type of the parameter",
                fields=(path, ("parameters",)),
            )


def carries(parameter: ParameterSpec, value: bool | float | str) -> bool:
    """Whether a value has a parameter's type."""
    kind = type_of(value)
    return kind == parameter.type or (kind == "integer" and parameter.type == "float")


def _inside(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder}/")
