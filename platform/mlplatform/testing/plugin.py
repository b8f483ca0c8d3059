"""Pytest fixtures for programs that use this package; installed with it, under the name `mlplatform`.

Nothing of Pulumi is imported until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from mlplatform.plan.model import Plan
    from mlplatform.spec.platform import PlatformSpec
    from mlplatform.testing.mocks import StrictMocks


class PlanPlatform(Protocol):
    """The fixture `plan_platform`."""

    def __call__(
        self,
        spec: PlatformSpec | Path | str,
        target: str | None = None,
        *,
        resolve: bool = False,
        released: bool = False,
        cloud: str | None = None,
    ) -> Plan:
        """Plan a platform on one target; the plan of equal arguments is cached.

        Args:
            spec: the spec, or the path of its file.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            resolve: use realistic values where the engine would have unknown ones.
            released: plan as if everything that the spec names was released. Omitted: what the record beside the
                spec's file releases.
            cloud: the former name of `target`.

        Raises:
            ValueError: the spec is refused; the text has every problem.
            mlplatform.plan.record.PlanRefused: a provider would refuse a resource.
        """
        ...


@pytest.fixture(scope="session")
def plan_platform() -> PlanPlatform:
    """Plans platforms offline: `plan_platform(spec, "aws").one("aws:eks/cluster:Cluster")`."""
    from mlplatform.testing.planning import Planner

    return Planner()


@pytest.fixture
def strict_mocks() -> Iterator[StrictMocks]:
    """Strict mocks in place of the providers, for one test; the former settings of the runtime are restored after it.

    A resource that a provider would refuse fails with mlplatform.testing.ProviderRefused. Run the
    code under test in `mlplatform.testing.run`, which waits for all registrations.
    """
    from mlplatform.testing.running import installed

    with installed() as mocks:
        yield mocks
