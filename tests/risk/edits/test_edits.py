"""Every dangerous edit of production's previews is found, at a level that stops the gate; harmless ones stay quiet.

Each module beside this one with a tuple `EDITS` is a class of edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from mlplatform.checks.resource import plain_type
from mlplatform.plan.finding import Finding, at_least
from mlplatform.plan.model import Plan
from mlplatform.providers.schema import load_package, sdk_modules

from .edit import Cloud, Edit, judged
from .tables import CLASSES, EDITS

_CLOUDS: tuple[Cloud, ...] = ("aws", "gcp", "azure")


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("cloud", _CLOUDS)
def test_the_edits_of_a_class(name: str, cloud: Cloud, stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan("prod", cloud, resolve=True)
    wrong: dict[str, list[str]] = {}
    for edit in CLASSES[name]:
        if edit.cloud == cloud:
            findings = judged(edit, plan).findings
            if not _is_as_expected(edit, findings):
                wrong[edit.id] = [f"{one.level} {one.rule} at {one.path}: {one.reason}" for one in findings]
    assert wrong == {}


def _is_as_expected(edit: Edit, findings: tuple[Finding, ...]) -> bool:
    # a sentence for people, whatever the document holds
    if any("{" in one.reason or not one.reason.endswith(".") for one in findings):
        return False
    level = edit.level
    if level is None:
        return not any(at_least(one.level, "medium") for one in findings)
    return any(at_least(one.level, level) and edit.rule in ("", one.rule) for one in findings)


def test_made_resources_are_of_types_that_there_are() -> None:
    tokens = {edit.resource.partition(" ")[0] for edit in EDITS if edit.inputs is not None}
    # a type with an API version is one that an earlier provider had
    made = {token for token in tokens if plain_type(token) == token}
    packages = ("aws", "gcp", "azure-native")
    assert all(load_package(package) for package in packages)
    known = {plain_type(token) for package in packages for module in sdk_modules(package) for token in module.classes}
    assert sorted(token for token in made - known if token.partition(":")[0] in packages) == []


def test_edits_have_names_of_their_own() -> None:
    assert [name for name, times in Counter(edit.id for edit in EDITS).items() if times > 1] == []
