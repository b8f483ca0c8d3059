"""Files that a command writes into a folder of the user's: what is missing, and never over what is there."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

import click

from mlplatform.render.project.files import ProjectFile

_MOST_SHOWN = 60
"""Lines of a difference that are shown."""


def write_missing(folder: Path, files: Sequence[ProjectFile], by: str) -> None:
    """Write the files that are missing, and show how those that are there differ; none of these is changed.

    Args:
        folder: the folder that they are below.
        files: the files.
        by: the command that writes them, for people: `init`.

    Raises:
        click.ClickException: a file cannot be written.
    """
    from mlplatform.cli.printing.output import make_folder, write_file

    for file in files:
        path = folder / file.path
        if os.path.lexists(path):
            _show_difference(path, file, by)
            continue
        make_folder(path.parent, f"run {by} again when it can be")
        write_file(path, file.text, f"run {by} again when it can be: it writes what is missing")
        click.echo(f"wrote {os.path.relpath(path)}")


def _show_difference(path: Path, file: ProjectFile, by: str) -> None:
    try:
        present = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        click.echo(f"kept {os.path.relpath(path)}: it is no text file that can be read")
        return
    if present == file.text:
        return
    shown = os.path.relpath(path)
    there, made = present.splitlines(), file.text.splitlines()
    lines = list(difflib.unified_diff(there, made, shown, f"as {by} writes it", lineterm=""))
    click.echo(f"kept {shown}, which differs:")
    for line in lines[:_MOST_SHOWN]:
        click.echo(line)
    if len(lines) > _MOST_SHOWN:
        click.echo(f"… {len(lines) - _MOST_SHOWN} more lines")
