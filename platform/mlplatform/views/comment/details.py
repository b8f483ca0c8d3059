"""Sections of a comment below the findings: acceptances and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mlplatform.review import Review
from mlplatform.views.comment.findings import describe_place
from mlplatform.views.comment.fit import Section
from mlplatform.views.escape import code, escape


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
    return f"- {escape(review.stack)}: {len(report.compliant)} pass{unknown}, {fail}"
