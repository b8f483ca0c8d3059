"""Copies the user's program into the throwaway project, and nothing to any other place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mlplatform.rehearse.stopped import ProjectRefused

MOST_FILES = 20_000
MOST_BYTES = 500_000_000
"""Larger folders are no program: a home directory, a data set."""
_LEFT_OUT = frozenset({"__pycache__", "node_modules"})
_ELSEWHERE = "program"
"""Folder of a program that has no path of its own below the project."""

USUAL = '''"""Makes what the stack's configuration names: a spec, a target, a layer."""

from pathlib import Path

import pulumi

from mlplatform.entry import run_configured

run_configured(Path(pulumi.get_root_directory()) / "stacks")
'''


def copy_program(project: Path, main: str, to: Path) -> str:
    """Copy the program that a project names, or write the usual one of a platform.

    A program below the project keeps its path. One outside, which the engine accepts too, is copied into a folder of
    its own. Links are followed, so that nothing which the program writes leaves the throwaway project.

    Args:
        project: the user's project.
        main: its `main`, a folder or a Python file; empty for the project's own folder.
        to: the throwaway project's folder.

    Returns:
        The program's path, relative to `to`.

    Raises:
        ProjectRefused: there is no program at that path, or it is no program's folder.
    """
    home = project.resolve()
    if not main and not (home / "__main__.py").is_file():
        (to / _ELSEWHERE).mkdir(parents=True, exist_ok=True)
        (to / _ELSEWHERE / "__main__.py").write_text(USUAL, encoding="utf-8")
        return _ELSEWHERE
    try:
        program = (home / main).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise _refused(main, "nothing there") from None
    folder = program if program.is_dir() else program.parent
    if not (folder == program and (folder / "__main__.py").is_file()) and not program.is_file():
        raise _refused(main, "a folder without __main__.py")
    if folder != home and home.is_relative_to(folder):
        raise _refused(main, f"{folder}, which holds the project itself")
    inside = folder.relative_to(home) if folder.is_relative_to(home) else Path(_ELSEWHERE)
    for source, name in _files(folder, main):
        target = to / inside / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return (inside if folder == program else inside / program.name).as_posix()


def _files(folder: Path, main: str) -> Iterator[tuple[Path, Path]]:
    """Regular files and their paths in the folder.

    Left out are caches, environments, what is hidden, and the project's own files: stacks' configuration among them.
    """
    number = size = 0
    pending = [(folder, Path(), frozenset[Path]())]
    while pending:
        place, name, above = pending.pop()
        real = place.resolve()
        # a link to a folder above it would be followed for ever
        if real in above or (name.parts and (place / "pyvenv.cfg").is_file()):
            continue
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            if entry.name in _LEFT_OUT or entry.name.startswith((".", "Pulumi.")):
                continue
            # of a broken link, a pipe or a socket there is nothing to copy
            if entry.is_dir():
                pending.append((Path(entry.path), name / entry.name, above | {real}))
            elif entry.is_file():
                number, size = number + 1, size + entry.stat().st_size
                if number > MOST_FILES or size > MOST_BYTES:
                    raise _refused(
                        main, f"{folder} with more than {MOST_FILES:,} files or {MOST_BYTES // 1_000_000} MB"
                    )
                yield Path(entry.path), name / entry.name


def _refused(main: str, got: str) -> ProjectRefused:
    where = f"main '{main[:60]}'" if main else "the project's own folder, because main is not set"
    return ProjectRefused(
        f"Pulumi.yaml: {where}: got {got}, expected the folder of a program, with __main__.py; "
        "write `main:` with the program's folder, relative to Pulumi.yaml"
    )
