"""Endpoints that wait for a release cost what they will cost: a budget cannot be passed by waiting."""

from __future__ import annotations

import pytest

from mlplatform import EndpointSpec
from mlplatform.components.imagined_releases import as_released
from mlplatform.plan.cost import estimate
from mlplatform.plan.cost.released import priced_plan, say_released, waiting_endpoints
from mlplatform.plan.record import record

from ...components.parts import TARGETS
from ...conftest import CLOUDS
from ...planned import least_platform


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("model", ["fraud/7", "fraud", None])
def test_a_waiting_endpoint_is_priced_as_released(cloud: str, model: str | None) -> None:
    endpoint = EndpointSpec(name="scorer", server="tensorflow", model=model, replicas=(4, 8))
    spec = least_platform(TARGETS[cloud], endpoints=(endpoint,))
    waiting = record(spec, cloud, resolve=True)
    served = record(as_released(spec, open_too=True), cloud, resolve=True)
    assert waiting_endpoints(spec, cloud) == ("scorer",)
    priced = say_released(estimate(priced_plan(waiting, spec, cloud)), spec, cloud)
    assert priced.total == estimate(served).total
    assert priced.total.expected > estimate(waiting).total.expected
    assert priced.warnings[0].startswith("scorer: counted as if released")


def test_a_released_endpoint_needs_no_word() -> None:
    endpoint = EndpointSpec(name="scorer", server="tensorflow", model="fraud/7")
    spec = as_released(least_platform(TARGETS["gcp"], endpoints=(endpoint,)))
    plan = record(spec, "gcp", resolve=True)
    assert priced_plan(plan, spec, "gcp") is plan
    assert priced_plan(plan, None, "gcp") is plan
    found = estimate(plan)
    assert say_released(found, spec, "gcp") is found
