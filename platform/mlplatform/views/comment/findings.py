"""The findings of a comment, worst first: reason, place, fix; equal findings are listed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.review import Review
from mlplatform.views.comment.fit import Section
from mlplatform.views.escape import code, escape, sentence

MARKS: dict[Level, str] = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}
"""Beside the level's name, never instead of it."""
OPEN: tuple[Level, ...] = ("critical", "high")
"""Levels shown unfolded; medium is too, where nothing is worse."""
MAX_NAMES = 5
"""Resources named per finding and stack; the details have all."""
FEW = 3
"""Resources that fit on the finding's own line."""

_SameFinding = list[tuple[Review, Finding]]
"""One finding of several resources."""


def findings(reviews: Sequence[Review]) -> Iterator[Section]:
    """One section per level: the worst and the high ones are open, the rest is folded."""
    worst = min((LEVELS.index(review.worst) for review in reviews if review.worst), default=len(LEVELS))
    for level in LEVELS:
        rules = _grouped(reviews, level)
        lines = [line for groups in rules for line in _rule(groups)]
        if not lines:
            continue
        if level in OPEN or (level == "medium" and LEVELS.index(level) == worst):
            weight = 0 if level == "critical" else 1
            head = f"### {MARKS[level]} {level.capitalize()}"
            yield Section("\n".join([head, "", *lines, "", ""]), weight, f"{level} risks")
        else:
            count = sum(len(group) for groups in rules for group in groups)
            summary = f"<details><summary>{MARKS[level]} {level.capitalize()}: {count}</summary>"
            yield Section("\n".join([summary, "", *lines, "", "</details>", "", ""]), 5, f"{level} risks")


def describe_place(review: Review, finding: Finding) -> str:
    """The resource and its stack; the stack alone where the finding is about all of it."""
    stack = stack_name(review)
    return escape(stack) if _is_stack(finding) else f"{code(finding.name)} in {escape(stack)}"


def stack_name(review: Review) -> str:
    """Name of the stack."""
    return review.diff.after.stack or review.diff.before.stack


def _is_stack(finding: Finding) -> bool:
    # a finding about the whole stack has the stack's own URN
    return "pulumi:pulumi:Stack::" in finding.urn


def _grouped(reviews: Sequence[Review], level: Level) -> list[list[_SameFinding]]:
    """Findings by rule, and within it by reason."""
    rules: dict[str, dict[str, _SameFinding]] = {}
    for review in reviews:
        for finding in review.judged.findings:
            if finding.level == level:
                rules.setdefault(finding.rule, {}).setdefault(finding.reason, []).append((review, finding))
    return [list(groups.values()) for groups in rules.values()]


def _rule(groups: Sequence[_SameFinding]) -> Iterator[str]:
    for group, following in zip(groups, (*groups[1:], None), strict=True):
        # a fix that several findings share is printed once, after the last
        fix, rule = group[0][1].fix, code(group[0][1].rule)
        follows = following is not None and following[0][1].fix == fix
        yield from _group(group, "" if follows else f" *{sentence(fix)}* {rule}" if fix else f" {rule}")


def _group(group: _SameFinding, todo: str) -> Iterator[str]:
    reason = f"**{sentence(group[0][1].reason)}**"
    stacks: dict[str, list[str]] = {}
    for review, finding in group:
        stacks.setdefault(stack_name(review), []).append("" if _is_stack(finding) else code(finding.name))
    places = {stack: list(dict.fromkeys(names)) for stack, names in stacks.items()}
    if sum(map(len, places.values())) <= FEW:
        named = (f"{', '.join(names)} in {escape(stack)}".removeprefix(" in ") for stack, names in places.items())
        yield f"- {reason} {', '.join(named)}.{todo}"
        return
    yield f"- {reason}{todo}"
    for stack, names in places.items():
        more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
        yield f"  - {escape(stack)}: {', '.join(names[:MAX_NAMES])}{more}"
