"""Writes the bill of materials of an installation of the wheel, as CycloneDX: `bill.py WHEEL FILE`.

The wheel is installed with all extras of clouds, in the versions of requirements.lock, into an environment that holds
nothing else; what is there is listed. https://cyclonedx-bom-tool.readthedocs.io/
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
VERSION = "1.6"
"""Of CycloneDX: the newest that most scanners read."""


def write(wheel: Path, file: Path) -> None:
    """Install and list.

    Args:
        wheel: of mlplatform.
        file: where the bill goes.

    Raises:
        subprocess.CalledProcessError: nothing could be installed, or the bill is not valid; the tool has said why.
    """
    uv = os.path.abspath(os.environ.get("UV") or shutil.which("uv") or ROOT / ".venv-uv" / "bin" / "uv")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "bin", "python")
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        locked = ["--constraints", str(ROOT / "requirements.lock")]
        subprocess.run([*install, *locked, f"{wheel}[all]"], check=True)
        listing = [
            sys.executable,
            "-m",
            "cyclonedx_py",
            "environment",
            str(python),
            "--validate",
            "--output-reproducible",
        ]
        about = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application", "--spec-version", VERSION]
        subprocess.run([*listing, *about, "--output-file", str(file)], check=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
