"""A rule file of Prometheus, from the rules that a plan has: what is written is what `up` makes.

The clouds keep them in forms of their own: groups of managed Prometheus on AWS and Azure, policies with a query on GCP,
objects in the cluster. The file has all of them in the form of
https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/, for a Prometheus of one's own, for
`promtool test rules`, and to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import yaml

from mlplatform.fast.record import record
from mlplatform.plan.documents import is_known
from mlplatform.plan.model import Plan, Step, Value
from mlplatform.plan.sources.fields import items, mapping, text

Rule: TypeAlias = "dict[str, object]"


@record(kw_only=True)
class PlannedRules:
    """The rules of one resource."""

    name: str
    """Name of the group: the resource's, and the group's own where it has several."""

    rules: tuple[Rule, ...]
    """The rules, each with `alert` or `record`, and `expr`."""


def planned_rules(plan: Plan) -> tuple[PlannedRules, ...]:
    """All rules of a plan, in its order."""
    found: list[PlannedRules] = []
    for step in plan.resources():
        read = _READERS.get(step.type)
        if read is not None:
            found += [PlannedRules(name=name, rules=tuple(rules)) for name, rules in read(step) if rules]
    return tuple(found)


def rule_file(plan: Plan) -> str:
    """The rules of a plan as a file; the same plan gives the same bytes.

    Args:
        plan: of one target.
    """
    groups = [{"name": each.name, "rules": list(each.rules)} for each in planned_rules(plan)]
    return yaml.safe_dump({"groups": groups}, sort_keys=False, allow_unicode=True, width=1000)


_Groups: TypeAlias = "Iterator[tuple[str, list[Rule]]]"


def _of_prometheus(step: Step) -> _Groups:
    """Managed Prometheus of AWS keeps the file itself."""
    said = step.inputs.get("data")
    document: object = yaml.safe_load(said) if isinstance(said, str) and is_known(said) else None
    yield from _groups(step.name, mapping(document).get("groups"))


def _of_cluster(step: Step) -> _Groups:
    """Objects of GKE's managed Prometheus have the groups of the file."""
    yield from _groups(step.name, mapping(step.inputs.get("spec")).get("groups"))


def _groups(resource: str, groups: Value) -> _Groups:
    for group in map(mapping, items(groups)):
        rules = [_written(mapping(rule)) for rule in items(group.get("rules"))]
        yield f"{resource} {text(group.get('name'))}", [rule for rule in rules if rule]


def _of_azure(step: Step) -> _Groups:
    rules: list[Rule] = []
    for rule in map(mapping, items(step.inputs.get("rules"))):
        held = _iso_as_prometheus(text(rule.get("for")))
        rules.append(_written({**rule, "expr": rule.get("expression"), **({"for": held} if held else {})}))
    yield step.name, [rule for rule in rules if rule]


def _of_google(step: Step) -> _Groups:
    """A policy's conditions: what is not a query of Prometheus, a filter of logs for example, has no rule."""
    rules: list[Rule] = []
    advice = text(mapping(step.inputs.get("documentation")).get("content"))
    for condition in map(mapping, items(step.inputs.get("conditions"))):
        query = mapping(condition.get("conditionPrometheusQueryLanguage"))
        said: dict[str, Value] = {
            "alert": "".join(word.capitalize() for word in step.name.rpartition("-alert-")[2].split("-")),
            "expr": query.get("query"),
            "for": query.get("duration"),
            # without the policy's name, Prometheus takes those of two endpoints for one rule written twice
            "labels": {"severity": text(step.inputs.get("severity")).lower(), "policy": step.name},
            "annotations": {"summary": condition.get("displayName"), "description": advice},
        }
        rules.append(_written(said))
    yield step.name, [rule for rule in rules if rule]


def _written(rule: Mapping[str, Value]) -> Rule:
    """A rule as Prometheus has it; nothing where its query is not known, or where it is none."""
    query = rule.get("expr")
    if not isinstance(query, str) or not is_known(query):
        return {}
    kind = "alert" if rule.get("alert") else "record"
    written: Rule = {kind: text(rule.get(kind)), "expr": query}
    if kind == "alert" and rule.get("for"):
        written["for"] = text(rule.get("for"))
    for words in ("labels", "annotations"):
        said = {key: value for key, value in mapping(rule.get(words)).items() if isinstance(value, str) and value}
        if said and is_known(dict(said)):
            written[words] = said
    return written


def _iso_as_prometheus(duration: str) -> str:
    """`PT30M` as `30m`."""
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", duration)
    return f"{60 * int(found[1] or 0) + int(found[2] or 0)}m" if found else ""


_READERS: Mapping[str, Callable[[Step], _Groups]] = {
    "aws:amp/ruleGroupNamespace:RuleGroupNamespace": _of_prometheus,
    "azure-native:alertsmanagement:PrometheusRuleGroup": _of_azure,
    "gcp:monitoring/alertPolicy:AlertPolicy": _of_google,
    "kubernetes:monitoring.googleapis.com/v1:ClusterRules": _of_cluster,
}
"""How the rules of each type of resource are read."""
