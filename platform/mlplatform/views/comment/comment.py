"""A pull request's review comment: the verdict in one line, risks, cost, and the details folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.finding import LEVELS
from mlplatform.review import Review
from mlplatform.views.comment import costs, details, diagram, findings
from mlplatform.views.comment.findings import MARKS, stack_of
from mlplatform.views.comment.fit import Section, fit
from mlplatform.views.cost.amounts import signed
from mlplatform.views.diff.common import count_changes
from mlplatform.views.escape import code, escape

Flavour = Literal["github", "gitlab"]
LIMITS: dict[Flavour, int] = {"github": 65_000, "gitlab": 900_000}
"""Maximum characters; GitHub accepts 65,536 and GitLab 1,000,000, and both may count them differently than Python."""


@dataclass(frozen=True, slots=True)
class CommentSubject:
    """Reviews of one pull request."""

    base: str
    """Name of the base, for people."""

    reviews: tuple[Review, ...]
    """One per stack."""

    provenance: tuple[str, ...] = ()
    """Version of each spec: a commit or a digest."""

    version: str = ""
    """Version of mlplatform."""

    key: str = "review"
    """Distinguishes comments on the same request; letters, digits, `.`, `_` and `-`."""


def marker(key: str) -> str:
    """The hidden line that identifies the comment."""
    return f"<!-- mlplatform:comment:{re.sub(r'[^A-Za-z0-9._]|-(?=-)', '-', key).strip('-')[:80]} -->"


def document(subject: CommentSubject, flavour: Flavour = "github") -> str:
    """The comment, within the platform's length limit."""
    changed = [one for one in subject.reviews if one.diff.changes or one.diff.spec_changes]
    sections = [Section(f"{marker(subject.key)}\n{_heading(changed)}\n\n"), Section(_totals(subject, changed))]
    sections += findings.findings(changed)
    sections += details.acceptances(subject.reviews)
    sections += details.fields(changed)
    sections += costs.costs(changed)
    sections += details.checks(changed)
    if len({(stack_of(one), each.component) for one in changed for each in one.diff.changes}) > 1:
        sections.append(Section(diagram.section(changed), 2, "the diagram"))
    sections += details.details(changed)
    sections.append(Section(_footer(subject)))
    return fit(sections, LIMITS[flavour], hint="`mlplatform diff` and `mlplatform risk` show everything.")


def _heading(changed: Sequence[Review]) -> str:
    if not changed:
        return "## ⚪ mlplatform: no changes"
    counts = Counter(finding.level for one in changed for finding in one.judged.findings)
    worst = next((MARKS[level] for level in LEVELS if counts[level]), MARKS["info"])
    facts = [f"{counts[level]} {level}" for level in LEVELS if counts[level]] or ["no risks found"]
    deleted = sum(change.kind == "delete" for one in changed for change in one.diff.changes)
    replaced = sum(change.kind == "replace" for one in changed for change in one.diff.changes)
    facts += [f"{count} {word}" for count, word in ((deleted, "deleted"), (replaced, "replaced")) if count]
    if not deleted and not replaced:
        facts.append(count_changes([change for one in changed for change in one.diff.changes]))
    cost = sum(one.cost.total.difference.expected for one in changed)
    facts.append(f"{signed(cost)} USD a month" if abs(cost) >= 1 else "same cost")
    if any(costs.unpriced(one) for one in changed):
        facts[-1] += ", without unpriced resources"
    return f"## {worst} mlplatform: {', '.join(facts)}"


def _totals(subject: CommentSubject, changed: Sequence[Review]) -> str:
    lines = [f"Compared with {code(subject.base)}.", ""]
    if changed:
        lines += ["| Stack | Worst risk | Resources | USD a month, expected (at most) |", "|---|---|---|--:|"]
        lines += [_row(one) for one in changed]
        lines.append("")
    same = [one.diff.after.stack for one in subject.reviews if one not in changed]
    if same:
        lines += [f"No changes in {', '.join(escape(stack) for stack in same)}.", ""]
    return "\n".join(lines) + "\n"


def _row(one: Review) -> str:
    stack = stack_of(one)
    worst = f"{MARKS[one.worst]} {one.worst}" if one.worst else "none"
    cost = one.cost.total.difference
    price = f"{signed(cost.expected)} ({signed(cost.high)})" if not _same(cost.expected, cost.high) else "0"
    price += ", incomplete" if costs.unpriced(one) else ""
    resources = f"{count_changes(one.diff.changes)}, {one.diff.unchanged} unchanged"
    return f"| **{escape(stack)}** | {worst} | {resources} | {price} |"


def _same(*amounts: float) -> bool:
    return all(abs(amount) < 1 for amount in amounts)


def _footer(subject: CommentSubject) -> str:
    made = escape(f"mlplatform {subject.version}".rstrip())
    sources = "; ".join(escape(text) for text in dict.fromkeys(subject.provenance))
    return f"\n<sub>{made}{f', from {sources}' if sources else ''}. Planned offline, without credentials.</sub>\n"
