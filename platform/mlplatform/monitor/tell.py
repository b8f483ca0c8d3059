"""What others read of a report: metrics in Prometheus' text form, the event for a pipeline's door, and the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

from mlplatform.monitor.findings import MonitorReport, PastLook
from mlplatform.monitor.history import past_look, releases_in
from mlplatform.monitor.speed import FIGURES
from mlplatform.spec.triggers import TriggerEvent

RETRAINS = ("covariate", "prior", "concept", "prediction", "performance")
"""Kinds that training again can answer. Broken data are told to people alone: a model trained with them is worse."""

KINDS = ("covariate", "prior", "concept", "prediction", "quality", "performance", "skew")

PAGE = "monitor.html"
METRICS = "monitor.prom"
EVENT = "event.json"


Sample: TypeAlias = "tuple[str, Mapping[str, str], float]"
"""Name of a metric, its labels, and its value."""

_METRICS: Mapping[str, str] = {
    "judged": "Whether the last look could judge anything.",
    "rows": "Rows of the window.",
    "labelled_rows": "Rows of the window with a label.",
    "change": "Whether a change of this kind was found.",
    "input_shift": "Share of rows that moved.",
    "metric": "Metrics of the labelled rows.",
    "served": "How fast a language model answered, and its tokens: mean, median, and what 95 of 100 do not exceed.",
    "estimated_accuracy": "Accuracy to expect while labels are late.",
    "estimated_mae": "Mean absolute error to expect while labels are late.",
}
"""The metrics, each with what it is."""


def samples_of(report: MonitorReport) -> Iterator[Sample]:
    """The report's figures."""
    found = {each.kind for each in report.findings}
    yield "judged", {}, float(report.conclusion != "could not judge")
    yield "rows", {}, float(report.rows)
    yield "labelled_rows", {}, float(report.labelled)
    yield from (("change", {"kind": kind}, float(kind in found)) for kind in KINDS)
    yield from (("input_shift", {"input": each.name}, each.size) for each in report.inputs)
    yield from (("metric", {"metric": each.metric, "part": each.part}, each.value) for each in report.measured)
    for each in report.served:
        for statistic, value in (("mean", each.mean), ("median", each.median), ("p95", each.high)):
            yield "served", {"figure": each.name, "statistic": statistic}, value
    if report.estimated_accuracy is not None:
        yield "estimated_accuracy", {}, report.estimated_accuracy
    if report.estimated_mae is not None:
        yield "estimated_mae", {}, report.estimated_mae


def prometheus_text(report: MonitorReport) -> str:
    """The report's figures in the text form of Prometheus."""
    name = {"endpoint": report.endpoint, "model": report.model}
    samples = list(samples_of(report))
    lines: list[str] = []
    for metric, words in _METRICS.items():
        told = [each for each in samples if each[0] == metric]
        if metric in ("estimated_accuracy", "estimated_mae", "served") and not told:
            continue
        lines.append(f"# HELP mlplatform_monitor_{metric} {words}")
        lines.append(f"# TYPE mlplatform_monitor_{metric} gauge")
        for _, labels, value in told:
            shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in {**name, **labels}.items())
            lines.append(f"mlplatform_monitor_{metric}{{{shown}}} {value!r}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def reason_of(report: MonitorReport) -> TriggerEvent | None:
    """What a run would be asked for; None where nothing is found that training again can answer."""
    kinds = {each.kind for each in report.findings}
    if kinds & {"quality", "skew"} or not kinds & set(RETRAINS):
        return None
    return "quality" if kinds == {"performance"} else "drift"


def event_of(report: MonitorReport, pipeline: str) -> str | None:
    """The message for the door; None where nothing is found that training again can answer.

    The key is the window and the version of the model: a second look at the same window starts nothing.

    Args:
        report: the report.
        pipeline: the pipeline that is asked to run.
    """
    reason = reason_of(report)
    if reason is None:
        return None
    kinds = [each.kind for each in report.findings]
    key = f"{report.endpoint} {report.version or 'no version'} {report.window}"
    by = f"monitor of {report.endpoint}: {', '.join(kinds)}"
    return json.dumps({"pipeline": pipeline, "reason": reason, "key": key[:300], "by": by[:300]})


@dataclass(frozen=True)
class _Line:
    """One figure over the looks of a history, for the picture."""

    name: str
    points: tuple[tuple[float, float], ...]
    """Place from 0 to 1, and value."""

    released: tuple[float, ...]
    """Places of the looks that saw another version than the one before."""

    least: float
    most: float


def _lines(looks: Sequence[PastLook]) -> Iterator[_Line]:
    """Each metric, the estimated accuracy, and the largest shift; of what one look alone has there is no line."""
    names = sorted({name for look in looks for name in look.metrics})
    told: dict[str, list[float | None]] = {name: [look.metrics.get(name) for look in looks] for name in names}
    told["accuracy to expect"] = [look.estimated_accuracy for look in looks]
    told["largest shift of an input"] = [look.largest_shift for look in looks]
    last = max(len(looks) - 1, 1)
    new = tuple(at / last for at, (one, two) in enumerate(pairwise(looks), start=1) if one.version != two.version)
    for name, values in told.items():
        known = [value for value in values if value is not None]
        if len(known) > 1:
            points = tuple((at / last, value) for at, value in enumerate(values) if value is not None)
            yield _Line(name, points, new, min(known), max(known))


def page_of(report: MonitorReport) -> str:
    """The report as a page that needs nothing but itself."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(str(Path(__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    looks = (*report.history, past_look(report, ""))
    highest = max((share for each in report.inputs for share in (*each.window, *each.reference)), default=1.0) or 1.0
    return environment.get_template("page.html.j2").render(
        report=report,
        highest=highest,
        looks=looks,
        lines=tuple(_lines(looks)) if report.history else (),
        releases=tuple(releases_in(looks)),
        figures=FIGURES,
    )
