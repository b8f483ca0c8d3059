"""What a region lacks is refused on every cloud with what is near, and a target can vouch for it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mlplatform import (
    AwsTarget,
    AzureTarget,
    EndpointSpec,
    GpuPoolSpec,
    MonitoringSpec,
    PlatformSpec,
    TrainingSpec,
    discovery,
)
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target

SUBSCRIPTION, TENANT = "00000000-1111-4222-8333-444444444444", "55555555-6666-4777-8888-999999999999"


def aws(region: str, **changes: object) -> AwsTarget:
    return AwsTarget.model_validate({"account_id": "123456789012", "region": region, **changes})


def azure(location: str, **changes: object) -> AzureTarget:
    ids = {"subscription_id": SUBSCRIPTION, "tenant_id": TENANT}
    return AzureTarget.model_validate({**ids, "location": location, **changes})


def problems(target: Target, environment: str = "dev", **parts: object) -> dict[str, Problem]:
    spec = PlatformSpec.model_validate(
        {"name": "acme", "environment": environment, "owner": "o", "cost_center": "1", "targets": (target,), **parts}
    )
    return {problem.path: problem for problem in discovery.backend(target.cloud).problems(spec)}


POOL = TrainingSpec(pools=(GpuPoolSpec(name="a", accelerator="A10:1", max_nodes=1),))
SLEEPER = EndpointSpec(name="tagger", model="m/1", server="vllm", accelerator="T4:1", replicas=(0, 3))


def test_a_feature_that_a_region_lacks_is_refused_until_somebody_vouches_for_it() -> None:
    refused = problems(azure("qatarcentral"), training=POOL)["training"]
    assert "qatarcentral lacks it, all others have it" in refused.expected
    assert "add 'api-server-in-network' to the target's offered" in refused.fix
    both = ("api-server-in-network", "prometheus")
    assert problems(azure("qatarcentral", offered=both), training=POOL) == {}
    assert problems(azure("qatarcentral", offered=both[1:])) == {}, "without a cluster the feature is not needed"


def test_a_service_that_a_region_lacks_is_refused_with_the_regions_that_have_it() -> None:
    wanted = MonitoringSpec(grafana=True)
    refused = problems(aws("eu-north-1"), monitoring=wanted)["monitoring.grafana"]
    assert "eu-north-1 lacks it, but eu-central-1, eu-west-1" in refused.expected
    assert "set monitoring.grafana to false" in refused.fix
    assert problems(aws("eu-north-1", offered=("grafana",)), monitoring=wanted) == {}
    assert problems(aws("eu-west-1"), monitoring=wanted) == {}
    assert "monitoring.prometheus" in problems(aws("ap-southeast-6"))
    refused = problems(azure("polandcentral"))["monitoring.prometheus"]
    assert "polandcentral lacks it, but " in refused.expected
    assert "add 'prometheus' to the target's offered" in refused.fix
    assert problems(azure("polandcentral", offered=("prometheus",))) == {}
    assert problems(azure("polandcentral"), monitoring=MonitoringSpec(prometheus=False)) == {}
    assert problems(azure("westeurope"), monitoring=wanted) == {}


def test_a_sleeping_endpoint_is_told_to_stay_awake_where_that_has_the_machine() -> None:
    refused = problems(azure("eastus"), endpoints=(SLEEPER,))["endpoints[0].accelerator"]
    assert "no T4:1 in eastus for endpoints that scale to zero, but in australiaeast" in refused.expected
    assert "EndpointOverride(replicas=(1, 3))" in refused.worded("python").fix
    assert "{tagger: {replicas: [1, 3]}}" in refused.worded("yaml").fix
    assert problems(azure("westus3"), endpoints=(SLEEPER,)) == {}


def test_a_name_that_nothing_has_cannot_be_vouched_for() -> None:
    refused = problems(aws("us-east-1", offered=("p5.4xlarg",)))["targets[aws].offered"]
    assert "did you mean p5.4xlarge" in refused.fix


@pytest.mark.parametrize(("region", "zones"), [("us-west-1", 2), ("us-east-1", 3), ("ap-northeast-1", 3)])
def test_production_takes_no_more_zones_than_an_account_has(region: str, zones: int) -> None:
    from mlplatform.backends.aws.network.zones import zones_in_use

    spec = PlatformSpec(name="acme", environment="prod", owner="o", cost_center="1", targets=(aws(region),))
    assert len(zones_in_use(spec, aws(region), discovery.backend("aws").catalog)) == zones
    assert problems(aws(region), environment="prod") == {}


def test_zones_that_an_account_does_not_have_are_refused() -> None:
    refused = problems(aws("us-west-1"), network={"zones": 3})["network.zones"]
    assert "an account can use 2 here" in refused.expected
    assert "lower network.zones to 2" in refused.fix
    three = aws("us-west-1", zones=("us-west-1a", "us-west-1b", "us-west-1c"))
    assert "at most 2 zones" in problems(three)["targets[aws].zones"].expected


def test_four_zones_are_refused_with_the_reason() -> None:
    four = aws("us-west-2", zones=tuple(f"us-west-2{letter}" for letter in "abcd"))
    assert "at most 3 zones: the network's range is divided among 3" in problems(four)["targets[aws].zones"].expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"L4": 1}, 'write "L4:1"'),
        ({"H100": 8, "A100-80GB": 8}, 'write ("H100:8", "A100-80GB:8")'),
        ([{"L4": 2}], 'write "L4:2"'),
        (8, 'write for example "L4:8"'),
        ("a3-ultragpu-8g", 'write "H200:8"'),
        ("p5.48xlarge", 'write "H100:8"'),
        ("ml.g6.xlarge", 'write "L4:1"'),
        ("Standard_ND96isr_H100_v5", 'write "H100:8"'),
    ],
)
def test_an_accelerator_in_other_words_is_answered_with_what_to_write(written: object, meant: str) -> None:
    with pytest.raises(ValidationError, match="expected") as refused:
        GpuPoolSpec.model_validate({"name": "a", "accelerator": written, "max_nodes": 1})
    assert meant in str(refused.value)


@pytest.mark.parametrize("written", ["nvidia-l4:1", "l4", "NVIDIA L4: 1"])
def test_spellings_of_one_accelerator_are_one(written: str) -> None:
    assert GpuPoolSpec(name="a", accelerator=written, max_nodes=1).accelerator == ("L4:1",)
