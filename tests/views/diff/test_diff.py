"""Differences in text, markdown and JSON: what is escaped, hidden and cut."""

from __future__ import annotations

import json

from mlplatform.plan.change import Diff, PropertyChange, ResourceChange
from mlplatform.plan.model import Plan, Step
from mlplatform.views.diff import json as diff_json
from mlplatform.views.diff import markdown as diff_markdown
from mlplatform.views.diff import text as diff_text
from mlplatform.views.diff.common import Compared
from mlplatform.views.style import Style
from mlplatform.views.values import differing_parts


def hostile() -> Compared:
    name = "x`|</summary><script>alert(1)</script>\n@everyone"
    urn = f"urn:pulumi:s::p::aws:s3/bucket:Bucket::{name}"
    old = Step("create", urn, "aws:s3/bucket:Bucket", name, True, {"bucket": "a" * 300})
    change = PropertyChange(("tags", "a|b"), "update", "``` <b>", "ghp_" + "a" * 36)
    found = ResourceChange("replace", old, old, (change,), "Artifact store", "store")
    plan = Plan("aws", "p", "s", (old,))
    return Compared("a`b", "<i>", (Diff(plan, plan, (found,)),))


def test_nothing_in_a_plan_is_markup() -> None:
    text = diff_markdown.document(hostile())
    for line in text.splitlines():
        outside = "".join(line.replace("```` ", "\x00").replace(" ````", "\x00").split("\x00")[::2])
        plain = "".join(part for index, part in enumerate(_spans(outside)) if index % 2 == 0)
        assert "<script" not in plain
        assert "@everyone" not in plain
    assert "ghp_" not in text
    assert "ghp_" not in diff_text.document(hostile(), Style())


def _spans(line: str) -> list[str]:
    """Text outside and inside of code spans, by turns."""
    parts: list[str] = [""]
    index = 0
    while index < len(line):
        run = len(line[index:]) - len(line[index:].lstrip("`"))
        if run:
            end = line.find("`" * run, index + run)
            assert end > 0, line
            parts += [line[index + run : end], ""]
            index = end + run
        else:
            parts[-1] += line[index]
            index += 1
    return parts


def test_long_lists_are_cut_with_a_note() -> None:
    steps = [
        Step("create", f"urn:pulumi:s::p::t::{i}", "aws:s3/bucket:Bucket", "x" * 80, True, {}) for i in range(2000)
    ]
    changes = tuple(ResourceChange("delete", step, None) for step in steps)
    plan = Plan("aws", "p", "s", tuple(steps))
    compared = Compared("a", "b", (Diff(plan, Plan("aws", "p", "s", ()), changes),))
    text = diff_markdown.document(compared)
    assert len(text) <= diff_markdown.MAX_CHARACTERS
    assert "too many" in text
    assert len(json.loads(diff_json.document(compared))["clouds"][0]["changes"]) == 2000


def test_long_values_show_where_they_differ() -> None:
    old, new = differing_parts("a " * 100 + "old" + " b" * 100, "a " * 100 + "new" + " b" * 100)
    assert "old" in old
    assert "new" in new
    assert max(len(old), len(new)) <= 60
