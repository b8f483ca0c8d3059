"""What click refuses of an option, in the words of this program: what was found, what is expected, what to write."""

from __future__ import annotations

import re

import click

_NUMBER = re.compile(r"'(.*)' is not a valid (integer|float)( range)?\.")
_CHOICE = re.compile(r"'(.*)' is not one of ((?:'[^']*'(?:, )?)+)\.")
_RANGE = re.compile(r"(\S+) is not in the range (.*)\.")
_UNITS = {"budget": "monthly_usd"}
"""Options whose numbers have a unit that their name does not say: a field of the spec that has it."""


def reworded(error: click.BadParameter) -> str:
    """The message; empty where click's own says it all.

    Args:
        error: of one option or argument.
    """
    name = max(error.param.opts, key=len) if error.param else ""
    if not name:
        return ""
    if found := _NUMBER.fullmatch(error.message):
        from mlplatform.reading.refusals.quantities import meant_duration, meant_number

        written, kind = found[1], "a whole number" if found[2] == "integer" else "a number"
        at = name.lstrip("-").replace("-", "_")
        location = (_UNITS.get(at, at),)
        number = meant_number(written, location)
        if number is None and (duration := meant_duration(written, location)):
            fix = f"write {duration[0]:g}" if found[2] == "float" else f"write {-int(-duration[0] // 1)}"
            return f"{name}: got '{written}', expected {kind} of {duration[1]}; {fix}"
        hint = f"; write {number}" if number is not None else " in digits"
        return f"{name}: got '{written}', expected {kind}{hint}"
    if found := _CHOICE.fullmatch(error.message):
        from mlplatform.similar import nearest_names

        choices = re.findall(r"'([^']*)'", found[2])
        close = [each for each in choices if each and each in found[1].lower()] or nearest_names(found[1], choices)
        hint = f"; did you mean {close[0]}?" if close else ""
        return f"{name}: got '{found[1]}', expected one of {', '.join(choices)}{hint}"
    if found := _RANGE.fullmatch(error.message):
        return f"{name}: got {found[1]}, expected {_bounds(found[2])}"
    return ""


def _bounds(text: str) -> str:
    """The bounds of a range, `x>=1` or `1<=x<=9`, in words."""
    found = re.fullmatch(r"(?:(.+)<=)?x(?:(<=|>=)(.+))?", text)
    if found is None:
        return f"a number with {text}"
    if found[1] and found[3]:
        return f"{found[1]} to {found[3]}"
    return f"at most {found[3]}" if found[2] == "<=" else f"at least {found[1] or found[3]}"
