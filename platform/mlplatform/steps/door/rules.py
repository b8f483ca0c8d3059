"""What the door is told: `mlplatform.components.door_rules` writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import isfinite
from typing import Literal, cast

ParameterKind = Literal["string", "integer", "float", "boolean"]
Value = bool | int | float | str

VERSION = 1

ENGINE = "engine"
"""In `start`: what runs a pipeline that the cloud's own service does not run."""


def has_kind(value: object, kind: ParameterKind) -> bool:
    """Whether a value has a parameter's type: a number is finite, and a whole one is a float too."""
    match kind, value:
        case "boolean", bool():
            return True
        case (("integer" | "float"), int()):
            return not isinstance(value, bool)
        case "float", float():
            return isfinite(value)
        case "string", str():
            return True
        case _:
            return False


class BadDoorRules(ValueError):
    """The document is not one that this version of the program reads."""


@dataclass(frozen=True)
class ScheduleRule:
    """A schedule."""

    name: str
    """Its name."""

    cron: str
    """Its expression."""

    time_zone: str
    """IANA name."""

    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values of its runs."""


@dataclass(frozen=True)
class DataRule:
    """Objects that count as new data."""

    name: str
    """Its name."""

    address: str
    """Address of the folder, with a slash at the end: `s3://bucket/claims/`."""

    marker: str | None = None
    """Name of the object that alone counts; None: each counts."""

    parameters: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Values of its runs."""

    def counts(self, address: str) -> bool:
        """Whether an object counts."""
        # an empty object whose name ends with a slash is how consoles draw a folder
        if not address.startswith(self.address) or address.endswith("/"):
            return False
        return self.marker is None or address.rpartition("/")[2] == self.marker


@dataclass(frozen=True, kw_only=True)
class TeamRule:
    """What the pipelines of a team may do together."""

    name: str
    """The team."""

    max_runs_at_once: int | None = None
    """Most runs that are going; None: no bound."""

    max_usd_per_month: float | None = None
    """Most that the runs of a calendar month may cost, USD; None: no bound."""


@dataclass(frozen=True, kw_only=True)
class PipelineRules:
    """What starts one pipeline, and what holds it back."""

    name: str
    """Its name."""

    timeout_hours: float
    """Longest run."""

    cooldown_hours: float
    """Shortest time between the starts of two runs."""

    max_runs_per_month: int
    """Most runs of a calendar month, UTC."""

    max_usd_per_month: float | None = None
    """Most that they may cost, USD; None: no bound."""

    usd_per_run: float | None = None
    """What each is counted as, USD; None: nobody knows."""

    quiet_minutes: float = 0
    """How long nothing new must have come."""

    enabled: bool = True
    """Whether runs start."""

    schedules: tuple[ScheduleRule, ...] = ()
    """Its schedules."""

    data: tuple[DataRule, ...] = ()
    """Its data."""

    events: tuple[str, ...] = ()
    """What monitors may ask for a run for."""

    new_labels: int | None = None
    """New labels that start a run; None: they start none."""

    branch: str | None = None
    """Branch whose pushes start a run; None: they start none."""

    parameters: Mapping[str, ParameterKind] = field(default_factory=dict[str, ParameterKind])
    """Types of the pipeline's parameters by name."""

    start: Mapping[str, str] = field(default_factory=dict[str, str])
    """What a run starts from, as this cloud's part of the program knows it."""

    team: TeamRule | None = None
    """Its team; None: none."""

    @property
    def engine(self) -> str:
        """What runs it where that is not the cloud's own service: `cluster`, `airflow`; empty otherwise."""
        return self.start.get(ENGINE, "")

    @property
    def quiet(self) -> timedelta:
        """`quiet_minutes`."""
        return timedelta(minutes=self.quiet_minutes)

    @property
    def cooldown(self) -> timedelta:
        """`cooldown_hours`."""
        return timedelta(hours=self.cooldown_hours)

    @property
    def longest(self) -> timedelta:
        """`timeout_hours`."""
        return timedelta(hours=self.timeout_hours)


@dataclass(frozen=True)
class DoorRules:
    """What the door of one target is told."""

    target: str
    """Name of the target."""

    pipelines: tuple[PipelineRules, ...]
    """Its pipelines with triggers."""

    def team_mates(self, rules: PipelineRules) -> tuple[PipelineRules, ...]:
        """The other pipelines of a pipeline's team."""
        team = rules.team
        mates = (each for each in self.pipelines if each.team and team and each.team.name == team.name)
        return tuple(each for each in mates if each.name != rules.name)

    def pipeline(self, name: str) -> PipelineRules | None:
        """One of its pipelines; None where it has none of that name."""
        return next((each for each in self.pipelines if each.name == name), None)


def read_rules(text: str) -> DoorRules:
    """Read the document.

    Raises:
        BadDoorRules: it is not JSON, of another version, or has other fields.
    """
    try:
        whole = cast("dict[str, object]", json.loads(text))
        if whole["version"] != VERSION:
            raise BadDoorRules(
                f"version {whole['version']}, expected {VERSION}: the image of the program is another one"
            )
        pipelines = tuple(map(_pipeline, cast("list[dict[str, object]]", whole["pipelines"])))
        return DoorRules(target=cast("str", whole["target"]), pipelines=pipelines)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise BadDoorRules(f"not the rules of a door: {error}") from None


def _pipeline(given: dict[str, object]) -> PipelineRules:
    known = dict(given)
    schedules = cast("list[dict[str, object]]", known.pop("schedules"))
    data = cast("list[dict[str, object]]", known.pop("data"))
    events = cast("list[str]", known.pop("events"))
    team = cast("dict[str, object] | None", known.pop("team", None))
    return PipelineRules(
        schedules=tuple(ScheduleRule(**each) for each in schedules),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        data=tuple(DataRule(**each) for each in data),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        events=tuple(events),
        team=TeamRule(**team) if team else None,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        **known,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    )


def text_of(value: Value) -> str:
    """A value as the definition declares all of them: as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
