"""The monitor as the platform runs it: one document has all that it is told, and its log has lines of JSON.

Rows whose labels come later have two looks: one at once, without labels, and one when the labels are there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import ValidationError

from mlplatform.monitor.findings import Conclusion, MonitorReport
from mlplatform.monitor.history import with_history
from mlplatform.monitor.look import count_part, judge_parts, read_reference
from mlplatform.monitor.places import MonitorPlace, Unreadable
from mlplatform.monitor.publish import publish_report
from mlplatform.monitor.served import ServedRows, with_skew
from mlplatform.monitor.signature import with_inputs
from mlplatform.monitor.tell import samples_of
from mlplatform.monitor.versions import former_version, of_former_version, of_two_versions, versions_within
from mlplatform.monitor.workers import Meeting, Worker, planned_moment, worker_of
from mlplatform.spec.monitor_job import MonitorJob, MonitorSettings

JOB = "MLPLATFORM_MONITOR_JOB"
"""Variable with the document, or its address in the store."""

LABEL_KINDS = ("prior", "concept", "performance")
"""What only a look with labels can find; the rest of these rows was judged when they were new."""

BROKEN = ("quality", "skew")
"""What is mended at the source, and told by an alert of its own: training again would make the model worse."""

MOST_WORDS, MOST_TOLD = 2000, 5
"""Characters of a sentence, and sentences of a kind, in a line of the log. Agents that read the logs of pods skip lines
of 32 KiB, https://docs.fluentbit.io/manual/pipeline/inputs/tail (Skip_Long_Lines)."""

MOST_SAMPLES = 200
"""Lines of metrics of one look: those of the inputs that moved most."""


@dataclass(frozen=True)
class _Look:
    end: datetime
    settings: MonitorSettings
    labels: str | None
    late: bool


def read_job(environment: Mapping[str, str]) -> MonitorJob:
    """The document.

    Args:
        environment: of the process.

    Raises:
        Unreadable: it is not there, or is none.
    """
    text = environment.get(JOB, "").strip()
    if not text:
        raise Unreadable(f"{JOB} is not set: expected the document, or its address")
    where = JOB
    if not text.startswith("{"):
        where, (folder, _, name) = text, text.rpartition("/")
        found = MonitorPlace(folder).text(name)
        if found is None:
            raise Unreadable(f"{where}: it is not there")
        text = found
    try:
        return MonitorJob.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise Unreadable(f"{where}: {'.'.join(map(str, first['loc'])) or 'the document'}: {first['msg']}") from None


def run_job(now: datetime, *, latest_hours: int) -> None:
    """Look as the document says.

    Args:
        now: the present time.
        latest_hours: hours that captures may be late.

    Raises:
        Unreadable: something is missing, or cannot be read or written.
        ValueError: what is there contradicts itself.
    """
    endpoint: str | None = None
    try:
        job = read_job(os.environ)
        endpoint = job.settings.endpoint
        settings = with_inputs(job.settings, MonitorPlace(job.model))
        worker = worker_of(job.workers, os.environ, job.reports, job.wait_seconds)
        planned = planned_moment(os.environ, now)
        end = (planned - timedelta(hours=latest_hours)).replace(minute=0, second=0, microsecond=0)
        for look in _looks(job, settings, end):
            _look(job, look, now, worker)
    except Exception as error:
        # whatever it is: without this line nobody is told before the silence
        _say("failure", endpoint, message=" ".join(str(error).split())[:MOST_WORDS] or type(error).__name__)
        raise


def _looks(job: MonitorJob, settings: MonitorSettings, end: datetime) -> Iterator[_Look]:
    late = job.labels is not None and settings.label_days > 0
    yield _Look(end, settings, None if late else job.labels, late=False)
    if late:
        # the labels should be there by now
        due = end - timedelta(hours=round(settings.label_days * 24))
        yield _Look(due, settings.overlay(label_days=0), job.labels, late=True)


