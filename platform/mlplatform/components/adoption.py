"""Identifiers of existing resources, picked out of another tool's outputs by a backend's optional `adoption` module."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeGuard

from mlplatform.components.contract import contract
from mlplatform.components.foreign_resource import ForeignResource

_MEANT = ("id", "arn", "name", "self_link")
"""Attributes by which another resource is referred to; the first one that fits a field is taken."""
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[([0-9]+)\]")


class Given:
    """Outputs by name, and the ones that a person chose; collects the problems with them."""

    def __init__(
        self,
        values: Mapping[str, object],
        chosen: Mapping[str, str],
        sensitive: tuple[str, ...] = (),
        resources: Sequence[ForeignResource] = (),
    ) -> None:
        """Hold outputs.

        Args:
            values: outputs by name.
            chosen: output by field, `name`, `name.key` or `name[0]`, where a person chose one; or a resource's address.
            sensitive: names of outputs that are not read.
            resources: what the other tool manages, of a whole state.
        """
        self._values, self._chosen, self._sensitive = values, chosen, sensitive
        self.resources = tuple(resources)
        """What the other tool manages."""
        self._asked: list[str] = []
        self.used: dict[str, str] = {}
        """Output by field, for every field that was found."""
        self.problems: list[str] = []
        """Value, expected value and fix; one sentence each."""
        self.notes: list[str] = []
        """What was found and not used, with the reason; one sentence each."""

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

    def of(self, *types: str) -> tuple[ForeignResource, ...]:
        """The other tool's resources of some types."""
        return tuple(each for each in self.resources if each.type in types)

    def only(self, field: str, pattern: str, candidates: Iterable[ForeignResource]) -> ForeignResource | None:
        """The one resource that fills a field; None where there is none. Several are refused, with their addresses.

        Args:
            field: the field that it fills.
            pattern: of its id, ARN, name or link.
            candidates: the resources to take it from.
        """
        fitting = [each for each in candidates if self.meant(each, pattern)]
        chosen = self.chosen(field)
        if chosen:
            fitting = [each for each in fitting if each in chosen]
        if len(fitting) > 1:
            shown = ", ".join(f"{each.address} ({self.meant(each, pattern)})" for each in fitting[:8])
            self.problems.append(f"{field}: got {len(fitting)}: {shown}; choose one with --map {field}=ADDRESS")
            return None
        if fitting:
            self.used[field] = fitting[0].address
        return fitting[0] if fitting else None

    def chosen(self, field: str) -> tuple[ForeignResource, ...]:
        """The resources that a person chose for a field, by their address with or without the index."""
        self._asked.append(field)
        path = self._chosen.get(field, "")
        return tuple(each for each in self.resources if path in (each.address, each.without_index))

    def meant(self, resource: ForeignResource, pattern: str) -> str:
        """The first of a resource's id, ARN, name and link that has a pattern; empty where none has."""
        texts = (resource.text(name) for name in _MEANT)
        return next((text for text in texts if text and re.fullmatch(pattern, text)), "")

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
        if isinstance(value, ForeignResource):
            if text := self.meant(value, pattern):
                return text
            self.refuse(field, f"the resource {value.address} of type {value.type}", f"one whose id fits /{pattern}/")
            return None
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
        if resources := self.chosen(field):
            self.used[field] = path
            return resources[0] if len(resources) == 1 else list(resources)
        for resource in self.resources:
            name = path.removeprefix(f"{resource.address}.")
            if name != path:
                return self._attribute(field, path, resource, name)
        name = re.split(r"[.\[]", path, maxsplit=1)[0]
        rest = path[len(name) :]
        if name in self._sensitive:
            self.refuse(field, f"the sensitive output '{name}'", "an output that is not sensitive")
            return None
        if name not in self._values:
            expected = f"an output of {', '.join(self._values) or 'none'}"
            expected += ", or the address of a resource in the state" if self.resources else ""
            self.refuse(field, f"no output '{path[:80] if self.resources else name[:60]}'", expected)
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

    def _attribute(self, field: str, path: str, resource: ForeignResource, name: str) -> object:
        if name in resource.hidden:
            self.refuse(field, f"the sensitive attribute '{name}' of {resource.address}", "one that is not sensitive")
            return None
        if resource.values.get(name) is None:
            self.refuse(field, f"no attribute '{name[:60]}' of {resource.address}", "one that it has")
            return None
        self.used[field] = path
        return resource.values[name]


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


@contract("adoption")
class PicksAdopted(Protocol):
    """Picks the fields of a target and of `existing` that a cloud can adopt."""

    def __call__(self, given: Given, /) -> Mapping[str, Mapping[str, object]]: ...
