"""The values of YAML scalars by YAML 1.2's core schema: `no`, `2026-01-01` and `012` stay text."""

from __future__ import annotations

import re

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+)")
_WORDS: dict[str, object] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STR = "tag:yaml.org,2002:str"
MAX_DIGITS = 30
"""Longer numbers stay text: the spec needs none, and huge integers are slow to convert."""


class UnknownTag(ValueError):
    """A tag for something else than plain data."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def scalar_value(text: str, *, plain: bool, tag: str | None) -> object:
    """The value of a scalar.

    Args:
        text: as written, without quotes.
        plain: written without quotes and without a tag.
        tag: an explicit tag.

    Raises:
        UnknownTag: another tag than `!!str`.
    """
    if tag not in (None, "!", _STR):
        raise UnknownTag(tag)
    if not plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= MAX_DIGITS and _INT.fullmatch(text):
        return int(text)
    if len(text) <= MAX_DIGITS and _FLOAT.fullmatch(text):
        return float(text)
    return text
