"""From a pipeline to the files of a CI system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlplatform.components.ci_login import DOCUMENT, TOKEN
from mlplatform.fast.record import record
from mlplatform.render.ci.pipeline import Pipeline
from mlplatform.render.ci.system import read
from mlplatform.render.templates import fill


@record(kw_only=True)
class Settings:
    """What the spec does not say."""

    command: str
    """The command that renders the same again; stands at the head of every file."""

    requirement: str = ""
    """What pip installs, for example `mlplatform[aws]==0.1.0`. Empty: the checkout is the tool, and `make setup`
    makes it ready."""

    lock: str = ""
    """File of requirements with hashes that is installed instead; relative to the project."""

    tests: tuple[str, ...] = ()
    """Shell commands that must succeed before anything else, besides the validation of the specs."""

    images: str = ""
    """Folder with a folder per image repository and a Dockerfile in it. Empty: no image jobs."""

    models: str = ""
    """Folder with a folder per model group and its tests. Empty: no model jobs."""


@record()
class Rendered:
    """One file."""

    path: str
    """Relative to the project."""

    text: str
    """What it says."""

    lint: str
    """Command that checks it; empty where there is none."""


def render(system: str, pipeline: Pipeline, settings: Settings, templates: Path | None = None) -> tuple[Rendered, ...]:
    """Make the files of a system.

    Args:
        system: its name.
        pipeline: of the platform.
        settings: what the spec does not say.
        templates: the user's folder of systems, looked at first.

    Raises:
        mlplatform.render.templates.TemplateRefused: there is no such system, or a template is broken.
    """
    found, folders = read(system, templates)
    values = {
        "pipeline": pipeline,
        "settings": settings,
        "system": system,
        "title": found.title,
        "cannot": found.cannot,
        "TOKEN": TOKEN,
        "DOCUMENT": DOCUMENT,
    }
    return tuple(
        Rendered(file.path, _tidy(fill(folders, file.template, values)), file.lint.format(path=file.path))
        for file in found.files
    )


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n") + "\n"


def differing(files: Sequence[Rendered], folder: Path) -> tuple[str, ...]:
    """Paths of the files that are missing in a folder or say something else there."""
    return tuple(file.path for file in files if _present(folder / file.path) != file.text)


def _present(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
