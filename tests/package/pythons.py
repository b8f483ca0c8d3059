"""The interpreters of Python that mlplatform supports, as far as this machine has them.

`MLPLATFORM_PYTHONS` chooses: `found` is every supported one that is here, `3.11,3.13` are those, and each must be here.
Not set: the one that runs the tests.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
CHOSEN = os.environ.get("MLPLATFORM_PYTHONS", "")


def supported() -> tuple[str, ...]:
    """What the classifiers of the package say."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line) for line in project["classifiers"])
    return tuple(each[1] for each in found if each)


def chosen() -> tuple[str, ...]:
    """The versions to try."""
    if not CHOSEN:
        return (RUNNING,)
    return supported() if CHOSEN == "found" else tuple(CHOSEN.split(","))


def required() -> bool:
    """Whether a version that is not here is a failure: it was asked for by its number."""
    return CHOSEN not in ("", "found")


@cache
def interpreter(version: str) -> Path | None:
    """The interpreter of a version; None if this machine has none."""
    if version == RUNNING:
        return Path(sys.executable)
    name = f"python{version}"
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [Path(found) for found in (shutil.which(name),) if found]
    places += sorted(versions.glob(f"{version}.*/bin/{name}"), reverse=True)
    return next((place for place in places if _is(place, version)), None)


def _is(place: Path, version: str) -> bool:
    """A shim of a version manager may stand for no interpreter."""
    said = subprocess.run([place, "-V"], capture_output=True, text=True, check=False)
    return said.returncode == 0 and said.stdout.startswith(f"Python {version}.")
