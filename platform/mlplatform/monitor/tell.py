"""What others read of a report: metrics in Prometheus' text form, the event for a pipeline's door, and the page."""

from __future__ import annotations

import json
from pathlib import Path

from mlplatform.monitor.findings import MonitorFinding, MonitorReport

RETRAINS = ("covariate", "prior", "concept", "prediction", "performance")
"""Kinds that training again can answer. Broken data are told to people alone: a model trained with them is worse."""

KINDS = ("covariate", "prior", "concept", "prediction", "quality", "performance")

PAGE = "monitor.html"
METRICS = "monitor.prom"
EVENT = "event.json"


def prometheus_text(report: MonitorReport) -> str:
    """The report's figures in the text form of Prometheus."""
    name = {"endpoint": report.endpoint, "model": report.model}
    lines: list[str] = []

    def metric(metric: str, words: str, samples: list[tuple[dict[str, str], float]]) -> None:
        lines.append(f"# HELP mlplatform_monitor_{metric} {words}")
        lines.append(f"# TYPE mlplatform_monitor_{metric} gauge")
        for labels, value in samples:
            shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in {**name, **labels}.items())
            lines.append(f"mlplatform_monitor_{metric}{{{shown}}} {value!r}")

    found = {each.kind for each in report.findings}
    metric(
        "judged", "Whether the last look could judge anything.", [({}, float(report.conclusion != "could not judge"))]
    )
    metric("rows", "Rows of the window.", [({}, float(report.rows))])
    metric("labelled_rows", "Rows of the window with a label.", [({}, float(report.labelled))])
    metric("change", "Whether a change of this kind was found.", [({"kind": k}, float(k in found)) for k in KINDS])
    metric("input_shift", "Share of rows that moved.", [({"input": each.name}, each.size) for each in report.inputs])
    metric(
        "metric",
        "Metrics of the labelled rows.",
        [({"metric": each.metric, "part": each.part}, each.value) for each in report.measured],
    )
    if report.estimated_accuracy is not None:
        metric("estimated_accuracy", "Accuracy to expect while labels are late.", [({}, report.estimated_accuracy)])
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def event_of(report: MonitorReport, pipeline: str) -> str | None:
    """The message for the door; None where nothing is found that training again can answer.

    The key is the window and the version of the model: a second look at the same window starts nothing.

    Args:
        report: the report.
        pipeline: the pipeline that is asked to run.
    """
    kinds = [each.kind for each in report.findings if each.kind in RETRAINS]
    if not kinds or any(_is_broken(each) for each in report.findings):
        return None
    reason = "quality" if kinds == ["performance"] else "drift"
    key = f"{report.endpoint} {report.version or 'no version'} {report.window}"
    by = f"monitor of {report.endpoint}: {', '.join(kinds)}"
    return json.dumps({"pipeline": pipeline, "reason": reason, "key": key[:300], "by": by[:300]})


def _is_broken(finding: MonitorFinding) -> bool:
    return finding.kind == "quality"


def page_of(report: MonitorReport) -> str:
    """The report as a page that needs nothing but itself."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(str(Path(__file__).parent)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    highest = max((share for each in report.inputs for share in (*each.window, *each.reference)), default=1.0) or 1.0
    return environment.get_template("page.html.j2").render(report=report, highest=highest)
