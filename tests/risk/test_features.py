"""What a change of features does to models that are trained already: judged from the specs of both sides."""

from __future__ import annotations

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from mlplatform.plan.spec_diff import compare_specs
from mlplatform.risk.rules import features_changed
from mlplatform.spec.platform import PlatformSpec

from ..conftest import ROOT

EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / "examples/features/platform.yaml").read_text(encoding="utf-8"))
URN = "urn:pulumi:dev::mlplatform::mlplatform:index:Platform$mlplatform:index:ArtifactStore::acme-dev-store"
MORE = {"name": "devices_7d", "type": "int64"}
Change = Callable[[Any], object]


def _drop_merchant(store: Any) -> None:  # noqa: ANN401 - a document
    store["entities"].pop()
    store["groups"].pop()
    store["services"][0]["features"] = ["customer_spend"]


CHANGES: dict[str, tuple[Change, list[tuple[str, str]]]] = {
    "a feature is added": (lambda s: s["groups"][0]["features"].append(MORE), [("low", "devices_7d")]),
    "a feature goes": (lambda s: s["groups"][0]["features"].pop(), [("high", "'country' of 'customer_spend' is gone")]),
    "a type": (
        lambda s: s["groups"][0]["features"][0].update(type="float32"),
        [("high", "float32 and no longer float64")],
    ),
    "a shorter time": (lambda s: s["groups"][0].update(ttl_hours=24), [("medium", "24 hours and no longer 720 hours")]),
    "no time": (lambda s: s["groups"][0].pop("ttl_hours"), [("medium", "until the next one")]),
    "no created": (lambda s: s["groups"][0].pop("created"), [("high", "computed later")]),
    "a created": (lambda s: s["groups"][1].update(created="written_at"), []),
    "another moment": (lambda s: s["groups"][0].update(timestamp="true_from"), [("high", "timestamp of the group")]),
    "another key": (lambda s: s["entities"][0].update(key="id"), [("high", "key of the entity 'customer'")]),
    "an entity goes": (
        _drop_merchant,
        [("high", "entity 'merchant'"), ("high", "group 'merchant_risk'"), ("high", "service 'fraud_scorer'")],
    ),
    "a service's features": (
        lambda s: s["services"][0].update(features=["customer_spend"]),
        [("high", "service 'fraud_scorer' gives other features")],
    ),
    "a service is added": (lambda s: s["services"].append({"name": "more", "features": ["customer_spend"]}), []),
    "another order": (lambda s: s["groups"].reverse(), []),
}


def _online(store: Any) -> None:  # noqa: ANN401 - a document
    """All groups online, filled by the hour, and looked up by an endpoint."""
    for group in store["groups"]:
        group["online"] = True
    store["fill"] = {"image": "docker.io/acme/fill:1"}
    store["services"][0]["endpoints"] = ["scorer"]


ONLINE: dict[str, tuple[Change, list[tuple[str, str]]]] = {
    "another engine": (lambda s: s.update(engine="managed"), [("high", "managed and no longer feast")]),
    "no job": (lambda s: s.pop("fill"), [("high", "Nothing fills the online store")]),
    "another image of the job": (lambda s: s["fill"].update(image="docker.io/acme/fill:2", every_hours=2), []),
    "a reader goes": (lambda s: s["services"][0].pop("endpoints"), [("high", "names 'scorer' no longer")]),
    "a reader more": (lambda s: s["services"][0].update(endpoints=["scorer", "other"]), []),
    "not online": (
        lambda s: (s["groups"][1].pop("online"), s["services"][0].pop("endpoints")),
        [("high", "'merchant_risk' is not kept online"), ("high", "names 'scorer' no longer")],
    ),
}


@pytest.mark.parametrize("name", ONLINE)
def test_what_is_online_has_its_class_too(name: str) -> None:
    change, wanted = ONLINE[name]
    endpoints = [{"name": each, "server": "triton", "model": "m/1", "replicas": [0, 2]} for each in ("scorer", "other")]
    before = copy.deepcopy({**EXAMPLE, "endpoints": endpoints})
    _online(before["feature_store"])
    after = copy.deepcopy(before)
    change(after["feature_store"])
    found = _found(before, after)
    assert [level for level, _ in found] == [level for level, _ in wanted], found
    assert all(words in reason for (_, words), (_, reason) in zip(wanted, found, strict=True)), found


def _found(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    specs = [PlatformSpec.model_validate(each) for each in (before, after)]
    fields = tuple(field.change for field in compare_specs(*specs))
    evidence: Any = SimpleNamespace(diff=SimpleNamespace(spec_changes=fields), after={URN: None})
    hits = list(features_changed.RULE.examine(evidence))
    assert all(hit.urn == URN for hit in hits)
    return [(hit.level, hit.reason) for hit in hits]


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_has_its_class(name: str) -> None:
    change, wanted = CHANGES[name]
    after = copy.deepcopy(EXAMPLE)
    change(after["feature_store"])
    found = _found(EXAMPLE, after)
    assert [level for level, _ in found] == [level for level, _ in wanted], found
    assert all(words in reason for (_, words), (_, reason) in zip(wanted, found, strict=True)), found


def test_the_whole_store_goes_and_comes() -> None:
    without = {key: value for key, value in EXAMPLE.items() if key != "feature_store"}
    assert [level for level, _ in _found(EXAMPLE, without)] == ["high"]
    assert _found(without, EXAMPLE) == []
