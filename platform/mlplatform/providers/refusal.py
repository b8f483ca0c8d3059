"""A refusal: a value that a provider would not accept, with the property and a fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlplatform.similar import nearest_names

_SHOWN = 120


@dataclass(frozen=True)
class Refusal:
    """One value that a provider refuses. Each text is one line."""

    path: str
    """The property in wire names (`scalingConfig.maxSize`, `taints[0].key`); empty for the resource as a whole."""

    got: str
    """The refused value."""

    expected: str
    """Values that are accepted, with the vendor page if a rule says so."""

    fix: str
    """The change that makes it acceptable."""

    def __str__(self) -> str:
        where = self.path or "(resource)"
        return f"{where}\n    got:      {self.got}\n    expected: {self.expected}\n    fix:      {self.fix}"


class ProviderRefused(ValueError):
    """A mocked provider refused a resource or a function call; the text has all refusals at once."""

    def __init__(self, subject: str, refusals: Sequence[Refusal], parent: str | None = None) -> None:
        self.subject = subject
        self.refusals = tuple(refusals)
        self.parent = parent
        owner = f" of component {parent}" if parent else ""
        lines = "\n".join("  " + str(refusal) for refusal in refusals)
        count = "1 refusal" if len(refusals) == 1 else f"{len(refusals)} refusals"
        super().__init__(f"{subject}{owner}: {count}\n{lines}")


def show_value(value: object, *, secret: bool = False) -> str:
    """A value for a message: cut to one line; a secret is not printed."""
    if secret:
        return "[secret]"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def suggest_name(word: str, known: Iterable[str]) -> str:
    """A fix for an unknown word: `did you mean …?` with the nearest known word, else the known words."""
    names = list(known)
    near = nearest_names(word, names)
    if not near:
        lowered = {name.lower(): name for name in names}
        near = [lowered[match] for match in nearest_names(word.lower(), lowered)]
    if near:
        return f"did you mean {near[0]!r}?"
    listed = ", ".join(sorted(names)[:20])
    return f"use one of: {listed}" + (" …" if len(names) > 20 else "")
