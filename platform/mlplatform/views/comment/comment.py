"""A pull request's review comment: the verdict in one line, risks, cost, and the details folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from mlplatform.plan.finding import LEVELS
from mlplatform.review import Review
from mlplatform.views.comment import costs, details, diagram, findings
from mlplatform.views.comment.findings import MARKS, stack_name
from mlplatform.views.comment.fit import Section, fit_sections
from mlplatform.views.cost.amounts import change_cells
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

    folders: tuple[str, ...] = ()
    """Folders of the platforms' projects in the repository; empty for a project that is the whole repository."""

    key: str = ""
    """Distinguishes comments on the same request; letters, digits, `.`, `_` and `-`. Omitted: the platforms' names and
    folders, so that no platform of a repository overwrites the comment of another."""

    @property
    def marker(self) -> str:
        """The hidden line that identifies the comment."""
        return marker(self.key or _own_key(self))


FORMER_KEY = "review"
"""The key that comments had by default before they were named after their platform."""
_KEY_LENGTH = 80


def marker(key: str) -> str:
    """The hidden line of a comment with this key."""
    return f"<!-- mlplatform:comment:{re.sub(r'[^A-Za-z0-9._]|-(?=-)', '-', key).strip('-')[:_KEY_LENGTH]} -->"


def _own_key(subject: CommentSubject) -> str:
    names = sorted({review.platform for review in subject.reviews})
    exact = " ".join([*names, *(f"/{folder}" for folder in sorted({*subject.folders} - {""}))])
    key = re.sub(r"[^a-z0-9._]+", "-", exact.replace(" /", ".").lower()).strip("-")
    if key == exact.replace(" /", ".") and len(key) <= _KEY_LENGTH:
        return key
    # what other characters stood for is in the digest, so that `a/b` and `a-b` stay apart
    return f"{key[: _KEY_LENGTH - 9]}-{sha256(exact.encode('utf-8', 'replace')).hexdigest()[:8]}"


def comment_document(subject: CommentSubject, flavour: Flavour = "github") -> str:
    """The comment, within the platform's length limit."""
    changed = [review for review in subject.reviews if review.diff.changes or review.diff.spec_changes]
    sections = [Section(f"{subject.marker}\n{_heading(subject, changed)}\n\n"), Section(_totals(subject, changed))]
    sections += findings.findings(changed)
    sections += details.acceptances(subject.reviews)
    sections += details.fields(changed)
    sections += costs.costs(changed)
    sections += details.checks(changed)
    if len({(stack_name(review), each.component) for review in changed for each in review.diff.changes}) > 1:
        sections.append(Section(diagram.section(changed), 2, "the diagram"))
    sections += details.details(changed)
    sections.append(Section(_footer(subject)))
    return fit_sections(sections, LIMITS[flavour], hint="`mlplatform diff` and `mlplatform risk` show everything.")


def _heading(subject: CommentSubject, changed: Sequence[Review]) -> str:
    own = ", adds its own acceptance" if any(review.judged.own for review in subject.reviews) else ""
    if not changed:
        return f"## ⚪ mlplatform: no changes{own}"
    counts = Counter(finding.level for review in changed for finding in review.judged.findings)
    worst = next((MARKS[level] for level in LEVELS if counts[level]), MARKS["info"])
    facts = [f"{counts[level]} {level}" for level in LEVELS if counts[level]] or ["no risks found"]
    deleted = sum(change.kind == "delete" for review in changed for change in review.diff.changes)
    replaced = sum(change.kind == "replace" for review in changed for change in review.diff.changes)
    facts += [f"{count} {word}" for count, word in ((deleted, "deleted"), (replaced, "replaced")) if count]
    if not deleted and not replaced:
        facts.append(count_changes([change for review in changed for change in review.diff.changes]))
    facts.append(costs.headline(changed))
    return f"## {worst} mlplatform: {', '.join(facts)}{own}"


def _totals(subject: CommentSubject, changed: Sequence[Review]) -> str:
    lines = [f"Compared with {code(subject.base)}.", ""]
    if changed:
        lines += ["| Stack | Worst risk | Resources | USD a month, expected (at most) |", "|---|---|---|--:|"]
        lines += [_row(review) for review in changed]
        lines.append("")
    same = [review.diff.after.stack for review in subject.reviews if review not in changed]
    if same:
        lines += [f"No changes in {', '.join(escape(stack) for stack in same)}.", ""]
    return "\n".join(lines) + "\n"


def _row(review: Review) -> str:
    stack = stack_name(review)
    worst = f"{MARKS[review.worst]} {review.worst}" if review.worst else "none"
    total = review.cost.total
    _, expected, most = change_cells(total)
    cost = total.priced_difference
    price = f"{expected} ({most})" if not _same(cost.expected, cost.high) else "0"
    price = "unknown" if total.unknown else f"{price}, incomplete" if costs.unpriced(review) else price
    resources = f"{count_changes(review.diff.changes)}, {review.diff.unchanged} unchanged"
    return f"| **{escape(stack)}** | {worst} | {resources} | {price} |"


def _same(*amounts: float) -> bool:
    return all(abs(amount) < 1 for amount in amounts)


def _footer(subject: CommentSubject) -> str:
    tool = escape(f"mlplatform {subject.version}".rstrip())
    sources = "; ".join(escape(text) for text in dict.fromkeys(subject.provenance))
    return f"\n<sub>{tool}{f', from {sources}' if sources else ''}. Planned offline, without credentials.</sub>\n"
