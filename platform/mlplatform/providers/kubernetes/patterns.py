"""Patterns of Kubernetes' definitions, which are in Go's language, as Python reads them.

https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from functools import cache

_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\(\?(?P<flags>[a-zA-Z-]+)\)|.", re.DOTALL)
"""An escaped character, a set of characters, flags without a group, or one character."""


@cache
def go_pattern(text: str) -> re.Pattern[str]:
    """The pattern, to search a text with.

    Args:
        text: the pattern as Go reads it.

    Raises:
        re.error: it is no pattern, or has what Python lacks.
    """
    return re.compile(go_pattern_text(text))


def go_pattern_text(text: str) -> str:
    """The pattern in Python's language. Go allows flags anywhere, until their group ends; Python only around a group.

    Args:
        text: the pattern as Go reads it.
    """
    written: list[str] = []
    # the flags of each open group, in the order in which they came
    groups: list[list[str]] = [[]]
    for part in _PART.finditer(text):
        flags = part["flags"]
        if flags:
            groups[-1].append(flags)
            written.append(f"(?{flags}:")
        elif part[0] == "|":
            # an alternative has the flags that came before it in its group, and is no part of what they stand around
            written += [")" * len(groups[-1]), "|", *(f"(?{each}:" for each in groups[-1])]
        elif part[0] == "(":
            groups.append([])
            written.append("(")
        elif part[0] == ")":
            closed = groups.pop() if len(groups) > 1 else []
            written.append(")" * (len(closed) + 1))
        else:
            written.append(part[0])
    written.append(")" * len(groups[0]))
    return "".join(written)
