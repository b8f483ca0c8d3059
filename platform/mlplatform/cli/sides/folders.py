"""The folder of a spec's project in its repository: it tells two platforms of one repository apart."""

from __future__ import annotations

from pathlib import Path


def project_folder(spec: str) -> str:
    """The folder of the project that a spec belongs to, relative to the repository: `platforms/fraud`.

    The project's folder is the nearest one with a `Pulumi.yaml`; without one it is the folder of the spec's file.

    Args:
        spec: a file, or the name of a stack in the working directory's project.

    Returns:
        Empty where the project is the whole repository, or there is no repository.
    """
    file = Path(spec)
    start = (file.parent if file.is_file() else Path.cwd()).resolve()
    top = next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)
    if top is None:
        return ""
    within = [folder for folder in (start, *start.parents) if folder.is_relative_to(top)]
    project = next((folder for folder in within if (folder / "Pulumi.yaml").is_file()), start)
    return "" if project == top else project.relative_to(top).as_posix()


def in_project(spec: str) -> bool:
    """Whether a spec is in a project of Pulumi: there is a `Pulumi.yaml` beside it, or above it.

    Args:
        spec: a file, or the name of a stack in the working directory's project.
    """
    file = Path(spec)
    start = (file.parent if file.is_file() else Path.cwd()).resolve()
    return any((folder / "Pulumi.yaml").is_file() for folder in (start, *start.parents))
