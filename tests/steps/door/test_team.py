"""Pipelines of a team share ceilings: runs at once, and the money of a month."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.door_rules import pipeline_rules
from mlplatform.steps.door.ports import FoundRun, Ports, Received
from mlplatform.steps.door.rules import DoorRules, PipelineRules, TeamRule, Value, read_rules
from mlplatform.steps.door.tick import TickReport, tick

from ...conftest import CLOUDS
from ...pipelines.fraud import Data, platform
from ...pipelines.test_triggers import triggered
from .memory import MemoryInbox, MemoryLedgers, MemoryRunner
from .stage import RULES, START

TEAM = TeamRule(name="fraud", max_runs_at_once=1, max_usd_per_month=50)


class _Runner(MemoryRunner):
    """A service that knows whose a run is."""

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        return [each for each in self.found if each.run.startswith(f"{rules.name}-")]


class _Team:
    """A door of two pipelines, each run of which costs 20 USD."""

    def __init__(self, team: TeamRule = TEAM) -> None:
        plain = replace(RULES, quiet_minutes=0, data=(), max_usd_per_month=None, team=team)
        self.rules = DoorRules("t", (replace(plain, name="first"), replace(plain, name="second")))
        self.inbox, self.ledgers, self.runner = MemoryInbox(), MemoryLedgers(), _Runner()
        self.now, self.number = START, 0

    def ask(self, pipeline: str, reason: str = "drift", **more: object) -> None:
        self.number += 1
        body = json.dumps({"pipeline": pipeline, "reason": reason, "key": str(self.number), **more})
        self.inbox.put(Received(handle=str(self.number), body=body))

    def look(self, **time: float) -> TickReport:
        self.now += timedelta(**time)
        self.runner.now = self.now
        self.inbox.hidden.clear()
        ports = Ports(inbox=self.inbox, ledgers=self.ledgers, runner=self.runner)
        return tick(self.rules, ports, clock=lambda: self.now, log=lambda _: None)

    def end(self) -> None:
        self.runner.found = [replace(each, state="succeeded") for each in self.runner.found]

    @property
    def started(self) -> list[str]:
        return [run.partition("-")[0] for run in self.runner.values]

    def told(self, kind: str) -> list[str]:
        lines: list[Mapping[str, Value]] = [json.loads(text) for _, text in sorted(self.ledgers.lines.items())]
        return [str(line["reason"]) for line in lines if line["kind"] == kind]


def test_a_run_of_a_mate_is_waited_for_also_in_the_same_look() -> None:
    team = _Team()
    team.ask("first")
    team.ask("second")
    team.look()
    assert team.started == ["first"]
    (wait,) = team.told("wait")
    assert wait.startswith("as many runs of the team fraud are going as its max_runs_at_once, 1: first-")
    team.end()
    team.look(minutes=5)
    # first's end is seen in its own turn, which comes before that of second
    assert team.started == ["first", "second"]


def test_a_person_is_told_and_one_who_forces_it_waits() -> None:
    team = _Team()
    team.ask("first")
    team.look()
    team.ask("second", "manual")
    team.look(minutes=5)
    assert any("max_runs_at_once" in each for each in team.told("skip"))
    team.ask("second", "manual", force=True)
    team.look(minutes=5)
    assert team.started == ["first"]
    team.end()
    team.look(minutes=5)
    assert team.started == ["first", "second"]


def test_a_run_that_somebody_started_by_hand_counts() -> None:
    team = _Team()
    team.runner.found.append(FoundRun(run="first-by-hand", handle="h", state="going", started=START))
    team.ask("second")
    team.look()
    assert team.started == []


def test_the_teams_money_holds_for_all_and_for_forced_runs_and_until_the_next_month() -> None:
    team = _Team(TeamRule(name="fraud", max_usd_per_month=50))
    for pipeline in ("first", "second"):
        team.ask(pipeline)
    team.look()
    team.end()
    assert team.started == ["first", "second"]
    team.ask("first", "manual", force=True)
    team.look(hours=20)
    (skip,) = team.told("skip")
    assert skip == (
        "the month's runs of the team fraud may cost 40 USD, and one more 20: beyond its max_usd_per_month, 50"
    )
    team.ask("second")
    team.look(hours=1)
    assert len(team.started) == 2
    team.look(days=40)
    assert len(team.started) == 3


def test_more_runs_at_once_start_where_they_may() -> None:
    team = _Team(TeamRule(name="fraud", max_runs_at_once=2))
    for pipeline in ("first", "second"):
        team.ask(pipeline)
    team.look()
    assert team.started == ["first", "second"]


def test_a_ledger_of_a_mate_that_cannot_be_read_starts_nothing() -> None:
    team = _Team()
    team.ledgers.texts["first"] = ("no JSON", "1")
    team.ask("second")
    assert team.look().failures == 2
    assert team.started == []


def test_pipelines_of_other_teams_and_of_none_are_no_mates() -> None:
    rules = DoorRules(
        "t",
        (
            replace(RULES, name="a", team=TEAM),
            replace(RULES, name="b", team=TEAM),
            replace(RULES, name="c", team=replace(TEAM, name="other")),
            replace(RULES, name="d"),
        ),
    )
    assert [each.name for each in rules.team_mates(rules.pipelines[0])] == ["b"]
    assert rules.team_mates(rules.pipelines[3]) == ()


# the spec


def _pair(first: object, second: object) -> tuple[Data, Data]:
    return triggered(team=first), {**triggered(team=second), "name": "fraud-weekly"}


def test_a_team_says_one_thing() -> None:
    team = {"name": "fraud", "max_runs_at_once": 1}
    spec = platform("aws", pipelines=_pair(team, team))
    told = [pipeline_rules(each, 1, {}, []) for each in spec.pipelines]
    text = json.dumps({"version": 1, "target": "aws", "pipelines": told})
    assert [each.team for each in read_rules(text).pipelines] == [TeamRule(name="fraud", max_runs_at_once=1)] * 2
    assert "team" not in pipeline_rules(platform("aws", pipelines=(triggered(),)).pipelines[0], 1, {}, [])
    platform("aws", pipelines=_pair(team, {**team, "name": "claims", "max_runs_at_once": 2}))
    with pytest.raises(ValidationError, match="the ceilings that fraud-retrain says for the team fraud"):
        platform("aws", pipelines=_pair(team, {**team, "max_runs_at_once": 2}))


@pytest.mark.parametrize(
    ("team", "words"),
    [
        ({"name": "fraud"}, "set max_runs_at_once or max_usd_per_month"),
        ({"name": "fraud", "max_runs_at_once": 0}, "greater than or equal to 1"),
        ({"name": "fraud", "max_usd_per_month": 1}, "no run could ever start"),
    ],
)
def test_a_team_that_holds_nothing_or_everything_is_refused(team: Data, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        platform("aws", pipelines=({**triggered(team=team), "max_usd_per_run": 25},))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_month_of_a_team_that_no_run_fits_into_is_refused_by_what_a_run_costs(cloud: str) -> None:
    data = triggered(cloud, team={"name": "fraud", "max_usd_per_month": 0.5})
    data["max_usd_per_run"] = None
    problems = list(discovery.backend(cloud).problems(platform(cloud, pipelines=(data,)).on(cloud)))
    assert [problem.path for problem in problems] == ["pipelines[0].triggers.team.max_usd_per_month"]
