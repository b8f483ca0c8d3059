"""What triggers may say, and what the program that decides is told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import cast

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.schedules import cron_problem, firings, firings_in_utc, shortest_gap

from ..conftest import CLOUDS
from .fraud import Data, pipeline, platform

NIGHTLY: Data = {"name": "nightly", "cron": "0 3 * * *", "time_zone": "Europe/Zurich", "parameters": {"rounds": 100}}
CLAIMS: Data = {"name": "claims", "path": "claims", "marker": "_SUCCESS"}


def triggered(cloud: str = "aws", **triggers: object) -> Data:
    """The example's pipeline with triggers; a run ends before the next night."""
    return {**pipeline(cloud), "timeout_hours": 20, "triggers": triggers}


def _set(**changes: object) -> Callable[[Data], object]:
    return lambda data: data.update(changes)


def _schedule(**changes: object) -> Data:
    return {"schedules": [{**NIGHTLY, **changes}]}


def _data(**changes: object) -> Data:
    return {"data": [{**CLAIMS, **changes}]}


REFUSED: dict[str, tuple[Data, str]] = {
    "a day of the week that AWS reads as Sunday": (_schedule(cron="0 3 * * 1"), "1 is Sunday on AWS"),
    "a day of the month that Azure ignores, with a day of the week": (
        _schedule(cron="0 3 1 * MON"),
        "AWS refuses both",
    ),
    "AWS's question mark": (_schedule(cron="0 3 ? * MON"), "not known everywhere"),
    "AWS's six fields": (_schedule(cron="0 3 * * MON 2026"), "five fields"),
    "seconds": (_schedule(cron="0 0 3 * * MON"), "five fields"),
    "a name": (_schedule(cron="@daily"), "five fields"),
    "the last day of a month": (_schedule(cron="0 3 L * *"), "not known everywhere"),
    "a day that never comes": (_schedule(cron="0 3 30 2 *"), "within their bounds"),
    "a range from the higher to the lower": (_schedule(cron="0 3 * * FRI-MON"), "within their bounds"),
    "an hour that no day has": (_schedule(cron="0 24 * * *"), "within their bounds"),
    "an abbreviation as time zone": (_schedule(time_zone="CET"), "abbreviations"),
    "a time zone that is not there": (_schedule(time_zone="Europe/Zuerich"), "IANA name"),
    "a path as time zone": (_schedule(time_zone="../../etc/passwd"), "IANA name"),
    "firings in the cool-down": (_schedule(cron="0 */6 * * *"), "at least 20 hours apart"),
    "a night that the change to summer time shortens": (
        {**_schedule(), "cooldown_hours": 24},
        "come 23 hours apart",
    ),
    "a cool-down shorter than a run": ({"cooldown_hours": 6}, "at least timeout_hours, 20"),
    "a ceiling below one run's price": ({"max_usd_per_month": 20}, "at least max_usd_per_run, 25"),
    "a parameter that is not there": (_schedule(parameters={"round": 1}), "write rounds"),
    "a parameter of another type": (_schedule(parameters={"rounds": "many"}), "a value of type integer"),
    "a truth for a number": (_data(parameters={"rounds": True}), "a value of type integer"),
    "a parameter that a trigger cannot carry": (_schedule(parameters={"learning_rate": 0.1}), "learning_rate"),
    "a value that a shell reads": (_data(parameters={"since": "2026'; curl evil"}), "since"),
    "a value with a placeholder": (_schedule(parameters={"since": "$(id)"}), "since"),
    "data that no step reads": (_data(path="clicks"), "data/claims"),
    "data of another place": (_data(place="features"), "data/claims"),
    "what runs write themselves": (_data(place="models"), "'data'"),
    "a marker without data": ({"data": [{"name": "claims", "marker": "_SUCCESS"}]}, "path"),
    "a marker in another folder": (_data(marker="done/_SUCCESS"), "marker"),
    "a marker with a wildcard": (_data(marker="*"), "marker"),
    "one folder inside another": (
        {"data": [CLAIMS, {"name": "eu", "path": "claims/eu"}]},
        "one object would count twice",
    ),
    "two schedules of a name": ({"schedules": [NIGHTLY, NIGHTLY]}, "no other schedule has"),
    "an event that nobody sends": ({"events": ["drifts"]}, "'drift'"),
    "the same event twice": ({"events": ["drift", "drift"]}, "no other event has"),
    "no labels": ({"new_labels": 0}, "new_labels"),
    "a branch with a shell's characters": ({"branch": "main;id"}, "branch"),
    "no runs": ({"max_runs_per_month": 0}, "max_runs_per_month"),
    "a misspelt field": ({"cool_down_hours": 30}, "cool_down_hours"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_trigger_is_refused(name: str) -> None:
    triggers, words = REFUSED[name]
    with pytest.raises((ValidationError, Unacceptable)) as refused:
        platform("aws", pipelines=(triggered(**triggers),))
    assert words in str(refused.value), refused.value


BESIDE: dict[str, tuple[Callable[[Data], object], str]] = {
    "no image of the program": (
        lambda data: (
            data.update(programs_image=None),
            [step.update(image="x") for step in cast("list[Data]", data["steps"])],
        ),
        "set programs_image",
    ),
    "a run longer than the nights are apart": (_set(timeout_hours=72), "at least 72 hours apart"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_triggers_that_the_rest_of_a_pipeline_forbids(name: str) -> None:
    change, words = BESIDE[name]
    data = triggered(**_schedule())
    change(data)
    with pytest.raises((ValidationError, Unacceptable)) as refused:
        platform("aws", pipelines=(data,))
    assert words in str(refused.value), refused.value


def test_one_program_starts_the_runs_of_a_target() -> None:
    first, second = triggered(), {**triggered(), "name": "fraud-weekly"}
    platform("aws", pipelines=(first, second))
    second["programs_image"] = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev-training:other"
    with pytest.raises(ValidationError, match="use one image for both"):
        platform("aws", pipelines=(first, second))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_month_that_no_run_fits_into_is_refused_by_what_a_run_costs(cloud: str) -> None:
    data = triggered(cloud, max_usd_per_month=0.5)
    data["max_usd_per_run"] = None
    problems = discovery.backend(cloud).problems(platform(cloud, pipelines=(data,)).on(cloud))
    assert [problem.path for problem in problems] == ["pipelines[0].triggers.max_usd_per_month"]
    assert "what one run costs" in problems[0].expected


@pytest.mark.parametrize(
    ("cron", "zone", "found"),
    [
        # the hour from 2 to 3 is left out on 2026-03-29, and comes twice on 2026-10-25
        ("30 2 * * *", "Europe/Zurich", ["03-28T01:30", "03-29T01:00", "03-30T00:30"]),
        ("0 3 * * *", "Europe/Zurich", ["03-28T02:00", "03-29T01:00", "03-30T01:00"]),
        ("0 */12 * * *", "UTC", ["03-28T00:00", "03-28T12:00", "03-29T00:00"]),
        ("0 3 29 * *", "Asia/Kolkata", ["03-28T21:30", "04-28T21:30", "05-28T21:30"]),
        ("0 3 * * SUN", "UTC", ["03-29T03:00", "04-05T03:00", "04-12T03:00"]),
    ],
)
def test_a_schedule_means_the_same_everywhere(cron: str, zone: str, found: list[str]) -> None:
    assert cron_problem(cron) is None
    after = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    assert [f"{moment:%m-%dT%H:%M}" for moment in islice(firings(cron, zone, after), 3)] == found


def test_a_time_that_comes_twice_fires_once() -> None:
    after = datetime(2026, 10, 24, 12, tzinfo=UTC)
    found = [f"{moment:%m-%dT%H:%M}" for moment in islice(firings("30 2 * * *", "Europe/Zurich", after), 2)]
    assert found == ["10-25T00:30", "10-26T01:30"]


def test_going_on_from_any_moment_finds_the_same_firings() -> None:
    """The program looks every few minutes; from wherever it goes on, no firing is lost and none comes twice."""
    start = datetime(2026, 10, 24, 20, tzinfo=UTC)
    for cron in ("30 2 * * *", "*/30 * * * *", "15 1-3 * * *"):
        whole = list(islice(firings(cron, "Europe/Zurich", start), 12))
        pieces: list[datetime] = []
        at = start
        while at < whole[-1]:
            following = at + timedelta(minutes=7)
            found = firings(cron, "Europe/Zurich", at)
            while (moment := next(found)) <= following:
                pieces.append(moment)
            at = following
        assert pieces[: len(whole)] == whole, cron


@pytest.mark.parametrize(
    "cron",
    [
        "0 3 * * *",
        "0 0 * * *",
        "*/7 * * * *",
        "5,50 */5 * * MON-FRI",
        "30 22 31 * *",
        "0 0 1 1,7 *",
        "59 23 29 2 *",
        "0 12 */10 FEB-MAR *",
        "15 1-3 * * SAT,SUN",
    ],
)
def test_firings_by_whole_days_are_those_of_the_library(cron: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    end = start + timedelta(days=6 * 366)
    theirs = takewhile(lambda moment: moment < end, firings(cron, "UTC", start))
    ours = takewhile(lambda moment: moment < end, firings_in_utc(cron, start, end))
    assert list(islice(ours, 200)) == list(islice(theirs, 200))


@pytest.mark.parametrize(
    ("cron", "zone", "hours"),
    [("0 3 * * *", "Europe/Zurich", 23), ("0 3 * * *", "UTC", 24), ("0 3 1 * *", "UTC", 672), ("0 * * * *", "UTC", 1)],
)
def test_the_shortest_time_between_two_firings(cron: str, zone: str, hours: float) -> None:
    assert shortest_gap(cron, zone) == timedelta(hours=hours)
    assert shortest_gap("0 0 29 2 *", zone) is None
