"""What somebody else's tool made, picked out of its outputs: what a backend's `adoption` module is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")


class Given:
    """Outputs by name, and which of them a person said to take; collects what is wrong with them."""

    def __init__(
        self, values: Mapping[str, object], chosen: Mapping[str, str], sensitive: tuple[str, ...] = ()
    ) -> None:
        """Hold outputs.

        Args:
            values: outputs by name.
            chosen: output by field, `name`, `name.key` or `name[0]`, where a person said so.
            sensitive: names of outputs that are kept back.
        """
        self._values, self._chosen, self._sensitive = values, chosen, sensitive
        self._asked: list[str] = []
        self.used: dict[str, str] = {}
        """Output by field, for everything that was taken."""
        self.problems: list[str] = []
        """What was got, expected, and how to mend it; one sentence each."""

    def text(self, field: str, pattern: str, *names: str) -> str | None:
        """One text; None where there is none or it is refused.

        Args:
            field: what it is for.
            pattern: what it must look like as a whole.
            names: outputs that are it by their usual names, the first found is taken.
        """
        value = self._take(field, names)
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        one = items[0] if len(items) == 1 else cast("object", value)
        return None if one is None else self._checked(field, one, pattern)

    def texts(self, field: str, pattern: str, *names: str) -> list[str]:
        """A list of texts, or the values of a mapping in the order of its keys; empty where there is none."""
        value = self._take(field, names)
        if isinstance(value, dict):
            mapping = cast("dict[str, object]", value)
            value = [mapping[key] for key in sorted(mapping)]
        items = cast("list[object]", value) if isinstance(value, list) else [] if value is None else [value]
        found = [self._checked(field, item, pattern) for item in items]
        return [item for item in found if item is not None]

    def mapping(self, field: str, pattern: str, *names: str) -> dict[str, str] | None:
        """A mapping of texts; None where the output is something else."""
        value = self._take(field, names)
        if not isinstance(value, dict):
            return None
        found = {
            str(key): self._checked(field, item, pattern) for key, item in cast("dict[str, object]", value).items()
        }
        return {key: item for key, item in sorted(found.items()) if item is not None}

    def refuse(self, field: str, got: str, expected: str) -> None:
        """Remember that something is wrong."""
        self.problems.append(f"{field}: got {got}, expected {expected}; name another output with --map {field}=OUTPUT")

    def unknown(self) -> tuple[str, ...]:
        """Fields that a person chose and nothing asked for."""
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
            self.refuse(field, f"the sensitive output '{name}'", "one that is not")
            return None
        if name not in self._values:
            self.refuse(field, f"no output '{name[:60]}'", f"one of {', '.join(self._values) or 'none'}")
            return None
        value, done = self._values[name], 0
        for step in _STEP.finditer(rest):
            if step.start() != done:
                break
            key, position = step.groups()
            if key is not None and isinstance(value, dict) and key in value:
                value = cast("dict[str, object]", value)[key]
            elif position is not None and isinstance(value, list) and int(position) < len(cast("list[object]", value)):
                value = cast("list[object]", value)[int(position)]
            else:
                self.refuse(
                    field, f"no '{step.group()}' in the output '{path[: len(name) + done]}'", "one that is there"
                )
                return None
            done = step.end()
        if done != len(rest):
            self.refuse(field, f"the path '{path[:80]}'", "`name`, `name.key` or `name[0]`")
            return None
        self.used[field] = path
        return value
