"""A refused spec: its problems, and the rest of it, which its clouds can still check."""

from __future__ import annotations

from collections.abc import Callable

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


@record()
class PartialSpec:
    """The rest of a platform."""

    spec: PlatformSpec
    """The platform without its refused parts."""

    dropped: frozenset[Location]
    """The locations that were left out."""

    line: Callable[[Location], int | None]
    """The line of a field."""

    def location_in_spec(self, location: Location) -> Location | None:
        """The location in the whole spec; None if it is inside of, or contains, what was left out."""
        if not self.dropped:
            return location
        from mlplatform.reading.lenient import original_location, overlaps_any

        original = original_location(location, self.dropped)
        return None if overlaps_any(original, self.dropped) else original


class Unacceptable(ValueError):
    """A spec that is refused."""

    def __init__(self, *problems: Problem, partial: PartialSpec | None = None) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems
        self.partial = partial
