"""Which changed inputs make a new resource, by type: data with the vendor's page beside each row."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).with_name("data") / "replacement"
"""One file per cloud."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What cannot change in resources of one type."""

    inputs: frozenset[str]
    """Wire paths without list positions, for example `scalingConfig` or `launchTemplate.name`; `*` is every input."""

    free: frozenset[str]
    """Inputs that can change where `inputs` is `*`."""

    source: str
    """The vendor's page that says so."""

    note: str
    """What the page says beyond that it is fixed; empty where it says no more."""


def replacement_reason(token: str, path: Sequence[str | int]) -> str:
    """Why a change of one input makes a new resource.

    Args:
        token: type token, for example `aws:eks/nodeGroup:NodeGroup`.
        path: wire path of what changed; list positions are left out of account.

    Returns:
        One sentence for people; empty where it is updated in place, or where nothing is known of the type.
    """
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return ""
    for fixed in _of(token):
        found = _matching(fixed, keys)
        if found:
            return f"`{found}` is fixed when it is made{f': {fixed.note}' if fixed.note else ''}"
    return ""


def replacement_source(token: str, path: Sequence[str | int]) -> str:
    """The vendor's page behind `replacement_reason`; empty where that is."""
    keys = [part for part in path if isinstance(part, str)]
    return next((fixed.source for fixed in _of(token) if keys and _matching(fixed, keys)), "")


def has_row(token: str) -> bool:
    """Whether the type has a row of its own."""
    return token in rows()


def _matching(fixed: Fixed, keys: Sequence[str]) -> str:
    """The input that is fixed, where it is the changed one or holds it."""
    if "*" in fixed.inputs:
        return "" if keys[0] in fixed.free else keys[0]
    for end in range(1, len(keys) + 1):
        part = ".".join(keys[:end])
        if part in fixed.inputs:
            return part
    return ""


def _of(token: str) -> tuple[Fixed, ...]:
    """What is known of a type: its own row, and what is true of all types of its provider."""
    table = rows()
    found = (table.get(token), table.get(f"{token.partition(':')[0]}:*"))
    return tuple(row for row in found if row is not None)


@cache
def rows() -> Mapping[str, Fixed]:
    """Every row by type token; `aws:*` is true of all types of a provider."""
    found: dict[str, Fixed] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(file.read_text("utf-8"))
        pages = cast("Mapping[str, str]", document.pop("pages"))
        for token, row in document.items():
            found[token] = _fixed(cast("Mapping[str, object]", row), pages)
    return found


def _fixed(row: Mapping[str, object], pages: Mapping[str, str]) -> Fixed:
    kind, _, page = cast("str", row["source"]).partition(" ")
    return Fixed(
        frozenset(cast("list[str]", row["fixed"])),
        frozenset(cast("list[str]", row.get("free", []))),
        pages[kind].replace("{}", page),
        cast("str", row.get("note", "")),
    )
