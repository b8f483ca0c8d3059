"""The tables of kinds against the published definitions, field by field, and rule by rule in both directions.

The definitions are other projects' files and no part of this one: `MLPLATFORM_CRDS` names a folder with them, in the
folders that `derive_tables.CRD_FILES` names, each file compressed with gzip.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from mlplatform.plan.model import Plan
from mlplatform.providers.check import check_resource
from mlplatform.providers.kubernetes import tables
from mlplatform.providers.kubernetes.patterns import go_pattern

from ..conftest import CLOUDS
from ..providers.test_kubernetes import BAD, queue
from .derive_tables import CRD_FILES, core_table, crd_table, read_crd, stored
from .test_jobs import rendered

DATA = Path(tables.__file__).with_name("data")
FOLDER = Path(os.environ.get("MLPLATFORM_CRDS", "/none"))

THERE = tuple(table for table, (name, _, _) in CRD_FILES.items() if (FOLDER / name).is_dir())
"""The tables whose definitions are in the folder. What there is no definition of is skipped, and the reason says so."""

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="MLPLATFORM_CRDS names no folder with the definitions")


@pytest.mark.parametrize("table", CRD_FILES)
def test_the_table_is_what_the_definitions_say(table: str) -> None:
    if table not in THERE:
        pytest.skip(_missing(table))
    assert (DATA / f"{table}.toml").read_text("utf-8") == crd_table(FOLDER, table)


def test_the_table_of_kubernetes_own_kinds_is_what_the_sdk_says() -> None:
    assert (DATA / "core.toml").read_text("utf-8") == core_table()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_definitions_accept_every_object_of_the_layer(cloud: str, layered: Callable[[str], Plan]) -> None:
    bodies = [dict(step.inputs) for step in layered(cloud).steps if _definition(step.inputs) is not None]
    assert len(bodies) > 5
    _all_have_definitions(step.inputs for step in layered(cloud).steps)
    for body in bodies:
        assert list(errors(cast("dict[str, Any]", body))) == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_definitions_accept_every_job(cloud: str) -> None:
    bodies = [body for body in rendered(cloud) if _definition(body) is not None]
    _all_have_definitions(rendered(cloud))
    assert {body["kind"] for body in bodies} == {"TrainJob", "JobSet", "RayJob"}
    for body in bodies:
        assert list(errors(body)) == []


ELSEWHERE = frozenset({"a resource in two groups", "a template that no server keeps"})
"""What no definition refuses: Kueue's webhook does, and etcd, which keeps no object of that size."""


@pytest.mark.parametrize("what", BAD)
def test_definitions_and_tables_refuse_the_same(what: str) -> None:
    body, _ = BAD[what]
    if what in ELSEWHERE:
        pytest.skip("no definition refuses it")
    if _definition(body) is None:
        table = _table(body)
        pytest.skip(_missing(table) if table else "it is a kind of Kubernetes itself, which has no definition")
    assert list(errors(body)), "the planted error is one of our own only"


def test_the_rules_find_no_error_where_the_definitions_find_none() -> None:
    for body in (queue(), queue(cohortName=None)):
        ours = check_resource(f"kubernetes:{body['apiVersion']}:{body['kind']}", "a", body)
        assert not ours
        assert not list(errors(body))


def _matches(_: object, pattern: str, value: object, __: object) -> Iterator[jsonschema.ValidationError]:
    """Patterns are in Go's language."""
    if isinstance(value, str) and not go_pattern(pattern).search(value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


READER = cast("Any", jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _matches}))


def errors(body: dict[str, Any]) -> Iterator[str]:
    """Everything that a definition refuses: schema, unknown fields, rules in CEL, scope."""
    definition = _definition(body)
    assert definition is not None
    schema, namespaced = definition
    filled = cast("dict[str, Any]", _defaults(schema, copy.deepcopy(_plain(body))))
    yield from (each.message for each in READER(schema).iter_errors(filled))
    yield from _unknown(schema, filled, "")
    yield from _rules(schema, filled, "")
    metadata = filled["metadata"]
    if namespaced == ("namespace" not in metadata):
        yield "scope"
    if metadata["name"] != metadata["name"].lower() or any(len(v) > 63 for v in metadata.get("labels", {}).values()):
        yield "metadata"


