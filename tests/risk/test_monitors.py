"""What watches a model, and what is removed of its captures, must not be loosened without somebody seeing it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest

from mlplatform.plan.spec_diff import compare_specs
from mlplatform.risk.rule import RiskRule
from mlplatform.risk.rules import monitor_loosened, redaction_loosened
from mlplatform.spec.platform import PlatformSpec

from ..spec.test_model_monitor import GCP, STEP

URN = "urn:pulumi:dev::mlplatform::mlplatform:index:Platform$mlplatform:index:Endpoint::acme-endpoint-scorer"
Data = dict[str, Any]
Change = Callable[[Data], object]

MONITOR: Data = {
    "task": "classification",
    "image": "acme/monitor:1",
    "inputs": [{"name": "amount"}, {"name": "country", "kind": "category"}],
    "labels": {"path": "labels/fraud", "days": 7},
    "metrics": [{"metric": "recall", "at_least": 0.7}, {"metric": "auc"}],
    "slices": ["country"],
    "severity": "critical",
    "retrain": ["retrain"],
    "every_hours": 12,
}
PIPELINE: Data = {
    "name": "retrain",
    "model": "fraud",
    "programs_image": "acme/steps:1",
    "steps": [STEP],
    "triggers": {"events": ["drift"]},
}
BASE: Data = {
    "name": "acme",
    "owner": "ml",
    "cost_center": "1",
    "targets": [GCP],
    "pipelines": [PIPELINE],
    "endpoints": [
        {
            "name": "scorer",
            "server": "mlflow",
            "model": "fraud/1",
            "capture_percent": 10,
            "monitor": MONITOR,
            "redact": {"fields": ["name", "street"], "kinds": ["email", "ip"], "patterns": ["K-1"]},
        }
    ],
}


def _found(rule: RiskRule, change: Change, *, back: bool = False) -> list[tuple[str, str]]:
    """What a rule says of a change, or of taking it back."""
    after = deepcopy(BASE)
    change(after)
    specs = [PlatformSpec.model_validate(each) for each in (BASE, after)]
    fields = tuple(field.change for field in compare_specs(*(reversed(specs) if back else specs)))
    assert fields
    evidence: Any = SimpleNamespace(
        diff=SimpleNamespace(spec_changes=fields, target="gcp"), before={URN: 1}, after={URN: 1}
    )
    hits = list(rule.examine(evidence))
    assert all(hit.urn == URN for hit in hits)
    return [(hit.level, hit.reason) for hit in hits]


def _monitor(**changes: object) -> Change:
    return lambda data: data["endpoints"][0]["monitor"].update(changes)


def _less(*names: str) -> Change:
    def change(data: Data) -> None:
        for name in names:
            data["endpoints"][0]["monitor"].pop(name)

    return change


def _bound(data: Data) -> None:
    data["endpoints"][0]["monitor"]["metrics"][0]["at_least"] = 0.5


LOOSENED: dict[str, tuple[Change, str, str]] = {
    "gone": (
        lambda d: (d["endpoints"][0].pop("monitor"), d["endpoints"][0]["redact"].update(image="a/b:1")),
        "high",
        "gone",
    ),
    "gone on a target": (
        lambda d: (
            d["targets"][0].update(endpoints={"scorer": {"monitor": "none"}}),
            d["endpoints"][0]["redact"].update(image="a/b:1"),
        ),
        "high",
        "gone",
    ),
    "less often": (_monitor(every_hours=24), "medium", "looks less often"),
    "a bound": (_bound, "high", "was 0.7 and is 0.5"),
    "no bound": (_monitor(metrics=[{"metric": "recall"}, {"metric": "auc"}]), "high", "is gone"),
    "a metric": (_monitor(metrics=[{"metric": "recall", "at_least": 0.7}]), "high", "'auc' is not judged"),
    "another metric": (
        _monitor(metrics=[{"metric": "precision", "at_least": 0.7}, {"metric": "auc"}]),
        "high",
        "'recall' is not judged",
    ),
    "a size": (_monitor(least_shift=0.2), "medium", "smaller shifts"),
    "the least rows": (_monitor(least_rows=5000), "medium", "fewer rows"),
    "fewer alarms": (_monitor(false_alarms_per_year=0.1), "medium", "less sensitive"),
    "severity": (_monitor(severity="warning"), "medium", "no longer critical"),
    "no labels": (_less("labels", "metrics", "slices"), "high", "no labels any more"),
    "later labels": (_monitor(labels={"path": "labels/fraud", "days": 30}), "medium", "later"),
    "other labels": (_monitor(labels={"path": "elsewhere", "days": 7}), "medium", "come from elsewhere"),
    "another reference": (_monitor(reference="other"), "medium", "compared with other data"),
    "an input": (_monitor(inputs=[{"name": "country", "kind": "category"}]), "high", "'amount' is not looked at"),
    "no slices": (_less("slices"), "medium", "one by one"),
    "nobody is asked": (_less("retrain"), "medium", "no training"),
    "fewer captures": (lambda d: d["endpoints"][0].update(capture_percent=1), "medium", "1 % of the requests"),
}


@pytest.mark.parametrize("case", LOOSENED)
def test_a_loosened_monitor_is_told_with_its_class(case: str) -> None:
    change, level, words = LOOSENED[case]
    found = _found(monitor_loosened.RULE, change)
    assert any(each == level and words in reason for each, reason in found), found


@pytest.mark.parametrize(
    "case", [name for name in LOOSENED if name not in ("another metric", "another reference", "other labels")]
)
def test_one_that_sees_more_is_not_told(case: str) -> None:
    found = _found(monitor_loosened.RULE, LOOSENED[case][0], back=True)
    assert not found, found


def test_where_it_runs_and_when_is_no_loss() -> None:
    assert not _found(monitor_loosened.RULE, _monitor(first_hour=3, image="acme/monitor:2"))


def _redact(**changes: object) -> Change:
    return lambda data: data["endpoints"][0]["redact"].update(changes)


STORED: dict[str, tuple[Change, str]] = {
    "no rules": (lambda d: d["endpoints"][0].pop("redact"), "stored as they are"),
    "a kind": (_redact(kinds=["ip"]), "kinds 'email'"),
    "another kind": (_redact(kinds=["phone", "ip"]), "kinds 'email'"),
    "a field": (_redact(fields=["name"]), "fields 'street'"),
    "a pattern": (_redact(patterns=[]), "patterns 'K-1'"),
}


@pytest.mark.parametrize("case", STORED)
def test_more_that_is_stored_of_callers_is_told(case: str) -> None:
    change, words = STORED[case]
    ((level, reason),) = _found(redaction_loosened.RULE, change)
    assert level == "high"
    assert words in reason


def test_more_rules_another_order_and_no_captures_store_nothing_more() -> None:
    assert not _found(redaction_loosened.RULE, _redact(kinds=["email", "ip", "card"]))
    assert not _found(redaction_loosened.RULE, _redact(kinds=["ip", "email"], fields=["street", "name"]))

    def nothing(data: Data) -> None:
        data["endpoints"][0].update(capture_percent=0)
        for name in ("redact", "monitor"):
            data["endpoints"][0].pop(name)

    assert not _found(redaction_loosened.RULE, nothing)
