"""The bill of materials, of a wheel of this checkout: valid, whole, and the same twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from bill import ROOT, write


class NotProven(Exception):
    """What does not hold."""


def plain(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> set[str]:
    """What the package itself asks for: its dependencies, and those of `all`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = ("aws", "gcp", "azure", "kubernetes")
    asked = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {plain(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in asked}


def check(bill: dict[str, Any]) -> int:
    """Every package has a version, a source and a licence where it names one; all that is needed is there."""
    listed = {plain(each["name"]): each for each in bill["components"]}
    if missing := needed() - set(listed):
        raise NotProven(f"not in the bill: {sorted(missing)}")
    for name in ("pytest", "ruff", "pip", "cyclonedx-bom"):
        if name in listed:
            raise NotProven(f"{name} is in the bill, and no installation has it")
    for name, each in listed.items():
        if not each.get("version") or (not each.get("purl", "").startswith("pkg:pypi/") and name != "mlplatform"):
            raise NotProven(f"{name} has no version or no source: {each}")
    if plain(bill["metadata"]["component"]["name"]) != "mlplatform":
        raise NotProven(f"the bill is of {bill['metadata']['component']}")
    return len(listed)


def main() -> None:
    """Build, list twice, compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = os.environ.get("MLPLATFORM_PYTHON", sys.executable)
        subprocess.run([python, "-m", "hatchling", "build", "-t", "wheel", "-d", name], cwd=ROOT, check=True)
        wheel = next(folder.glob("*.whl"))
        texts: list[bytes] = []
        for number in range(2):
            file = folder / f"{number}.json"
            write(wheel, file)
            texts.append(file.read_bytes())
        if texts[0] != texts[1]:
            raise NotProven("the bill of the same wheel differs when it is made again")
        print(f"{check(json.loads(texts[0]))} packages, CycloneDX 1.6, the same twice")


main()
