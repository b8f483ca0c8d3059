"""Nothing that is public goes without notice: the program against what was public at the last release."""

from __future__ import annotations

import json
import warnings
from importlib import import_module

import pytest

from mlplatform.spec.versions import RENAMES

from .public import BASELINE, public

GONE = """{count} of the {kind} of the last release are gone: {names}
Let the former name work on, with a warning that tells the present one (docs/versioning.md says how)."""


@pytest.fixture(scope="module")
def now() -> dict[str, list[str]]:
    return public()


def kept_by_another_way(kind: str, word: str) -> bool:
    """A renamed field that is told, or a former name that still works."""
    if kind == "fields of specs":
        model, _, field = word.partition("=")[0].partition(".")
        return any((rename.model, rename.name) == (model, field) for rename in RENAMES)
    if kind == "names":
        module, _, name = word.rpartition(".")
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            there = hasattr(import_module(module), name)
        return there and any(issubclass(each.category, DeprecationWarning) for each in told)
    return False


def lost(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """What went, by kind."""
    gone = {kind: sorted(set(words) - set(after.get(kind, ()))) for kind, words in before.items()}
    left = {kind: [word for word in words if not kept_by_another_way(kind, word)] for kind, words in gone.items()}
    return {kind: words for kind, words in left.items() if words}


def test_nothing_public_is_gone(now: dict[str, list[str]]) -> None:
    gone = lost(json.loads(BASELINE.read_text(encoding="utf-8")), now)
    told = [GONE.format(count=len(words), kind=kind, names=", ".join(words[:20])) for kind, words in gone.items()]
    assert not told, "\n".join(told)


def test_every_kind_would_be_missed(now: dict[str, list[str]]) -> None:
    """The test can fail: of each kind, one that goes is told."""
    for kind, words in now.items():
        assert words, kind
        assert lost(now, {**now, kind: words[1:]}) == {kind: words[:1]}


def test_a_changed_exit_code_is_a_lost_one(now: dict[str, list[str]]) -> None:
    changed = [code.replace(" 2", " 3") for code in now["exit codes"]]
    assert lost(now, {**now, "exit codes": changed}) == {"exit codes": ["BAD_INPUT 2"]}


def test_a_former_name_that_works_is_not_lost(now: dict[str, list[str]]) -> None:
    assert kept_by_another_way("names", "mlplatform.checks.Rule")
    assert not kept_by_another_way("names", "mlplatform.checks.Nothing")
    assert kept_by_another_way("fields of specs", "EndpointSpec.environment")
