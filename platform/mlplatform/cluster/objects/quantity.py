"""Quantities in the form in which an API server stores them.

It writes other forms anew: `1000` becomes `1k`, `5120Mi` becomes `5Gi`. Whoever compares what was applied with what is
there, a refresh or Argo CD, would find a difference for ever.
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from decimal import Decimal

_FORM = re.compile(r"([0-9]+(?:\.[0-9]*)?)([KMGTPE]i|[numkMGTPE])?")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")


def quantity(given: str | int) -> str:
    """A quantity as it is stored: a whole number with the largest suffix that leaves one.

    Raises:
        ValueError: it is no quantity, or one with an exponent, which nothing here uses.
    """
    found = _FORM.fullmatch(str(given))
    if found is None:
        raise ValueError(f"{given!r} is no quantity")
    number, suffix = Decimal(found[1]), found[2] or ""
    if suffix.endswith("i"):
        return _largest(number * 1024 ** _BINARY.index(suffix), 1024, _BINARY)
    return _largest(number * 1000 ** _DECIMAL.index(suffix), 1000, _DECIMAL)


def _largest(number: Decimal, step: int, suffixes: tuple[str, ...]) -> str:
    whole = int(number.to_integral_value(rounding="ROUND_CEILING"))
    at = 0
    if whole == 0:
        return "0"
    while at + 1 < len(suffixes) and whole % step == 0:
        whole, at = whole // step, at + 1
    return f"{whole}{suffixes[at]}"
