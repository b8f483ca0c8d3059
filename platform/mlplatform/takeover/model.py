"""What is known of a planned resource before it is taken over, as plain data."""

from __future__ import annotations

from typing import Literal

from mlplatform.fast.record import record
from mlplatform.plan.model import Step

TakeoverWord = Literal["import", "create", "unknown", "same again", "managed"]
"""What happens to a planned resource.

- `import`: it exists, and its id is known.
- `create`: nobody says that it exists; `up` creates it.
- `unknown`: nobody can say; never taken as existing.
- `same again`: creating it takes over what is there, so that `up` needs no import.
- `managed`: it is in the stack's state already.
"""


@record(kw_only=True)
class TakeoverEntry:
    """One planned resource."""

    step: Step
    """The resource in the plan."""

    word: TakeoverWord
    """What happens to it."""

    id: str = ""
    """Its id; with `<id>` for what the cloud makes up; empty where the form of its id is not known."""

    why: str = ""
    """Where the id is from, or why nobody can say; empty where nothing is to be said."""

    source: str = ""
    """The vendor's page about the import of its type."""


@record(kw_only=True)
class Takeover:
    """Everything that one stack plans, beside what is there."""

    cloud: str
    """The target's cloud."""

    stack: str
    """The stack's name."""

    steps: tuple[Step, ...]
    """The whole plan, with components and providers."""

    entries: tuple[TakeoverEntry, ...]
    """Its resources, in the order of the plan."""

    managed: frozenset[str] = frozenset()
    """URNs of everything in the stack's state."""

    def of(self, word: TakeoverWord) -> tuple[TakeoverEntry, ...]:
        """The resources to which one thing happens."""
        return tuple(entry for entry in self.entries if entry.word == word)
