"""What a rehearsal found: plain data for the views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong, or that somebody should look at."""

    subject: str
    """Logical name and type of the resource, or what was done where it concerns none."""

    answer: str
    """What the cloud or the engine said."""

    cause: str = ""
    """What usually lies behind it and what to do; empty where nothing is known."""

    source: str = ""
    """Page that tells of it."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that is still there after everything was destroyed, as it should be."""

    subject: str
    """Logical name and type of the resource."""

    reason: str
    """Why it stays."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the sequence."""

    name: str
    """For people, for example `up`."""

    expects: str
    """What it must show, in a few words."""

    ok: bool
    """Whether it did."""

    seconds: float
    """Wall time."""

    simulated: float = 0.0
    """Seconds that the cloud would have taken at least, by its simulated clock."""

    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Resources by operation, as the engine counts them."""

    failures: tuple[Failure, ...] = ()
    """What went wrong."""

    notes: tuple[str, ...] = ()
    """What else is worth knowing: what was replaced, what was unprotected."""

    stays: tuple[Stay, ...] = ()
    """What is left and meant to be."""


@dataclass(frozen=True, slots=True)
class Survival:
    """One injected fault and what became of it."""

    fault: str
    """What was injected and where."""

    ok: bool
    """Whether the stack came to the state of an undisturbed run, with nothing orphaned or doubled."""

    recovery: str
    """What it took: nothing, a plain re-run, or the exact commands."""

    seconds: float
    """Wall time, repairs included."""

    failures: tuple[Failure, ...] = ()
    """What differs, where it did not."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One stack's life on one cloud."""

    stack: str
    """The stack's name."""

    cloud: str
    """Where."""

    resources: int = 0
    """How many the platform has, components not counted."""

    phases: tuple[Phase, ...] = ()
    """In order."""

    faults: tuple[Survival, ...] = ()
    """In order."""

    folder: str = ""
    """Where everything is kept; empty where it was removed."""

    @property
    def ok(self) -> bool:
        """Whether everything showed what it must."""
        return all(phase.ok for phase in self.phases) and all(fault.ok for fault in self.faults)

    @property
    def seconds(self) -> float:
        """Wall time of everything."""
        return sum(phase.seconds for phase in self.phases) + sum(fault.seconds for fault in self.faults)
