"""Inputs whose change replaces a resource, by type: data with the vendor's page beside each row."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).with_name("data") / "replacement"
"""One file per cloud."""


@dataclass(frozen=True, slots=True)
class FixedInputs:
    """The inputs that cannot change in resources of one type."""

    inputs: frozenset[str]
    """Wire paths without list positions, for example `scalingConfig` or `launchTemplate.name`; `*` is every input."""

    free: frozenset[str]
    """Inputs that can change where `inputs` is `*`."""

    unless_wider: frozenset[str]
    """Those of `inputs` that are address ranges and can change to one that contains the former."""

    unless_larger: frozenset[str]
    """Those of `inputs` that are numbers and can change to a larger one."""

    unless_columns: frozenset[str]
    """Those of `inputs` that are the columns of a table, as JSON: some can be added, or removed, not both at once, and
    none can be of another type."""

    source: str
    """The vendor's page about it."""

    note: str
    """A condition or detail from that page; empty if there is none."""


def replacement_reason(token: str, path: Sequence[str | int], before: object = None, after: object = None) -> str:
    """The reason why a change of one input replaces the resource.

    Args:
        token: type token, for example `aws:eks/nodeGroup:NodeGroup`.
        path: wire path of the changed input; list positions are ignored.
        before: its former value. Omitted: not known.
        after: its new value. Omitted: not known; what depends on the value then replaces the resource.

    Returns:
        One sentence for people; empty if the input is updated in place, or the type is not known.
    """
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return ""
    for fixed in _of(token):
        matching = _matching(fixed, keys)
        if matching in fixed.unless_wider and _is_wider(before, after):
            continue
        if matching in fixed.unless_larger and _is_larger(before, after):
            continue
        if matching in fixed.unless_columns and _keeps_columns(before, after):
            continue
        if matching:
            return f"`{matching}` is fixed when it is made{f': {fixed.note}' if fixed.note else ''}"
    return ""


def replacement_source(token: str, path: Sequence[str | int]) -> str:
    """The vendor's page behind `replacement_reason`; empty if that is."""
    keys = [part for part in path if isinstance(part, str)]
    return next((fixed.source for fixed in _of(token) if keys and _matching(fixed, keys)), "")


def are_columns(token: str, path: Sequence[str | int]) -> bool:
    """Whether an input is the columns of a table, which are judged as a whole."""
    return bool(path) and any(path[0] in fixed.unless_columns for fixed in _of(token))


def has_row(token: str) -> bool:
    """True if the type has a row of its own, or all types of its package have one."""
    return token in rows() or f"{token.partition(':')[0]}:*" in rows()


def _matching(fixed: FixedInputs, keys: Sequence[str]) -> str:
    """The fixed input that is the changed one or contains it; empty if there is none."""
    if "*" in fixed.inputs:
        return "" if keys[0] in fixed.free else keys[0]
    for end in range(1, len(keys) + 1):
        part = ".".join(keys[:end])
        if part in fixed.inputs:
            return part
    return ""


def _is_wider(before: object, after: object) -> bool:
    """Whether an address range contains the former one."""
    try:
        old, new = ip_network(str(before)), ip_network(str(after))
    except ValueError:
        return False
    if isinstance(old, IPv4Network) and isinstance(new, IPv4Network):
        return old.subnet_of(new)
    return isinstance(old, IPv6Network) and isinstance(new, IPv6Network) and old.subnet_of(new)


def _is_larger(before: object, after: object) -> bool:
    """Whether a number is larger than the former one."""
    return isinstance(before, int | float) and isinstance(after, int | float) and after > before


def _keeps_columns(before: object, after: object) -> bool:
    """Whether columns only come, or only go, and none has another type."""
    old, new = _columns(before), _columns(after)
    if old is None or new is None:
        return False
    kept = old.keys() & new.keys()
    return all(old[name] == new[name] for name in kept) and (kept == old.keys() or kept == new.keys())


def _columns(text: object) -> dict[str, object] | None:
    """Types of columns by name; None where that is not known."""
    try:
        entries = json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if not isinstance(entries, list):
        return None
    columns = [cast("Mapping[str, object]", each) for each in cast("list[object]", entries) if isinstance(each, dict)]
    return {str(each.get("name")): each.get("type") for each in columns}


def _of(token: str) -> tuple[FixedInputs, ...]:
    """The rows of a type: its own, and the one for all types of its provider."""
    table = rows()
    candidates = (table.get(token), table.get(f"{token.partition(':')[0]}:*"))
    return tuple(row for row in candidates if row is not None)


@cache
def rows() -> Mapping[str, FixedInputs]:
    """All rows by type token; `aws:*` holds for all types of a provider."""
    by_token: dict[str, FixedInputs] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(file.read_text("utf-8"))
        pages = cast("Mapping[str, str]", document.pop("pages"))
        for token, row in document.items():
            by_token[token] = _fixed(cast("Mapping[str, object]", row), pages)
    return by_token


def _fixed(row: Mapping[str, object], pages: Mapping[str, str]) -> FixedInputs:
    kind, _, page = cast("str", row["source"]).partition(" ")
    return FixedInputs(
        frozenset(cast("list[str]", row["fixed"])),
        frozenset(cast("list[str]", row.get("free", []))),
        frozenset(cast("list[str]", row.get("unless_wider", []))),
        frozenset(cast("list[str]", row.get("unless_larger", []))),
        frozenset(cast("list[str]", row.get("unless_columns", []))),
        pages[kind].replace("{}", page),
        cast("str", row.get("note", "")),
    )
