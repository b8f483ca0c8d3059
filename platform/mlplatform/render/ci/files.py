"""From a pipeline to the files of a CI system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlplatform.components.ci_login import DOCUMENT, TOKEN
from mlplatform.fast.record import record
from mlplatform.render.ci.pipeline import Pipeline
from mlplatform.render.ci.system import read_system
from mlplatform.render.templates import render_template


@record(kw_only=True)
class Settings:
    """Settings of the pipeline that are not in the spec."""

    command: str
    """The command that renders the same files again; printed at the head of every file."""

    requirement: str = ""
    """Requirement for pip, for example `mlplatform[aws]==0.1.0`. Empty: the checkout is the tool, and `make setup`
    installs it."""

    lock: str = ""
    """Requirements file with hashes to install instead; relative to the project."""

    tests: tuple[str, ...] = ()
    """Shell commands that must succeed before anything else, besides the validation of the specs."""

    images: str = ""
    """Folder with a folder per image repository and a Dockerfile in it. Empty: no image jobs."""

    models: str = ""
    """Folder with a folder per model group and its tests. Empty: no model jobs."""


@record()
class Rendered:
    """One file of a pipeline."""

    path: str
    """Relative to the project."""

    text: str
    """Its content."""

    lint: str
    """Command that checks it; empty where there is none."""


def render_files(
    system: str, pipeline: Pipeline, settings: Settings, templates: Path | None = None
) -> tuple[Rendered, ...]:
    """Render the files of a CI system.

    Args:
        system: its name.
        pipeline: the platform's pipeline.
        settings: the rest of the settings.
        templates: the user's folder of systems, searched first.

    Raises:
        mlplatform.render.templates.TemplateRefused: the system is unknown, or a template is broken.
    """
    manifest, folders = read_system(system, templates)
    values = {
        "pipeline": pipeline,
        "settings": settings,
        "system": system,
        "title": manifest.title,
        "cannot": manifest.cannot,
        "TOKEN": TOKEN,
        "DOCUMENT": DOCUMENT,
    }
    return tuple(
        Rendered(file.path, _tidy(render_template(folders, file.template, values)), file.lint.format(path=file.path))
        for file in manifest.files
    )


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n") + "\n"


def find_differing(files: Sequence[Rendered], folder: Path) -> tuple[str, ...]:
    """Paths of the files that are missing in a folder or differ there."""
    return tuple(file.path for file in files if _present(folder / file.path) != file.text)


def _present(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
