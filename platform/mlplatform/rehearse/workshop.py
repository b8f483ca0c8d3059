"""The throwaway folder of a rehearsal: the project's program and settings, the spec as data, state and logs."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import cast

import yaml

from mlplatform.rehearse.document import document
from mlplatform.spec.platform import PlatformSpec

PROJECT = "mlplatform"
_PROGRAM = '''"""Makes the platform of the stack's spec on the stack's cloud."""

from pathlib import Path

import pulumi

from mlplatform.entry import run_stack

config = pulumi.Config("mlplatform")
run_stack(Path(pulumi.get_root_directory()) / "stacks", config.require("spec"), config.require("cloud"))
'''


class Workshop:
    """A Pulumi project in a folder of its own.

    folder: empty; everything is written below it. project: the user's project, whose program and options are copied;
    without a Pulumi.yaml in it, the program is what every platform's is.
    """

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        self._specs = 0
        self._stacks = folder / "stacks"
        for name in ("stacks", "home", "logs"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        settings = _settings(project)
        main = _program(folder, project, settings.get("main"))
        settings |= {"name": settings.get("name", PROJECT), "main": main, "stackConfigDir": "stacks"}
        settings["runtime"] = {"name": "python", "options": _python()}
        # a rehearsal brings the configuration itself
        settings.pop("config", None)
        settings.pop("backend", None)
        text = yaml.safe_dump(settings, sort_keys=False)
        (folder / "Pulumi.yaml").write_text(text, encoding="utf-8")

    def write_spec(self, spec: PlatformSpec) -> str:
        """Write a spec as data and return the name that the program loads it by."""
        self._specs += 1
        name = f"rehearsal-{self._specs}"
        # what was never set is left out: then it follows the profile again, as in the file it came from
        data = document(spec)
        text = json.dumps(data, indent=1, ensure_ascii=False)
        (self._stacks / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        return name

    def log(self, name: str) -> Path:
        """Where a command's output goes."""
        return self.folder / "logs" / name


def _settings(project: Path) -> dict[str, object]:
    file = project / "Pulumi.yaml"
    if not file.is_file():
        return {"options": {"refresh": "always"}}
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _program(folder: Path, project: Path, main: object) -> str:
    """Copy the project's program, or write the usual one; where it is, from the folder."""
    own = project / str(main) if main else None
    if own is not None and own.is_dir() and not Path(str(main)).is_absolute():
        shutil.copytree(own, folder / str(main), ignore=shutil.ignore_patterns("__pycache__"))
        return str(main)
    (folder / "program").mkdir()
    (folder / "program" / "__main__.py").write_text(_PROGRAM, encoding="utf-8")
    return "program"


def _python() -> dict[str, str]:
    """The Python that runs this, with the packages it has."""
    if sys.prefix == sys.base_prefix:
        return {}
    return {"toolchain": "pip", "virtualenv": sys.prefix}
