"""The style of printed text, and the end of a command whose spec is refused."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn, TextIO, cast

import click

from mlplatform.views.style import Style

if TYPE_CHECKING:
    from mlplatform.spec.problem import Problem

MAX_WIDTH = 100
"""Columns; wider text is hard to read."""


def terminal_style(ctx: click.Context, stream: TextIO | None = None, *, file: bool = False) -> Style:
    """The style of text on a stream.

    Args:
        ctx: knows whether NO_COLOR is set.
        stream: the stream. Omitted: stdout.
        file: the text goes to a file instead: no colour, full width.
    """
    stream = stream if stream is not None else cast("TextIO", sys.stdout)
    tty = stream.isatty() and not file
    color = tty and ctx.color is not False and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH) if tty else MAX_WIDTH
    return Style(color=color, unicode=file or _can_encode(stream, "├─│●…→"), width=max(width, 40))


def refuse(ctx: click.Context, problems: Sequence[Problem]) -> NoReturn:
    """Print every problem to standard error and exit with 2."""
    from mlplatform.views.spec.problems import problems_text

    style = terminal_style(ctx, sys.stderr)
    click.echo(problems_text(problems, style), err=True, color=style.color)
    ctx.exit(2)


def _can_encode(stream: TextIO, glyphs: str) -> bool:
    try:
        glyphs.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
