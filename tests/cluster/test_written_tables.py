"""The tables that were written by hand, against the definitions that they are of.

They hold only the fields that objects of the platform have. The definitions are files of other projects and no part of
this one: `MLPLATFORM_CRDS_OF_CLOUDS` names a folder with them, as YAML, at the versions that each table's source names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from mlplatform.fast.toml import read_toml
from mlplatform.providers.kubernetes import tables

from .derive_tables import crd_lines

DATA = Path(tables.__file__).with_name("data")
FOLDER = Path(os.environ.get("MLPLATFORM_CRDS_OF_CLOUDS", "/none"))
KINDS = {
    table: tuple(cast("dict[str, object]", read_toml(DATA / f"{table}.toml")["kinds"]))
    for table in ("azure-monitor", "gke", "google-monitor", "network-operator")
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="MLPLATFORM_CRDS_OF_CLOUDS names no folder with the definitions"
)


@pytest.mark.parametrize("kind", [kind for kinds in KINDS.values() for kind in kinds])
def test_what_a_table_has_is_what_the_definition_says(kind: str) -> None:
    definition, written = _definitions()[kind], _written(kind)
    assert written["scope"] == definition["scope"]
    assert written["plural"] == definition["plural"]
    theirs, ours = definition["fields"], cast("Mapping[str, Mapping[str, object]]", written["fields"])
    assert set(ours) - set(theirs) == set(), "no such field"
    differing = {path: (facts, theirs[path]) for path, facts in ours.items() if not _same(facts, theirs[path])}
    assert not differing
    # a field without which the API server refuses an object that has all others
    missing = [
        path
        for path, facts in theirs.items()
        if facts.get("required") and path not in ours and _parent(path) in ours and not _whole(ours, path)
    ]
    assert not missing


def _same(ours: Mapping[str, object], theirs: Mapping[str, object]) -> bool:
    """Whether a field's line says what the definition does; the type of Kubernetes may stand for its fields."""
    if str(ours.get("type")).startswith("ref:"):
        kept = {name: value for name, value in theirs.items() if name != "type"}
        return kept == {name: value for name, value in ours.items() if name != "type"}
    return dict(ours) == dict(theirs)


def _parent(path: str) -> str:
    return re.sub(r"(\.[^.\[\]{}]+|\[\]|\{\})$", "", path)


def _whole(ours: Mapping[str, Mapping[str, object]], path: str) -> bool:
    return str(ours[_parent(path)].get("type")).startswith("ref:")


def _written(kind: str) -> Mapping[str, object]:
    (table,) = (table for table, kinds in KINDS.items() if kind in kinds)
    return cast("dict[str, dict[str, dict[str, object]]]", read_toml(DATA / f"{table}.toml"))["kinds"][kind]


@cache
def _definitions() -> Mapping[str, dict[str, Any]]:
    return dict(_found())


def _found() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(FOLDER.rglob("*.y*ml")):
        # a chart's template has a condition around the whole
        text = re.sub(r"^.*\{\{.*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
        for crd in cast("Iterator[dict[str, Any] | None]", yaml.safe_load_all(text)):
            if not crd or crd.get("kind") != "CustomResourceDefinition":
                continue
            spec = crd["spec"]
            for version in spec["versions"]:
                fields = dict(crd_lines(version["schema"]["openAPIV3Schema"], "", False))
                yield (
                    f"{spec['group']}/{version['name']}/{spec['names']['kind']}",
                    {
                        "scope": "namespace" if spec["scope"] == "Namespaced" else "cluster",
                        "plural": spec["names"]["plural"],
                        "fields": fields,
                    },
                )
