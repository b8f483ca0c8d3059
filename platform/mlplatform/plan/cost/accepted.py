"""Prices that somebody accepts as missing, by name: a gate then judges the rest.

Names, not a switch: what goes missing next week was accepted by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase

from mlplatform.plan.cost.model import Estimate, MissingPart


def accept_missing(estimate: Estimate, patterns: Iterable[str]) -> Estimate:
    """The estimate with those patterns that cover a part without a price.

    Args:
        estimate: the estimate.
        patterns: names of prices, such as `machine/p5e.48xlarge`, or of types where no rule knows a price; `*` stands
            for anything.
    """
    used = (pattern for pattern in patterns if any(_covers(pattern, part) for part in estimate.missing))
    return replace(estimate, accepted=tuple(dict.fromkeys(used)))


def unaccepted_parts(estimate: Estimate) -> tuple[MissingPart, ...]:
    """Parts that may cost any amount, and that nobody accepted as missing."""
    return tuple(
        part
        for part in estimate.missing
        if not part.minor and not any(_covers(pattern, part) for pattern in estimate.accepted)
    )


def name_of(part: MissingPart) -> str:
    """The name under which a part can be accepted: its price, or its type where no price is named."""
    return part.sku or part.type


def _covers(pattern: str, part: MissingPart) -> bool:
    return fnmatchcase(name_of(part), pattern)
