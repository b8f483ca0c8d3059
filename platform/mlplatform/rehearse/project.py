"""The throwaway project of a rehearsal: the user's program and settings, the spec as data, state and logs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from mlplatform.reading.record_file import record_file, write_record
from mlplatform.rehearse.manifest import read_manifest
from mlplatform.rehearse.program import copy_program
from mlplatform.spec.platform import PlatformSpec

PROJECT = "mlplatform"
"""Namespace of the program's configuration."""


class ThrowawayProject:
    """A Pulumi project in a folder of its own.

    Args:
        folder: empty; everything is written below it.
        project: folder of the user's project, whose program and options are copied. Without a Pulumi.yaml in it, the
            program is the usual one of a platform.

    Raises:
        ProjectRefused: the project's file or program cannot be used.
    """

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        """Everything of the rehearsal: the project, the engine's home and state, its logs."""
        self.root = folder / "project"
        """Folder of the Pulumi.yaml, in which the engine runs."""
        self._specs = 0
        self._stacks = self.root / "stacks"
        self.spec_file = self._stacks
        """The file of the present spec; its record is beside it."""
        for path in (self._stacks, folder / "home", folder / "logs"):
            path.mkdir(parents=True, exist_ok=True)
        manifest = read_manifest(project)
        settings: dict[str, object] = {
            **manifest.passed,
            "name": manifest.name,
            "main": copy_program(project, manifest.main, self.root),
            "stackConfigDir": "stacks",
            "runtime": {"name": "python", "options": _python()},
        }
        (self.root / "Pulumi.yaml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")

    def write_spec(self, spec: PlatformSpec) -> str:
        """Write a spec as data with its record, and return the name by which the program loads it."""
        self._specs += 1
        name = f"rehearsal-{self._specs}"
        # unset fields are left out: they follow the profile again, as in the original file
        data = spec_document(spec)
        text = json.dumps(data, indent=1, ensure_ascii=False)
        self.spec_file = self._stacks / f"{name}.json"
        self.spec_file.write_text(text + "\n", encoding="utf-8")
        if spec.record is not None:
            write_record(record_file(self.spec_file, spec), spec.record)
        return name

    def log(self, name: str) -> Path:
        """The file for a command's output."""
        return self.folder / "logs" / name


def _python() -> dict[str, str]:
    """The present Python with its packages."""
    if sys.prefix == sys.base_prefix:
        return {}
    return {"toolchain": "pip", "virtualenv": sys.prefix}


def spec_document(spec: BaseModel) -> dict[str, object]:
    """The fields that were set in a spec, as JSON; unset ones follow the profile when it is loaded again."""
    fields: dict[str, object] = {}
    for name, field in type(spec).model_fields.items():
        if name in spec.model_fields_set or _is_tag(field.annotation):
            fields[name] = _plain(getattr(spec, name))
    return fields


def _is_tag(annotation: object) -> bool:
    """Whether a field is a literal of one value, which discriminates a union."""
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return spec_document(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in cast("tuple[object, ...]", value)]
    # ranges and times
    return to_jsonable_python(value)
