"""Look-ups for cost rules: the plan by URN and parent, the usage, and accelerators by machine type."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from functools import cached_property

from mlplatform import discovery
from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Catalog
from mlplatform.plan.capability import capability_of, component_of
from mlplatform.plan.cost.prices import machine_name
from mlplatform.plan.cost.usage import Usage
from mlplatform.plan.model import UNKNOWN, Plan, Step

_LOCATIONS = ("region", "location")
"""Inputs that contain a resource's region."""
_NOWHERE = (UNKNOWN, "global", "Global")
"""Their values for services without a region, which are priced in the plan's region."""
_ZONE = re.compile(r"[a-z]+-[a-z]+\d+-[a-z]")
"""A zone of Google as a location, `us-central1-a`: its region has the price."""


class CostContext:
    """One plan under one usage."""

    def __init__(self, plan: Plan, usage: Usage, today: date) -> None:
        self.plan = plan
        self.usage = usage
        self.today = today
        self.by_urn = {step.urn: step for step in plan.steps}
        self._counts: dict[tuple[str, Callable[[Step], bool]], int] = {}

    @cached_property
    def home(self) -> str:
        """The region of the default provider, else the one that most resources name; empty where none does."""
        for step in self.plan.steps:
            if step.type.startswith("pulumi:providers:") and (region := _location(step)):
                return region
        counts = Counter(region for step in self.plan.resources() if (region := _location(step)))
        return min(counts, key=lambda name: (-counts[name], name)) if counts else ""

    def region(self, step: Step) -> str:
        """A resource's region: from its inputs, else its provider, else the plan."""
        provider = self.by_urn.get(step.provider.rpartition("::")[0])
        return _location(step) or (_location(provider) if provider else "") or self.home

    @cached_property
    def _by_parent(self) -> dict[str, list[Step]]:
        steps: dict[str, list[Step]] = defaultdict(list)
        for step in self.plan.steps:
            steps[step.parent].append(step)
        return steps

    @cached_property
    def _by_type(self) -> dict[str, list[Step]]:
        steps: dict[str, list[Step]] = defaultdict(list)
        for step in self.plan.steps:
            steps[step.type].append(step)
        return steps

    def siblings(self, step: Step, token: str) -> tuple[Step, ...]:
        """Resources of one type under the same parent, itself included."""
        return tuple(other for other in self._by_parent[step.parent] if other.type == token)

    def of_type(self, token: str) -> tuple[Step, ...]:
        """Resources of one type."""
        return tuple(self._by_type[token])

    def count(self, token: str, which: Callable[[Step], bool]) -> int:
        """Number of resources of one type that satisfy a condition; cached by both."""
        key = (token, which)
        if key not in self._counts:
            self._counts[key] = sum(which(step) for step in self._by_type[token])
        return self._counts[key]

    def share(self, step: Step) -> float:
        """The share of one resource in an amount that all resources of its type divide."""
        return 1 / len(self._by_type[step.type])

    def source(self, step: Step, path: str, token: str) -> Step | None:
        """The resource of one type that an input comes from, by the dependencies of that input."""
        for urn in step.property_dependencies.get(path.partition(".")[0], ()):
            source = self.by_urn.get(urn)
            if source and source.type == token:
                return source
        return None

    def component(self, step: Step) -> tuple[str, str]:
        """Logical name of the outermost component below the platform, and its capability."""
        component = component_of(step, self.by_urn)
        return (component.name if component else "", capability_of(component.type if component else ""))

    @cached_property
    def _catalog(self) -> Catalog | None:
        try:
            return discovery.backend(self.plan.cloud).catalog
        except LookupError:
            return None

    def in_extended_support(self, version: str) -> bool:
        """Whether a Kubernetes version is past standard support, where its control plane costs more."""
        catalog = self._catalog
        release = catalog.kubernetes.release(version) if catalog else None
        return release is not None and release.standard < self.today

    def machine(self, machine_type: str, device: str = "") -> tuple[str, Accelerator | None]:
        """The name of a machine's price, and its accelerators.

        Args:
            machine_type: the cloud's name of the machine.
            device: the cloud's name of the accelerator, where one machine type has several.
        """
        catalog = self._catalog
        for machine in catalog.machines if catalog else ():
            if machine.machine_type == machine_type and (not device or machine.accelerator_type in (device, None)):
                return machine_name(catalog, machine) if catalog else machine_type, machine.accelerator
        return machine_type, None

    def name_in_spec(self, step: Step, prefix: str) -> str:
        """The spec's name for a component: `fraud` for `acme-endpoint-fraud` with the prefix `endpoint`."""
        name = self.after_platform(self.component(step)[0])
        return name.removeprefix(f"{prefix}-")

    def after_platform(self, name: str) -> str:
        """A logical name without the platform's name as its prefix."""
        for step in self._by_type["mlplatform:index:Platform"]:
            return name.removeprefix(f"{step.name}-")
        return name


def _location(step: Step) -> str:
    for key in _LOCATIONS:
        value = step.inputs.get(key)
        if isinstance(value, str) and value and value not in _NOWHERE:
            name = value.lower().replace(" ", "")
            return name.rpartition("-")[0] if _ZONE.fullmatch(name) else name
    return ""
