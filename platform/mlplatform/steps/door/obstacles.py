"""Why no run of a pipeline may start now: ceilings, a run that is going, the cool-down, and what its team shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mlplatform.steps.door.ledger import Ledger, RunCause
from mlplatform.steps.door.ports import FoundRun
from mlplatform.steps.door.rules import PipelineRules


@dataclass(frozen=True)
class TeamMate:
    """Another pipeline of the team, as it is now."""

    going: str
    """The run that is going; empty: none."""

    usd: float
    """What its runs of this month may cost."""


def team_mate(ledger: Ledger, runs: Sequence[FoundRun], now: datetime) -> TeamMate:
    """What a pipeline counts for in its team.

    Args:
        ledger: its own.
        runs: its runs, as the service tells of them.
        now: the time.
    """
    current = ledger.current.run if ledger.current else ""
    going = next((each.run for each in runs if each.state == "going"), current)
    return TeamMate(going=going, usd=ledger.usd if ledger.month == f"{now:%Y-%m}" else 0.0)


@dataclass(frozen=True)
class Obstacle:
    """Why no run may start now."""

    about: str
    """Short name of the reason."""

    words: str
    """The reason."""


def obstacle(
    rules: PipelineRules, ledger: Ledger, mates: Sequence[TeamMate], cause: RunCause, going: str, now: datetime
) -> Obstacle | None:
    """Why no run may start for a cause now; None where one may.

    Args:
        rules: the pipeline's.
        ledger: what is remembered.
        mates: the other pipelines of its team.
        cause: what asks for the run.
        going: the pipeline's run that is going; empty: none.
        now: the time.
    """
    if rules.max_usd_per_month is not None:
        if rules.usd_per_run is None:
            return Obstacle("usd", "nobody knows what a run costs, so that max_usd_per_month cannot be held")
        if ledger.usd + rules.usd_per_run > rules.max_usd_per_month:
            return Obstacle(
                "usd",
                f"the month's runs may cost {ledger.usd:g} USD, and one more {rules.usd_per_run:g}: "
                f"beyond max_usd_per_month, {rules.max_usd_per_month:g}",
            )
    if team := _team_usd(rules, ledger, mates):
        return team
    if going:
        return Obstacle("going", f"run {going} is going")
    if team := _team_runs(rules, mates):
        return team
    if cause.force:
        return None
    if ledger.runs >= rules.max_runs_per_month:
        return Obstacle("runs", f"{ledger.runs} runs this month: as many as max_runs_per_month lets start")
    if ledger.last_start and now < (until := ledger.last_start + rules.cooldown):
        return Obstacle("cool-down", f"the cool-down of the last run ends at {until:%Y-%m-%d %H:%M} UTC")
    return None


def _team_usd(rules: PipelineRules, ledger: Ledger, mates: Sequence[TeamMate]) -> Obstacle | None:
    """Whether the team's money of the month does not do for one more run."""
    team, one = rules.team, rules.usd_per_run
    if team is None or team.max_usd_per_month is None:
        return None
    if one is None:
        return Obstacle("usd", f"nobody knows what a run costs, so that the ceiling of {team.name} cannot be held")
    spent = ledger.usd + sum(each.usd for each in mates)
    if spent + one <= team.max_usd_per_month:
        return None
    return Obstacle(
        "team usd",
        f"the month's runs of the team {team.name} may cost {spent:g} USD, and one more {one:g}: "
        f"beyond its max_usd_per_month, {team.max_usd_per_month:g}",
    )


def _team_runs(rules: PipelineRules, mates: Sequence[TeamMate]) -> Obstacle | None:
    """Whether as many runs of the team are going as may. A forced one waits too."""
    team, going = rules.team, [each.going for each in mates if each.going]
    if team is None or team.max_runs_at_once is None or len(going) < team.max_runs_at_once:
        return None
    return Obstacle(
        "going",
        f"as many runs of the team {team.name} are going as its max_runs_at_once, {team.max_runs_at_once}: {going[0]}",
    )
