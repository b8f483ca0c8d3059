"""Differences between a resource's inputs, property by property, and whether they replace it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from mlplatform.providers.wire import as_list, as_object, plain_value

PropertyPath = tuple[str | int, ...]
DifferenceKind = Literal["add", "delete", "update"]


class Replacement(Protocol):
    """Gives the reason why the change of a property replaces a resource."""

    def __call__(self, token: str, path: PropertyPath, before: object = None, after: object = None) -> str:
        """The reason; empty if the property is changed in place. The values are those of the property, where known."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs."""

    path: PropertyPath
    """The property in wire names."""

    kind: DifferenceKind
    """Added, deleted or updated."""

    replaces: bool = False
    """Whether it replaces the resource."""

    @property
    def wire(self) -> str:
        """The path as Pulumi writes it: `a.b[0]["x.y"]`."""
        text = ""
        for part in self.path:
            if isinstance(part, int):
                text += f"[{part}]"
            elif "." in part or "[" in part or '"' in part:
                quoted = part.replace("\\", "\\\\").replace('"', '\\"')
                text += f'["{quoted}"]'
            else:
                text += f".{part}" if text else part
        return text


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Difference]:
    """Every leaf that differs; secrets are compared by their values, and null equals absence."""
    yield from _within({k: plain_value(v) for k, v in old.items()}, {k: plain_value(v) for k, v in new.items()}, ())


def _within(old: object, new: object, path: PropertyPath) -> Iterator[Difference]:
    if old is None and new is None:
        return
    if old is None or new is None:
        yield Difference(path, "add" if old is None else "delete")
        return
    before, after = as_object(old), as_object(new)
    if before is not None and after is not None:
        for key in sorted({*before, *after}):
            if not key.startswith("__"):
                yield from _within(before.get(key), after.get(key), (*path, key))
        return
    first, second = as_list(old), as_list(new)
    if first is not None and second is not None:
        for index in range(max(len(first), len(second))):
            yield from _within(_at(first, index), _at(second, index), (*path, index))
        return
    if old != new:
        yield Difference(path, "update")


def _at(items: list[object], index: int) -> object:
    return items[index] if index < len(items) else None


def is_ignored(path: PropertyPath, ignore: tuple[str, ...]) -> bool:
    """Whether the program has this path in `ignore_changes`."""
    wire = Difference(path, "update").wire
    return any(wire == name or wire.startswith((f"{name}.", f"{name}[")) for name in ignore)
