"""What rules look things up in: the plan by URN and parent, the usage, and accelerators by machine type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from math import isfinite
from typing import cast

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.capability import capability_of
from mlplatform.plan.cost.prices import machine_name
from mlplatform.plan.cost.usage import Usage
from mlplatform.plan.model import UNKNOWN, Plan, Step, Value

_LOCATIONS = ("region", "location")
"""Inputs that say where a resource is."""
_NOWHERE = (UNKNOWN, "global", "Global")
"""What stands there where the service has no region; it is paid in the plan's."""


class CostContext:
    """One plan under one usage."""

    def __init__(self, plan: Plan, usage: Usage) -> None:
        self.plan = plan
        self.usage = usage
        self.by_urn = {step.urn: step for step in plan.steps}
        self._counts: dict[tuple[str, Callable[[Step], bool]], int] = {}

    @cached_property
    def home(self) -> str:
        """The region of the default provider, else the one that most resources name; empty where none does."""
        for step in self.plan.steps:
            if step.type.startswith("pulumi:providers:") and (region := _location(step)):
                return region
        found = Counter(region for step in self.plan.resources() if (region := _location(step)))
        return min(found, key=lambda name: (-found[name], name)) if found else ""

    def region(self, step: Step) -> str:
        """Where a resource is: what it says, what its provider says, else the plan's region."""
        provider = self.by_urn.get(step.provider.rpartition("::")[0])
        return _location(step) or (_location(provider) if provider else "") or self.home

    @cached_property
    def _by_parent(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self.plan.steps:
            found[step.parent].append(step)
        return found

    @cached_property
    def _by_type(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self.plan.steps:
            found[step.type].append(step)
        return found

    def siblings(self, step: Step, token: str) -> tuple[Step, ...]:
        """Resources of one type under the same parent, itself included."""
        return tuple(other for other in self._by_parent[step.parent] if other.type == token)

    def of_type(self, token: str) -> tuple[Step, ...]:
        """Resources of one type."""
        return tuple(self._by_type[token])

    def count(self, token: str, which: Callable[[Step], bool]) -> int:
        """Resources of one type that satisfy a condition; counted once for each."""
        key = (token, which)
        if key not in self._counts:
            self._counts[key] = sum(which(step) for step in self._by_type[token])
        return self._counts[key]

    def share(self, step: Step) -> float:
        """The part of an amount for the whole plan that falls on one of several resources of a type."""
        return 1 / len(self._by_type[step.type])

    def source(self, step: Step, path: str, token: str) -> Step | None:
        """The resource of one type that an input comes from, by the dependencies of that input."""
        for urn in step.property_dependencies.get(path.partition(".")[0], ()):
            found = self.by_urn.get(urn)
            if found and found.type == token:
                return found
        return None

    def component(self, step: Step) -> tuple[str, str]:
        """Logical name of the outermost component below the platform, and its capability."""
        chain: list[Step] = []
        current = self.by_urn.get(step.parent)
        while current:
            if not current.custom and current.type != "pulumi:pulumi:Stack":
                chain.append(current)
            current = self.by_urn.get(current.parent)
        if len(chain) > 1 and chain[-1].type == "mlplatform:index:Platform":
            chain.pop()
        return (chain[-1].name, capability_of(chain[-1].type)) if chain else ("", capability_of(""))

    @cached_property
    def _catalog(self) -> Catalog | None:
        try:
            return discovery.backend(self.plan.cloud).catalog
        except LookupError:
            return None

    def machine(self, machine_type: str, device: str = "") -> tuple[str, Accelerator | None]:
        """What the price of a machine is called, and the accelerators it carries.

        Args:
            machine_type: the cloud's name of it.
            device: the cloud's name of the accelerator, where one type comes with several.
        """
        catalog = self._catalog
        for machine in catalog.machines if catalog else ():
            if machine.machine_type == machine_type and (not device or machine.accelerator_type in (device, None)):
                return machine_name(catalog, machine) if catalog else machine_type, machine.accelerator
        return machine_type, None

    def part(self, step: Step, prefix: str) -> str:
        """What a component stands for: `fraud` of `acme-endpoint-fraud`, found by the word before it."""
        name = self.after_platform(self.component(step)[0])
        return name.removeprefix(f"{prefix}-")

    def after_platform(self, name: str) -> str:
        """A logical name without the platform's own before it."""
        for step in self._by_type["mlplatform:index:Platform"]:
            return name.removeprefix(f"{step.name}-")
        return name


def _location(step: Step) -> str:
    for key in _LOCATIONS:
        value = step.inputs.get(key)
        if isinstance(value, str) and value and value not in _NOWHERE:
            return value.lower().replace(" ", "")
    return ""


def dig(value: Value, *path: str | int) -> Value:
    """A value deep inside of inputs; None where it is not there or not known."""
    for key in path:
        if isinstance(value, Mapping) and isinstance(key, str):
            value = cast("Mapping[str, Value]", value).get(key)
        elif isinstance(value, list | tuple) and isinstance(key, int):
            items = cast("list[Value]", value)
            value = items[key] if key < len(items) else None
        else:
            return None
    return None if value == UNKNOWN else value


def number(value: Value, default: float = 0.0) -> float:
    """A number, which the wire may have as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return default
    return found if isfinite(found) else default


def text(value: Value) -> str:
    """A text; empty where it is none or not known."""
    return value if isinstance(value, str) and value != UNKNOWN else ""


def items(value: Value) -> tuple[Value, ...]:
    """A list's items; none where it is none."""
    return tuple(cast("list[Value]", value)) if isinstance(value, list | tuple) else ()
