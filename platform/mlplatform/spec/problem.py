"""What is wrong with a spec, said so that it can be fixed."""

from __future__ import annotations

from mlplatform.fast.record import record


@record()
class Problem:
    """One thing that is refused."""

    path: str
    """Field path in the spec, for example `endpoints[0].shadow`."""

    got: str
    """What stands there."""

    expected: str
    """What is accepted, or why this is not."""

    fix: str
    """What to write instead."""

    cloud: str | None = None
    """The cloud that refuses it; None where the spec itself does."""

    file: str | None = None
    """The spec file, where known."""

    line: int | None = None
    """The line in it, from 1, where it can be known."""
