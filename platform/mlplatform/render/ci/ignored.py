"""Lines of `.gitignore` for what the commands of a pipeline write; a user's own lines stay as they are."""

from __future__ import annotations

import os
from pathlib import Path

from mlplatform.render.ci.place import ProjectPlace
from mlplatform.render.templates import TemplateRefused

WRITTEN = {
    ".mlplatform/": "previews, digests and reviews of `.ci/stack`",
    ".venv/": "the tool, as `.ci/stack setup` installs it",
    "__pycache__/": "compiled specs and programs",
}
"""Patterns, with what they stand for."""
_BEGIN = "# mlplatform: what its commands write"
_END = "# mlplatform: end"


def ignoring(place: ProjectPlace) -> str | None:
    """The project's `.gitignore` with what is missing, in a marked block at its end; None if nothing is missing.

    Raises:
        TemplateRefused: there is one that cannot be read, and so not be kept.
    """
    file = place.root / place.in_repository(".gitignore")
    text = _read(file)
    if text is None:
        if os.path.lexists(file):
            raise TemplateRefused(
                f"{file}: cannot be read as UTF-8 text, so nothing is added to it; mend it, with the lines "
                f"{', '.join(WRITTEN)}"
            )
        text = ""
    known = {line for each in _files(place) for line in _lines(each)}
    missing = [pattern for pattern in WRITTEN if pattern.strip("/") not in known]
    if not missing:
        return None
    kept, _, block = text.partition(_BEGIN)
    inside, _, after = block.partition(_END)
    # patterns of an earlier block stay in it
    before = [line for line in inside.splitlines() if line.strip()]
    head = f"{kept.rstrip()}\n\n" if kept.strip() else ""
    tail = f"\n{after.lstrip()}" if after.strip() else ""
    return "\n".join((f"{head}{_BEGIN}", *before, *missing, _END)) + "\n" + tail


def _files(place: ProjectPlace) -> list[Path]:
    """The files that hold for the project: its own, and those above it in the repository."""
    project = place.root / place.folder
    return [each / ".gitignore" for each in (project, *project.parents) if each.is_relative_to(place.root)]


def _lines(file: Path) -> set[str]:
    return {line.strip().removeprefix("**/").strip("/") for line in (_read(file) or "").splitlines()}


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
