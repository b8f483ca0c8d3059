"""What the place where text is printed can show."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO, cast

import click

from mlplatform.views.style import Style

MAX_WIDTH = 100
"""Columns; wider text is hard to read."""


def terminal(ctx: click.Context, stream: TextIO | None = None, *, file: bool = False) -> Style:
    """How to write to a stream.

    Args:
        ctx: knows whether NO_COLOR is set.
        stream: where. Omitted: stdout.
        file: the text goes to a file instead: no colour, full width.
    """
    stream = stream if stream is not None else cast("TextIO", sys.stdout)
    tty = stream.isatty() and not file
    color = tty and ctx.color is not False and os.environ.get("TERM") != "dumb"
    width = min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH) if tty else MAX_WIDTH
    return Style(color=color, unicode=file or _shows(stream, "├─│●…→"), width=max(width, 40))


def _shows(stream: TextIO, glyphs: str) -> bool:
    try:
        glyphs.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
