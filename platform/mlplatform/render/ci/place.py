"""Where a project is in its repository: most CI systems read their files in the repository's root alone."""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

from mlplatform.fast.record import record
from mlplatform.render.templates import TemplateRefused

_PATH = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./-]*")
"""What may stand in YAML, Groovy, shell and path filters as it is."""


@record(kw_only=True)
class ProjectPlace:
    """The project's folder in its repository."""

    root: Path
    """Folder of the repository."""

    folder: str = ""
    """The project, relative to it; empty where it is the repository itself."""

    @property
    def slug(self) -> str:
        """The folder as part of names that hold for the whole repository; empty in its root."""
        name = self.folder.replace("/", "--")
        # a folder with dashes beside slashes or doubled ones could read as another
        plain = name.replace("--", "/") == self.folder and "-/" not in self.folder and "/-" not in self.folder
        return name if plain else f"{name}-{crc32(self.folder.encode()):08x}"

    @property
    def variables(self) -> str:
        """What the names of CI variables end in, because all platforms of a repository share them."""
        return "_" + re.sub(r"[^A-Z0-9]", "_", self.slug.upper()) if self.folder else ""

    def in_repository(self, path: str) -> str:
        """A path of the project, relative to the repository."""
        return f"{self.folder}/{path}" if self.folder else path


def find_place(project: Path, root: Path | None = None) -> ProjectPlace:
    """The place of a project.

    Args:
        project: its folder.
        root: the repository's folder. Omitted: the nearest one with `.git`, at the project or above it; without any,
            the project itself.

    Raises:
        TemplateRefused: the project is outside, or its path cannot stand in a pipeline.
    """
    home = project.resolve()
    found = root.resolve() if root else next((each for each in (home, *home.parents) if (each / ".git").exists()), home)
    if not home.is_relative_to(found):
        raise TemplateRefused(f"--root: got {found}, expected a folder that holds the project, {home}")
    folder = home.relative_to(found).as_posix()
    if folder == ".":
        return ProjectPlace(root=found)
    if not _PATH.fullmatch(folder):
        raise TemplateRefused(
            f"{home}: got the path {folder[:60]!r} in its repository, expected letters, digits, '.', '_', '-', '/', "
            "because it is written into scripts and path filters; rename the folder"
        )
    return ProjectPlace(root=found, folder=folder)
