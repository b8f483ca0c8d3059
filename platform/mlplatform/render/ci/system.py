"""CI systems: folders of templates with a `system.yaml` that lists the files to render."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from mlplatform.field_problem import FieldProblem, FieldsRefused
from mlplatform.render.templates import TemplateRefused, builtin_templates

MANIFEST = "system.yaml"
SHARED = "_shared"
"""Folder of templates that every system may include."""


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or not parts.name:
        raise FieldsRefused(
            FieldProblem(
                (), "a path below the project, without '..'", "write it relative to the project", got=f"'{path}'"
            )
        )
    return path


class SystemFile(BaseModel):
    """One file that is rendered from a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: str = Field(min_length=1)
    """Template in the system's folder, or in the shared one."""

    path: Annotated[str, AfterValidator(_inside)] = ""
    """Its path, relative to the project. Omitted: the file is only for projects in a folder of their repository."""

    nested: Annotated[str, AfterValidator(_inside)] = ""
    """Its path in a repository in which the project is a folder, relative to the repository; `{folder}` stands for the
    project's, `{slug}` for its name in names of files. Omitted: below the project."""

    lint: str = ""
    """Command that checks it, for people; `{path}` stands for the file."""


class SystemEntry(BaseModel):
    """A file that all projects of a repository share: written where it is missing, and otherwise the user's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, AfterValidator(_inside)]
    """Its path, relative to the repository."""

    text: str = Field(min_length=1)
    """Its content."""

    includes: str = Field(min_length=1)
    """Part of its text that shows that the projects' files are included."""


class System(BaseModel):
    """The content of `system.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1)
    """For people."""

    cannot: tuple[str, ...] = ()
    """Features the system lacks, one sentence each; printed at the head of every file."""

    root_only: str = ""
    """Why a project in a folder of its repository cannot use it, as a sentence. Omitted: it can."""

    entry: SystemEntry | None = None
    """The file in the repository's root that must include those of the projects. Omitted: there is none."""

    files: tuple[SystemFile, ...] = Field(min_length=1)
    """Files to render."""


def roots(extra: Path | None) -> tuple[Path, ...]:
    """Folders that hold a folder per system: the user's first."""
    own = builtin_templates() / "ci"
    return (extra, own) if extra else (own,)


def systems(extra: Path | None = None) -> tuple[str, ...]:
    """Names of the known systems, sorted."""
    names = {manifest.parent.name for root in roots(extra) for manifest in root.glob(f"*/{MANIFEST}")}
    return tuple(sorted(names))


def read_system(name: str, extra: Path | None = None) -> tuple[System, tuple[Path, ...]]:
    """A system's manifest, and the folders of its templates.

    Args:
        name: the system's name.
        extra: the user's folder of systems; a template there replaces the one of the package.

    Raises:
        TemplateRefused: the system is unknown, or its manifest is broken.
    """
    known = systems(extra)
    if name not in known:
        raise TemplateRefused(
            f"--system: got '{name[:40]}', expected one of {', '.join(known)}; "
            f"to add one, write {name[:40]}/{MANIFEST} and its templates, and name their folder with --templates"
        )
    owners = [root for root in roots(extra) if (root / name / MANIFEST).is_file()]
    folders = [root / name for root in roots(extra) if (root / name).is_dir()]
    return _parse(owners[0] / name / MANIFEST), (*folders, *(root / SHARED for root in roots(extra)))


def _parse(file: Path) -> System:
    try:
        return System.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())
        raise TemplateRefused(f"{file}: {problems}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TemplateRefused(f"{file}: {' '.join(str(error).split())[:200]}") from None
    except OSError as error:
        raise TemplateRefused(f"{file}: cannot be read: {error.strerror}") from None
