"""The rule tables fit the installed SDKs, and each row names its source."""

from __future__ import annotations

import json
import re

import pytest

from mlplatform.providers.rules import rules_of
from mlplatform.providers.rules.base import (
    ConflictRule,
    DocumentKind,
    NameRule,
    OneOfRule,
    ProductRule,
    TotalRule,
    UniqueRule,
    ValueRule,
    WhenRule,
)
from mlplatform.providers.rules.documents import check_document
from mlplatform.providers.rules.evaluate import walk
from mlplatform.providers.schema import resource_schema
from mlplatform.providers.types import ListOf, ObjectOf, SchemaType, UnionOf
from mlplatform.providers.wire import UNKNOWN

PACKAGES = ("aws", "gcp", "azure-native")


def _leads(type_: SchemaType, path: str) -> bool:
    """Whether a path such as `rules[].days` leads to a property of the type."""
    if isinstance(type_, UnionOf):
        return any(_leads(member, path) for member in type_.members)
    if not isinstance(type_, ObjectOf):
        return False
    head, _, rest = path.partition(".")
    prop = type_.properties.get(head.removesuffix("[]"))
    if prop is None:
        return False
    inner = prop.type
    if head.endswith("[]"):
        if not isinstance(inner, ListOf):
            return False
        inner = inner.item
    return not rest or _leads(inner, rest)


def _paths(row: object) -> list[str]:
    match row:
        case NameRule():
            return [row.property, *(row.scope if isinstance(row.scope, tuple) else ())]
        case ValueRule():
            return [row.path]
        case ConflictRule():
            return [row.first, row.second]
        case WhenRule():
            return [row.when, row.path]
        case ProductRule():
            limit = [row.most] if isinstance(row.most, str) else []
            raised = [row.raised[0]] if row.raised else []
            return [*(f"{row.path}.{factor}" for factor in row.factors), *limit, *raised]
        case OneOfRule() | UniqueRule():
            return list(row.properties)
        case TotalRule():
            return [row.within, row.measured]
        case _:
            return []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_name_is_always_given_where_the_sdk_requires_it(package: str) -> None:
    rules = rules_of(package)
    required: set[str] = set()
    for rule in rules.names:
        schema = resource_schema(rule.token)
        assert schema is not None, rule.token
        if schema.inputs.properties[rule.property].required:
            required.add(rule.token)
    assert rules.always_named == required


@pytest.mark.parametrize("package", PACKAGES)
def test_every_row_has_properties_of_the_sdk(package: str) -> None:
    rules = rules_of(package)
    rows = [*rules.names, *rules.values, *rules.conflicts, *rules.needed, *rules.when, *rules.products, *rules.unique]
    rows += rules.totals
    assert len(rows) > 40
    for row in rows:
        schema = resource_schema(row.token)
        assert schema is not None, row.token
        for path in _paths(row):
            assert _leads(schema.inputs, path), f"{row.token} has no {path}"
        assert "https://" in row.source, row


@pytest.mark.parametrize("package", PACKAGES)
def test_map_rules_name_known_types(package: str) -> None:
    for rule in rules_of(package).maps:
        for token in (*rule.tokens, *rule.except_tokens, *(owner for owner, _ in rule.nested)):
            assert resource_schema(token) is not None, token
        for owner, path in rule.nested:
            schema = resource_schema(owner)
            assert schema is not None
            assert _leads(schema.inputs, path), path


@pytest.mark.parametrize("package", PACKAGES)
def test_lengths_and_patterns_are_sound(package: str) -> None:
    for rule in rules_of(package).names:
        assert 0 < rule.minimum <= rule.maximum, rule.token
        re.compile(rule.pattern)
        assert rule.words, rule.token
        assert not re.fullmatch(rule.pattern, ""), rule.token


def test_a_package_without_tables_has_no_rules() -> None:
    assert rules_of("random").names == ()


