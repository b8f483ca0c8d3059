"""Lets a Python spec run to its end although parts of it are refused, so that all errors are reported at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

import pydantic
from pydantic import ValidationError

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location
from mlplatform.reading.unordered import Unordered
from mlplatform.spec.base import SpecModel

if TYPE_CHECKING:
    from mlplatform.reading.lenient import Outcome

_LIBRARIES = (str(Path(__file__).parents[1]), str(Path(pydantic.__file__).parent))


_FOLLOWING_ERRORS = (AttributeError, TypeError, LookupError)
"""Errors that a validator raises because of a part that was refused before."""


@record()
class RefusedModel:
    """One model that was refused as it was given."""

    instance: SpecModel
    """The model without its refused parts."""

    outcome: Outcome
    """The problems, and the parts that were left out."""

    file: str
    """File of the call that constructed it."""

    span: tuple[int, int, int, int]
    """First line, last line, first column and end column of the call."""


class Gathered:
    """All models that were refused while a spec ran."""

    def __init__(self) -> None:
        self.refused: list[RefusedModel] = []

        self.seeking = False
        """Whether the problems of a refused model are being found: what is tried for it is refused as usual."""

        self.given: dict[int, dict[str, object]] = {}
        """The arguments of each refused model, by its `id`; the models live as long as this object."""

        self.broken: set[int] = set()
        """Ids of the models with too little left to be used."""

        self.uncertain: dict[int, tuple[Location, ...]] = {}
        """What was left out of each refused model that can be used, by its `id`."""

        self.told: dict[int, frozenset[tuple[Location, str]]] = {}
        """The problems of each refused model and of those that it is an overlay of, by its `id`."""


@contextmanager
def gather_refusals() -> Generator[Gathered]:
    """Collect refused spec models instead of raising their errors.

    Only for the run of one spec file: it changes `SpecModel` for the whole process.
    """
    gathered = Gathered()
    overlaid = SpecModel.overlaid

    def init(self: SpecModel, /, **data: object) -> None:
        if gathered.seeking:
            # a model with an `__init__` of its own, which its validator calls
            self.__pydantic_validator__.validate_python(data, self_instance=self)
            return

        def make(fields: Mapping[str, object]) -> SpecModel:
            return self.__pydantic_validator__.validate_python(dict(fields), self_instance=self)

        _construct(gathered, self, data, make)

    def lenient_overlay(self: SpecModel, changes: Mapping[str, object]) -> SpecModel:
        kind = type(self)
        known = gathered.given.get(id(self), {name: getattr(self, name) for name in self.model_fields_set})
        broken = kind.__new__(kind)
        made: list[SpecModel] = []

        def make(fields: Mapping[str, object]) -> SpecModel:
            made[:] = [kind.model_validate(dict(fields))]
            return made[0]

        # what was refused in the base, and is not changed, is told there
        told = {each for each in gathered.told.get(id(self), ()) if each[0] and each[0][0] not in changes}
        _construct(gathered, broken, {**known, **changes}, make, frozenset(told))
        return made[0] if made else broken

    init.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # as pydantic marks its own
    patched = cast("Any", SpecModel)
    patched.__init__, patched.overlaid = init, lenient_overlay
    try:
        yield gathered
    finally:
        del patched.__init__
        patched.overlaid = overlaid


def _construct(
    gathered: Gathered,
    instance: SpecModel,
    data: dict[str, object],
    make: Callable[[Mapping[str, object]], SpecModel],
    told: frozenset[tuple[Location, str]] = frozenset(),
) -> None:
    if any(isinstance(value, bool) for value in data.values()):
        from mlplatform.reading.truths import truths_as_text

        data = truths_as_text(type(instance), data)
    if any(isinstance(value, set | frozenset) for value in data.values()):
        data = _without_sets(type(instance), data)
    broken, uncertain = _refused_inside(gathered, data) if gathered.refused else ([], [])
    if not broken:
        try:
            make(data)
            return
        except (ValidationError, *_FOLLOWING_ERRORS) as error:
            if not gathered.refused and not isinstance(error, ValidationError):
                raise
    from mlplatform.reading.lenient import validate_leniently

    frame: FrameType | None = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
    while frame and frame.f_code.co_filename.startswith(_LIBRARIES):
        frame = frame.f_back
    gathered.seeking = True
    try:
        outcome = validate_leniently(type(instance), data, make, broken, uncertain)
    finally:
        gathered.seeking = False
    if outcome.model is not None and not outcome.dropped:
        return
    if outcome.model is None:
        _fill(instance, data)
        gathered.broken.add(id(instance))
    kept = outcome.model or instance
    gathered.given[id(kept)] = data
    gathered.uncertain[id(kept)] = tuple(outcome.dropped)
    gathered.told[id(kept)] = told | {(at, problem.expected) for at, problem in outcome.problems}
    fresh = tuple((at, problem) for at, problem in outcome.problems if (at, problem.expected) not in told)
    outcome = replace(outcome, problems=fresh)
    file, span = (frame.f_code.co_filename, span_of(frame)) if frame else ("", (0, 0, 0, 0))
    gathered.refused.append(RefusedModel(kept, outcome, file, span))


def _without_sets(kind: type[SpecModel], data: dict[str, object]) -> dict[str, object]:
    """The data with what no field accepts for each set whose order has a meaning: a set has none."""
    return {
        name: Unordered(cast("Set[object]", value)) if name in kind.by_meaning and isinstance(value, Set) else value
        for name, value in data.items()
    }


def _refused_inside(gathered: Gathered, data: dict[str, object]) -> tuple[list[Location], list[Location]]:
    """The models in the data that cannot be used, and what was left out of the others."""
    broken: list[Location] = []
    uncertain: list[Location] = []
    for at, model in _models(data, ()):
        if id(model) in gathered.broken:
            broken.append(at)
        uncertain += [at + inner for inner in gathered.uncertain.get(id(model), ())]
    return broken, uncertain


def _models(value: object, at: Location) -> Iterator[tuple[Location, SpecModel]]:
    match value:
        case SpecModel():
            yield at, value
            for name in value.model_fields_set:
                yield from _models(getattr(value, name, None), (*at, name))
        case dict():
            for key, item in cast("dict[str, object]", value).items():
                yield from _models(item, (*at, key))
        case list() | tuple():
            for index, item in enumerate(cast("list[object]", value)):
                yield from _models(item, (*at, index))
        case _:
            pass


def span_of(frame: FrameType, instruction: int | None = None) -> tuple[int, int, int, int]:
    """The place of a frame in its file: first line, last line, first column, end column; 0 if unknown."""
    index = (frame.f_lasti if instruction is None else instruction) // 2
    for position, span in enumerate(frame.f_code.co_positions()):
        if position == index:
            first, last, column, end = span
            return first or frame.f_lineno, last or 0, column or 0, end or 0
    return frame.f_lineno, 0, 0, 0


def _fill(instance: SpecModel, data: dict[str, object]) -> None:
    values: dict[str, object] = {}
    for name, info in type(instance).model_fields.items():
        if name in data:
            values[name] = data[name]
        elif not info.is_required():
            values[name] = info.get_default(call_default_factory=True, validated_data=values)
    object.__setattr__(instance, "__dict__", values)
    object.__setattr__(instance, "__pydantic_fields_set__", set(data) & set(values))
    object.__setattr__(instance, "__pydantic_extra__", None)
    object.__setattr__(instance, "__pydantic_private__", None)
