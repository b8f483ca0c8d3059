"""The parts of a comment: findings, acceptances, fields of the spec, costs, checks and folded details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.change import ResourceChange, SpecChange
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.review import Review
from mlplatform.views.cost import signed
from mlplatform.views.diff import KINDS, SIGNS, kind_of, of_kind
from mlplatform.views.escape import block, code, escape, sentence
from mlplatform.views.fit import Part
from mlplatform.views.values import apart, change, shown

MARKS: dict[Level, str] = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}
"""Beside the level's name, never instead of it."""
OPEN: tuple[Level, ...] = ("critical", "high")
"""Levels that are read without unfolding anything."""
MAX_NAMES = 5
"""Resources that one finding names; the details have all."""
MAX_FIELDS = 20
"""Fields of the spec that are shown."""
MAX_PROPERTIES = 8
"""Inputs that are shown of one resource."""
WEIGHTS = {"delete": 3, "replace": 4, "update": 6, "create": 7, "move": 8}
"""What goes first where a comment gets too long."""


def findings(reviews: Sequence[Review]) -> Iterator[Part]:
    """What counts, worst first: the same on several resources or stacks in one line."""
    for level in LEVELS:
        lines = [_finding(group) for group in _grouped(reviews, level)]
        if not lines:
            continue
        if level in OPEN:
            weight = 0 if level == "critical" else 1
            yield Part(
                "\n".join([f"### {MARKS[level]} {level.capitalize()}", "", *lines, "", ""]), weight, f"{level} risks"
            )
        else:
            summary = f"<details><summary>{MARKS[level]} {level.capitalize()}: {len(lines)}</summary>"
            yield Part("\n".join([summary, "", *lines, "", "</details>", "", ""]), 5, f"{level} risks")


def _grouped(reviews: Sequence[Review], level: Level) -> list[list[tuple[Review, Finding]]]:
    groups: dict[tuple[str, str], list[tuple[Review, Finding]]] = {}
    for review in reviews:
        for finding in review.judged.findings:
            if finding.level == level:
                groups.setdefault((finding.rule, finding.reason), []).append((review, finding))
    return list(groups.values())


def _finding(group: Sequence[tuple[Review, Finding]]) -> str:
    first = group[0][1]
    names = list(dict.fromkeys(_where(review, finding) for review, finding in group))
    shown_names = ", ".join(names[:MAX_NAMES]) + (
        f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    )
    return f"- {shown_names}: {sentence(first.reason)} *{sentence(first.fix)}* {code(first.rule)}"


def _where(review: Review, finding: Finding) -> str:
    stack = f" in {escape(review.diff.after.stack or review.diff.before.stack)}"
    # what is about the whole stack carries the stack's own URN
    if "pulumi:pulumi:Stack::" in finding.urn:
        return escape(review.diff.after.stack or review.diff.before.stack)
    return f"{code(finding.name)}{stack}"


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
            f"- {_where(one, each.finding)}: {code(each.finding.rule)} until {each.by.expires} by "
            f"{escape(each.by.owner)}: {escape(each.by.reason)}"
            for one, each in accepted
        ]
        head = f"<details><summary>Accepted: {len(lines)}</summary>"
        yield Part("\n".join([head, "", *lines, "", "</details>", "", ""]), 5, "accepted risks")


def fields(reviews: Sequence[Review]) -> Iterator[Part]:
    """Which fields of the spec differ, with how many resources each changes."""
    found: dict[str, tuple[SpecChange, list[int]]] = {}
    for review in reviews:
        for one in review.diff.spec_changes:
            key = f"{one.path}\0{one.before!r}\0{one.after!r}"
            found.setdefault(key, (one, []))[1].append(len(one.urns))
    if not found:
        return
    rows = [_field(one, counts) for one, counts in found.values()]
    more = [f"| and {len(rows) - MAX_FIELDS} more | | |"] if len(rows) > MAX_FIELDS else []
    head = ["### In the spec", "", "| Field | Change | Resources it changes |", "|---|---|--:|"]
    yield Part("\n".join([*head, *rows[:MAX_FIELDS], *more, "", ""]), 2, "fields of the spec")


def _field(one: SpecChange, counts: Sequence[int]) -> str:
    if one.before is None:
        said = f"added {code(shown(one.after))}"
    elif one.after is None:
        said = f"removed {code(shown(one.before))}"
    else:
        said = " → ".join(code(value) for value in apart(one.before, one.after))
    return f"| {code(one.path)} | {said} | {' + '.join(map(str, counts))} |"


def costs(reviews: Sequence[Review]) -> Iterator[Part]:
    """Which capabilities cost more or less, and what is not priced."""
    rows: list[str] = []
    for review in reviews:
        delta = review.cost
        stack = escape(review.diff.after.stack or review.diff.before.stack)
        for title, changed in delta.by_capability.items():
            one = changed.difference
            if max(abs(one.low), abs(one.expected), abs(one.high)) >= 1:
                amounts = " | ".join(signed(amount) for amount in (one.low, one.expected, one.high))
                rows.append(f"| {stack} | {escape(title)} | {amounts} |")
        hours = delta.gpu_hours.difference
        if max(abs(hours.expected), abs(hours.high)) >= 1:
            amounts = " | ".join(signed(amount) for amount in (hours.low, hours.expected, hours.high))
            rows.append(f"| {stack} | *accelerator hours* | {amounts} |")
    if rows:
        head = ["### Cost", "", "| Stack | USD a month | idle | expected | at most |", "|---|---|--:|--:|--:|"]
        yield Part("\n".join([*head, *rows, "", ""]), 1, "costs by capability")


def checks(reviews: Sequence[Review]) -> Iterator[Part]:
    """How many checks hold, in one line a stack; new failures are among the findings."""
    lines = [
        f"- {escape(one.diff.after.stack)}: {len(one.checks.compliant)} hold, {len(one.checks.findings)} fail, "
        f"{len(one.checks.unknown)} cannot be known before creation"
        for one in reviews
        if one.diff.after.steps
    ]
    if lines:
        head = "<details><summary>Checks</summary>"
        yield Part("\n".join([head, "", *lines, "", "</details>", "", ""]), 9, "checks")


def details(reviews: Sequence[Review]) -> Iterator[Part]:
    """Every change with its inputs, folded, by stack and kind."""
    for review in reviews:
        stack = review.diff.after.stack or review.diff.before.stack
        for kind in KINDS:
            found = of_kind(review.diff, kind)
            if found:
                text = "\n".join(line for one in found for line in _lines(one))
                head = f"<details><summary>{escape(stack)}: {len(found)} to {kind}</summary>"
                body = "\n".join([head, "", *block(text, "diff"), "", "</details>", "", ""])
                yield Part(body, WEIGHTS[kind], f"details of what is to {kind} in {escape(stack)}")


def _lines(one: ResourceChange) -> Iterator[str]:
    step = one.step
    yield f"{SIGNS[one.kind]} {kind_of(step.type)} {step.name}"
    ordered = sorted(one.properties, key=lambda found: (not found.replaces, found.is_option))
    for found in ordered[:MAX_PROPERTIES]:
        yield f"    {found.text}: {change(found)}{' (makes it new)' if found.replaces else ''}"
    if len(ordered) > MAX_PROPERTIES:
        yield f"    and {len(ordered) - MAX_PROPERTIES} more"
