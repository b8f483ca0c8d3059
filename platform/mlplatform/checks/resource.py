"""The view of a rule on one resource: values by wire path, with an exception for unknown ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from mlplatform.plan.documents import UnknownInput as UnknownInput
from mlplatform.plan.documents import document_in, is_hidden
from mlplatform.plan.model import UNKNOWN, Step, Value

if TYPE_CHECKING:
    from mlplatform.checks.index import PlanIndex

_CLOSED = " (secret)"
_VERSION = re.compile(r"/v\d{8}\w*(?=:)")
_TRUE = frozenset({"true", "enabled", "1"})
_TAGS = ("tags", "labels", "userLabels", "resourceLabels", "resourceTags", "settings.userLabels")


def plain_type(token: str) -> str:
    """A type token without the API version that some providers put into it."""
    return _VERSION.sub("", token)


class Resource:
    """One resource of a plan, for rules."""

    def __init__(self, step: Step, index: PlanIndex | None = None, origin: tuple[str, ...] | None = None) -> None:
        self.step = step
        self._index = index
        self._origin = origin

    @property
    def index(self) -> PlanIndex:
        """The whole plan; only for entries that declare `siblings`."""
        assert self._index is not None, "a rule that looks at other resources declares siblings=True"
        return self._index

    def each(self, path: str) -> Iterator[tuple[str, object]]:
        """All values at a path, each with its own path; none where it is not set.

        Args:
            path: wire names, `[]` after a list: `rules[].filter.prefix`.

        Raises:
            UnknownInput: a value on the path is unknown.
        """
        return _walk(self.step.inputs, _parts(path), "")

    def get(self, path: str, default: object = None) -> object:
        """The first value at a path.

        Raises:
            UnknownInput: it is unknown.
        """
        return next((value for _, value in self.each(path)), default)

    def text(self, path: str) -> str:
        """The first value as text; empty where it is not set."""
        value = self.get(path)
        return value if isinstance(value, str) else ""

    def number(self, path: str, default: float = 0) -> float:
        """The first value as a number; the default where it is none."""
        try:
            return float(cast("str", self.get(path, default)))
        except (TypeError, ValueError):
            return default

    def true(self, path: str, *, default: bool = False) -> bool:
        """Whether the first value is true, also as text; the default where it is not set."""
        value = self.get(path)
        return default if value is None else value is True or str(value).lower() in _TRUE

    def texts(self, path: str) -> list[str]:
        """Every text at a path."""
        return [value for _, value in self.each(path) if isinstance(value, str)]

    def has(self, path: str) -> bool:
        """Whether a value is set; a value from another resource of the plan is set, known or not.

        Raises:
            UnknownInput: it depends on something outside the plan.
        """
        try:
            return any(value not in ("", [], {}) for _, value in self.each(path))
        except UnknownInput as unknown:
            if self.from_others(path) or unknown.path.endswith(_CLOSED):
                return True
            raise

    def from_others(self, path: str) -> tuple[str, ...]:
        """URNs that the first property of a path depends on."""
        if self._origin is not None:
            return self._origin
        return self.step.property_dependencies.get(_parts(path)[0], ())

    def inside(self, at: str, item: object) -> Resource:
        """A nested object, as a resource of its own.

        Args:
            at: path of the object.
            item: the object.
        """
        inputs: Mapping[str, Value] = _mapping(item)
        return Resource(replace(self.step, inputs=inputs), self._index, self.from_others(at))

    def document(self, path: str) -> Mapping[str, object]:
        """The JSON object in a text; empty where nothing is set.

        Raises:
            UnknownInput: it is unknown, or no JSON that every reader understands alike.
        """
        return _mapping(document_in(self.get(path), path))

    def tags(self) -> Mapping[str, object]:
        """Its tags or labels; empty without any."""
        for name in _TAGS:
            if tags := _mapping(self.get(name)):
                return tags
        return {}

    def siblings(self, types: str, prop: str) -> list[Resource]:
        """Resources of other types that are attached to this one.

        Args:
            types: type token or pattern, for example `aws:s3/bucketVersioning:BucketVersioning`.
            prop: their property that refers to this resource.
        """
        return self.index.attached(self, types, prop)


@cache
def _parts(path: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"\.|(?=\[\])", path) if part)


def _walk(value: Value, parts: tuple[str, ...], at: str) -> Iterator[tuple[str, object]]:
    value = _opened(value, at)
    if value is None:
        return
    if not parts:
        yield at, value
        return
    part, rest = parts[0], parts[1:]
    if part == "[]":
        items = cast("list[Value]", value) if isinstance(value, list | tuple) else [value]
        for position, item in enumerate(items):
            yield from _walk(item, rest, f"{at}[{position}]")
    elif isinstance(value, Mapping):
        yield from _walk(cast("Mapping[str, Value]", value).get(part), rest, f"{at}.{part}" if at else part)


def _opened(value: Value, at: str) -> Value:
    """The value, if a rule may read it: secrets raise, so that no rule can reveal one."""
    if is_hidden(value):
        raise UnknownInput(f"{at}{_CLOSED}")
    if value == UNKNOWN:
        raise UnknownInput(at)
    return value


def _mapping(value: object) -> Mapping[str, Value]:
    return cast("Mapping[str, Value]", value) if isinstance(value, Mapping) else {}
