"""A refused spec: its problems, and the rest of it, which its clouds can still check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mlplatform.fast.record import record
from mlplatform.reading.describe.shape import Location
from mlplatform.secret_text import hide_secret_forms
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

_OF_NAMES = frozenset(("name", "environment", "targets"))
"""Fields of which physical names and addresses are made."""


@record()
class PartialSpec:
    """The rest of a platform."""

    spec: PlatformSpec
    """The platform without its refused parts."""

    dropped: Mapping[Location, object]
    """The locations that were left out or got a placeholder, with it."""

    line: Callable[[Location], int | None]
    """The line of a field."""

    def location_in_spec(self, location: Location) -> Location | None:
        """The location in the whole spec; None if it is inside of, or contains, what was left out."""
        if not self.dropped:
            return location
        from mlplatform.reading.lenient import original_location, overlaps_any
        from mlplatform.reading.placeholder import LEFT_OUT, is_meaningful

        original = original_location(location, [at for at, value in self.dropped.items() if value is LEFT_OUT])
        uncertain = [at[:-1] if is_meaningful(at[-1]) else at for at in self.dropped]
        return None if overlaps_any(original, uncertain) else original

    def depends_on_placeholder(self, problem: Problem) -> bool:
        """Whether a problem is about a physical name or address which is made of a placeholder, that nobody wrote."""
        parts = _OF_NAMES.intersection(problem.fields)
        return any(at[0] in parts for at in self.dropped if at)

    def certain(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Problems of a file beside the spec, without those that compare with a name which was itself refused."""
        of_spec = {"platform": "name", "environment": "environment"}
        refused = {each for each, field in of_spec.items() if (field,) in self.dropped}
        return tuple(problem for problem in problems if problem.path not in refused)


class Unacceptable(ValueError):
    """A spec that is refused."""

    def __init__(self, *problems: Problem, partial: PartialSpec | None = None) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        # a name, a fix and a parser's words can hold what a value does
        self.problems = tuple(_without_secrets(problem) for problem in problems)
        self.partial = partial


def _without_secrets(problem: Problem) -> Problem:
    shown = {name: getattr(problem, name) for name in ("path", "got", "expected", "fix")}
    hidden = {name: hide_secret_forms(text) for name, text in shown.items()}
    return problem if hidden == shown else replace(problem, **hidden)
