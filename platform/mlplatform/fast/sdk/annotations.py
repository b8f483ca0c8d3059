"""Annotations of generated SDKs as text: which of them mean the same.

An SDK says `pulumi.Input[Optional[_builtins.str]]` thousands of times, and Python makes the type anew each time. What
an annotation means is decided by its text and by what the names in it stand for in its module.
"""

from __future__ import annotations

import builtins
import functools
import re
from collections.abc import Hashable, Mapping

_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_MISSING = object()


def meaning(text: str, namespace: Mapping[str, object]) -> Hashable | None:
    """A key that two annotations share if they mean the same; None where nothing is known of that.

    Args:
        text: the annotation.
        namespace: the names of its module.
    """
    names = _names(text)
    if names is None:
        return None
    values = tuple(namespace.get(name, _MISSING) for name in names)
    if _MISSING in values:
        # a builtin that the module does not hide; another name is found in a way that is not known here
        values = tuple(
            vars(builtins).get(name, _MISSING) if value is _MISSING else value
            for name, value in zip(names, values, strict=True)
        )
        if _MISSING in values:
            return None
    return (text, *values)


@functools.lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, ...] | None:
    """The names in an annotation that stand for themselves; None where a class is written in quotes."""
    return None if "'" in text or '"' in text else tuple(dict.fromkeys(_NAME.findall(text)))
