"""What is public, read from the program: what others' specs, scripts and programs rely on.

    python -m tests.release.public          writes public.json; run it when a release is made, and only then

docs/versioning.md says what each part means, and how something goes.
"""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from mlplatform.cli import app
from mlplatform.render.extensions.files import extension_files
from mlplatform.render.extensions.kinds import EXTENSION_KINDS
from mlplatform.views.spec import schema

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).parent / "public.json"
MODULES = ("mlplatform", "mlplatform.testing", "mlplatform.checks")
"""Modules whose names are public."""
GROUPS = {
    "mlplatform.backends": "mlplatform.fast.installed",
    "mlplatform.capabilities": "mlplatform.fast.installed",
    "mlplatform.checks": "mlplatform.checks.catalogue",
    "mlplatform.cost": "mlplatform.plan.cost.rules",
    "mlplatform.doors": "mlplatform.services.doors",
    "mlplatform.risks": "mlplatform.risk.catalogue",
    "mlplatform.targets": "mlplatform.fast.installed",
}
"""Groups of entry points by the module that reads each."""
EXITS = ("BAD_INPUT", "INTERNAL", "INTERRUPTED", "CLOSED_PIPE")


def public() -> dict[str, list[str]]:
    """Everything public, as sorted words by kind."""
    return {
        "commands": sorted(_commands()),
        "entry points": sorted(_entry_points()),
        "exit codes": sorted(f"{name} {getattr(app, name)}" for name in EXITS),
        "fields of records": sorted(_fields(schema.record_document(), "ReleaseRecord")),
        "fields of specs": sorted(_fields(schema.document(), "PlatformSpec")),
        "imports of packages": sorted(_imports()),
        "names": sorted(_names()),
    }


def _commands() -> Iterator[str]:
    """Commands with their arguments, options, and what an option may be."""
    return _below("", app.cli)


def _below(path: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _below(f"{path} {name}".strip(), inner)
    if path:
        yield path
        for parameter in command.params:
            word = (
                "|".join(parameter.opts) if isinstance(parameter, click.Option) else cast("str", parameter.name).upper()
            )
            yield f"{path} {word}"
            if isinstance(parameter.type, click.Choice):
                yield from (f"{path} {word} {choice}" for choice in parameter.type.choices)


def _entry_points() -> Iterator[str]:
    """Groups that others' packages fill, and what ours provides."""
    for group, module in GROUPS.items():
        assert group in {getattr(import_module(module), name, "") for name in ("GROUP", "TARGETS", "CAPABILITIES")}
        yield f"group {group}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield from (f"program {name}" for name in project["scripts"])
    yield from (f"extra {name}" for name in project["optional-dependencies"])
    yield from (f"{group} {name}" for group, points in project["entry-points"].items() for name in points)


def _fields(document: dict[str, object], root: str) -> Iterator[str]:
    """`Model.field`, and `Model.field=value` for each value that a field may be."""
    definitions = cast("dict[str, dict[str, Any]]", document["$defs"])
    for model, definition in {root: cast("dict[str, Any]", document), **definitions}.items():
        for field, said in definition.get("properties", {}).items():
            yield f"{model}.{field}"
            yield from (f"{model}.{field}={value}" for value in _values(said))


def _values(said: dict[str, Any]) -> Iterator[str]:
    yield from (str(value) for value in said.get("enum", ()))
    for part in (*said.get("anyOf", ()), *([said["items"]] if isinstance(said.get("items"), dict) else ())):
        yield from _values(part)


def _imports() -> set[str]:
    """Names that the packages of `mlplatform new` import, and those of before that can still be imported."""
    written = (file for kind in EXTENSION_KINDS for file in extension_files(kind, "orbit") if file.path.endswith(".py"))
    found = {
        f"{node.module}.{alias.name}"
        for file in written
        for node in ast.walk(ast.parse(file.text))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "mlplatform"
        for alias in node.names
    }
    before: dict[str, list[str]] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return found | {word for word in before.get("imports of packages", ()) if _is_there(word)}


def _is_there(word: str) -> bool:
    module, _, name = word.rpartition(".")
    try:
        return hasattr(import_module(module), name)
    except ModuleNotFoundError:
        return False


def _names() -> Iterator[str]:
    for module in MODULES:
        yield from (f"{module}.{name}" for name in import_module(module).__all__)


if __name__ == "__main__":
    BASELINE.write_text(json.dumps(public(), indent=1) + "\n", encoding="utf-8")
