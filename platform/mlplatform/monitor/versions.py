"""Which version answered the rows of a window: captures do not say it, and former looks do.

A look writes when it was made and which version served then. After a release, rows that the former version answered say
nothing of the new one; compared with its reference they would show the very drift that the release has answered.
"""

from __future__ import annotations

from datetime import datetime

from mlplatform.monitor.findings import Conclusion, MonitorReport
from mlplatform.monitor.history import answered_by

OF_ANSWERS = ("prediction", "concept", "performance")
"""Kinds of change that are seen by the answers, and so depend on who gave them."""

_WRITTEN = "%Y%m%dT%H%M%S"


def former_version(report: MonitorReport) -> str | None:
    """The version that answered all rows of a window whose labels came after a release; None: the one that serves.

    Args:
        report: of a look at labels that come later.
    """
    then = answered_by(report.history, report.window)
    return then if then and report.version and then != report.version else None


def versions_within(report: MonitorReport, start: datetime, end: datetime) -> tuple[str, ...]:
    """Other versions that certainly served within a window: a look saw them then.

    Args:
        report: the report.
        start: begin of the window.
        end: its end.
    """
    first, last = f"{start:{_WRITTEN}}", f"{end:{_WRITTEN}}"
    seen = (look.version for look in report.history if first < look.written <= last)
    return tuple(dict.fromkeys(each for each in seen if each and report.version and each != report.version))


def of_former_version(report: MonitorReport, version: str) -> MonitorReport:
    """The report where another version answered all rows: its reference says nothing of them, and their metrics are not
    those of the version that serves.

    Args:
        report: the report.
        version: that version.
    """
    words = (
        f"The rows of this window were answered by version {version}, and the reference is that of version "
        f"{report.version}: their labels are not compared. Those of version {report.version} are, when they have come"
    )
    nothing: dict[str, object] = {"findings": (), "measured": (), "estimated_accuracy": None, "estimated_mae": None}
    said = {"conclusion": "could not judge", "words": f"{words}.", "not_judged": (words,)}
    return report.model_copy(update={**nothing, **said})


def of_two_versions(report: MonitorReport, others: tuple[str, ...]) -> MonitorReport:
    """The report where other versions answered a part of the rows: what is seen by the inputs alone stays.

    Args:
        report: the report.
        others: these versions.
    """
    if report.conclusion == "could not judge":
        return report
    why = (
        f"answers: a part of the rows was answered by version {', '.join(others)}, and the reference is that of "
        f"version {report.version}; the next window is compared"
    )
    found = tuple(each for each in report.findings if each.kind not in OF_ANSWERS)
    conclusion: Conclusion = "changed" if found else "no change found"
    words = " ".join(each.words for each in found) or (
        f"The inputs show no change in {report.rows} rows of {report.endpoint}. Answers are not compared: version "
        f"{report.version} came within the window."
    )
    update = {"findings": found, "conclusion": conclusion, "words": words, "not_judged": (*report.not_judged, why)}
    return report.model_copy(update=update)
