"""A spec that is not accepted: its problems, and what is left of it for its clouds to look at."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


@record()
class PartialSpec:
    """What is left of a platform."""

    spec: PlatformSpec
    """The platform without what was refused."""

    dropped: frozenset[Location]
    """What was left out."""

    line: Callable[[Location], int | None]
    """Line of a field."""

    def whole(self, location: Location) -> Location | None:
        """A location in it as one in the spec; None where it lies in what was left out, or contains it."""
        if not self.dropped:
            return location
        from mlplatform.reading.lenient import original_location, overlaps_any

        found = original_location(location, self.dropped)
        return None if overlaps_any(found, self.dropped) else found


class Unacceptable(ValueError):
    """A spec that is refused."""

    def __init__(self, *problems: Problem, partial: PartialSpec | None = None) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems
        self.partial = partial
