"""The result of choosing a machine: the machine with the reason, or why there is none, with alternatives."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.machine import GpuMachine
from mlplatform.fast.record import record


@record()
class PassedOver:
    """An acceptable accelerator that was not chosen."""

    accelerator: Accelerator
    """The accelerator."""

    reason: str
    """The reason for not choosing it."""


@record()
class Choice:
    """The chosen machine."""

    machine: GpuMachine
    """The smallest machine that fits."""

    accelerator: Accelerator
    """The accelerator it satisfies."""

    index: int
    """Position of that accelerator among the acceptable ones, from 0."""

    reason: str
    """The reason for this machine, with the accelerators passed over and the cautions, in one line."""

    passed_over: tuple[PassedOver, ...] = ()
    """Preferred accelerators that are not offered."""

    cautions: tuple[str, ...] = ()
    """Facts that the catalogue does not know, and differences from what the name suggests."""


@record()
class NotOffered:
    """No machine fits; `str()` has the reasons and the alternatives."""

    reasons: tuple[str, ...]
    """One reason per acceptable accelerator, or the reason for a machine without one."""

    nearest: tuple[Accelerator, ...] = ()
    """Accelerators that fit under the same conditions, best first."""

    passed_over: tuple[PassedOver, ...] = ()
    """Every acceptable accelerator with its reason."""

    unlisted: tuple[str, ...] = ()
    """Names of machines that fit but for the region, whose list lacks them: a target can say that they are there."""

    @property
    def why(self) -> str:
        """The reasons in one line, each once."""
        return "; ".join(dict.fromkeys(self.reasons))

    def __str__(self) -> str:
        return f"{self.why}; nearest: {', '.join(map(str, self.nearest))}" if self.nearest else self.why
