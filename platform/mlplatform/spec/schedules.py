"""Cron schedules with a time zone: one reading on every cloud, because the platform's own program judges them.

Imports nothing of the platform: the program that starts pipelines is shipped with this file alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_STEP = r"(?:/[1-9][0-9]?)?"
_NUMBER = r"[0-9]{1,2}"
_MONTHS = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_DAYS = r"(?:SUN|MON|TUE|WED|THU|FRI|SAT)"


def _listed(item: str) -> re.Pattern[str]:
    part = rf"(?:\*|{item}(?:-{item})?){_STEP}"
    return re.compile(rf"{part}(?:,{part})*")


_SHAPES = (
    _listed(_NUMBER),
    _listed(_NUMBER),
    _listed(_NUMBER),
    _listed(rf"(?:{_NUMBER}|{_MONTHS})"),
    _listed(_DAYS),
)

_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]+){1,2}")

_LOOKED_AT, _YEARS = 64, 6
"""Firings that are looked at, and years: more than a month of daily ones, and a leap year."""


@lru_cache(maxsize=256)  # a spec is validated for each of its targets
def cron_problem(cron: str) -> tuple[str, str] | None:
    """Why a cron expression is refused: what is expected, and what to do; None where it is accepted."""
    fields = cron.split()
    if len(fields) != len(_FIELDS):
        return (
            f"five fields: {', '.join(_FIELDS)}",
            "write for example `0 3 * * MON`; seconds, years and names such as @daily have no meaning here",
        )
    for name, shape, field in zip(_FIELDS, _SHAPES, fields, strict=True):
        if not shape.fullmatch(field.upper()):
            if name == _FIELDS[-1]:
                return (
                    "days of the week by name, SUN to SAT: 1 is Sunday on AWS and Monday elsewhere, and ?, L and # are "
                    "not known everywhere",
                    "write for example MON-FRI",
                )
            return (
                f"numbers, ranges, lists and steps for the {name}: ?, L, W and # are not known everywhere",
                "correct it",
            )
    if fields[2] != "*" and fields[4] != "*":
        return (
            "a day of the month or a day of the week, and * for the other: cron runs on either, AWS refuses both",
            "make two schedules of it",
        )
    from cronsim import CronSim, CronSimError

    try:
        CronSim(cron, _EPOCH)
    except CronSimError as error:
        return (
            "values within their bounds, and ranges from the lower to the higher",
            f"correct it: {str(error).lower()}",
        )
    return None


_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def time_zone(name: str) -> ZoneInfo | None:
    """A time zone by its IANA name; None where there is none of that name."""
    from zoneinfo import ZoneInfo

    # files beside the zones, and names with capitals that only some disks tell apart
    if not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return None


def firings(cron: str, zone: str, after: datetime) -> Iterator[datetime]:
    """The moments at which a schedule fires after a moment, in UTC, each once.

    A time that the change to summer time leaves out fires when the clock has been moved; one that comes twice in autumn
    fires the first time. Schedules by the hour or minute follow the real hours.

    Args:
        cron: an expression that `cron_problem` accepts.
        zone: IANA name of its time zone.
        after: a moment with a time zone.

    Raises:
        LookupError: there is no such zone.
    """
    from cronsim import CronSim

    there = time_zone(zone)
    if there is None:
        raise LookupError(f"no time zone {zone}")
    last = after.astimezone(UTC)
    for found in CronSim(cron, after.astimezone(there)):
        moment = found.astimezone(UTC)
        # where the clock is moved back, a local time can lie before the moment asked for
        if moment > last:
            last = moment
            yield moment


@lru_cache(maxsize=256)
def shortest_gap(cron: str, zone: str) -> timedelta | None:
    """The shortest time between two firings, the change to summer time included; None where there are no two in years.

    Raises:
        LookupError: there is no such zone.
    """
    there = time_zone(zone)
    if there is None:
        raise LookupError(f"no time zone {zone}")
    end = _EPOCH + timedelta(days=_YEARS * 366)
    seen = list(takewhile(lambda moment: moment < end, islice(firings_in_utc(cron, _EPOCH, end), _LOOKED_AT)))
    gap = min((second - first for first, second in pairwise(seen)), default=None)
    # once a year two firings at hours of the day are nearer by what the clock is moved
    offsets = [_EPOCH.replace(month=month).astimezone(there).utcoffset() or timedelta() for month in range(1, 13)]
    return None if gap is None else gap - (max(offsets) - min(offsets) if not _by_the_hour(cron) else timedelta())


def firings_in_utc(cron: str, after: datetime, end: datetime) -> Iterator[datetime]:
    """As `firings` in UTC, which has no change to summer time: by whole days, in a tenth of the time.

    Args:
        cron: an expression that `cron_problem` accepts.
        after: a moment in UTC.
        end: the last day that is looked at.
    """
    from cronsim import CronSim

    schedule = CronSim(cron, after)
    times = [time(hour, minute, tzinfo=UTC) for hour in sorted(schedule.hours) for minute in sorted(schedule.minutes)]
    day = after.date()
    while day <= end.date():
        if day.month not in schedule.months:
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            continue
        if schedule.match_day(day):
            for each in times:
                if (moment := datetime.combine(day, each)) > after:
                    yield moment
        day += timedelta(days=1)


def _by_the_hour(cron: str) -> bool:
    """Whether it follows the real hours, whatever the clock says: as in Debian's cron."""
    minute, hour, *_ = cron.split()
    return minute.startswith("*") or hour.startswith("*")
