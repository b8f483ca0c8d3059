"""What counts in a comment, worst first: what is found, where, what to do; the same is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.review import Review
from mlplatform.views.escape import code, escape, sentence
from mlplatform.views.fit import Part

MARKS: dict[Level, str] = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}
"""Beside the level's name, never instead of it."""
OPEN: tuple[Level, ...] = ("critical", "high")
"""Levels that are read without unfolding anything; medium is too, where nothing is worse."""
MAX_NAMES = 5
"""Resources of a stack that one finding names; the details have all."""
FEW = 3
"""Resources that fit on the line of what was found of them."""

Group = list[tuple[Review, Finding]]
"""The same found of several resources."""


def findings(reviews: Sequence[Review]) -> Iterator[Part]:
    """One part per level: the worst that there is and what is high stand open, the rest is folded."""
    worst = min((LEVELS.index(one.worst) for one in reviews if one.worst), default=len(LEVELS))
    for level in LEVELS:
        rules = _grouped(reviews, level)
        lines = [line for groups in rules for line in _rule(groups)]
        if not lines:
            continue
        if level in OPEN or (level == "medium" and LEVELS.index(level) == worst):
            weight = 0 if level == "critical" else 1
            head = f"### {MARKS[level]} {level.capitalize()}"
            yield Part("\n".join([head, "", *lines, "", ""]), weight, f"{level} risks")
        else:
            count = sum(len(group) for groups in rules for group in groups)
            summary = f"<details><summary>{MARKS[level]} {level.capitalize()}: {count}</summary>"
            yield Part("\n".join([summary, "", *lines, "", "</details>", "", ""]), 5, f"{level} risks")


def where(review: Review, finding: Finding) -> str:
    """The resource and its stack; the stack alone where it is about all of it."""
    stack = stack_of(review)
    return escape(stack) if _is_stack(finding) else f"{code(finding.name)} in {escape(stack)}"


def stack_of(review: Review) -> str:
    """Name of the stack."""
    return review.diff.after.stack or review.diff.before.stack


def _is_stack(finding: Finding) -> bool:
    # what is about the whole stack carries the stack's own URN
    return "pulumi:pulumi:Stack::" in finding.urn


def _grouped(reviews: Sequence[Review], level: Level) -> list[list[Group]]:
    """By rule, and within it by what is said."""
    rules: dict[str, dict[str, Group]] = {}
    for review in reviews:
        for finding in review.judged.findings:
            if finding.level == level:
                rules.setdefault(finding.rule, {}).setdefault(finding.reason, []).append((review, finding))
    return [list(groups.values()) for groups in rules.values()]


def _rule(groups: Sequence[Group]) -> Iterator[str]:
    for group, following in zip(groups, (*groups[1:], None), strict=True):
        # where several findings ask for the same, it stands once, behind the last
        fix, rule = group[0][1].fix, code(group[0][1].rule)
        told = following is not None and following[0][1].fix == fix
        yield from _group(group, "" if told else f" *{sentence(fix)}* {rule}" if fix else f" {rule}")


def _group(group: Group, todo: str) -> Iterator[str]:
    reason = f"**{sentence(group[0][1].reason)}**"
    stacks: dict[str, list[str]] = {}
    for review, finding in group:
        stacks.setdefault(stack_of(review), []).append("" if _is_stack(finding) else code(finding.name))
    places = {stack: list(dict.fromkeys(names)) for stack, names in stacks.items()}
    if sum(map(len, places.values())) <= FEW:
        told = (f"{', '.join(names)} in {escape(stack)}".removeprefix(" in ") for stack, names in places.items())
        yield f"- {reason} {', '.join(told)}.{todo}"
        return
    yield f"- {reason}{todo}"
    for stack, names in places.items():
        more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
        yield f"  - {escape(stack)}: {', '.join(names[:MAX_NAMES])}{more}"
