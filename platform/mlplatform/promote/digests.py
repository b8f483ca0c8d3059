"""SHA-256 of an artefact's files, computed, or read from what `sha256sum` printed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_LINE = re.compile(r"^([0-9a-f]{64}) [ *](?:\./)?(\S.*)$")


def compute_digests(artifact: Path) -> dict[str, str]:
    """The digest of each file below a folder, by its path there; of a single file, by its name."""
    if artifact.is_file():
        return {artifact.name: _digest(artifact)}
    files = sorted(path for path in artifact.rglob("*") if path.is_file())
    return {path.relative_to(artifact).as_posix(): _digest(path) for path in files}


def read_digests(text: str) -> dict[str, str]:
    """The digests in the output of `sha256sum`.

    Raises:
        ValueError: a line has another form; the text names it.
    """
    digests: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.match(line)
        if found is None:
            raise ValueError(f"line {number} is no line of `sha256sum`: a digest, two blanks, a path")
        digests[found[2]] = f"sha256:{found[1]}"
    if not digests:
        raise ValueError("it has no line")
    return digests


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
