"""Identifiers of existing resources, picked out of another tool's outputs by a backend's optional `adoption` module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol, TypeGuard

from mlplatform.components.contract import contract

_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")


class Given:
    """Outputs by name, and the ones that a person chose; collects the problems with them."""

    def __init__(
        self, values: Mapping[str, object], chosen: Mapping[str, str], sensitive: tuple[str, ...] = ()
    ) -> None:
        """Hold outputs.

        Args:
            values: outputs by name.
            chosen: output by field, `name`, `name.key` or `name[0]`, where a person chose one.
            sensitive: names of outputs that are not read.
        """
        self._values, self._chosen, self._sensitive = values, chosen, sensitive
        self._asked: list[str] = []
        self.used: dict[str, str] = {}
        """Output by field, for every field that was found."""
        self.problems: list[str] = []
        """Value, expected value and fix; one sentence each."""

    def text(self, field: str, pattern: str, *names: str) -> str | None:
        """One text; None where there is none or it is refused.

        Args:
            field: the field that it fills.
            pattern: of the whole text.
            names: usual names of its output; the first one that exists is taken.
        """
        value = self._take(field, names)
        text = value[0] if _is_list(value) and len(value) == 1 else value
        return None if text is None else self._checked(field, text, pattern)

    def texts(self, field: str, pattern: str, *names: str) -> list[str]:
        """A list of texts, or the values of a mapping in the order of its keys; empty where there is none."""
        value = self._take(field, names)
        if _is_mapping(value):
            value = [value[key] for key in sorted(value)]
        items = value if _is_list(value) else [] if value is None else [value]
        texts = [self._checked(field, item, pattern) for item in items]
        return [text for text in texts if text is not None]

    def mapping(self, field: str, pattern: str, *names: str) -> dict[str, str] | None:
        """A mapping of texts; None where the output is something else."""
        value = self._take(field, names)
        if not _is_mapping(value):
            return None
        texts = {str(key): self._checked(field, item, pattern) for key, item in value.items()}
        return {key: item for key, item in sorted(texts.items()) if item is not None}

    def refuse(self, field: str, got: str, expected: str) -> None:
        """Add a problem."""
        self.problems.append(f"{field}: got {got}, expected {expected}; name another output with --map {field}=OUTPUT")

    def unknown(self) -> tuple[str, ...]:
        """Fields that a person chose and that do not exist."""
        return tuple(field for field in self._chosen if field not in self._asked)

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything that can be adopted."""
        return tuple(dict.fromkeys(self._asked))

    def _checked(self, field: str, value: object, pattern: str) -> str | None:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        self.refuse(field, f"{value!r}"[:120] if isinstance(value, str) else type(value).__name__, f"/{pattern}/")
        return None

    def _take(self, field: str, names: tuple[str, ...]) -> object:
        self._asked.append(field)
        if chosen := self._chosen.get(field):
            return self._follow(field, chosen)
        name = next((name for name in names if self._values.get(name) not in (None, "", [], {})), None)
        if name is None:
            return None
        self.used[field] = name
        return self._values[name]

    def _follow(self, field: str, path: str) -> object:
        name = re.split(r"[.\[]", path, maxsplit=1)[0]
        rest = path[len(name) :]
        if name in self._sensitive:
            self.refuse(field, f"the sensitive output '{name}'", "an output that is not sensitive")
            return None
        if name not in self._values:
            self.refuse(field, f"no output '{name[:60]}'", f"one of {', '.join(self._values) or 'none'}")
            return None
        value, done = self._values[name], 0
        for step in _STEP.finditer(rest):
            if step.start() != done:
                break
            key, position = step.groups()
            if key is not None and _is_mapping(value) and key in value:
                value = value[key]
            elif position is not None and _is_list(value) and int(position) < len(value):
                value = value[int(position)]
            else:
                self.refuse(
                    field,
                    f"no '{step.group()}' in the output '{path[: len(name) + done]}'",
                    "one that exists",
                )
                return None
            done = step.end()
        if done != len(rest):
            self.refuse(field, f"the path '{path[:80]}'", "`name`, `name.key` or `name[0]`")
            return None
        self.used[field] = path
        return value


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


@contract("adoption")
class PicksAdopted(Protocol):
    """Picks the fields of a target and of `existing` that a cloud can adopt."""

    def __call__(self, given: Given, /) -> Mapping[str, Mapping[str, object]]: ...
