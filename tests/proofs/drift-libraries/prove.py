"""The table of `make bench-drift` for the libraries of the field, with fewer days, and a smaller large look.

At 20,000 rows the monitor may take a twentieth of Evidently's time: the share there is below that of the bench, which
looks at 100,000 rows and allows a tenth. So what grows with the rows is still seen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DAYS, ROWS = 2, 20_000


def main() -> int:
    """Run the bench with the project's own Python, which has the monitor; it finds this environment by itself."""
    python = os.environ["MLPLATFORM_PYTHON"]
    done = subprocess.run([python, str(ROOT / "benchmarks/drift.py"), "--libraries", str(DAYS), str(ROWS)], cwd=ROOT)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
