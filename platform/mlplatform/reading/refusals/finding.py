"""One error of a validation, and what it says about the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlplatform.reading.describe.shape import Location
from mlplatform.spec.problem import Problem


@dataclass(frozen=True, slots=True)
class SpecFinding:
    """One error of a validation."""

    location: Location
    """Location of the value to change."""

    others: tuple[Location, ...]
    """Locations of the other values that it depends on."""

    problem: Problem
    """The problem to report."""

    said: bool = False
    """Whether another finding says it: a missing field is there under a misspelt name."""

    instead: Mapping[Location, object] = field(default_factory=dict[Location, object])
    """What was plainly meant, by location: with it the rest can be looked at. `LEFT_OUT` takes a value away."""
