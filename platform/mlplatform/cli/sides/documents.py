"""Reads another tool's JSON document from a file or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mlplatform.json_text import NotJson, parse_json

MAX_BYTES = 500_000_000
"""Largest document that is read."""


def read_json(name: str, expected: str) -> object:
    """The document.

    Args:
        name: the file; `-` is standard input.
        expected: a description for the error: `the document of …`.

    Raises:
        click.ClickException: it cannot be read, or is not JSON.
    """
    shown = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _bytes(Path(name))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise click.ClickException(f"{shown}: cannot be read: {reason}; expected {expected}") from error
    if len(raw) > MAX_BYTES:
        raise click.ClickException(f"{shown}: more than {MAX_BYTES // 1_000_000} MB; expected {expected}")
    if not raw.strip():
        raise click.ClickException(f"{shown}: empty; expected {expected}; did the command that wrote it fail?")
    try:
        return parse_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{shown}: not UTF-8; expected {expected}") from None
    except NotJson as error:
        raise click.ClickException(f"{shown}: not JSON: {error}; expected {expected}") from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
