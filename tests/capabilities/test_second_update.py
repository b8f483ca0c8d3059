"""After the first `up`: what clouds change by themselves, and what providers read back of it, is no change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from mlplatform.catalog.listed import LISTED
from mlplatform.catalog.replacement import replacement_reason
from mlplatform.mock_cloud import Cloud
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.serve.replacement import ReplacementJudge
from mlplatform.plan.model import Plan, Step
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import as_list, as_object
from mlplatform.spec.tracking import TrackingSpec

from ..conftest import CLOUDS
from ..planned import record_released
from .siblings import platform


@cache
def _plan(cloud: str) -> Plan:
    return record_released(platform(cloud, "base").overlay(tracking=TrackingSpec()), cloud, resolve=True)


def _moving(token: str) -> bool:
    """Whether something of a type changes by itself, or a parent lists it."""
    rules = rules_of(token)
    tokens = {row.token for row in (*rules.autoscaled, *rules.read_back)}
    return token in tokens | {listed.child for listed in LISTED.values()}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_cloud_moves_by_itself_changes_nothing(cloud: str) -> None:
    account = Account.sample(cloud)
    mocked, judge = Cloud(account), ReplacementJudge(account, replacement_reason)
    steps = [step for step in _plan(cloud).steps if _moving(step.type)]
    held = [(step, mocked.create(step.type, step.name, step.inputs)) for step in steps]
    assert held
    for how in ("rolled out", "scaled", "scaled"):
        mocked.drift(how)
        for step, made in held:
            read = mocked.read(step.type, made.id)
            assert read is not None
            sent = _sent(step, read.inputs)
            changes = judge.changes(step.type, step.name, read.inputs, sent, step.ignore_changes)
            assert not [f"{step.name}: {change.wire} ({change.kind})" for change in changes]
    assert mocked.set_back() == ()


def _sent(step: Step, old: Mapping[str, object]) -> Mapping[str, object]:
    """The program's inputs, with the old ones at ignored paths, as the engine sends them."""
    inputs: object = dict(step.inputs)
    for path in step.ignore_changes:
        inputs = _with_old(inputs, old, path.replace("[", ".").replace("]", "").split("."))
    return as_object(inputs) or {}


def _with_old(new: object, old: object, path: list[str]) -> object:
    if not path:
        return old
    key, rest = path[0], path[1:]
    items, before = as_list(new), as_list(old)
    if items is not None:
        index = int(key)
        if before is None or index >= len(before):
            return new
        return [*items[:index], _with_old(items[index], before[index], rest), *items[index + 1 :]]
    entries, olds = as_object(new) or {}, as_object(old) or {}
    if key not in olds:
        return {name: value for name, value in entries.items() if name != key} if not rest else new
    return {**entries, key: _with_old(entries.get(key), olds[key], rest)}
