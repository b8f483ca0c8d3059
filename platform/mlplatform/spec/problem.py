"""A problem of a spec, with the way to fix it."""

from __future__ import annotations

from mlplatform.fast.record import record


@record()
class Problem:
    """One refused value of a spec."""

    path: str
    """Field path in the spec, for example `endpoints[0].shadow`."""

    got: str
    """The value found."""

    expected: str
    """The accepted values, or the reason for the refusal."""

    fix: str
    """The suggested fix."""

    cloud: str | None = None
    """The cloud that refuses it; None if the spec is invalid on every cloud."""

    file: str | None = None
    """The spec file, if known."""

    line: int | None = None
    """The line in that file, from 1, if known."""

    target: str | None = None
    """Name of the target whose cloud refuses it."""
