"""What a monitor saw before: each report carries the looks before it, so that one former report tells all of them.

A store may refuse to write an object again, so there is no file that grows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pydantic import ValidationError

from mlplatform.monitor.findings import FILE, MonitorReport, PastLook
from mlplatform.monitor.places import MonitorPlace, Unreadable

MOST_LOOKS = 120
"""Looks that a report carries: about two months of a daily monitor whose labels come late. Of older ones it carries
those that saw another version of the model, as many again."""

_LOOK = re.compile(rf"-(\d{{8}}T\d{{6}})/{re.escape(FILE)}$")
"""End of the name of a report: the time at which it was written."""


def past_look(report: MonitorReport, written: str) -> PastLook:
    """What is kept of a report.

    Args:
        report: the report.
        written: when it was written, as the name of its folder has it.
    """
    return PastLook(
        written=written,
        window=report.window,
        version=report.version,
        rows=report.rows,
        labelled=report.labelled,
        conclusion=report.conclusion,
        kinds=tuple(finding.kind for finding in report.findings),
        metrics={each.metric: each.value for each in report.measured if not each.part},
        estimated_accuracy=report.estimated_accuracy,
        largest_shift=report.inputs[0].size if report.inputs else None,
        shifted=report.inputs[0].name if report.inputs else None,
    )


def with_history(report: MonitorReport, reports: MonitorPlace) -> MonitorReport:
    """The report with the looks before it. Where they cannot be read it says so: a look never fails by its history.

    Args:
        report: the report.
        reports: the folder of all reports of this monitor.
    """
    try:
        dated = [(found[1], name) for name in reports.files(FILE) if (found := _LOOK.search(name))]
        if not dated:
            return report
        written = max(dated)[0]
        newest = [name for at, name in dated if at == written]
        formers = [MonitorReport.model_validate_json("\n".join(reports.lines(name))) for name in newest]
        # the look at labels that came is written in the same second as the one before it, and carries that
        former = max(formers, key=lambda each: sum(look.written == written for look in each.history))
    except (Unreadable, ValidationError) as error:
        words = " ".join(str(error).split())[:200]
        return report.model_copy(
            update={"noted": (*report.noted, f"The history of former looks could not be read: {words}")}
        )
    return report.model_copy(update={"history": kept_of(former, written)})


def kept_of(former: MonitorReport, written: str) -> tuple[PastLook, ...]:
    """The looks that the report after a former one carries.

    Args:
        former: that report.
        written: when it was written.
    """
    looks = (*former.history, past_look(former, written))
    older = looks[:-MOST_LOOKS]
    released = (*older[:1], *(look for look, _ in releases_in(older)))
    return (*released[-MOST_LOOKS:], *looks[-MOST_LOOKS:])


def answered_by(history: tuple[PastLook, ...], window: str) -> str | None:
    """The version that served in a window, as the look saw it that was made when the window was new; None: unknown.

    Args:
        history: the looks, in their order.
        window: the window's name.
    """
    # a look at labels comes after the first one at its window; names of windows sort as their times
    firsts: dict[str, str | None] = {}
    for look in history:
        firsts.setdefault(look.window, look.version)
    return firsts[max(known)] if (known := [each for each in firsts if each <= window]) else None


def releases_in(history: tuple[PastLook, ...]) -> Iterator[tuple[PastLook, str | None]]:
    """Looks that saw another version than the look before, with that version: a release, or a model taken back."""
    for before, look in pairwise(history):
        if look.version != before.version:
            yield look, before.version
