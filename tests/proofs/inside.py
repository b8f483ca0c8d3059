"""Runs a program with the tools of a proof: `python -m tests.proofs.inside loop examples/loop/story.py`."""

from __future__ import annotations

import os
import subprocess
import sys

from .run import ROOT, environment, proofs


def main() -> int:
    """Make the environment where it is not there, and run the program in it: its exit code."""
    name, program, *words = sys.argv[1:]
    (proof,) = [each for each in proofs() if each.name == name]
    folder = environment(proof)
    if folder is None:
        raise SystemExit(f"{name} has no tools of its own")
    env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "MLPLATFORM_PYTHON": sys.executable}
    return subprocess.run([str(folder / "bin" / "python"), str(ROOT / program), *words], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
