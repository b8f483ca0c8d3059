"""The folders of a step's command line: what it reads and what it writes, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlplatform.steps.bad_input import BadInput

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def folders_of(option: str, given: Sequence[str], *, there: bool) -> dict[str, Path]:
    """The folders by name.

    Args:
        option: of the command line.
        given: its values, `NAME=DIR`.
        there: whether they must exist.

    Raises:
        BadInput: one of them is none; one sentence each.
    """
    folders: dict[str, Path] = {}
    problems: list[str] = []
    for text in given:
        name, equals, folder = text.partition("=")
        if not name or not equals or not folder:
            problems.append(f"{option}: got {text!r}, expected NAME=DIR")
        elif name in folders:
            problems.append(f"{option}: {name} is given twice")
        elif there and not Path(folder).is_dir():
            problems.append(f"{option}: {name} is {folder}, which is no folder")
        elif not there and Path(folder).exists() and not Path(folder).is_dir():
            problems.append(f"{option}: {name} is {folder}, which is a file")
        else:
            folders[name] = Path(folder)
    if problems:
        raise BadInput(*problems)
    return folders


def named_folders(folders: dict[str, Path], *names: str) -> list[Path]:
    """Those of these names.

    Raises:
        BadInput: one is missing.
    """
    if missing := [name for name in names if name not in folders]:
        raise BadInput(*(f"--output: {name} is missing; add --output {name}=DIR" for name in missing))
    return [folders[name] for name in names]


def problem_words(error: ErrorDetails) -> str:
    """A problem of a document, with its place where it has one."""
    at = ".".join(map(str, error["loc"]))
    return f"{at}: {error['msg']}" if at else error["msg"]
