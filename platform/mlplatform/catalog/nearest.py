"""Alternatives to an accelerator that is not offered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlplatform.catalog.accelerator import Accelerator

LIMIT = 3
"""Maximum of alternatives."""


def nearest_accelerators(
    options: Sequence[Accelerator], offered: Callable[[Accelerator], bool]
) -> tuple[Accelerator, ...]:
    """Accelerators that are offered, nearest to the first option first.

    The same model in the next larger and next smaller count, then other models in the order of the model's facts.
    """
    alternatives: dict[Accelerator, None] = {}
    for option in options:
        alternatives.update(dict.fromkeys(_same_model(option, offered)))
    for option in options:
        for name in option.model.nearest:
            alternatives.update(dict.fromkeys(_closest(Accelerator(name, option.count), offered)))
    return tuple(alternatives)[:LIMIT]


def _same_model(option: Accelerator, offered: Callable[[Accelerator], bool]) -> tuple[Accelerator, ...]:
    more = next(filter(offered, (Accelerator(option.name, count) for count in range(option.count + 1, 65))), None)
    less = next(filter(offered, (Accelerator(option.name, count) for count in range(option.count - 1, 0, -1))), None)
    return tuple(accelerator for accelerator in (more, less) if accelerator)


def _closest(option: Accelerator, offered: Callable[[Accelerator], bool]) -> tuple[Accelerator, ...]:
    return (option,) if offered(option) else _same_model(option, offered)[:1]
