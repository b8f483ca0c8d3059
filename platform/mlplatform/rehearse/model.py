"""The results of a rehearsal: plain data for the views, whose field names are the keys of the JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RehearsalFailure:
    """One failure of a phase or of a fault's recovery."""

    subject: str
    """Logical name and type of the resource; or the command, if no resource is concerned."""

    answer: str
    """Answer of the cloud or the engine."""

    cause: str = ""
    """Likely cause and what to do; empty if unknown."""

    source: str = ""
    """Page about it."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that is left after the destroy on purpose."""

    subject: str
    """Logical name and type of the resource."""

    reason: str
    """The reason for which it is left."""


@dataclass(frozen=True, slots=True)
class RehearsalPhase:
    """One part of the sequence."""

    name: str
    """For people, for example `up`."""

    expects: str
    """The expected result, in a few words."""

    ok: bool
    """Whether the result was as expected."""

    seconds: float
    """Wall time."""

    simulated: float = 0.0
    """Minimum seconds that the real cloud would have taken, by the simulated clock."""

    changes: Mapping[str, int] = field(default_factory=dict[str, int])
    """Resources by operation, as the engine counts them."""

    failures: tuple[RehearsalFailure, ...] = ()
    """Failures of the phase."""

    notes: tuple[str, ...] = ()
    """Further remarks, for example replaced and unprotected resources."""

    stays: tuple[Leftover, ...] = ()
    """Resources that are left on purpose."""


@dataclass(frozen=True, slots=True)
class FaultOutcome:
    """One injected fault and its outcome."""

    fault: str
    """The fault and its resource."""

    ok: bool
    """Whether the stack reached the state of an undisturbed run, with nothing orphaned or duplicated."""

    recovery: str
    """The recovery: nothing, a plain re-run, or the exact commands."""

    seconds: float
    """Wall time, repairs included."""

    failures: tuple[RehearsalFailure, ...] = ()
    """Differences, if it did not."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The life of one stack on one cloud."""

    stack: str
    """The stack's name."""

    cloud: str
    """The cloud."""

    resources: int = 0
    """Number of resources of the platform, without components."""

    phases: tuple[RehearsalPhase, ...] = ()
    """Phases in order."""

    faults: tuple[FaultOutcome, ...] = ()
    """Faults in order."""

    folder: str = ""
    """Folder with all files; empty if it was removed."""

    target: str = ""
    """The target's name."""

    @property
    def ok(self) -> bool:
        """Whether all phases and faults were as expected."""
        return all(phase.ok for phase in self.phases) and all(fault.ok for fault in self.faults)

    @property
    def seconds(self) -> float:
        """Total wall time."""
        return sum(phase.seconds for phase in self.phases) + sum(fault.seconds for fault in self.faults)
