"""Sections of a comment below the findings: acceptances, spec fields, checks and folded changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from mlplatform.plan.change import ResourceChange, SpecChange
from mlplatform.review import Review
from mlplatform.views.comment.findings import describe_place, stack_name
from mlplatform.views.comment.fit import Section
from mlplatform.views.diff.common import KINDS, SIGNS, changes_of_kind, short_type
from mlplatform.views.escape import block, code, escape, html_text
from mlplatform.views.values import differing_parts, format_change, format_value

MAX_FIELDS = 20
"""Spec fields shown."""
MAX_PROPERTIES = 8
"""Inputs shown per resource."""
WEIGHTS = {"delete": 3, "replace": 4, "update": 6, "create": 7, "move": 8}
"""Order of leaving out where a comment gets too long: the highest first."""


def acceptances(reviews: Sequence[Review]) -> Iterator[Section]:
    """Acceptances of the change itself, expired ones, and accepted findings."""
    own = {(entry.rule, entry.resource): entry for review in reviews for entry in review.judged.own}
    if own:
        lines = [
            f"- {code(entry.rule)} of {code(entry.resource)} until {entry.expires} by {escape(entry.owner)}: "
            f"{escape(entry.reason)}"
            for _, entry in sorted(own.items())
        ]
        head = ["### This change adds its own acceptance", "", "It does not count until it is merged on its own.", ""]
        yield Section("\n".join([*head, *lines, "", ""]), 1, "acceptances of the change itself")
    expired = {(entry.rule, entry.resource): entry for review in reviews for entry in review.judged.expired}
    if expired:
        lines = [
            f"- {code(entry.rule)} of {code(entry.resource)}, {escape(entry.owner)}: expired on {entry.expires}."
            for _, entry in sorted(expired.items())
        ]
        yield Section(
            "\n".join(["### Expired acceptances fail this review", "", *lines, "", ""]), 1, "expired acceptances"
        )
    accepted = [(review, each) for review in reviews for each in review.judged.accepted]
    if accepted:
        lines = [
            f"- {describe_place(review, each.finding)}: {code(each.finding.rule)} until {each.by.expires} by "
            f"{escape(each.by.owner)}: {escape(each.by.reason)}"
            for review, each in accepted
        ]
        head = f"<details><summary>Accepted: {len(lines)}</summary>"
        yield Section("\n".join([head, "", *lines, "", "</details>", "", ""]), 5, "accepted risks")


def fields(reviews: Sequence[Review]) -> Iterator[Section]:
    """Changed fields of the spec, with the number of resources each changes."""
    changes: dict[str, tuple[SpecChange, list[str]]] = {}
    for review in reviews:
        for change in review.diff.spec_changes:
            key = f"{change.path}\0{change.before!r}\0{change.after!r}"
            counts = changes.setdefault(key, (change, []))[1]
            counts += [f"{len(change.urns)}"] if change.urns else []
    if not changes:
        return
    # with several changed fields, resources are attributed by component, which gives an upper bound
    bound = "≤ " if any(sum(bool(c.urns) for c in review.diff.spec_changes) > 1 for review in reviews) else ""
    renamed = _renamed([change for change, _ in changes.values()])
    added = set(renamed.values())
    rows = [_field(change, counts, bound, renamed) for change, counts in changes.values() if change.path not in added]
    more = [f"| and {len(rows) - MAX_FIELDS} more | | |"] if len(rows) > MAX_FIELDS else []
    head = ["### Changed spec fields", "", "| Field | Change | Changed resources |", "|---|---|--:|"]
    yield Section("\n".join([*head, *rows[:MAX_FIELDS], *more, "", ""]), 2, "fields of the spec")


def _renamed(changes: Sequence[SpecChange]) -> dict[str, str]:
    """Paths of removed items, with the added ones that are equal but for their name."""
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
    before, after = old.before, new.after
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    before, after = cast("dict[str, object]", before), cast("dict[str, object]", after)
    return "name" in before and {**before, "name": ""} == {**after, "name": ""}


def _field(change: SpecChange, counts: Sequence[str], bound: str, renamed: Mapping[str, str]) -> str:
    if change.path in renamed:
        text = f"renamed to {code(renamed[change.path].rpartition('.')[2])}"
    elif change.before is None:
        text = f"added {code(format_value(change.after))}"
    elif change.after is None:
        text = f"removed {code(format_value(change.before))}"
    else:
        text = " → ".join(code(value) for value in differing_parts(change.before, change.after))
    return f"| {code(change.path)} | {text} | {bound if counts else ''}{' + '.join(counts) or '0'} |"


def checks(reviews: Sequence[Review]) -> Iterator[Section]:
    """Counts of checks, and the failing ones, one line per stack; new failures are among the findings."""
    lines = [_checked(review) for review in reviews if review.diff.after.steps]
    if lines:
        head = "<details><summary>Checks</summary>"
        yield Section("\n".join([head, "", *lines, "", "</details>", "", ""]), 9, "checks")


def _checked(review: Review) -> str:
    report = review.checks
    failed = Counter(finding.rule for finding in report.findings)
    failing = ", ".join(code(rule) + (f" x {count}" if count > 1 else "") for rule, count in sorted(failed.items()))
    unknown = f", {len(report.unknown)} cannot be known before creation" if report.unknown else ""
    fail = f"{len(report.findings)} fail: {failing}" if failed else "none fails"
    return f"- {escape(stack_name(review))}: {len(report.compliant)} pass{unknown}, {fail}"


def details(reviews: Sequence[Review]) -> Iterator[Section]:
    """Every change with its inputs, folded, by stack and kind."""
    for review in reviews:
        stack = stack_name(review)
        for kind in KINDS:
            changes = changes_of_kind(review.diff, kind)
            if changes:
                text = "\n".join(_list(changes))
                head = f"<details><summary>{html_text(stack)}: {len(changes)} to {kind}</summary>"
                body = "\n".join([head, "", *block(text, "diff"), "", "</details>", "", ""])
                yield Section(body, WEIGHTS[kind], f"resources to {kind} in {escape(stack)}")


def _list(changes: Sequence[ResourceChange]) -> Iterator[str]:
    """Every resource with its inputs; inputs that several share are listed once below all of them."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for change in changes:
        head = f"{SIGNS[change.kind]} {short_type(change.step.type)} {change.step.name}"
        groups.setdefault(tuple(_inputs(change)), []).append(head)
    for inputs, heads in groups.items():
        yield from heads
        if inputs and len(heads) > 1:
            yield f"    each of these {len(heads)}:"
        yield from inputs


def _inputs(change: ResourceChange) -> Iterator[str]:
    ordered = sorted(change.properties, key=lambda prop: (not prop.replaces, prop.is_option))
    for prop in ordered[:MAX_PROPERTIES]:
        yield f"    {prop.text}: {format_change(prop)}{' (forces replacement)' if prop.replaces else ''}"
    if len(ordered) > MAX_PROPERTIES:
        yield f"    and {len(ordered) - MAX_PROPERTIES} more"
