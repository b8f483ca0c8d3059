"""Risks of a change, for people and for tools."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from mlplatform.decision.causes import Cause, group_by_cause
from mlplatform.decision.headline import finding_facts, headline_of
from mlplatform.plan.finding import Finding
from mlplatform.review import Review
from mlplatform.views.causes import SameFinding, cause_title, describe_touched, same_findings
from mlplatform.views.judged import INDENT, acceptance_lines, count_levels, finding_lines
from mlplatform.views.style import LEVEL_HUES, Style

MAX_NAMES = 8
"""Resources named per finding; `--format json` has all."""


def text(reviews: Sequence[Review], style: Style) -> str:
    """One section per cloud: what to decide, the findings by their cause, worst first, then acceptances."""
    lines: list[str] = []
    for review in reviews:
        lines += [*_section(review, style), ""]
    return style.plain("\n".join(lines))


def verdict(review: Review) -> str:
    """One line: the counts of findings."""
    return count_levels(review.judged) or "no risks found"


def _section(review: Review, style: Style) -> list[str]:
    changes = Counter(change.kind for change in review.diff.changes)
    counts = ", ".join(f"{count} {kind}" for kind, count in changes.items()) or "no change"
    head = f"{review.title}, {review.stack}: {headline_of([review]).text}"
    lines = [style.paint(line, "bold") for line in style.wrap(head, "", "  ")]
    lines += [f"{verdict(review)}; {counts}; {review.diff.unchanged} stay the same", ""]
    causes = group_by_cause([review])
    several = "All changes together" if any(cause.fields for cause in causes) else ""
    for cause in causes:
        if cause.worst:
            lines += [*_cause(cause, style, several), ""]
    return [*lines, *acceptance_lines(review.judged, style)]


def _cause(cause: Cause, style: Style, several: str) -> list[str]:
    title = cause_title(cause, str, several)
    if cause.fields:
        title += f"  {describe_touched(cause, str)}"
    lines = [style.paint(line, "cyan") for line in style.wrap(title, "", "    ")] if title else []
    if not cause.rebuilds:
        return [*lines, *_listed(same_findings(cause.findings), style)]
    # advice about single resources would be wrong
    lines += style.wrap(cause.advice, INDENT, INDENT)
    for fact in finding_facts(cause.about_resources):
        level = style.paint(f"  {fact.level:<9}", LEVEL_HUES[fact.level])
        first, *rest = style.wrap(f"{fact.text} [{fact.rule}]", INDENT, INDENT)
        lines += [f"{level} {first.lstrip()}", *rest]
    return [*lines, *_listed(same_findings(cause.about_stacks), style)]


def _listed(found: Sequence[SameFinding], style: Style) -> list[str]:
    following = (*found[1:], None) if found else ()
    return [line for one, after in zip(found, following, strict=True) for line in _same(one, after, style)]


def _same(same: SameFinding, following: SameFinding | None, style: Style) -> list[str]:
    finding = same.finding
    # a fix that several findings share is printed once, after the last
    shares = following is not None and (following.finding.rule, following.finding.fix) == (finding.rule, finding.fix)
    if same.count == 1:
        lines = finding_lines(finding, style)
        return lines[: -len(_todo(finding, style))] if shares else lines
    level = style.paint(f"  {finding.level:<9}", LEVEL_HUES[finding.level])
    first, *rest = style.wrap(f"{same.count} x {finding.reason}", INDENT, INDENT)
    names = [name for listed in same.names.values() for name in listed]
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    lines = [f"{level} {first.lstrip()}", *rest]
    lines += style.wrap(", ".join(names[:MAX_NAMES]) + more, INDENT, INDENT) if names else []
    return lines if shares else [*lines, *_todo(finding, style)]


def _todo(finding: Finding, style: Style) -> list[str]:
    return style.wrap(f"{finding.fix} [{finding.rule}]", INDENT, INDENT)


def document(reviews: Sequence[Review]) -> str:
    """Everything as JSON."""
    body = {
        "clouds": [
            {
                "cloud": review.diff.cloud,
                "target": review.diff.target,
                "stack": review.diff.after.stack,
                "changes": dict(sorted(Counter(change.kind for change in review.diff.changes).items())),
                "unchanged": review.diff.unchanged,
                "headline": headline_of([review]).text,
                "causes": [_cause_body(cause) for cause in group_by_cause([review])],
                "findings": [asdict(finding) for finding in review.judged.findings],
                "accepted": [
                    {"finding": asdict(accepted.finding), "by": accepted.by.model_dump(mode="json")}
                    for accepted in review.judged.accepted
                ],
                "expired": [entry.model_dump(mode="json") for entry in review.judged.expired],
                "own": [entry.model_dump(mode="json") for entry in review.judged.own],
                "unused": [entry.model_dump(mode="json") for entry in review.judged.unused],
                "classified": [
                    {"urn": risk.change.step.urn, "kind": risk.change.kind, "level": risk.level, "reason": risk.reason}
                    for risk in review.risks.classified
                ],
            }
            for review in reviews
        ]
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _cause_body(cause: Cause) -> dict[str, object]:
    return {
        "fields": [{"path": field.path, "before": field.before, "after": field.after} for field in cause.fields],
        "resources": cause.resources,
        "rebuilds": cause.rebuilds,
        "advice": cause.advice,
        "worst": cause.worst,
        "findings": [{"rule": one.finding.rule, "urn": one.finding.urn} for one in cause.findings],
    }
