"""A proof that is a folder of the project's own tests, run where its tool is there: not one of them may be skipped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run_tests(*tests: str, **variables: str) -> int:
    """Run folders or files of tests; the exit code is not zero if one fails, is skipped, or none runs."""
    # a proof with tools of its own runs in their environment, the tests in the project's
    python = os.environ.get("MLPLATFORM_PYTHON", sys.executable)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", *tests]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True)
    print(done.stdout[-6000:], done.stderr[-2000:])
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|errors?)\b", done.stdout)}
    print(f"{' '.join(tests)}: " + ", ".join(f"{number} {word}" for word, number in counts.items()))
    return 0 if done.returncode == 0 and counts.get("passed") and not counts.get("skipped") else 1
