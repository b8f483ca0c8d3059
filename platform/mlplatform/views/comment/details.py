"""The parts of a comment below what counts: acceptances, fields of the spec, checks and folded details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from mlplatform.plan.change import ResourceChange, SpecChange
from mlplatform.review import Review
from mlplatform.views.comment.findings import stack_of, where
from mlplatform.views.diff.common import KINDS, SIGNS, kind_of, of_kind
from mlplatform.views.escape import block, code, escape
from mlplatform.views.fit import Part
from mlplatform.views.values import apart, change, shown

MAX_FIELDS = 20
"""Fields of the spec that are shown."""
MAX_PROPERTIES = 8
"""Inputs that are shown of one resource."""
WEIGHTS = {"delete": 3, "replace": 4, "update": 6, "create": 7, "move": 8}
"""What goes first where a comment gets too long."""


def acceptances(reviews: Sequence[Review]) -> Iterator[Part]:
    """What somebody answers for, and what has run out."""
    expired = {(entry.rule, entry.resource): entry for one in reviews for entry in one.judged.expired}
    if expired:
        lines = [
            f"- {code(entry.rule)} of {code(entry.resource)}, {escape(entry.owner)}: expired on {entry.expires}."
            for _, entry in sorted(expired.items())
        ]
        yield Part("\n".join(["### Expired acceptances stop this", "", *lines, "", ""]), 1, "expired acceptances")
    accepted = [(one, each) for one in reviews for each in one.judged.accepted]
    if accepted:
        lines = [
            f"- {where(one, each.finding)}: {code(each.finding.rule)} until {each.by.expires} by "
            f"{escape(each.by.owner)}: {escape(each.by.reason)}"
            for one, each in accepted
        ]
        head = f"<details><summary>Accepted: {len(lines)}</summary>"
        yield Part("\n".join([head, "", *lines, "", "</details>", "", ""]), 5, "accepted risks")


def fields(reviews: Sequence[Review]) -> Iterator[Part]:
    """Which fields of the spec differ, with how many resources each changes."""
    found: dict[str, tuple[SpecChange, list[str]]] = {}
    for review in reviews:
        for one in review.diff.spec_changes:
            key = f"{one.path}\0{one.before!r}\0{one.after!r}"
            counts = found.setdefault(key, (one, []))[1]
            counts += [f"{len(one.urns)}"] if one.urns else []
    if not found:
        return
    # several fields are told apart by component alone
    most = "≤ " if any(sum(bool(c.urns) for c in one.diff.spec_changes) > 1 for one in reviews) else ""
    renamed = _renamed([one for one, _ in found.values()])
    rows = [_field(one, counts, most, renamed) for one, counts in found.values() if one.path not in renamed.values()]
    more = [f"| and {len(rows) - MAX_FIELDS} more | | |"] if len(rows) > MAX_FIELDS else []
    head = ["### In the spec", "", "| Field | Change | Resources it changes |", "|---|---|--:|"]
    yield Part("\n".join([*head, *rows[:MAX_FIELDS], *more, "", ""]), 2, "fields of the spec")


def _renamed(changes: Sequence[SpecChange]) -> dict[str, str]:
    """Paths of items that go, with those that come alike in everything but their name."""
    pairs: dict[str, str] = {}
    for old in changes:
        for new in changes:
            if old.after is None and new.before is None and new.path not in pairs.values() and _is_alike(old, new):
                pairs[old.path] = new.path
                break
    return pairs


def _is_alike(old: SpecChange, new: SpecChange) -> bool:
    if old.path.rpartition(".")[0] != new.path.rpartition(".")[0]:
        return False
    was, now = old.before, new.after
    if not (isinstance(was, dict) and isinstance(now, dict)):
        return False
    was, now = cast("dict[str, object]", was), cast("dict[str, object]", now)
    return "name" in was and {**was, "name": ""} == {**now, "name": ""}


def _field(one: SpecChange, counts: Sequence[str], most: str, renamed: Mapping[str, str]) -> str:
    if one.path in renamed:
        said = f"renamed to {code(renamed[one.path].rpartition('.')[2])}"
    elif one.before is None:
        said = f"added {code(shown(one.after))}"
    elif one.after is None:
        said = f"removed {code(shown(one.before))}"
    else:
        said = " → ".join(code(value) for value in apart(one.before, one.after))
    return f"| {code(one.path)} | {said} | {most if counts else ''}{' + '.join(counts) or '0'} |"


def checks(reviews: Sequence[Review]) -> Iterator[Part]:
    """How many checks hold and which fail, in one line a stack; new failures are among the findings."""
    lines = [_checked(one) for one in reviews if one.diff.after.steps]
    if lines:
        head = "<details><summary>Checks</summary>"
        yield Part("\n".join([head, "", *lines, "", "</details>", "", ""]), 9, "checks")


def _checked(one: Review) -> str:
    report = one.checks
    failed = Counter(finding.rule for finding in report.findings)
    said = ", ".join(code(rule) + (f" x {count}" if count > 1 else "") for rule, count in sorted(failed.items()))
    unknown = f", {len(report.unknown)} cannot be known before creation" if report.unknown else ""
    fail = f"{len(report.findings)} fail: {said}" if failed else "none fails"
    return f"- {escape(stack_of(one))}: {len(report.compliant)} hold{unknown}, {fail}"


def details(reviews: Sequence[Review]) -> Iterator[Part]:
    """Every change with its inputs, folded, by stack and kind."""
    for review in reviews:
        stack = stack_of(review)
        for kind in KINDS:
            found = of_kind(review.diff, kind)
            if found:
                text = "\n".join(_listed(found))
                head = f"<details><summary>{escape(stack)}: {len(found)} to {kind}</summary>"
                body = "\n".join([head, "", *block(text, "diff"), "", "</details>", "", ""])
                yield Part(body, WEIGHTS[kind], f"details of what is to {kind} in {escape(stack)}")


def _listed(changes: Sequence[ResourceChange]) -> Iterator[str]:
    """Every resource, with its inputs below; what several have in common stands once below all of them."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in changes:
        head = f"{SIGNS[one.kind]} {kind_of(one.step.type)} {one.step.name}"
        groups.setdefault(tuple(_inputs(one)), []).append(head)
    for inputs, heads in groups.items():
        yield from heads
        if inputs and len(heads) > 1:
            yield f"    each of these {len(heads)}:"
        yield from inputs


def _inputs(one: ResourceChange) -> Iterator[str]:
    ordered = sorted(one.properties, key=lambda found: (not found.replaces, found.is_option))
    for found in ordered[:MAX_PROPERTIES]:
        yield f"    {found.text}: {change(found)}{' (makes it new)' if found.replaces else ''}"
    if len(ordered) > MAX_PROPERTIES:
        yield f"    and {len(ordered) - MAX_PROPERTIES} more"
