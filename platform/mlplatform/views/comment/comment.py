"""A pull request's review comment: the verdict in one line, risks, cost, and the details folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from mlplatform.decision.causes import group_by_cause
from mlplatform.decision.headline import headline_of
from mlplatform.decision.money import budget_of
from mlplatform.review import Review
from mlplatform.views.comment import changes, costs, details, diagram, findings, releases
from mlplatform.views.comment.findings import MARKS
from mlplatform.views.comment.fit import Section, fit_sections
from mlplatform.views.diff.common import count_changes
from mlplatform.views.escape import code, escape, sentence

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

    report: str = ""
    """Address of the HTML report of the same change; empty for none."""

    job: str = ""
    """Address of the job that made the comment; empty for none."""

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
    causes = group_by_cause(changed)
    top = [_heading(subject), _origin(subject), _totals(subject, changed)]
    sections = [Section("\n\n".join(part for part in top if part) + "\n")]
    sections += findings.findings(causes)
    sections += releases.releases(subject.reviews)
    sections += details.acceptances(subject.reviews)
    sections += findings.harmless(causes)
    sections += costs.costs(changed)
    sections += details.checks(changed)
    if len({(review.stack, each.component) for review in changed for each in review.diff.changes}) > 1:
        sections.append(Section(diagram.section(changed), 2, "the diagram"))
    sections += changes.details(changed)
    sections.append(Section(_footer(subject)))
    return fit_sections(sections, LIMITS[flavour], hint="`mlplatform diff` and `mlplatform risk` show everything.")


def _heading(subject: CommentSubject) -> str:
    headline = headline_of(subject.reviews)
    mark = MARKS[headline.level or "info"]
    platforms = ", ".join(dict.fromkeys(review.platform for review in subject.reviews))
    folders = ", ".join(folder for folder in subject.folders if folder)
    whose = escape(platforms or "mlplatform") + (f" in {code(folders)}" if folders else "")
    return f"{subject.marker}\n## {mark} {whose}: {sentence(headline.text)}"


def _origin(subject: CommentSubject) -> str:
    """What it is compared with, and where to read more."""
    links = [f"[{title}]({url})" for title, url in (("Report", subject.report), ("Job", subject.job)) if url]
    return " · ".join([f"Compared with {code(subject.base)}", *links]) + ("." if not links else "")


def _totals(subject: CommentSubject, changed: Sequence[Review]) -> str:
    lines: list[str] = []
    if changed:
        budgets = any(budget_of(review) is not None for review in changed)
        head = "| Stack | Worst finding | Resources | USD a month: before → after, change (at most) |"
        lines += [f"{head} Budget |" if budgets else head, f"|---|---|---|--:|{'--:|' if budgets else ''}"]
        lines += [_row(review, budgets=budgets) for review in changed]
        lines.append("")
    same = [review.stack for review in subject.reviews if review not in changed]
    if same:
        lines += [f"No changes in {', '.join(escape(stack) for stack in same)}.", ""]
    return "\n".join(lines)


def _row(review: Review, *, budgets: bool) -> str:
    worst = f"{MARKS[review.worst]} {review.worst}" if review.worst else "none"
    resources = f"{count_changes(review.diff.changes)}, {review.diff.unchanged} unchanged"
    row = f"| **{escape(review.stack)}** | {worst} | {resources} | {costs.before_and_after(review)} |"
    return f"{row} {costs.beside_budget(review)} |" if budgets else row


def _footer(subject: CommentSubject) -> str:
    tool = escape(f"mlplatform {subject.version}".rstrip())
    sources = "; ".join(escape(text) for text in dict.fromkeys(subject.provenance))
    return f"\n<sub>{tool}{f', from {sources}' if sources else ''}. Planned offline, without credentials.</sub>\n"
