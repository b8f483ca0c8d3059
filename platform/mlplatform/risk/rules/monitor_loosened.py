"""A monitor of a model looks at less, less often, or tells fewer people than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, cast

from mlplatform.checks.wording import shown
from mlplatform.risk.endpoints import changed_endpoint_fields
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.pipelines import fields_of, loosened
from mlplatform.risk.rule import Hit, RiskRule

_Level = Literal["high", "medium", "low"]
_Found = tuple[_Level, str]

_LEAST = frozenset({"at_least", "false_alarms_per_year"})
"""Fields that let more pass where they are lower."""

_MOST: Mapping[str, str] = {
    "at_most": "",
    "every_hours": "it looks less often",
    "least_shift": "smaller shifts of inputs are not told any more",
    "least_concept": "smaller changes of what inputs mean are not told any more",
    "least_loss": "smaller losses of a metric are not told any more",
    "least_rows": "windows with fewer rows are not judged any more",
    "least_labels": "windows with fewer labels are not judged any more",
    "days": "labels are looked at later",
}
"""Fields that let more pass where they are higher, with what follows."""

_OTHER: Mapping[str, str] = {
    "task": "it asks other questions",
    "reference": "the model is compared with other data: have them been looked at?",
    "score": "it judges another answer",
    "predicted": "it judges another answer",
    "row_id": "labels are joined by another field",
    "variant": "it judges the answers of another variant",
    "column": "it takes another column for the truth",
    "place": "labels come from elsewhere",
    "path": "labels come from elsewhere",
}
"""Fields that change what is judged, with what follows."""


def _examine(evidence: Evidence) -> Iterator[Hit]:
    for field in changed_endpoint_fields(evidence):
        root, _, inner = field.path.partition(".")
        whose = shown(field.endpoint)
        if root == "capture_percent":
            if isinstance(field.before, int) and isinstance(field.after, int) and 0 < field.after < field.before:
                words = f"{field.after} % of the requests of {whose} are kept, and no longer {field.before} %"
                yield Hit("medium", field.urn, f"{words}: its monitor finds less.", field.where)
        elif root.partition("[")[0] == "monitor":
            for level, what in _judged(inner, field.before, field.after):
                yield Hit(level, field.urn, f"The monitor of {whose}: {what}.", field.where)


def _judged(path: str, before: object, after: object) -> Iterator[_Found]:
    """What a change of one field below `monitor` does."""
    if not path:
        if after == "none" or (before is not None and before != "none" and after is None):
            yield "high", "it is gone, so that nobody notices a model that gets worse"
        return
    head, name = path.partition(".")[0].partition("[")[0], path.rpartition(".")[2].partition("[")[0]
    if head == "labels" and path == "labels":
        if after is None:
            yield "high", "it has no labels any more: what inputs mean, and how good answers are, is not judged"
    elif head == "metrics":
        yield from _metrics(path, before, after)
    elif head in ("slices", "retrain", "inputs"):
        yield from _fewer(head, path, before, after)
    elif name == "severity":
        if (before, after) == ("critical", "warning"):
            yield "medium", "what it finds is a warning, and no longer critical"
    elif loosened(name, before, after, least=_LEAST, most=frozenset(_MOST)):
        follows = _MOST.get(name) or "it is less sensitive"
        yield "medium", f"{path} was {_said(before)} and is {_said(after)}: {follows}"
    elif name in _OTHER and before != after:
        yield "medium", f"{path} was {_said(before)} and is {_said(after)}: {_OTHER[name]}"


def _metrics(path: str, before: object, after: object) -> Iterator[_Found]:
    """Metrics that go, and bounds that let more pass."""
    if path == "metrics":
        old, new = _by_metric(before), _by_metric(after)
        for metric, was in old.items():
            if metric not in new:
                yield "high", f"the metric {shown(metric)} is not judged any more"
                continue
            for bound in ("at_least", "at_most"):
                yield from _bound(f"{metric}.{bound}", bound, was.get(bound), new[metric].get(bound))
        return
    name = path.rpartition(".")[2]
    if name == "metric":
        yield "high", f"the metric {_said(before)} is not judged any more, but {_said(after)} is"
    else:
        yield from _bound(path, name, before, after)


def _bound(path: str, name: str, before: object, after: object) -> Iterator[_Found]:
    if loosened(name, before, after, least=frozenset({"at_least"}), most=frozenset({"at_most"})):
        yield "high", f"{path} was {_said(before)} and is {'gone' if after is None else _said(after)}"


def _fewer(head: str, path: str, before: object, after: object) -> Iterator[_Found]:
    """Slices, inputs and pipelines that are not there any more."""
    if head == "inputs" and path != head:
        rest = path.removeprefix("inputs.")
        if after is None and "." not in rest:
            yield "high", f"the input {shown(rest)} is not looked at any more"
        elif rest.endswith(".kind"):
            yield "medium", f"the input {shown(rest.removesuffix('.kind'))} is judged as a {after}"
        return
    old, new = _texts(before), _texts(after)
    gone = ", ".join(sorted(old - new))
    if head == "inputs" and old and not new:
        yield "low", "its inputs are those of the model's signature now, and no longer the named ones"
    elif gone and head == "retrain":
        yield "medium", f"it asks {gone} for no training any more"
    elif gone and head == "slices":
        yield "medium", f"the values of {gone} are not judged one by one any more"
    elif gone:
        yield "high", f"the inputs {gone} are not looked at any more"


def _by_metric(given: object) -> dict[str, Mapping[str, object]]:
    entries = [fields_of(each) for each in _listed(given)]
    return {str(entry.get("metric")): entry for entry in entries}


def _texts(given: object) -> set[str]:
    return {str(fields_of(each).get("name", each)) for each in _listed(given)}


def _listed(given: object) -> list[object]:
    if given is None:
        return []
    return cast("list[object]", given) if isinstance(given, list) else [given]


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else shown(str(value)) if value is not None else "nothing"


RULE = RiskRule(
    id="monitor-loosened",
    topic="monitoring",
    title="Monitors of models see what they saw before",
    fix="Say in the change what the monitor told wrongly, with its reports; let who owns the model approve it.",
    examine=_examine,
    headline="[a monitor of a model sees|monitors of models see] less",
)
