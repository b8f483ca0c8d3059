"""Every dangerous edit of production's previews is found, at a level that stops the gate; harmless ones stay quiet.

Each module beside this one with a tuple `EDITS` is a class of edits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from mlplatform.plan.finding import at_least
from mlplatform.plan.model import Plan

from .edit import Edit, judged
from .tables import EDITS


@pytest.mark.parametrize("edit", EDITS, ids=[edit.id for edit in EDITS])
def test_an_edit(edit: Edit, stack_plan: Callable[..., Plan]) -> None:
    findings = judged(edit, stack_plan("prod", edit.cloud, resolve=True)).findings
    said = [f"{one.level} {one.rule} at {one.path}: {one.reason}" for one in findings]
    for one in findings:
        # a sentence for people, whatever the document holds
        assert one.reason.endswith("."), one.reason
        assert "{" not in one.reason, one.reason
    if edit.level is None:
        assert not [text for one, text in zip(findings, said, strict=True) if at_least(one.level, "medium")], said
    else:
        level = edit.level
        assert any(at_least(one.level, level) and edit.rule in ("", one.rule) for one in findings), said


def test_edits_have_names_of_their_own() -> None:
    assert [name for name, times in Counter(edit.id for edit in EDITS).items() if times > 1] == []
