"""The table of `make bench-drift` for the libraries of the field, with fewer days: it passes where the bench does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DAYS = 2


def main() -> int:
    """Run the bench with the project's own Python, which has the monitor; it finds this environment by itself."""
    python = os.environ["MLPLATFORM_PYTHON"]
    done = subprocess.run([python, str(ROOT / "benchmarks/drift.py"), "--libraries", str(DAYS)], cwd=ROOT)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
