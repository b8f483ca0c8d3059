"""Prints a document, or writes it to a file, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click


def deliver_document(ctx: click.Context, text: str, output: Path | None) -> None:
    """Write a document to its file, or print it where no file is named.

    Raises:
        click.ClickException: the file cannot be written.
    """
    if output is None:
        click.echo(text, nl=False, color=ctx.color)
    else:
        write_file(output, text)


def write_file(path: Path, text: str, instead: str = "choose another file with -o") -> None:
    """Write text as UTF-8; a reader sees the old file or the new one, never a part.

    Args:
        path: where.
        text: what.
        instead: what to do where it cannot be written. Omitted: the option of commands that write one file.

    Raises:
        click.ClickException: it cannot be written.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            # a pipe or device is written to; replacing it would remove it
            target.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
            return
        _replace(target, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise click.ClickException(f"{path}: cannot be written: {reason}; {instead}") from error


def make_folder(folder: Path, instead: str = "choose another folder with --out") -> None:
    """Make a folder, and those above it, where it is not there.

    Args:
        folder: where files are written.
        instead: what to do where it cannot be made. Omitted: the option of most commands that write folders.

    Raises:
        click.ClickException: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise click.ClickException(f"{folder}: cannot be created: {reason}; {instead}") from error


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
        os.chmod(name, _mode(target))
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
