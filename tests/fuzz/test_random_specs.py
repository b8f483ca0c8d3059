"""Random valid specs plan on every cloud: nothing crashes, the strict mocks refuse nothing, names are unique.

A fixed small number here; `make fuzz N=10000` for more.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from mlplatform import discovery
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.record import record
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from .strategies import platforms


@pytest.mark.parametrize("cloud", CLOUDS)
def test_random_specs_plan(cloud: str, request: pytest.FixtureRequest) -> None:
    planned: list[int] = []
    refused: list[str] = []

    @seed(20260101)
    @settings(
        max_examples=request.config.getoption("--fuzz-examples"),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(platforms())
    def plan(spec: PlatformSpec) -> None:
        problems = discovery.backend(cloud).problems(spec.on(cloud))
        if problems:
            # a refusal is an answer; a crash or a plan that the provider refuses is not
            assert all(p.path and p.expected and p.fix for p in problems)
            refused.extend(p.path for p in problems)
            return
        # every other one as its first `up`, with nothing released
        made = record(as_released(spec, (cloud,)) if len(planned) % 2 else spec, cloud)
        urns = [step.urn for step in made.steps]
        assert len(set(urns)) == len(urns)
        planned.append(len(urns))

    plan()
    examples = request.config.getoption("--fuzz-examples")
    share = len(planned) / examples
    print(f"{cloud}: planned {len(planned)} specs, {sum(planned)} resources; refusals by path: {sorted(set(refused))}")
    least = 0.25 if examples >= 20 else 1 / examples  # of a few specs, all but one may happen to be refused
    assert share >= least, f"only {share:.0%} of the random specs were planned; refused: {sorted(set(refused))}"
