"""Conditions of policies, and whether one lets through no more than another."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

EXPRESSION = "expression"
"""Operator of a condition that is text in a language of its own: only the same text is known to mean the same."""
_TEXT = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase"})
_NOT_TEXT = frozenset({f"{name[:6]}not{name[6:]}" for name in _TEXT if name.startswith("string")}) | {
    "arnnotequals",
    "arnnotlike",
}
_LIKE = re.compile(r"like|arn")
"""Operators whose values may have wildcards."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: an operator, a key, and the values that fulfil it."""

    operator: str
    """As AWS writes it; `expression` for other languages."""

    key: str
    """In lower case; empty for an expression of unknown form."""

    values: frozenset[str]
    """One of them is enough."""

    @property
    def basic(self) -> str:
        """The operator in lower case, without what it says about missing keys and about lists."""
        name = self.operator.lower()
        return name.removeprefix("foranyvalue:").removeprefix("forallvalues:").removesuffix("ifexists")

    @property
    def loose(self) -> bool:
        """Whether it also holds where the key is missing."""
        name = self.operator.lower()
        return name.startswith("forallvalues:") or name.endswith("ifexists")

    def within(self, wide: Condition) -> bool:
        """Whether everything that fulfils this one fulfils the other: False where that is not known."""
        if self.key != wide.key or (self.loose and not wide.loose):
            return False
        mine, other = self.basic, wide.basic
        if mine in _TEXT and other in _TEXT:
            return _text_within(self, wide)
        if mine != other:
            return False
        if mine in _NOT_TEXT:
            return all(any(_value_within(value, own, like=True) for own in self.values) for value in wide.values)
        if mine in ("ipaddress", "notipaddress"):
            narrow, broad = (self, wide) if mine == "ipaddress" else (wide, self)
            return all(any(_network_within(value, other) for other in broad.values) for value in narrow.values)
        if mine.startswith(("numericlessthan", "datelessthan")):
            return _ordered(self.values, wide.values)
        if mine.startswith(("numericgreaterthan", "dategreaterthan")):
            return _ordered(wide.values, self.values)
        return self.values == wide.values


def conditions_within(narrow: Iterable[Condition], wide: Iterable[Condition]) -> bool:
    """Whether conditions that must all hold let through no more than others do."""
    held = tuple(narrow)
    return all(any(one.within(other) for one in held) for other in wide)


@cache
def matches(pattern: str, text: str) -> bool:
    """Whether a text, or everything that it stands for as a pattern, fits a pattern with `*` and `?`."""
    form = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch(form, text, re.DOTALL) is not None


def _text_within(narrow: Condition, wide: Condition) -> bool:
    if narrow.basic.endswith("ignorecase") and not wide.basic.endswith("ignorecase"):
        return False
    like = bool(_LIKE.search(wide.basic))
    if _LIKE.search(narrow.basic) and not like and any("*" in value or "?" in value for value in narrow.values):
        return False
    return all(any(_value_within(value, other, like=like) for other in wide.values) for value in narrow.values)


def _value_within(value: str, other: str, *, like: bool) -> bool:
    return value == other or (like and matches(other, value))


def _network_within(value: str, other: str) -> bool:
    try:
        narrow, wide = ipaddress.ip_network(value, strict=False), ipaddress.ip_network(other, strict=False)
    except ValueError:
        return value == other
    if isinstance(narrow, ipaddress.IPv4Network) and isinstance(wide, ipaddress.IPv4Network):
        return narrow.subnet_of(wide)
    if isinstance(narrow, ipaddress.IPv6Network) and isinstance(wide, ipaddress.IPv6Network):
        return narrow.subnet_of(wide)
    return False


def _ordered(low: Iterable[str], high: Iterable[str]) -> bool:
    """Whether the highest of some numbers or dates is not above the highest of others."""
    try:
        return max(map(float, low)) <= max(map(float, high))
    except ValueError:
        # dates in ISO form are ordered as text
        return max(low, default="") <= max(high, default="")


def expression_conditions(text: str) -> Iterator[Condition]:
    """The parts of an expression in CEL, or in Azure's language, that must all hold.

    Comparisons of one attribute with texts are read; another part counts as it is written.
    https://github.com/google/cel-spec/blob/master/doc/langdef.md
    """
    expression = " ".join(text.split())
    parts = [expression] if "||" in expression else expression.split("&&")
    for part in (part.strip() for part in parts):
        if not part:
            continue
        whole = part.strip("()") if part.startswith("(") and part.endswith(")") and part.count("(") == 1 else part
        if found := _EQUAL.fullmatch(whole):
            yield Condition("StringEquals", found[1].lower(), frozenset({found[2]}))
        elif found := _IN.fullmatch(whole):
            yield Condition("StringEquals", found[1].lower(), frozenset(_QUOTED.findall(found[2])))
        elif (found := _PART.fullmatch(whole)) and not set("*?") & set(found[3]):
            value = f"{found[3]}*" if found[2] == "startsWith" else f"*{found[3]}"
            yield Condition("StringLike", found[1].lower(), frozenset({value}))
        else:
            yield Condition(EXPRESSION, "", frozenset({whole}))


_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")
_EQUAL = re.compile(rf"""([\w.]+) ?== ?{_QUOTED.pattern}""")
_IN = re.compile(r"""([\w.]+) in \[([^\]]*)\]""")
_PART = re.compile(rf"""([\w.]+)\.(startsWith|endsWith)\({_QUOTED.pattern}\)""")
