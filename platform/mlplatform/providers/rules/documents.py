"""Documents and queries inside string properties: IAM policies, plain JSON and YAML, queries and rules of Prometheus.

Grammar of policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
Rules: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import promql_parser
import yaml

from mlplatform.providers.refusal import Refusal, show_value
from mlplatform.providers.rules.base import DocumentKind
from mlplatform.providers.wire import as_list, as_object

_VERSIONS = ("2012-10-17", "2008-10-17")
_TOP = {"Version", "Id", "Statement"}
_STATEMENT = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_PRINCIPALS = {"AWS", "Federated", "Service", "CanonicalUser"}
_MOST_RULES = 20
_AMP_QUOTAS = "https://docs.aws.amazon.com/prometheus/latest/userguide/AMP_quotas.html"
_RULE = {"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}
_ACTION = r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+"


def check_document(kind: DocumentKind, path: str, text: str, source: str) -> list[Refusal]:
    """Refusals of a text in its language; a policy is checked against the policy grammar."""
    match kind:
        case "promql":
            return _check_query(path, text, source)
        case "yaml" | "prometheus-rules":
            return _check_yaml(kind, path, text, source)
        case _:
            pass
    try:
        document: object = json.loads(text)
    except ValueError as error:
        return [Refusal(path, f"{show_value(text)}: {error}", f"JSON ({source})", "write the text with json.dumps")]
    return [] if kind == "json" else _check_policy(kind, path, document, source)


def _check_query(path: str, text: str, source: str) -> list[Refusal]:
    try:
        promql_parser.parse(text)
    except ValueError as error:
        return [Refusal(path, f"{show_value(text)}: {error}", f"PromQL ({source})", "correct the query")]
    return []


def _yaml(text: str) -> object:
    """A document, read by libyaml where it is there; what that refuses is told in the words of the reader in Python."""
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return yaml.safe_load(text)


def _check_yaml(kind: DocumentKind, path: str, text: str, source: str) -> list[Refusal]:
    try:
        document = _yaml(text)
    except yaml.YAMLError as error:
        return [Refusal(path, f"{show_value(text)}: {error}", f"YAML ({source})", "correct the document")]
    if kind == "yaml":
        return []
    groups = as_list((as_object(document) or {}).get("groups"))
    if groups is None:
        return [Refusal(path, show_value(text), f"groups of rules ({source})", "write `groups:` with a list")]
    refusals: list[Refusal] = []
    for number, group in enumerate(groups):
        rules = as_list((as_object(group) or {}).get("rules")) or ()
        if len(rules) > _MOST_RULES:
            where = f"{path}:groups[{number}].rules"
            refusals.append(
                Refusal(where, f"{len(rules)} rules", f"at most {_MOST_RULES} ({_AMP_QUOTAS})", "make another group")
            )
        for index, entry in enumerate(rules):
            rule = as_object(entry) or {}
            where = f"{path}:groups[{number}].rules[{index}]"
            refusals += [
                Refusal(f"{where}.{key}", f"the element {key!r}", f"an element of a rule ({source})", "remove it")
                for key in rule
                if key not in _RULE
            ]
            if not isinstance(rule.get("expr"), str) or ("alert" in rule) == ("record" in rule):
                expected = f"an `expr`, and either `alert` or `record` ({source})"
                refusals.append(Refusal(where, f"the elements {sorted(rule)}", expected, "correct the rule"))
            else:
                refusals += _check_query(f"{where}.expr", str(rule["expr"]), source)
    return refusals


def _check_policy(kind: DocumentKind, path: str, document: object, source: str) -> list[Refusal]:
    policy = as_object(document)
    if policy is None:
        return [_refuse(path, show_value(document), "an object with Version and Statement", source)]
    refusals = [
        _refuse(f"{path}:{key}", f"the element {key!r}", "Version, Id and Statement only", source)
        for key in policy
        if key not in _TOP
    ]
    if policy.get("Version") not in _VERSIONS:
        got = show_value(policy.get("Version"))
        refusals.append(_refuse(f"{path}:Version", got, f"one of {_VERSIONS}", source))
    statements = policy.get("Statement")
    listed = as_list(statements)
    listed = [statements] if listed is None else listed
    if statements is None or not listed:
        refusals.append(_refuse(f"{path}:Statement", "nothing", "at least one statement", source))
        return refusals
    sids: set[str] = set()
    for index, statement in enumerate(listed):
        refusals += _check_statement(kind, f"{path}:Statement[{index}]", statement, source, sids)
    return refusals


def _check_statement(kind: DocumentKind, path: str, value: object, source: str, sids: set[str]) -> list[Refusal]:
    statement = as_object(value)
    if statement is None:
        return [_refuse(path, show_value(value), "a statement object", source)]
    refusals = [
        _refuse(f"{path}.{key}", f"the element {key!r}", "an element of the policy grammar", source)
        for key in statement
        if key not in _STATEMENT
    ]
    if statement.get("Effect") not in ("Allow", "Deny"):
        refusals.append(_refuse(f"{path}.Effect", show_value(statement.get("Effect")), "'Allow' or 'Deny'", source))
    refusals += _exactly_one(path, statement, "Action", "NotAction", source)
    if kind in ("identity-policy", "resource-policy"):
        refusals += _exactly_one(path, statement, "Resource", "NotResource", source)
    if kind == "identity-policy":
        if "Principal" in statement or "NotPrincipal" in statement:
            refusals.append(_refuse(f"{path}.Principal", "a principal", "none: the identity is the principal", source))
    else:
        refusals += _exactly_one(path, statement, "Principal", "NotPrincipal", source)
        refusals += _check_principal(path, statement.get("Principal"), source)
    if kind == "trust-policy" and "Resource" in statement:
        refusals.append(_refuse(f"{path}.Resource", "a resource", "none: the role is the resource", source))
    refusals += _check_actions(path, statement, source)
    sid = statement.get("Sid")
    if isinstance(sid, str) and sid:
        if sid in sids:
            refusals.append(_refuse(f"{path}.Sid", repr(sid), "a Sid used once in the policy", source))
        if kind == "identity-policy" and not re.fullmatch("[A-Za-z0-9]*", sid):
            refusals.append(_refuse(f"{path}.Sid", repr(sid), "letters and digits", source))
        sids.add(sid)
    if "Condition" in statement and not _is_condition(statement["Condition"]):
        expected = "operators with maps of condition keys"
        refusals.append(_refuse(f"{path}.Condition", show_value(statement["Condition"]), expected, source))
    return refusals


def _exactly_one(path: str, statement: Mapping[str, object], first: str, second: str, source: str) -> list[Refusal]:
    given = [name for name in (first, second) if statement.get(name) not in (None, [], "")]
    if len(given) == 1:
        return []
    got = "neither" if not given else "both"
    return [_refuse(f"{path}.{first}", got, f"{first} or {second}", source)]


def _check_principal(path: str, principal: object, source: str) -> list[Refusal]:
    if principal is None or principal == "*":
        return []
    kinds = as_object(principal)
    if kinds and set(kinds) <= _PRINCIPALS:
        return []
    return [_refuse(f"{path}.Principal", show_value(principal), f"'*' or a map of {sorted(_PRINCIPALS)}", source)]


def _check_actions(path: str, statement: Mapping[str, object], source: str) -> list[Refusal]:
    value = statement.get("Action", statement.get("NotAction"))
    listed = as_list(value)
    return [
        _refuse(f"{path}.Action", show_value(action), "'*' or 'service:Action'", source)
        for action in ([value] if listed is None else listed)
        if action is not None and not (isinstance(action, str) and re.fullmatch(_ACTION, action))
    ]


def _is_condition(value: object) -> bool:
    operators = as_object(value)
    return operators is not None and all(as_object(keys) is not None for keys in operators.values())


def _refuse(path: str, got: str, expected: str, source: str) -> Refusal:
    return Refusal(path, got, f"{expected} ({source})", "correct the policy document")
