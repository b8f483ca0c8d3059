"""The report in a browser: the tests that `make test` skips where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from suite import run_tests

if __name__ == "__main__":
    sys.exit(run_tests("tests/views/report/test_browser.py", MLPLATFORM_PROVE="all"))