def test_walk_gives_paths_and_leaves_unknowns_out() -> None:
    value = {"rules": [{"days": 1}, {"days": UNKNOWN}, {"days": 3}, {}]}
    assert list(walk(value, "rules[].days")) == [("rules[0].days", 1), ("rules[2].days", 3)]
    assert list(walk(value, "rules.days")) == []
    assert list(walk({"rules": UNKNOWN}, "rules[].days")) == []


STATEMENT = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'


@pytest.mark.parametrize(
    ("kind", "text", "path"),
    [
        ("json", "{", "policy"),
        ("yaml", "a: [", "policy"),
        ("promql", 'a{{b=""}}', "policy"),
        ("promql", "sum(", "policy"),
        ("prometheus-rules", "groups: [", "policy"),
        ("prometheus-rules", "rules: []", "policy"),
        (
            "prometheus-rules",
            '{"groups": [{"rules": [{"alert": "a", "expr": "a{{b=1}}"}]}]}',
            "policy:groups[0].rules[0].expr",
        ),
        (
            "prometheus-rules",
            json.dumps({"groups": [{"rules": [{"record": f"a{n}", "expr": "1"} for n in range(21)]}]}),
            "policy:groups[0].rules",
        ),
        ("prometheus-rules", '{"groups": [{"rules": [{"alert": "a"}]}]}', "policy:groups[0].rules[0]"),
        (
            "prometheus-rules",
            '{"groups": [{"rules": [{"alert": "a", "expr": "1", "fur": "1m"}]}]}',
            "policy:groups[0].rules[0].fur",
        ),
        ("identity-policy", "[]", "policy"),
        ("identity-policy", '{"Statement": [' + STATEMENT + "]}", "policy:Version"),
        ("identity-policy", '{"Version": "2012-10-17"}', "policy:Statement"),
        ("identity-policy", '{"Version": "2012-10-17", "Statement": []}', "policy:Statement"),
        ("identity-policy", '{"Version": "2012-10-17", "Statements": [], "Statement": []}', "policy:Statements"),
        ("resource-policy", '{"Version": "2012-10-17", "Statement": [' + STATEMENT + "]}", "[0].Principal"),
        ("trust-policy", '{"Version": "2012-10-17", "Statement": [' + STATEMENT + "]}", "[0].Resource"),
    ],
)
def test_bad_documents(kind: DocumentKind, text: str, path: str) -> None:
    refusals = check_document(kind, "policy", text, "source")
    assert any(refusal.path.endswith(path) for refusal in refusals), [str(refusal) for refusal in refusals]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ('"Action": "GetObject"', "Action"),
        ('"NotAction": "s3:GetObject", "Action": "s3:PutObject"', "Action"),
        ('"Principal": "*", "Action": "s3:GetObject"', "Principal"),
        ('"Action": "s3:GetObject", "Condition": []', "Condition"),
        ('"Action": "s3:GetObject", "Sid": "not a sid"', "Sid"),
        ('"Action": "s3:GetObject", "Efect": "Allow"', "Efect"),
    ],
)
def test_bad_statements(change: str, path: str) -> None:
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*", ' + change + "}}"
    refusals = check_document("identity-policy", "policy", text, "source")
    assert [refusal.path for refusal in refusals] == [f"policy:Statement[0].{path}"]


def test_good_documents() -> None:
    queries = (
        "up == 0",
        'max by (a) (max_over_time(kubernetes_io:node_x{a=~"b|c"}[5m:1m]))',
        "quantile_over_time(0.5, a[1h])",
    )
    for query in queries:
        assert check_document("promql", "query", query, "source") == []
    rules = (
        '{"groups": [{"name": "a", "rules": [{"alert": "a", "expr": "up == 0", "for": "5m", "labels": {"a": "b"}}]}]}'
    )
    assert check_document("prometheus-rules", "data", rules, "source") == []
    assert check_document("yaml", "data", "a: {b: [1]}", "source") == []
    policy = '{"Version": "2012-10-17", "Statement": ' + STATEMENT + "}"
    assert check_document("identity-policy", "policy", policy, "source") == []
    bucket = policy.replace('"Effect"', '"Principal": {"AWS": ["*"]}, "Effect"')
    assert check_document("resource-policy", "policy", bucket, "source") == []