def _look(job: MonitorJob, look: _Look, now: datetime, worker: Worker) -> None:
    late = "-labelled" if look.late else ""
    meeting = Meeting(MonitorPlace(f"{job.reports}/parts/{worker.run}-{look.end:%Y%m%dT%H}{late}"), worker)
    if worker.index and meeting.was_here():
        return
    start = look.end - timedelta(hours=job.hours)
    place, captures = MonitorPlace(job.reference), [MonitorPlace(each) for each in job.capture]
    labels = MonitorPlace(look.labels) if look.labels else None
    reference = read_reference(look.settings, place)
    # of rows that are new: the tables may keep no older values
    served = ServedRows(job.features) if job.features and not look.late else None
    counts = count_part(look.settings, reference, captures, labels, start, look.end, worker.part, served)
    if worker.index:
        meeting.bring(counts, served)
        _say("part", look.settings.endpoint, part=worker.index + 1, parts=worker.workers, rows=counts.rows)
        return
    parts = [counts, *meeting.others(served, job.wait_seconds)]
    report = judge_parts(look.settings, reference, parts, start, look.end, labels_expected=job.labels is not None)
    if served is not None:
        report = with_skew(report, job.features, served)
    if look.late:
        report = of_labels(report)
    report = with_history(report, MonitorPlace(job.reports))
    former = former_version(report) if look.late else None
    if former:
        report = of_former_version(report, former)
    elif others := versions_within(report, start, look.end):
        report = of_two_versions(report, others)
    # a name of its own for each look: the store may refuse to write an object again
    folder = f"{look.end:%Y/%m/%d/%H}{late}-{now:%Y%m%dT%H%M%S}"
    output = MonitorPlace(f"{job.reports.rstrip('/')}/{folder}")
    door = job.door
    asked = publish_report(
        report,
        output,
        look.settings.pipeline,
        door.inbox if door else None,
        door.events if door else None,
    )
    # rows that were not there were told when the window was new: a new endpoint has none of the days before
    told_before = look.late and (report.rows == 0 or former is not None)
    unjudged = not told_before and (report.conclusion == "could not judge" or _misses_labels(report, look))
    _tell(report, look, output.address, asked=asked, unjudged=unjudged)


def of_labels(report: MonitorReport) -> MonitorReport:
    """A report with what labels tell alone."""
    found = tuple(each for each in report.findings if each.kind in LABEL_KINDS)
    if found == report.findings:
        return report
    conclusion: Conclusion = "changed" if found else "no change found"
    words = " ".join(each.words for each in found) or "The labels show no change."
    return report.model_copy(update={"findings": found, "conclusion": conclusion, "words": words})


def _misses_labels(report: MonitorReport, look: _Look) -> bool:
    return look.labels is not None and report.labelled < look.settings.least_labels


def _tell(report: MonitorReport, look: _Look, address: str, *, asked: bool, unjudged: bool) -> None:
    about: dict[str, object] = {"window": report.window, "model": report.model, "version": report.version}
    kinds = [each.kind for each in report.findings]
    where: dict[str, object] = {**about, "report": address, "kinds": kinds, "message": report.words[:MOST_WORDS]}
    if any(kind not in BROKEN for kind in kinds):
        _say("change", report.endpoint, **where, asked=look.settings.pipeline if asked else None)
    if any(kind in BROKEN for kind in kinds):
        _say("broken", report.endpoint, **where)
    if unjudged:
        why = "; ".join(report.not_judged) or report.words
        _say("unjudged", report.endpoint, **{**where, "message": why[:MOST_WORDS]})
    for metric, labels, value in sorted(samples_of(report), key=lambda each: -abs(each[2]))[:MOST_SAMPLES]:
        # clouds make metrics of these lines, which have a fixed number of labels
        part = " ".join(labels.values()) or "all"
        _say("metric", report.endpoint, window=report.window, metric=metric, part=part, of=labels, value=value)
    _say("look", report.endpoint, **where, not_judged=_short(report.not_judged), noted=_short(report.noted))


def _short(told: Sequence[str]) -> list[str]:
    """The first of several sentences: the report has all."""
    more = [f"and {len(told) - MOST_TOLD} more, in the report"] if len(told) > MOST_TOLD else []
    return [each[:MOST_WORDS] for each in told[:MOST_TOLD]] + more


def _say(line: str, endpoint: str | None, **more: object) -> None:
    print(json.dumps({"monitor": line, "endpoint": endpoint, **more}), flush=True)