@cache
def _definitions() -> Mapping[tuple[str, str], tuple[dict[str, Any], bool]]:
    found: dict[tuple[str, str], tuple[dict[str, Any], bool]] = {}
    for table in THERE:
        for plural in CRD_FILES[table][2]:
            crd = read_crd(FOLDER, table, plural)
            spec, version = crd["spec"], stored(crd)
            schema = version["schema"]["openAPIV3Schema"]
            found[spec["group"], spec["names"]["kind"]] = (
                {**schema, "x-api": f"{spec['group']}/{version['name']}"},
                spec["scope"] == "Namespaced",
            )
    return found


def _missing(table: str) -> str:
    name, source, _ = CRD_FILES[table]
    return f"{FOLDER} has no folder {name}: {source}"


def _table(body: Mapping[str, object]) -> str | None:
    """The table that has the kind of an object; None for kinds of Kubernetes itself."""
    head = f'[kinds."{body.get("apiVersion")}/{body.get("kind")}"]'
    return next((table for table in CRD_FILES if head in (DATA / f"{table}.toml").read_text("utf-8")), None)


def _all_have_definitions(bodies: Iterable[Mapping[str, object]]) -> None:
    """Where a table's definitions are there, each of its kinds has one."""
    without = {table for body in bodies if _definition(body) is None and (table := _table(body))}
    assert without.isdisjoint(THERE), without


def _definition(body: Mapping[str, object]) -> tuple[dict[str, Any], bool] | None:
    api = str(body.get("apiVersion", ""))
    found = _definitions().get((api.rpartition("/")[0], str(body.get("kind", ""))))
    if found is None:
        return None
    schema, namespaced = found
    if schema["x-api"] != api:
        return {"not": {}, "properties": schema["properties"]}, namespaced
    return found


def _plain(value: object) -> Any:  # noqa: ANN401
    match value:
        case Mapping():
            items = cast("Mapping[str, object]", value).items()
            return {key: _plain(item) for key, item in items if item is not None}
        case list():
            return [_plain(item) for item in cast("list[object]", value)]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def _defaults(schema: Mapping[str, Any], value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name, below in known.items():
            if "default" in below and name not in value:
                value[name] = copy.deepcopy(below["default"])
        rest = schema.get("additionalProperties")
        return {
            key: _defaults(known.get(key) or (rest if isinstance(rest, dict) else {}), v) for key, v in value.items()
        }
    if isinstance(value, list):
        return [_defaults(schema.get("items", {}), item) for item in value]
    return value


def _below(schema: Mapping[str, Any], value: object) -> Iterator[tuple[str, Mapping[str, Any], object]]:
    if isinstance(value, dict):
        rest = schema.get("additionalProperties")
        for key, item in cast("dict[str, object]", value).items():
            below = schema.get("properties", {}).get(key) or (rest if isinstance(rest, dict) else None)
            if below is not None:
                yield key, below, item
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield "[]", schema.get("items", {}), item


def _unknown(schema: Mapping[str, Any], value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict) and schema.get("properties") and "additionalProperties" not in schema:
        yield from (
            f"unknown {path}.{key}" for key in cast("dict[str, object]", value) if key not in schema["properties"]
        )
    for name, below, item in _below(schema, value):
        yield from _unknown(below, item, f"{path}.{name}")


def _rules(schema: Mapping[str, Any], value: object, path: str) -> Iterator[str]:
    import cel

    for rule in schema.get("x-kubernetes-validations", ()):
        if "oldSelf" in rule["rule"]:
            continue
        try:
            holds = cel.evaluate(rule["rule"], {"self": value})
        except Exception as error:
            holds = f"{type(error).__name__}: {error}"
        if holds is not True:
            yield f"{path}: {rule.get('message', rule['rule'])} ({holds})"
    for name, below, item in _below(schema, value):
        yield from _rules(below, item, f"{path}.{name}")
