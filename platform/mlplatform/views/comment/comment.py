"""What a pull request shows: the verdict in one line, what is dangerous, what it costs, and the rest folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mlplatform.plan.finding import LEVELS
from mlplatform.review import Review
from mlplatform.views.comment import costs as comment_costs
from mlplatform.views.comment import details as comment_parts
from mlplatform.views.comment import diagram as comment_diagram
from mlplatform.views.comment import findings as comment_findings
from mlplatform.views.comment.findings import MARKS, stack_of
from mlplatform.views.cost.common import signed
from mlplatform.views.diff.common import counted
from mlplatform.views.escape import code, escape
from mlplatform.views.fit import Part, fit

Flavour = Literal["github", "gitlab"]
LIMITS: dict[Flavour, int] = {"github": 65_000, "gitlab": 900_000}
"""Characters; GitHub takes 65,536 and GitLab 1,000,000, and both may count other characters than Python does."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment is about."""

    base: str
    """What there is, for people."""

    reviews: tuple[Review, ...]
    """One per stack."""

    provenance: tuple[str, ...] = ()
    """Where each spec comes from: a commit or a digest."""

    version: str = ""
    """Of mlplatform."""

    key: str = "review"
    """Tells this comment from others of the same request; letters, digits, `.`, `_` and `-`."""


def marker(key: str) -> str:
    """The hidden line by which the comment is found again."""
    return f"<!-- mlplatform:comment:{re.sub(r'[^A-Za-z0-9._]|-(?=-)', '-', key).strip('-')[:80]} -->"


def document(subject: Subject, flavour: Flavour = "github") -> str:
    """The comment, within the limit of the place it is for."""
    changed = [one for one in subject.reviews if one.diff.changes or one.diff.spec_changes]
    parts = [Part(f"{marker(subject.key)}\n{_heading(changed)}\n\n"), Part(_totals(subject, changed))]
    parts += comment_findings.findings(changed)
    parts += comment_parts.acceptances(subject.reviews)
    parts += comment_parts.fields(changed)
    parts += comment_costs.costs(changed)
    parts += comment_parts.checks(changed)
    if len({(stack_of(one), each.component) for one in changed for each in one.diff.changes}) > 1:
        parts.append(Part(comment_diagram.section(changed), 2, "the diagram"))
    parts += comment_parts.details(changed)
    parts.append(Part(_footer(subject)))
    return fit(parts, LIMITS[flavour], hint="`mlplatform diff` and `mlplatform risk` show all of it.")


def _heading(changed: Sequence[Review]) -> str:
    if not changed:
        return "## ⚪ mlplatform: nothing changes"
    found = Counter(finding.level for one in changed for finding in one.judged.findings)
    worst = next((MARKS[level] for level in LEVELS if found[level]), MARKS["info"])
    said = [f"{found[level]} {level}" for level in LEVELS if found[level]] or ["nothing dangerous found"]
    lost = sum(change.kind == "delete" for one in changed for change in one.diff.changes)
    replaced = sum(change.kind == "replace" for one in changed for change in one.diff.changes)
    said += [f"{count} {word}" for count, word in ((lost, "deleted"), (replaced, "replaced")) if count]
    if not lost and not replaced:
        said.append(counted([change for one in changed for change in one.diff.changes]))
    cost = sum(one.cost.total.difference.expected for one in changed)
    said.append(f"{signed(cost)} USD a month" if abs(cost) >= 1 else "costs the same")
    if any(comment_costs.unpriced(one) for one in changed):
        said[-1] += " as far as it is priced"
    return f"## {worst} mlplatform: {', '.join(said)}"


def _totals(subject: Subject, changed: Sequence[Review]) -> str:
    lines = [f"Compared with {code(subject.base)}.", ""]
    if changed:
        lines += ["| Stack | Worst | Resources | USD a month, expected (at most) |", "|---|---|---|--:|"]
        lines += [_row(one) for one in changed]
        lines.append("")
    same = [one.diff.after.stack for one in subject.reviews if one not in changed]
    if same:
        lines += [f"Nothing changes in {', '.join(escape(stack) for stack in same)}.", ""]
    return "\n".join(lines) + "\n"


def _row(one: Review) -> str:
    stack = stack_of(one)
    worst = f"{MARKS[one.worst]} {one.worst}" if one.worst else "nothing found"
    cost = one.cost.total.difference
    price = f"{signed(cost.expected)} ({signed(cost.high)})" if not _same(cost.expected, cost.high) else "0"
    price += ", in part" if comment_costs.unpriced(one) else ""
    return f"| **{escape(stack)}** | {worst} | {counted(one.diff.changes)}, {one.diff.unchanged} the same | {price} |"


def _same(*amounts: float) -> bool:
    return all(abs(amount) < 1 for amount in amounts)


def _footer(subject: Subject) -> str:
    made = escape(f"mlplatform {subject.version}".rstrip())
    sources = "; ".join(escape(text) for text in dict.fromkeys(subject.provenance))
    return f"\n<sub>{made}{f', from {sources}' if sources else ''}. Planned offline, without credentials.</sub>\n"
