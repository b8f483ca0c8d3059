"""Findings after the acceptances, as text."""

from __future__ import annotations

from collections import Counter

from mlplatform.plan.acceptance import Judged
from mlplatform.plan.finding import LEVELS, Finding
from mlplatform.views.style import LEVEL_HUES, Style

INDENT = " " * 12
"""Columns before the text of a finding; the words before it fit into them."""


def count_levels(judged: Judged) -> str:
    """`1 critical, 2 low`; empty without findings."""
    counts = Counter(finding.level for finding in judged.findings)
    return ", ".join(f"{counts[level]} {level}" for level in LEVELS if counts[level])


def judged_lines(judged: Judged, style: Style, *, links: bool = False) -> list[str]:
    """Findings, worst first, then acceptances: used, expired, unused.

    Args:
        judged: the findings.
        style: the style of text.
        links: print each finding's page.
    """
    found = [line for finding in judged.findings for line in finding_lines(finding, style, links=links)]
    return [*found, *acceptance_lines(judged, style)]


def acceptance_lines(judged: Judged, style: Style) -> list[str]:
    """Acceptances: used, expired, unused."""
    lines: list[str] = []
    for accepted in judged.accepted:
        by = accepted.by
        text = f"{accepted.finding.rule} of {accepted.finding.name}: "
        text += f"accepted until {by.expires} by {by.owner}: {by.reason}"
        lines += style.wrap(text, "  accepted  ", INDENT)
    for entry in judged.expired:
        text = f"{entry.rule} of {entry.resource}, {entry.owner}: expired on {entry.expires}; renew or remove it"
        lines += [style.paint(line, "red") for line in style.wrap(text, "  expired   ", INDENT)]
    for entry in judged.own:
        text = f"{entry.rule} of {entry.resource}, {entry.owner}: this change adds its own acceptance, which does not "
        lines += style.wrap(f"{text}count until it is merged alone", "  own       ", INDENT)
    for entry in judged.unused:
        lines += style.wrap(f"{entry.rule} of {entry.resource}: not needed; remove it", "  unused    ", INDENT)
    return lines


def finding_lines(finding: Finding, style: Style, *, links: bool = False) -> list[str]:
    """One finding: its level, its resource and reason, what to do, and where `links` is set its page."""
    level = style.paint(f"  {finding.level:<9}", LEVEL_HUES[finding.level])
    path = f" at {finding.path}" if finding.path else ""
    first, *rest = style.wrap(f"{finding.name}{path}: {finding.reason}", INDENT, INDENT)
    lines = [f"{level} {first.lstrip()}", *rest, *style.wrap(f"{finding.fix} [{finding.rule}]", INDENT, INDENT)]
    return [*lines, style.paint(f"{INDENT}{finding.link}", "dim")] if finding.link and links else lines
