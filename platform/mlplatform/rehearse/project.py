"""The throwaway project of a rehearsal: the user's program and settings, the spec as data, state and logs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast, get_args, get_origin

import yaml
from pydantic import BaseModel

from mlplatform.reading.record_file import record_file, write_record
from mlplatform.spec.platform import PlatformSpec

PROJECT = "mlplatform"
_PROGRAM = '''"""Makes what the stack's configuration names: a spec, a target, a layer."""

from pathlib import Path

import pulumi

from mlplatform.entry import run_configured

run_configured(Path(pulumi.get_root_directory()) / "stacks")
'''


class ThrowawayProject:
    """A Pulumi project in a folder of its own.

    Args:
        folder: empty; everything is written below it.
        project: folder of the user's project, whose program and options are copied. Without a Pulumi.yaml in it, the
            program is the usual one of a platform.
    """

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        self._specs = 0
        self.spec_file = folder / "stacks"
        """The file of the present spec; its record is beside it."""
        self._stacks = folder / "stacks"
        for name in ("stacks", "home", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        settings = _settings(project)
        main = _program(folder, project, settings.get("main"))
        settings |= {"name": settings.get("name", PROJECT), "main": main, "stackConfigDir": "stacks"}
        settings["runtime"] = {"name": "python", "options": _python()}
        # a rehearsal sets the configuration itself
        settings.pop("config", None)
        settings.pop("backend", None)
        text = yaml.safe_dump(settings, sort_keys=False)
        (folder / "Pulumi.yaml").write_text(text, encoding="utf-8")

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


def _settings(project: Path) -> dict[str, object]:
    file = project / "Pulumi.yaml"
    if not file.is_file():
        return {"options": {"refresh": "always"}}
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    return cast("dict[str, object]", settings) if isinstance(settings, dict) else {}


def _program(folder: Path, project: Path, main: object) -> str:
    """Copy the project's program, or write the usual one; its path in the folder."""
    own = project / str(main) if main else None
    if own is not None and own.is_dir() and not Path(str(main)).is_absolute():
        shutil.copytree(own, folder / str(main), ignore=shutil.ignore_patterns("__pycache__"))
        return str(main)
    (folder / "program").mkdir()
    (folder / "program" / "__main__.py").write_text(_PROGRAM, encoding="utf-8")
    return "program"


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
    return value
