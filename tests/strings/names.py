"""Every metric that an alert or a chart names, with its labels, and what a plan collects."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import promql_parser

from mlplatform.plan.model import Plan, Step

from .collect import planned, short_type
from .languages import Language

COLLECTED = tomllib.loads((Path(__file__).parent / "collected.toml").read_text(encoding="utf-8"))["source"]
ADDED = {"monitored_resource", "__name__", "job", "project_id"}
"""Labels that every collection adds."""

COMPUTED = {"resource"}
"""Labels that our queries add with label_replace."""


class Used(NamedTuple):
    """A metric that something names."""

    where: str
    namespace: str
    """Namespace of CloudWatch or Azure Monitor, in lower case for Azure; empty for Prometheus."""

    metric: str
    labels: frozenset[str]


def used(plan: Plan, cloud: str) -> Iterator[Used]:
    """Every use in a plan."""
    for item in planned(plan, "", cloud):
        if item.language == Language.PROMQL:
            yield from _of_query(item.name, item.text)
        if item.language == Language.GCP_METRIC_FILTER:
            yield from _of_filter(item.name, item.text)
    for step in plan.resources():
        yield from _of_resource(step)


def _of_query(where: str, text: str) -> Iterator[Used]:
    query: object = promql_parser.parse(text)
    # a label of a grouping is of every metric in it
    for selector, groups in _selectors(query, frozenset()):
        matched = {matcher.name for matcher in selector.matchers.matchers}
        yield Used(where, "", str(selector.name), frozenset(matched) | groups)


def _selectors(query: object, groups: frozenset[str]) -> Iterator[tuple[promql_parser.VectorSelector, frozenset[str]]]:
    match query:
        case promql_parser.VectorSelector():
            yield query, groups
        case promql_parser.MatrixSelector():
            yield from _selectors(query.vector_selector, groups)
        case promql_parser.AggregateExpr():
            by = query.modifier
            named = frozenset(by.labels) if by is not None and "By" in str(by.type) else frozenset[str]()
            yield from _selectors(query.expr, named)
        case promql_parser.Call():
            for argument in query.args:
                yield from _selectors(argument, groups)
        case promql_parser.BinaryExpr():
            # what is matched `on` other labels need not have all labels of the grouping on both sides
            one_sided = query.modifier is not None and query.modifier.matching is not None
            yield from _selectors(query.lhs, groups)
            yield from _selectors(query.rhs, frozenset() if one_sided else groups)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            yield from _selectors(query.expr, groups)
        case _:
            pass


def _of_filter(where: str, text: str) -> Iterator[Used]:
    for kind in re.findall(r'metric\.type="([^"]+)"', text):
        service, _, name = kind.partition("/")
        labels = frozenset(re.findall(r"(?:metric|resource)\.labels\.(\w+)", text))
        base = f"{service.replace('.', '_')}:{name.replace('/', '_')}"
        # a distribution is a histogram in PromQL
        yield Used(where, "", f"{base}_bucket" if name.endswith("latencies") else base, labels)


def _of_resource(step: Step) -> Iterator[Used]:
    inputs = step.inputs
    match short_type(step.type):
        case "cloudwatch:MetricAlarm":
            queries = [query["metric"] for query in inputs.get("metricQueries", ()) if "metric" in query]
            for metric in [inputs, *queries] if "metricName" in inputs else queries:
                labels = frozenset(metric.get("dimensions", {}))
                yield Used(step.name, metric["namespace"], metric["metricName"], labels)
        case "cloudwatch:Dashboard":
            for widget in json.loads(inputs["dashboardBody"])["widgets"]:
                for metric in widget["properties"].get("metrics", ()):
                    words = [word for word in metric if isinstance(word, str)]
                    if len(words) > 1:
                        yield Used(step.name, words[0], words[1], frozenset(words[2::2]))
        case "monitor:MetricAlert":
            for criterion in inputs["criteria"]["allOf"]:
                labels = frozenset(dimension["name"] for dimension in criterion.get("dimensions", ()))
                yield Used(step.name, criterion["metricNamespace"].lower(), criterion["metricName"], labels)
        case "applicationinsights:Workbook":
            for item in json.loads(inputs["serializedData"])["items"]:
                for metric in item["content"].get("metrics", ()):
                    name = metric["metric"].removeprefix(f"{metric['namespace']}-").rpartition("-")[2]
                    yield Used(step.name, metric["namespace"], name, frozenset())
        case _:
            pass


def not_collected(plan: Plan, cloud: str, uses: Iterable[Used] | None = None) -> list[str]:
    """What a plan names and does not collect.

    Args:
        plan: the plan.
        cloud: its cloud.
        uses: what is named. Omitted: what the plan itself names.
    """
    known: dict[tuple[str, str], tuple[Mapping[str, object], frozenset[str]]] = {}
    for source in COLLECTED:
        if source["cloud"] == cloud:
            for metric in source["metrics"]:
                known[source.get("namespace", ""), metric["name"]] = (source, frozenset(metric["labels"]))
    there: dict[str, bool] = {}
    faults: list[str] = []
    made = dict(_made(plan))
    for use in used(plan, cloud) if uses is None else uses:
        if use.labels - ADDED <= made.get((use.namespace, use.metric), frozenset({"none"})):
            continue  # the plan makes metrics of lines of its own logs
        found = known.get((use.namespace, use.metric))
        if found is None:
            faults.append(f"{use.where}: nothing collects {use.namespace} {use.metric}")
            continue
        source, labels = found
        if unknown := use.labels - labels - ADDED - COMPUTED:
            faults.append(f"{use.where}: {use.metric} has no label {sorted(unknown)}")
        name = str(source["name"])
        if name not in there:
            there[name] = _is_configured(plan, source)
        if not there[name]:
            faults.append(f"{use.where}: the plan does not configure {name}, where {use.metric} comes from")
    return sorted(set(faults))


def _made(plan: Plan) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    """Metrics of lines of the plan's own logs, by namespace and name, with their labels."""
    for step in plan.resources():
        match short_type(step.type):
            case "cloudwatch:LogMetricFilter":
                made = step.inputs["metricTransformation"]
                yield (str(made["namespace"]), str(made["name"])), frozenset(made.get("dimensions") or {})
            case "logging:Metric":
                labels = frozenset(label["key"] for label in step.inputs["metricDescriptor"].get("labels") or ())
                name = re.sub("[^a-zA-Z0-9]", "_", str(step.inputs["name"]))
                for end in ("sum", "count"):
                    yield ("", f"logging_googleapis_com:user_{name}_{end}"), labels
            case _:
                pass


def of_dashboards(where: str, document: str) -> Iterator[Used]:
    """Every metric that a dashboard of Grafana asks for."""
    for panel in json.loads(document)["panels"]:
        for target in panel.get("targets", ()):
            if "azureMonitor" in target:
                asked = target["azureMonitor"]
                yield Used(where, asked["metricNamespace"], asked["metricName"], frozenset())
            elif "metricName" in target:
                yield Used(where, target["namespace"], target["metricName"], frozenset(target["dimensions"]))
            elif "azureLogAnalytics" not in target:
                yield from _of_query(where, target.get("expr") or target["promQLQuery"]["expr"])


def _is_configured(plan: Plan, source: Mapping[str, object]) -> bool:
    needs = source.get("needs")
    if not isinstance(needs, dict):
        return True
    kind, path, value = str(needs["type"]), str(needs["path"]), needs["value"]
    for step in plan.resources():
        if short_type(step.type) != kind:
            continue
        held: object = step.inputs
        for key in path.split("."):
            held = held.get(key) if isinstance(held, dict) else None
        if held == value or (isinstance(held, list | str) and isinstance(value, str) and value in held):
            return True
    return False
