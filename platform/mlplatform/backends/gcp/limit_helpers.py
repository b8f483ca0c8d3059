"""Pieces of limits that several rooms use. Imports no SDK."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.spec.platform import PlatformSpec


def refuse_nothing(_: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Violations of a limit that refuses no value: it only tells people what differs."""
    yield from ()
