"""Packages that `mlplatform new` writes, built as wheels and unpacked as an installer would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from mlplatform.render.extensions.files import extension_files, project_name
from mlplatform.render.extensions.kinds import ExtensionKind


@dataclass(frozen=True)
class Package:
    """One package beside mlplatform."""

    folder: Path
    """What was written."""

    site: Path
    """Where it is installed."""

    def run(self, *arguments: str | Path, module: str = "mlplatform") -> subprocess.CompletedProcess[str]:
        """Run a command in the package's folder, with the package installed."""
        return subprocess.run(
            # -P: the package that is installed, and not the folder that it was written into
            [sys.executable, "-P", *(("-m", module) if module != "-c" else ("-c",)), *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(self.site), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.folder,
            check=False,
            capture_output=True,
            text=True,
        )

    def without(self, place: Path, *files: str) -> Package:
        """The same package with files taken out of what is installed, as its author has not written them yet.

        Args:
            place: a folder for the copy.
            files: paths below the package's module.
        """
        site = place / "site"
        shutil.copytree(self.site, site)
        (module,) = (each for each in site.iterdir() if not each.name.endswith(".dist-info"))
        for file in files:
            (module / file).unlink()
        return Package(place, site)


def installed_package(kind: ExtensionKind, name: str, place: Path) -> Package:
    """Write a package, build its wheel without a network, and unpack it."""
    folder, built, site = place / project_name(kind, name), place / "built", place / "site"
    for file in extension_files(kind, name):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(built)], cwd=folder, check=True, capture_output=True)
    (wheel,) = built.glob(f"{project_name(kind, name).replace('-', '_')}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return Package(folder, site)
