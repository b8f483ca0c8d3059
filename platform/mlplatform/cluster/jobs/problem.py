"""What is refused about a job."""

from __future__ import annotations

from mlplatform.fast.record import record


@record(kw_only=True)
class JobProblem:
    """One thing that is refused about a job."""

    where: str
    """The option, or the field of the spec."""

    got: str
    """What was given."""

    expected: str
    """What is accepted, or the reason."""

    fix: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}, expected {self.expected}; {self.fix}"
