"""What holds pipelines back must not be loosened without somebody seeing it: judged from the specs of both sides."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import cast

import pytest

from mlplatform.plan.diff import diff
from mlplatform.plan.spec_diff import compare_specs
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rules import gate_loosened, trigger_loosened
from mlplatform.spec.platform import PlatformSpec
from mlplatform.testing.planning import Planner

from ..pipelines.fraud import Data, pipeline, platform, step
from ..pipelines.test_triggers import triggered

Change = Callable[[Data], object]


def _base() -> Data:
    team = {"name": "fraud", "max_runs_at_once": 1, "max_usd_per_month": 300}
    data = triggered(max_runs_per_month=10, max_usd_per_month=100, cooldown_hours=24, team=team)
    gate_step = step(data, "gate")
    gate = cast("Data", gate_step["gate"])
    gate["champion"] = {"metric": "auc", "test": "delong", "margin": 0.01}
    gate["least_rows"] = 1000
    gate["most_model_mib"] = 100
    gate["licences"] = ["Apache-2.0", "MIT"]
    gate["sign_off"] = ["domain-expert", "model-risk"]
    cast("Data", gate_step["inputs"])["model"] = {"step": "train", "output": "model"}
    look = step(data, "check-data")
    for field in ("command", "outputs"):
        look.pop(field)
    amount = {"name": "amount", "type": "number", "at_least": 0, "at_most": 1e6, "unique": True}
    country = {"name": "country", "type": "string", "one_of": ["DE", "FR"], "most_null_share": 0.1}
    look["data_checks"] = {
        "columns": [amount, country, {"name": "day", "type": "date"}],
        "other_columns": False,
        "unique_together": ["day", "amount"],
        "least_rows": 1000,
        "fresh": {"column": "day", "most_hours": 24},
    }
    return data


def _spec(change: Change | None = None) -> PlatformSpec:
    data = deepcopy(_base())
    if change:
        change(data)
    return platform("aws", pipelines=(data,))


def _triggers(**changes: object) -> Change:
    return lambda data: cast("Data", data["triggers"]).update(changes)


def _team(**changes: object) -> Change:
    return lambda data: cast("Data", cast("Data", data["triggers"])["team"]).update(changes)


def _gate(**changes: object) -> Change:
    return lambda data: cast("Data", step(data, "gate")["gate"]).update(changes)


def _data(**changes: object) -> Change:
    return lambda data: cast("Data", step(data, "check-data")["data_checks"]).update(changes)


def _column(index: int, **changes: object) -> Change:
    return lambda data: cast("list[Data]", cast("Data", step(data, "check-data")["data_checks"])["columns"])[
        index
    ].update(changes)


def _threshold(index: int, **changes: object) -> Change:
    return lambda data: cast("list[Data]", cast("Data", step(data, "gate")["gate"])["thresholds"])[index].update(
        changes
    )


def _without(*fields: str) -> Change:
    return lambda data: [cast("Data", data["triggers"]).pop(field) for field in fields]


FOUND: dict[str, tuple[Change, list[str]]] = {
    "more runs": (_triggers(max_runs_per_month=11), ["max_runs_per_month of 'fraud-retrain' was 10, and is 11 now."]),
    "more money": (
        _triggers(max_usd_per_month=100.5),
        ["max_usd_per_month of 'fraud-retrain' was 100.0, and is 100.5"],
    ),
    "no bound of money": (_without("max_usd_per_month"), ["has no bound any more"]),
    "dearer runs": (lambda data: data.update(max_usd_per_run=50), ["max_usd_per_run of 'fraud-retrain' was 25.0"]),
    "runs without a bound": (lambda data: data.update(max_usd_per_run=None), ["has no bound any more"]),
    "a shorter cool-down": (_triggers(cooldown_hours=20), ["cooldown_hours of 'fraud-retrain' was 24, and is 20 now."]),
    "more runs of a team": (_team(max_runs_at_once=2), ["max_runs_at_once of 'fraud-retrain' was 1, and is 2 now."]),
    "more money of a team": (_team(max_usd_per_month=400), ["max_usd_per_month of 'fraud-retrain' was 300.0"]),
    "no bound of a team's runs": (_team(max_runs_at_once=None), ["has no bound any more"]),
    "another team": (_team(name="claims"), ["'fraud-retrain' leaves its team"]),
    "no team": (_without("team"), ["'fraud-retrain' leaves its team"]),
    "two at once": (_triggers(max_runs_per_month=20, max_usd_per_month=200), ["max_runs", "max_usd"]),
    "a lower threshold": (_threshold(0, at_least=0.7), ["thresholds[0].at_least was 0.8 and is 0.7"]),
    "a higher bound": (_threshold(1, at_most=60), ["thresholds[1].at_most was 50 and is 60"]),
    "another metric": (
        _gate(slices=[{"column": "country", "metric": "accuracy", "at_least": 0.7}]),
        ["slices[0].metric was 'auc' and is 'accuracy', so it judges something else"],
    ),
    "one threshold fewer": (
        lambda data: cast("list[Data]", cast("Data", step(data, "gate")["gate"])["thresholds"]).pop(),
        ["thresholds.latency_p95_ms is gone"],
    ),
    "no champion": (_gate(champion=None), ["champion is gone"]),
    "a smaller margin": (
        _gate(champion={"metric": "auc", "test": "delong", "margin": 0.0}),
        ["champion.margin was 0.01 and is 0"],
    ),
    "another test": (
        _gate(champion={"metric": "auc", "test": "bootstrap", "margin": 0.01}),
        ["champion.test was 'delong' and is 'bootstrap'"],
    ),
    "no parts": (_gate(slices=[]), ["slices.country/auc is gone"]),
    "a lower bound of data": (_column(0, at_least=-5), ["at_least was 0 and is -5"]),
    "no bound of data": (_column(0, at_most=None), ["at_most was"]),
    "values twice": (_column(0, unique=False), ["unique was true and is false"]),
    "further values": (_column(1, one_of=["DE", "FR", "ZZ"]), ["one_of has ZZ too"]),
    "any value": (_column(1, one_of=[]), ["one_of is gone"]),
    "more nulls": (_column(1, most_null_share=0.2), ["most_null_share was 0.1 and is 0.2"]),
    "other columns": (_data(other_columns=True), ["other_columns was false and is true"]),
    "rows told apart by less": (_data(unique_together=["day", "amount", "country"]), ["has country too"]),
    "less data": (_data(least_rows=10), ["least_rows was 1000 and is 10"]),
    "older data": (_data(fresh={"column": "day", "most_hours": 48}), ["most_hours was 24 and is 48"]),
    "data of any age": (_data(fresh=None), ["fresh is gone"]),
    "data that nobody waits for": (_data(ends_run=False), ["ends_run was true and is false"]),
    "a larger model": (_gate(most_model_mib=200), ["most_model_mib was 100 and is 200"]),
    "a model of any size": (_gate(most_model_mib=None), ["most_model_mib was 100 and is gone"]),
    "a further licence": (_gate(licences=["Apache-2.0", "MIT", "OpenRAIL"]), ["licences has OpenRAIL too"]),
    "any licence": (_gate(licences=[]), ["licences is gone"]),
    "nobody signs off": (_gate(sign_off=["model-risk"]), ["domain-expert need not sign off any more"]),
    "fewer rows": (_gate(least_rows=20), ["least_rows was 1000 and is 20"]),
}
HARMLESS: dict[str, Change] = {
    "fewer runs": _triggers(max_runs_per_month=5),
    "less money": _triggers(max_usd_per_month=50),
    "a longer cool-down": _triggers(cooldown_hours=48),
    "a longer quiet period": _triggers(quiet_minutes=60),
    "switched off": _triggers(enabled=False),
    "another schedule": _triggers(schedules=[{"name": "weekly", "cron": "0 3 * * MON"}]),
    "no triggers": lambda data: data.pop("triggers"),
    "a higher threshold": _threshold(0, at_least=0.9),
    "further parts": _gate(
        slices=[{"column": name, "metric": "auc", "at_least": 0.7} for name in ("age", "country")],
    ),
    "more rows": _gate(least_rows=2000),
    "more people": _gate(sign_off=["domain-expert", "model-risk", "owner"], licences=["MIT"], most_model_mib=50),
    "more data": _data(least_rows=2000, most_rows=10**6),
    "less nulls": _column(1, most_null_share=0.0, one_of=["DE"]),
    "another step's time": lambda data: step(data, "train").update(timeout_minutes=100),
}


def _reasons(planner: Planner, before: PlatformSpec, after: PlatformSpec) -> list[str]:
    change = diff(planner(before, "aws"), planner(before, "aws"))
    fields = tuple(field.change for field in compare_specs(before, after))
    evidence = Evidence(replace(change, spec_changes=fields))
    hits = [*trigger_loosened.RULE.examine(evidence), *gate_loosened.RULE.examine(evidence)]
    assert all(hit.urn.endswith("-pipeline-fraud-retrain") for hit in hits)
    return [hit.reason for hit in hits]


@pytest.mark.parametrize("name", FOUND)
def test_what_is_loosened_is_found(name: str, plan_platform: Planner) -> None:
    change, words = FOUND[name]
    reasons = _reasons(plan_platform, _spec(), _spec(change))
    assert len(reasons) == len(words), reasons
    assert all(part in reason for part, reason in zip(words, sorted(reasons), strict=True)), reasons


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_tightened_or_elsewhere_is_not(name: str, plan_platform: Planner) -> None:
    assert not _reasons(plan_platform, _spec(), _spec(HARMLESS[name]))


def test_what_goes_and_comes(plan_platform: Planner) -> None:
    off = _spec(_triggers(enabled=False))
    assert _reasons(plan_platform, off, _spec()) == ["Runs of 'fraud-retrain' start without a person from now on."]
    # a pipeline of another target is another target's
    other = _spec(lambda data: data.update(name="other"))
    assert not _reasons(plan_platform, other, other.overlay(pipelines=(*other.pipelines, *_spec().pipelines)))


def test_a_gate_that_goes_is_found(plan_platform: Planner) -> None:
    def ungated(data: Data) -> None:
        data["steps"] = [
            each for each in cast("list[Data]", data["steps"]) if each["name"] not in ("gate", "register", "score")
        ]

    assert "The gate 'gate' of 'fraud-retrain' is gone." in _reasons(plan_platform, _spec(), _spec(ungated))


def test_the_base_is_the_example(plan_platform: Planner) -> None:
    assert pipeline()["name"] == "fraud-retrain"
    assert not _reasons(plan_platform, _spec(), _spec())
