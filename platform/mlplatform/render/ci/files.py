"""From a pipeline to the files of a CI system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlplatform.components.ci_login import DOCUMENT, TOKEN
from mlplatform.fast.record import record
from mlplatform.render.ci.pipeline import CiPipeline
from mlplatform.render.ci.place import ProjectPlace
from mlplatform.render.ci.system import SystemFile, read_system
from mlplatform.render.templates import TemplateRefused, render_template


@record(kw_only=True)
class Settings:
    """Settings of the pipeline that are not in the spec."""

    command: str
    """The command that renders the same files again; printed at the head of every file."""

    lock: str = ""
    """Requirements file with hashes that the tool is installed from, relative to the project. Empty: the checkout is
    the tool, and `make setup` installs it."""

    tests: tuple[str, ...] = ()
    """Shell commands that must succeed before anything else, besides the validation of the specs."""

    images: str = ""
    """Folder with a folder per image repository and a Dockerfile in it. Empty: no image jobs."""

    models: str = ""
    """Folder with a folder per model group and its tests. Empty: no model jobs."""

    place: ProjectPlace | None = None
    """Where the project is in its repository. Omitted: it is the repository."""

    watch: tuple[str, ...] = ()
    """Further paths of the repository whose changes concern the project; globs of the CI system."""

    @property
    def folder(self) -> str:
        """The project's folder in its repository; empty where it is the repository."""
        return self.place.folder if self.place else ""

    @property
    def prefix(self) -> str:
        """What stands before a path of the project, where a job begins in the repository's root."""
        return f"{self.folder}/" if self.folder else ""

    @property
    def suffix(self) -> str:
        """What tells names apart that all projects of a repository share."""
        return f"-{self.place.slug}" if self.place and self.folder else ""


@record()
class Rendered:
    """One file of a pipeline."""

    path: str
    """Relative to the repository."""

    text: str
    """Its content."""

    lint: str
    """Command that checks it; empty where there is none."""


def render_files(
    system: str, pipeline: CiPipeline, settings: Settings, templates: Path | None = None
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
    place = settings.place or ProjectPlace(root=Path())
    if place.folder and manifest.root_only:
        raise TemplateRefused(
            f"--system {system}: got a project in the folder {place.folder} of its repository; {manifest.root_only}; "
            "move it to a repository of its own, take another system (github, gitlab, jenkins), or write templates"
        )
    values = {
        "pipeline": pipeline,
        "settings": settings,
        "system": system,
        "title": manifest.title,
        "cannot": manifest.cannot,
        "TOKEN": TOKEN,
        "DOCUMENT": DOCUMENT,
    }
    rendered: list[Rendered] = []
    for file in manifest.files:
        path = _path(file, place)
        if path:
            text = _tidy(render_template(folders, file.template, values))
            rendered.append(Rendered(path, text, file.lint.format(path=path)))
    entry = manifest.entry
    if place.folder and entry is not None and not (place.root / entry.path).exists():
        rendered.append(Rendered(entry.path, entry.text, ""))
    return tuple(rendered)


def missing_include(system: str, place: ProjectPlace, templates: Path | None = None) -> str:
    """What a person must add to a file of the repository that is theirs; empty for nothing."""
    entry = read_system(system, templates)[0].entry
    if not place.folder or entry is None:
        return ""
    text = _present(place.root / entry.path)
    if text is None or entry.includes in text:
        return ""
    return f"{place.root / entry.path} is yours and does not include the project's pipeline yet: add\n{entry.text}"


def _path(file: SystemFile, place: ProjectPlace) -> str:
    if not place.folder:
        return file.path
    if file.nested:
        return file.nested.replace("{folder}", place.folder).replace("{slug}", place.slug)
    return place.in_repository(file.path) if file.path else ""


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
