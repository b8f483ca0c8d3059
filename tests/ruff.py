"""Ruff as the reader of Python that the platform writes for its users."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

RULES = "E4,E7,E9,F,I"
"""Ruff's rules without options, and the order of imports."""


def check_python(folder: Path) -> subprocess.CompletedProcess[str]:
    """What ruff says of a folder, with the settings that are in it and not with this repository's.

    Args:
        folder: outside of this repository.
    """
    ruff = Path(sys.executable).with_name("ruff")
    words = [str(ruff), "check", "--no-cache", "--select", RULES, "--output-format", "concise", "."]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
