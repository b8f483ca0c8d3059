"""What a look leaves behind: the report in its forms, and the message for the pipeline's door."""

from __future__ import annotations

import os
from collections.abc import Collection

from mlplatform.monitor.findings import FILE, MonitorReport
from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.monitor.tell import EVENT, METRICS, PAGE, event_of, page_of, prometheus_text, reason_of
from mlplatform.services.stores import send_to_door


def publish_report(
    report: MonitorReport,
    output: MonitorPlace,
    pipeline: str | None,
    inbox: str | None,
    reasons: Collection[str] | None = None,
) -> bool:
    """Write a report, and ask for a run where it finds what training answers.

    Args:
        report: the report.
        output: the folder of its files.
        pipeline: the pipeline that is asked; None for none.
        inbox: address of the door's queue; None to write the message alone.
        reasons: what the pipeline may be asked for. Omitted: everything.

    Returns:
        Whether a message was sent.

    Raises:
        Unreadable: something cannot be written or sent.
    """
    output.write(FILE, report.model_dump_json(indent=2) + "\n")
    output.write(METRICS, prometheus_text(report))
    output.write(PAGE, page_of(report))
    event = event_of(report, pipeline) if pipeline else None
    if event is None or (reasons is not None and reason_of(report) not in reasons):
        return False
    output.write(EVENT, event + "\n")
    if inbox is None:
        return False
    try:
        send_to_door(inbox, event, os.environ)
    except OSError as error:
        raise Unreadable(f"{inbox}: {' '.join(str(error).split())[:200]}") from None
    return True
