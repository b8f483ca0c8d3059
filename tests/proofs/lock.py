"""Updates the locks of the proofs' tools: `make prove-lock ONE=prometheus`.

Python packages are locked by uv from `requirements.in`. Go and Node have tools of their own for this, which come with
the environment that the present lock makes: `go get -tool MODULE@latest`, `npm install PACKAGE@latest`, in the folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from .run import proofs


def main() -> int:
    """Update the named proofs' Python locks, or all."""
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    for proof in proofs():
        source = proof.folder / "requirements.in"
        if not source.is_file() or (sys.argv[1:] and proof.name not in sys.argv[1:]):
            continue
        # a version of Python that is only for one proof is for its wheels, which are for Linux
        where = ["--python-platform", "x86_64-manylinux_2_28"] if proof.python else ["--universal"]
        options = [*where, "--python-version", proof.python or "3.11", "--generate-hashes", "--upgrade", "--no-header"]
        hide = ["--no-emit-index-url", "--no-emit-find-links", "--quiet"]
        target = proof.folder / "requirements.lock"
        subprocess.run([uv, "pip", "compile", *options, *hide, str(source), "-o", str(target)], check=True)
        print(f"{proof.name}: {target.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
