"""Answers what the engine asks `pip`, in environments without it: uv and poetry put none into theirs.

The engine's Python host runs `python -m pip list -v --format json`, and reads every package's name, version, location:
https://github.com/pulumi/pulumi/blob/master/sdk/python/toolchain/pip.go
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

_STAND_IN = "from mlplatform.rehearse.pip_list import main\n\nmain()\n"


def stand_in(folder: Path) -> dict[str, str]:
    """Variables that give the present Python a `pip` which lists packages; none where it has its own.

    Args:
        folder: the stand-in is written below it.
    """
    if find_spec("pip") is not None:
        return {}
    package = folder / "python" / "pip"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "__main__.py").write_text(_STAND_IN, encoding="utf-8")
    return {"PYTHONPATH": str(package.parent)}


def main() -> None:
    """Print the installed packages; another question than `list` is an error."""
    if sys.argv[1:2] != ["list"]:
        sys.exit(f"pip {' '.join(sys.argv[1:])}: this environment has no pip, and a rehearsal can only list packages")
    packages = [
        {"name": found.name, "version": found.version, "location": str(found.locate_file(""))}
        for found in distributions()
    ]
    print(json.dumps(packages))
