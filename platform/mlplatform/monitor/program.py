"""`mlplatform-monitor`: one look at what an endpoint captured.

Without arguments it is the platform's own job: the variable MLPLATFORM_MONITOR_JOB says what to look at.

Exit codes: 0, it judged, whatever it found; 2, something is missing or cannot be read; 4, it could not judge.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlplatform.spec.monitor_job import MonitorSettings

BAD_INPUT, COULD_NOT_JUDGE = 2, 4

LATEST_HOURS = 1
"""Captures arrive late, some of them by an hour: the window ends before."""


class BadMonitorInput(Exception):
    """What is missing or cannot be read: one problem per argument."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Look, and exit with the code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Look once.

    Args:
        arguments: the command line without the program. Omitted: the process's own.
        now: the present time. Omitted: the clock's.

    Returns:
        The exit code.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if not words:
            return _look_by_document(now or datetime.now(UTC))
        return _look(_parser().parse_args(words), now or datetime.now(UTC))
    except BadMonitorInput as error:
        problems = tuple(str(each) for each in error.args)
    except ImportError as error:
        problems = (f"{error.name} is not installed: pip install mlplatform[monitor]",)
    except OSError as error:
        problems = (f"{error.filename or 'a file'}: {error.strerror or error}",)
    for problem in problems:
        print(f"mlplatform-monitor: {problem}", file=sys.stderr)
    return BAD_INPUT


def _look_by_document(now: datetime) -> int:
    """Without arguments: as the platform's own job."""
    from mlplatform.monitor.job import run_job
    from mlplatform.monitor.places import Unreadable

    try:
        run_job(now, latest_hours=LATEST_HOURS)
    except (Unreadable, ValueError) as error:
        raise BadMonitorInput(str(error)) from None
    # what it could not judge is told by a line of its own: a job that fails is one that finished no look
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlplatform-monitor", description=__doc__, allow_abbrev=False)
    parser.add_argument("--settings", required=True, metavar="FILE", type=Path, help="what is asked, as JSON")
    parser.add_argument("--reference", required=True, metavar="PLACE", help="folder of the reference's Parquet files")
    parser.add_argument(
        "--capture", required=True, action="append", metavar="PLACE", help="folder of captured files; may be repeated"
    )
    parser.add_argument("--labels", metavar="PLACE", help="folder of Parquet files with row id and label")
    parser.add_argument("--output", required=True, metavar="PLACE", help="folder for the report")
    parser.add_argument("--inbox", metavar="QUEUE", help="queue of the door that gets the event; omitted: none")
    parser.add_argument("--hours", type=int, default=24, metavar="N", help="length of the window; omitted: 24")
    parser.add_argument(
        "--until", metavar="TIME", help="end of the window, as 2026-11-29T06:00Z; omitted: an hour ago, full hours"
    )
    parser.add_argument("--part", metavar="K/N", help="count this part of N alone, into the output; nothing is judged")
    parser.add_argument(
        "--parts", type=int, metavar="N", help="add the counts of N parts in the output, and judge them"
    )
    return parser


def _look(given: argparse.Namespace, now: datetime) -> int:
    from mlplatform.monitor.look import count_part, judge_parts, read_reference
    from mlplatform.monitor.places import MonitorPlace, Unreadable
    from mlplatform.monitor.publish import publish_report
    from mlplatform.monitor.summary import load_summary

    settings = _settings(given.settings)
    if given.hours < 1 or (given.parts is not None and given.parts < 1):
        raise BadMonitorInput("--hours, --parts: expected at least 1")
    end = _moment(given.until) if given.until else now - timedelta(hours=LATEST_HOURS)
    end = end.replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(hours=given.hours)
    try:
        output, place = MonitorPlace(given.output), MonitorPlace(given.reference)
        part = _part(given.part)
        if given.parts is None:
            captures = [MonitorPlace(each) for each in given.capture]
            labels = MonitorPlace(given.labels) if given.labels else None
            reference = read_reference(settings, place)
            counts = count_part(settings, reference, captures, labels, start, end, part)
            if given.part is not None:
                output.write(_counts(*part), counts.dump())
                print(f"part {part[0]} of {part[1]}: {counts.rows} rows")
                return 0
            parts = [counts]
        else:
            texts = {name: output.text(name) for name in (_counts(at + 1, given.parts) for at in range(given.parts))}
            if missing := [name for name, text in texts.items() if text is None]:
                raise BadMonitorInput(f"{given.output}: {', '.join(missing)}: a part is missing; count it again")
            parts = [load_summary(text) for text in texts.values() if text is not None]
            reference = read_reference(settings, place)
        report = judge_parts(settings, reference, parts, start, end, labels_expected=given.labels is not None)
        publish_report(report, output, settings.pipeline, given.inbox)
    except (Unreadable, ValueError) as error:
        raise BadMonitorInput(str(error)) from None
    print(f"{report.endpoint}, {report.window}: {report.conclusion}. {report.words}")
    for line in (*report.not_judged, *report.noted):
        print(f"- {line}")
    return COULD_NOT_JUDGE if report.conclusion == "could not judge" else 0


def _settings(file: Path) -> MonitorSettings:
    from pydantic import ValidationError

    from mlplatform.spec.monitor_job import MonitorSettings

    try:
        return MonitorSettings.model_validate_json(file.read_text("utf-8"))
    except ValidationError as error:
        raise BadMonitorInput(
            *(f"{file}: {'.'.join(map(str, each['loc'])) or 'the document'}: {each['msg']}" for each in error.errors())
        ) from None


def _part(text: str | None) -> tuple[int, int]:
    """Which part of how many."""
    first, _, last = (text or "1/1").partition("/")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise BadMonitorInput(f"--part: got {text}; expected K/N, from 1/N to N/N")


def _counts(part: int, parts: int) -> str:
    return f"counts-{part}-of-{parts}.json"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadMonitorInput(f"--until: got {text}; expected a time such as 2026-11-29T06:00Z") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
