"""Files of rendered folders: what a command wrote it may write again, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click


def refuse_foreign(file: Path, head: str, *, choose: str, words: str) -> None:
    """Refuse to replace a file that somebody else wrote.

    Args:
        file: a file that is there.
        head: with which all that the command writes begins.
        choose: the fix for a file that cannot be read.
        words: what is got and expected of a foreign one, and the fix.

    Raises:
        click.ClickException: it is not the command's own, and not empty.
    """
    from mlplatform.reading.file import read_text
    from mlplatform.reading.partial import Unacceptable

    try:
        text = read_text(file)
    except Unacceptable as refused:
        raise click.ClickException(f"{file}: {refused.problems[0].got}; {choose}") from None
    if text.strip() and not text.startswith(head):
        raise click.ClickException(f"{file}: {words}")
