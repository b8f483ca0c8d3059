"""What a choice of machine comes to: the machine and why, or why there is none and what would do instead."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine import GpuMachine
from mlplatform.fast.record import record


@record()
class PassedOver:
    """An acceptable accelerator that was not taken."""

    accelerator: Accelerator
    """Which."""

    reason: str
    """Why not."""


@record()
class Choice:
    """The machine that is taken."""

    machine: GpuMachine
    """The smallest machine that fits."""

    accelerator: Accelerator
    """The accelerator it satisfies."""

    index: int
    """Position of that accelerator among the acceptable ones, from 0."""

    reason: str
    """Why this one, with what was passed over and what to watch, in one line."""

    passed_over: tuple[PassedOver, ...] = ()
    """Preferred accelerators that are not offered."""

    cautions: tuple[str, ...] = ()
    """What the catalogue cannot vouch for, and what differs from what the name suggests."""


@record()
class NotOffered:
    """Nothing fits; `str()` says why, and what would."""

    reasons: tuple[str, ...]
    """Why, per acceptable accelerator, or for a machine without one."""

    nearest: tuple[Accelerator, ...] = ()
    """What would do instead under the same conditions, best first."""

    passed_over: tuple[PassedOver, ...] = ()
    """Every acceptable accelerator with its reason."""

    @property
    def why(self) -> str:
        """The reasons in one line, each once."""
        return "; ".join(dict.fromkeys(self.reasons))

    def __str__(self) -> str:
        return f"{self.why}; nearest: {', '.join(map(str, self.nearest))}" if self.nearest else self.why
