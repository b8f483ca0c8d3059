"""The findings of a comment by their cause, worst first: reason, place, fix; equal findings are listed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mlplatform.decision.causes import Cause, is_of_stack
from mlplatform.decision.headline import finding_facts
from mlplatform.plan.finding import LEVELS, Finding, Level
from mlplatform.review import Review
from mlplatform.views.causes import SameFinding, cause_title, describe_change, describe_touched, same_findings
from mlplatform.views.comment.fit import Section
from mlplatform.views.escape import code, escape, html_text, sentence

MARKS: dict[Level, str] = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}
"""Beside the level's name, never instead of it."""
OPEN: tuple[Level, ...] = ("critical", "high")
"""Levels shown unfolded; medium is too, where nothing is worse."""
MAX_NAMES = 5
"""Resources named per finding and stack; the details have all."""
FEW = 3
"""Resources that fit on the finding's own line."""
MAX_FIELDS = 20
"""Fields without a finding that are shown."""


def findings(causes: Sequence[Cause]) -> Iterator[Section]:
    """One section per cause with findings: the worst and the high ones are open, the rest is folded."""
    worst = min((LEVELS.index(cause.worst) for cause in causes if cause.worst), default=len(LEVELS))
    opened = (*OPEN, "medium") if LEVELS[worst:] and LEVELS[worst] == "medium" else OPEN
    several = "All changes together" if any(cause.fields for cause in causes) else "Findings"
    for cause in causes:
        if not cause.worst:
            continue
        lines = [f"### {MARKS[cause.worst]} {cause_title(cause, code, several)}", ""]
        if len(cause.fields) == 1 or cause.renamed:
            lines += [f"{_capital(describe_touched(cause, escape))}.", ""]
        elif cause.fields:
            lines += ["These fields touch the same resources: what follows comes from one of them, or from both.", ""]
        if cause.rebuilds:
            lines += [
                f"**{sentence(cause.advice)}**",
                "",
                *_in_short(cause),
                *_list(same_findings(cause.about_stacks)),
                "",
            ]
        else:
            shown = same_findings(cause.findings, opened)
            folded = same_findings(cause.findings, [level for level in LEVELS if level not in opened])
            lines += [*_list(shown), *([""] if shown else []), *_folded(folded)]
        weight = {"critical": 0, "high": 1}.get(cause.worst, 5)
        yield Section("\n".join([*lines, ""]), weight, f"{cause.worst} findings")


def harmless(causes: Sequence[Cause]) -> Iterator[Section]:
    """Changed fields without a finding, with the number of resources each changes."""
    fields = [cause for cause in causes if not cause.worst and cause.fields]
    if not fields:
        return
    rows = [_row(cause) for cause in fields[:MAX_FIELDS]]
    more = [f"| and {len(fields) - MAX_FIELDS} more | | |"] if len(fields) > MAX_FIELDS else []
    title = "### Changed fields without findings" if any(cause.worst for cause in causes) else "### Changed fields"
    head = [title, "", "| Field | Change | Changed resources |", "|---|---|--:|"]
    yield Section("\n".join([*head, *rows, *more, "", ""]), 2, "fields of the spec")


def describe_place(review: Review, finding: Finding) -> str:
    """The resource and its stack; the stack alone where the finding is about all of it."""
    return escape(review.stack) if is_of_stack(finding) else f"{code(finding.name)} in {escape(review.stack)}"


def _row(cause: Cause) -> str:
    change = f"renamed to {code(cause.renamed)}" if cause.renamed else describe_change(cause.fields[0], code)
    counts = " + ".join(f"{touched.count}" for touched in cause.touched) or "0"
    bound = "" if all(touched.exact for touched in cause.touched) else "≤ "
    return f"| {code(cause.fields[0].path)} | {change} | {bound}{counts} |"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_short(cause: Cause) -> list[str]:
    """What the findings of a rebuilt platform say together: advice about each resource would be wrong."""
    lines = [
        f"- {MARKS[fact.level]} {sentence(fact.text)} {code(fact.rule)}"
        for fact in finding_facts(cause.about_resources)
    ]
    return _fold(_counted(one.finding.level for one in cause.about_resources), lines)


def _folded(same: Sequence[SameFinding]) -> list[str]:
    return _fold(_counted(one.finding.level for one in same for _ in range(one.count)), list(_list(same)))


def _fold(title: str, lines: Sequence[str]) -> list[str]:
    return [f"<details><summary>{html_text(title)}</summary>", "", *lines, "", "</details>", ""] if lines else []


def _counted(levels: Iterable[Level]) -> str:
    counts = Counter(levels)
    return ", ".join(f"{MARKS[level]} {counts[level]} {level}" for level in LEVELS if counts[level])


def _list(same: Sequence[SameFinding]) -> Iterator[str]:
    if not same:
        return
    for one, following in zip(same, (*same[1:], None), strict=True):
        # a fix that several findings share is printed once, after the last
        fix, rule = one.finding.fix, code(one.finding.rule)
        follows = following is not None and (following.finding.rule, following.finding.fix) == (one.finding.rule, fix)
        todo = "" if follows else f" *{sentence(fix)}* {rule}" if fix else f" {rule}"
        yield from _entry(one, todo)


def _entry(one: SameFinding, todo: str) -> Iterator[str]:
    reason = f"{MARKS[one.finding.level]} **{sentence(one.finding.reason)}**"
    places = {escape(stack): [code(name) for name in names] for stack, names in one.names.items()}
    if sum(map(len, places.values())) <= FEW:
        named = (f"{', '.join(names)} in {stack}".removeprefix(" in ") for stack, names in places.items())
        yield f"- {reason} {', '.join(named)}.{todo}"
        return
    yield f"- {reason}{todo}"
    for stack, names in places.items():
        more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
        yield f"  - {stack}: {', '.join(names[:MAX_NAMES])}{more}"
