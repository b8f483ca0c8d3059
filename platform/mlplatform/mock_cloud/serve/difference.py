"""What changed between a resource's inputs, property by property, and whether that makes a new one of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from mlplatform.providers.wire import as_list, as_object, bare

Path = tuple[str | int, ...]
Kind = Literal["add", "delete", "update"]


class Replacement(Protocol):
    """Tells why changing a property replaces a resource."""

    def __call__(self, token: str, path: Path) -> str:
        """The reason; empty where it is changed in place."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs."""

    path: Path
    """Where, in wire names."""

    kind: Kind
    """What happened to it."""

    replaces: bool = False
    """Whether it makes a new resource."""

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
    """Every leaf that differs; secrets are compared by what is in them, null is the same as nothing."""
    yield from _within({k: bare(v) for k, v in old.items()}, {k: bare(v) for k, v in new.items()}, ())


def _within(old: object, new: object, path: Path) -> Iterator[Difference]:
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


def ignored(path: Path, ignore: tuple[str, ...]) -> bool:
    """Whether the program told Pulumi to ignore changes there."""
    wire = Difference(path, "update").wire
    return any(wire == name or wire.startswith((f"{name}.", f"{name}[")) for name in ignore)
