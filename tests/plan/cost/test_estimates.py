"""Estimates worked out by hand, one resource at a time; prices are the test's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from mlplatform.plan.cost import DEFAULT, Estimate, Prices, Range, Usage, delta, estimate
from mlplatform.plan.cost.accepted import accept_missing, name_of, unaccepted_parts
from mlplatform.plan.cost.charge import Charge, Unit
from mlplatform.plan.cost.drivers import range_drivers
from mlplatform.plan.cost.notes import NotPriced, StandIn, TypeNote
from mlplatform.plan.cost.price_file import packaged_prices
from mlplatform.plan.cost.prices import Price
from mlplatform.plan.cost.rules import rules_of
from mlplatform.plan.model import UNKNOWN, Plan, Step
from mlplatform.views.cost.document import cost_document
from mlplatform.views.cost.subject import CostSubject
from mlplatform.views.style import Style

HOURS = 730
DAY = date(2026, 1, 1)


def _prices(cloud: str, region: str, usd: Mapping[str, tuple[float, Unit]], *, discount: float = 0) -> Prices:
    entries = {
        sku: {region: Price(price, unit, region, "https://vendor.example/pricing", DAY)}
        for sku, (price, unit) in usd.items()
    }
    return Prices(cloud, entries, spot_discount_percent=discount)


def _step(
    token: str, inputs: Mapping[str, object], *, name: str = "one", comes_from: Mapping[str, str] | None = None
) -> Step:
    parent = "urn:pulumi:s::p::mlplatform:index:Part::part"
    sources = {key: (urn,) for key, urn in (comes_from or {}).items()}
    return Step(
        "create", f"urn:pulumi:s::p::{token}::{name}", token, name, True, inputs, parent, property_dependencies=sources
    )


def _plan(cloud: str, region: str, *steps: Step) -> Plan:
    provider = Step("create", "urn:provider", f"pulumi:providers:{cloud}", "p", True, {"region": region})
    return Plan(cloud, "p", "s", (provider, *steps))


def _of(plan: Plan, prices: Prices, usage: Usage = DEFAULT) -> Estimate:
    return estimate(plan, usage, prices, today=DAY)


def _near(found: Range, low: float, expected: float, high: float) -> None:
    assert (found.low, found.expected, found.high) == pytest.approx((low, expected, high))


def _group(name: str = "nodes", **more: object) -> Step:
    inputs: dict[str, object] = {
        "instanceTypes": ["p5.48xlarge"],
        "capacityType": "ON_DEMAND",
        "labels": {"mlplatform.dev/pool": "pretrain"},
        "scalingConfig": {"minSize": 1, "maxSize": 5},
        **more,
    }
    return _step("aws:eks/nodeGroup:NodeGroup", inputs, name=name, comes_from={"launchTemplate": TEMPLATE.urn})


TEMPLATE = _step(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {"blockDeviceMappings": [{"ebs": {"volumeSize": 10}}, {"ebs": {"volumeSize": 100}}]},
    name="template",
)
BOUND = _step(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}},
    name="template",
)
AWS = _prices(
    "aws",
    "us-east-1",
    {"machine/p5.48xlarge": (50.0, "hour"), "spot/p5.48xlarge": (20.0, "hour"), "disk/gp3": (0.08, "gib-month")},
)


def test_a_node_group_costs_its_least_nodes_at_idle_and_its_most_at_most() -> None:
    """1 to 5 nodes, a quarter of the four between: 2 expected; 110 GiB each."""
    found = _of(_plan("aws", "us-east-1", _group(), TEMPLATE), AWS)
    _near(found.total, *(count * (HOURS * 50 + 110 * 0.08) for count in (1, 2, 5)))
    assert [(gpu.user, gpu.accelerator, gpu.way) for gpu in found.gpu] == [("pool pretrain", "H100:8", "on-demand")]
    _near(found.gpu[0].hours, *(8 * HOURS * count for count in (1, 2, 5)))
    assert found.gpu[0].monthly
    _near(found.gpu[0].monthly, *(HOURS * 50 * count for count in (1, 2, 5)))


def test_spot_has_its_own_price_and_a_usage_file_may_know_better() -> None:
    plan = _plan("aws", "us-east-1", _group(capacityType="SPOT", scalingConfig={"minSize": 0, "maxSize": 4}))
    _near(_of(plan, AWS).total, 0, HOURS * 20, 4 * HOURS * 20)
    usage = Usage.model_validate({"pools": {"pretrain": {"spot_discount_percent": 70, "utilisation": 0.5}}})
    found = _of(plan, AWS, usage)
    _near(found.total, 0, 2 * HOURS * 15, 4 * HOURS * 15)
    _near(found.gpu[0].hours, 0, 2 * 8 * HOURS, 4 * 8 * HOURS)


def test_spot_without_a_price_takes_what_the_vendor_promises_and_says_so() -> None:
    plan = _plan("aws", "us-east-1", _group(capacityType="SPOT", scalingConfig={"minSize": 2, "maxSize": 2}))
    known = _prices("aws", "us-east-1", {"machine/p5.48xlarge": (50.0, "hour")}, discount=60)
    found = _of(plan, known)
    _near(found.total, *(2 * HOURS * 20,) * 3)
    assert any("spot/p5.48xlarge" in warning and "60 %" in warning for warning in found.warnings)


def test_a_reservation_is_paid_while_idle() -> None:
    plan = _plan("aws", "us-east-1", _group(scalingConfig={"minSize": 0, "maxSize": 4}), BOUND)
    _near(_of(plan, AWS).total, *(4 * HOURS * 50,) * 3)
    usage = Usage.model_validate({"pools": {"pretrain": {"prepaid_nodes": 2}}})
    _near(_of(plan, AWS, usage).total, 2 * HOURS * 50, 2 * HOURS * 50, 4 * HOURS * 50)


def test_a_capacity_block_is_paid_in_advance_at_its_own_price() -> None:
    plan = _plan("aws", "us-east-1", _group(capacityType="CAPACITY_BLOCK", scalingConfig={"minSize": 0, "maxSize": 2}))
    missing = _of(plan, AWS)
    assert [entry.reason for entry in missing.unpriced] == ["no price for block/p5.48xlarge in us-east-1"]
    assert missing.gpu[0].monthly is None
    _near(missing.gpu[0].hours, *(2 * 8 * HOURS,) * 3)
    known = _prices("aws", "us-east-1", {"block/p5.48xlarge": (30.0, "hour")})
    _near(_of(plan, known).total, *(2 * HOURS * 30,) * 3)


def test_a_cloud_of_another_package_brings_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    prices = ModuleType("stratus_prices")
    vars(prices)["RULES"] = {
        "stratus:compute:Machine": lambda _step, _context: (Charge("box", "month", Range.exactly(2), "boxes"),)
    }
    monkeypatch.setitem(sys.modules, "stratus_prices", prices)
    point = EntryPoint("stratus", "stratus_prices:RULES", "mlplatform.cost")

    def points(*, group: str, name: str) -> tuple[EntryPoint, ...]:
        return (point,) if (group, name) == (point.group, point.name) else ()

    monkeypatch.setattr("mlplatform.plan.cost.rules.entry_points", points)
    rules_of.cache_clear()
    try:
        plan = _plan("stratus", "north", _step("stratus:compute:Machine", {}))
        assert _of(plan, _prices("stratus", "north", {"box": (7.0, "month")})).total == Range.exactly(14)
    finally:
        rules_of.cache_clear()


def test_an_interface_endpoint_is_paid_per_zone_and_a_gateway_endpoint_not() -> None:
    interface = {"vpcEndpointType": "Interface", "subnetIds": ["a", "b", "c"]}
    plan = _plan(
        "aws",
        "us-east-1",
        _step("aws:ec2/vpcEndpoint:VpcEndpoint", interface),
        _step("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"}, name="two"),
    )
    prices = _prices(
        "aws", "us-east-1", {"interface-endpoint": (0.01, "hour"), "interface-endpoint-data": (0.01, "gib")}
    )
    # defaults: 0, 300 and 3,000 GiB through all of them
    _near(_of(plan, prices).total, 3 * HOURS * 0.01, 3 * HOURS * 0.01 + 3, 3 * HOURS * 0.01 + 30)


def test_an_endpoint_that_sleeps_is_bounded_by_its_variant() -> None:
    variant = {"InstanceType": "ml.g6.xlarge", "VariantName": "main", "InitialInstanceCount": 1}
    state = {
        "ProductionVariants": [{**variant, "ManagedInstanceScaling": {"MinInstanceCount": 0, "MaxInstanceCount": 8}}]
    }
    step = _step(
        "aws:cloudcontrol/resource:Resource",
        {"typeName": "AWS::SageMaker::EndpointConfig", "desiredState": json.dumps(state)},
    )
    found = _of(_plan("aws", "us-east-1", step), _prices("aws", "us-east-1", {"serving/ml.g6.xlarge": (1.5, "hour")}))
    _near(found.total, 0, 2 * HOURS * 1.5, 8 * HOURS * 1.5)
    _near(found.gpu[0].hours, 0, 2 * HOURS, 8 * HOURS)


def test_a_text_that_is_not_known_yet_is_said_to_be_missing() -> None:
    step = _step("aws:cloudcontrol/resource:Resource", {"typeName": "AWS::SageMaker::EndpointConfig"})
    found = _of(_plan("aws", "us-east-1", step), AWS)
    assert not found.resources
    assert [(missing.count, missing.urns) for missing in found.unpriced] == [(1, (step.urn,))]


@pytest.mark.parametrize(
    "odd", [None, "many", "nan", "1e400", True, [], {}, UNKNOWN, {"4dabf18193072939515e22adb298388d": "x"}]
)
@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_inputs_that_are_not_what_they_should_be_break_nothing(cloud: str, odd: object) -> None:
    """A plan file may hold anything: every rule is given it in every input it reads."""
    names = [
        "nodeConfig",
        "instanceTypes",
        "scalingConfig",
        "autoscaling",
        "template",
        "properties",
        "agentPoolProfiles",
        "desiredState",
        "sku",
        "productionVariants",
        "metricQueries",
        "retentionInDays",
        "subnetIds",
        "vpcEndpointType",
        "criteria",
        "logConfig",
        "vmSize",
        "maxCount",
    ]
    inputs: dict[str, object] = dict.fromkeys(names, odd) | {"typeName": "AWS::SageMaker::EndpointConfig"}
    nested: dict[str, object] = {name: {name: [{name: odd}]} for name in names}
    steps = [_step(token, given, name=f"n{n}") for token in rules_of(cloud) for n, given in enumerate((inputs, nested))]
    total = _of(_plan(cloud, "north", *steps), packaged_prices(cloud)).total
    assert total.low <= total.expected <= total.high


def test_a_cloud_run_service_pays_cpu_memory_and_gpu_by_the_second() -> None:
    limits = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}
    template = {
        "containers": [{"resources": {"cpuIdle": False, "limits": limits}}],
        "scaling": {"minInstanceCount": 0, "maxInstanceCount": 4},
        "gpuZonalRedundancyDisabled": True,
        "nodeSelector": {"accelerator": "nvidia-l4"},
    }
    prices = _prices(
        "gcp",
        "us-central1",
        {"run/cpu": (0.00002, "second"), "run/memory": (0.000002, "second"), "run/gpu/nvidia-l4": (0.0002, "second")},
    )
    step = _step("gcp:cloudrunv2/service:Service", {"template": template, "location": "us-central1"})
    found = _of(_plan("gcp", "us-central1", step), prices)
    a_month = HOURS * 3600 * (4 * 0.00002 + 16 * 0.000002 + 0.0002)
    _near(found.total, 0, a_month, 4 * a_month)
    _near(found.gpu[0].hours, 0, HOURS, 4 * HOURS)


def test_an_endpoint_of_vertex_ai_pays_the_machines_that_its_workflow_deploys() -> None:
    wanted = {"machineSpec": {"machineType": "a3-highgpu-8g"}, "minReplicaCount": 1, "maxReplicaCount": 3}
    prices = _prices("gcp", "us-central1", {"vertex/a3-highgpu-8g": (101.0, "hour")})
    endpoint = _step("gcp:vertex/aiEndpoint:AiEndpoint", {"location": "us-central1"})
    waiting = _step("gcp:workflows/workflow:Workflow", {"userEnvVars": {"VARIANTS": "[]"}, "region": "us-central1"})
    variables = {"VARIANT_main": json.dumps(wanted), "VARIANT_other": json.dumps(wanted)}
    flow = replace(waiting, inputs={"userEnvVars": variables})
    found = _of(_plan("gcp", "us-central1", endpoint, flow), prices)
    assert (found.total.low, found.total.high) == pytest.approx((2 * 101 * HOURS, 6 * 101 * HOURS))
    assert sum(gpu.hours.low for gpu in found.gpu) == pytest.approx(2 * 8 * HOURS)
    assert _of(_plan("gcp", "us-central1", endpoint, waiting), prices).total.high == 0
    unknown = replace(flow, inputs={"userEnvVars": {"VARIANT_main": UNKNOWN}})
    missing = [part.reason for part in _of(_plan("gcp", "us-central1", endpoint, unknown), prices).missing]
    assert any("unknown before creation" in reason for reason in missing)


def test_a_gke_pool_whose_type_carries_different_accelerators_takes_the_right_price() -> None:
    config = {"machineType": "n1-standard-8", "spot": True, "diskType": "pd-balanced", "diskSizeGb": 200}
    step = _step(
        "gcp:container/nodePool:NodePool",
        {
            "nodeConfig": {**config, "guestAccelerators": [{"type": "nvidia-tesla-t4", "count": 1}]},
            "autoscaling": {"totalMinNodeCount": 0, "totalMaxNodeCount": 8},
        },
    )
    prices = _prices(
        "gcp",
        "us-central1",
        {
            "machine/n1-standard-8+T4:1": (0.7, "hour"),
            "machine/n1-standard-8+V100:1": (2.8, "hour"),
            "disk/pd-balanced": (0.1, "gib-month"),
        },
        discount=60,
    )
    found = _of(_plan("gcp", "us-central1", step), prices)
    node = HOURS * 0.7 * 0.4 + 200 * 0.1
    _near(found.total, 0, 2 * node, 8 * node)


def test_an_aks_cluster_pays_its_tier_its_system_pools_and_their_disks() -> None:
    profile = {
        "vmSize": "Standard_D4ds_v5",
        "enableAutoScaling": True,
        "minCount": 1,
        "maxCount": 5,
        "osDiskSizeGB": 100,
    }
    step = _step(
        "azure-native:containerservice:ManagedCluster",
        {"location": "eastus", "sku": {"tier": "Standard"}, "agentPoolProfiles": [profile, profile]},
    )
    prices = _prices(
        "azure",
        "eastus",
        {"cluster/Standard": (0.1, "hour"), "machine/Standard_D4ds_v5": (0.2, "hour"), "disk/P10": (20.0, "month")},
    )
    found = _of(_plan("azure", "eastus", step), prices)
    _near(found.total, *(HOURS * 0.1 + 2 * count * (HOURS * 0.2 + 20) for count in (1, 2, 5)))


def test_a_workspace_pays_for_its_managed_network_and_for_the_search_instance_of_its_key() -> None:
    rules = {
        "store": {"type": "PrivateEndpoint"},
        "secrets": {"type": "PrivateEndpoint"},
        "hub": {"type": "FQDN"},
        "tag": {"type": "ServiceTag"},
    }
    network = {"isolationMode": "AllowOnlyApprovedOutbound", "firewallSku": "Basic", "outboundRules": rules}
    inputs = {
        "location": "eastus",
        "managedNetwork": network,
        "encryption": {"status": "Enabled"},
        "enableServiceSideCMKEncryption": True,
    }
    prices = _prices(
        "azure",
        "eastus",
        {"private-endpoint": (0.01, "hour"), "firewall/Basic": (0.4, "hour"), "key-search": (0.1, "hour")},
    )
    token = "azure-native:machinelearningservices:Workspace"
    found = _of(_plan("azure", "eastus", _step(token, inputs)), prices)
    _near(found.total, *(HOURS * (6 * 0.01 + 0.4 + 0.1),) * 3)
    open_network = {"managedNetwork": {"isolationMode": "Disabled"}, "encryption": {"status": "Disabled"}}
    assert _of(_plan("azure", "eastus", _step(token, open_network)), prices).total == Range.exactly(0)


@pytest.mark.parametrize(
    ("cloud", "token", "version", "chosen", "standard"),
    [
        (
            "aws",
            "aws:eks/cluster:Cluster",
            "version",
            {"upgradePolicy": {"supportType": "EXTENDED"}},
            {"upgradePolicy": {"supportType": "STANDARD"}},
        ),
        (
            "gcp",
            "gcp:container/cluster:Cluster",
            "minMasterVersion",
            {"releaseChannel": {"channel": "EXTENDED"}},
            {"releaseChannel": {"channel": "REGULAR"}},
        ),
    ],
)
def test_a_version_in_extended_support_costs_more(
    cloud: str, token: str, version: str, chosen: Mapping[str, object], standard: Mapping[str, object]
) -> None:
    prices = packaged_prices(cloud)

    def control_plane(number: str, support: Mapping[str, object]) -> float:
        step = _step(token, {version: number, **support})
        return estimate(_plan(cloud, "us-east-1", step), prices=prices, today=date(2026, 11, 29)).total.low

    assert control_plane("1.33", chosen) == pytest.approx(0.6 * HOURS)
    assert control_plane("1.35", chosen) == pytest.approx(0.1 * HOURS)
    assert control_plane("1.33", standard) == pytest.approx(0.1 * HOURS)


def test_a_price_that_its_file_calls_an_estimate_is_marked() -> None:
    price = Price(0.1, "hour", "us-east-1", "https://vendor.example/pricing", DAY, rough="nobody says which tier")
    found = _of(
        _plan("aws", "us-east-1", _step("aws:eks/cluster:Cluster", {})), Prices("aws", {"cluster": {"*": price}})
    )
    assert (found.certainty, found.resources[0].lines[0].estimate) == ("estimated", "nobody says which tier")
    assert found.warnings[0] == "estimate: cluster: nobody says which tier"


def test_deployments_inside_a_template_are_bounded_by_their_autoscale_settings() -> None:
    token = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
    resources = [
        {
            "type": token,
            "name": "ws/scorer/main-1",
            "properties": {"instanceType": "Standard_F4s_v2"},
            "sku": {"capacity": 2},
        },
        {
            "type": token,
            "name": "ws/scorer/other",
            "properties": {"instanceType": "Standard_F4s_v2"},
            "sku": {"capacity": 1},
        },
    ]
    template = _step("azure-native:resources:Deployment", {"properties": {"template": {"resources": resources}}})
    setting = _step(
        "azure-native:monitor:AutoscaleSetting",
        {
            "autoscaleSettingName": "scorer-main-1",
            "profiles": [{"capacity": {"minimum": "2", "maximum": "10"}}],
        },
        name="scale",
    )
    prices = _prices("azure", "eastus", {"machine/Standard_F4s_v2": (0.2, "hour")})
    found = _of(_plan("azure", "eastus", template, setting), prices)
    _near(found.total, *(count * HOURS * 0.2 for count in (3, 5, 11)))


def _in_regions(sku: str, usd: Mapping[str, float], day: date = DAY) -> Prices:
    entry = {
        region: Price(price, "hour", region, "https://vendor.example/pricing", day) for region, price in usd.items()
    }
    return Prices("aws", {sku: entry})


def test_the_nearest_region_of_the_continent_stands_in_for_a_missing_price_and_is_marked() -> None:
    plan = _plan("aws", "eu-west-3", _step("aws:eks/cluster:Cluster", {}))
    prices = _in_regions("cluster", {"us-east-1": 0.2, "eu-central-1": 0.3, "eu-west-2": 0.1})
    found = _of(plan, prices)
    _near(found.total, *(73.0,) * 3)
    line = found.resources[0].lines[0]
    assert (line.region, line.marks, found.certainty) == ("eu-west-2", {"estimate"}, "estimated")
    assert line.estimate == "the price of eu-west-2: the nearest region of the same continent with a price"
    assert found.warnings == (
        "estimate: 1 price of eu-west-2 stands in for eu-west-3's (the nearest region of the same continent with a "
        "price): cluster",
    )
    chosen = _of(plan, prices, Usage.model_validate({"price_region": {"eu-west-3": "us-east-1"}}))
    assert chosen.resources[0].lines[0].estimate == "the price of us-east-1: chosen in the usage file"
    exact = _of(plan, replace(prices, exact=True))
    assert exact.total == Range.exactly(0)
    assert exact.certainty == "unknown"
    assert exact.unpriced[0].reason == "no price for cluster in eu-west-3; the nearest region with one is eu-west-2"
    said = "1 price is missing for eu-west-3, and left out of the total"
    assert any(said in text and "{eu-west-3: eu-west-2}" in text for text in exact.warnings)


@pytest.mark.parametrize(
    ("sku", "region", "priced", "nearest"),
    [
        ("cluster", "me-south-1", "eu-west-1", "eu-west-1"),  # small things: any region of the partition
        ("machine/p5.48xlarge", "me-south-1", "eu-west-1", ""),  # hardware: the same continent
        ("machine/p5.48xlarge", "eu-north-1", "eu-west-1", "eu-west-1"),
        ("cluster", "us-gov-west-1", "us-west-2", ""),  # another partition has other prices
        ("cluster", "us-gov-west-1", "us-gov-east-1", "us-gov-east-1"),
        ("cluster", "us-west-2", "us-gov-west-1", ""),
        ("cluster", "xx-new-1", "us-west-2", ""),  # nobody knows where it is
        ("cluster", "", "us-west-2", ""),
    ],
)
def test_what_may_stand_in(sku: str, region: str, priced: str, nearest: str) -> None:
    found = _in_regions(sku, {priced: 1.0}).find(sku, region)
    assert (found.region if found else "") == nearest


def test_a_price_older_than_a_year_is_marked_and_named() -> None:
    plan = _plan("aws", "us-east-1", _step("aws:eks/cluster:Cluster", {}))
    prices = _in_regions("cluster", {"us-east-1": 0.1}, date(2024, 6, 1))
    found = estimate(plan, prices=prices, today=date(2025, 6, 2))
    assert (found.resources[0].lines[0].old, found.certainty) == (True, "estimated")
    assert "1 of 1 prices are older than a year (as of 2024-06): cluster" in found.warnings[0]
    assert "73\N{DEGREE SIGN}" in cost_document(CostSubject("plan", (found,)), "text", Style())
    younger = estimate(plan, prices=prices, today=date(2025, 6, 1))
    assert (younger.resources[0].lines[0].old, younger.certainty) == (False, "known")


def test_a_change_between_a_priced_and_an_unpriced_side_is_unknown() -> None:
    """Eight machines lose their price: neither the loss nor the rest is a saving."""
    before, after = (_plan("aws", region, _group(), TEMPLATE) for region in ("us-east-1", "xx-new-1"))
    change = delta(_of(before, AWS), _of(after, AWS))
    assert change.total.difference is None
    assert change.total.certainty == "unknown"
    assert any("machine/p5.48xlarge" in reason for reason in change.total.unknown)
    assert all(part.difference is None for part in change.by_component.values())
    _near(change.gpu_hours.difference or Range(1, 1, 1), 0, 0, 0)
    back = delta(_of(after, AWS), _of(before, AWS))
    assert back.total.difference is None
    subject = CostSubject("plan", (change.after,), (change,), "base", {"s": 1e9})
    assert "A price is missing on one side, so the difference is unknown:" in cost_document(subject, "text", Style())
    assert "**Unknown difference from `base`**" in cost_document(subject, "markdown", Style())


def test_only_what_is_accepted_by_name_is_left_out_of_a_judgement() -> None:
    estimated = _of(_plan("aws", "xx-new-1", _group(), TEMPLATE), AWS)
    for patterns, left in (
        ((), {"disk/gp3", "machine/p5.48xlarge", TEMPLATE.type}),
        (("machine/*", "spot/*"), {"disk/gp3", TEMPLATE.type}),
        (("machine/p5.48xlarge", "disk/gp3", "aws:ec2/launchTemplate:*"), set[str]()),
    ):
        accepted = accept_missing(estimated, patterns)
        assert {name_of(part) for part in unaccepted_parts(accepted)} == left
        assert "spot/*" not in accepted.accepted


def test_what_has_no_price_before_and_after_changes_nothing_while_its_amount_stays() -> None:
    cluster = _step("aws:eks/cluster:Cluster", {})
    none = _prices("aws", "us-east-1", {"cluster": (0.1, "hour")})
    before, after = _plan("aws", "us-east-1", _group()), _plan("aws", "us-east-1", _group(), cluster)
    change = delta(_of(before, none), _of(after, none))
    _near(change.total.difference or Range(0, 0, 0), *(73.0,) * 3)
    assert change.by_component.keys() == {"part"} or len(change.by_component) == 1
    more = _plan("aws", "us-east-1", _group(scalingConfig={"minSize": 1, "maxSize": 9}))
    assert delta(_of(before, none), _of(more, none)).total.difference is None


def test_a_type_without_a_rule_is_unknown_only_where_it_changes() -> None:
    one, other = (_plan("aws", "us-east-1", _step("aws:new/thing:Thing", {"size": size})) for size in (1, 2))
    assert delta(_of(one, AWS), _of(one, AWS)).total.difference == Range.exactly(0)
    assert delta(_of(one, AWS), _of(other, AWS)).total.unknown == ("no cost rule for this type",)


def test_old_prices_are_warned_of() -> None:
    plan = _plan("aws", "us-east-1", _step("aws:eks/cluster:Cluster", {}))
    prices = _prices("aws", "us-east-1", {"cluster": (0.1, "hour")})
    assert estimate(plan, prices=prices, today=date(2026, 4, 1)).warnings == ()
    warning = estimate(plan, prices=prices, today=date(2026, 4, 2)).warnings[0]
    assert "2026-01-01" in warning
    assert "cost refresh --cloud aws" in warning


def test_a_price_of_another_unit_is_not_taken() -> None:
    plan = _plan("aws", "us-east-1", _step("aws:eks/cluster:Cluster", {}))
    found = _of(plan, _prices("aws", "us-east-1", {"cluster": (73.0, "month")}))
    assert not found.resources
    assert "per month, expected per hour" in found.unpriced[0].reason


def test_what_no_rule_knows_is_listed_and_never_free() -> None:
    found = _of(_plan("aws", "us-east-1", _step("aws:new/thing:Thing", {})), AWS)
    assert [(missing.type, missing.reason) for missing in found.unpriced] == [
        ("aws:new/thing:Thing", "no cost rule for this type")
    ]
    elsewhere = estimate(_plan("stratus", "north", _step("stratus:compute:Machine", {})), today=DAY)
    assert elsewhere.unpriced[0].count == 1


def test_a_change_costs_what_differs() -> None:
    before = _plan("aws", "us-east-1", _group(scalingConfig={"minSize": 0, "maxSize": 4}))
    after = _plan("aws", "us-east-1", _group(scalingConfig={"minSize": 0, "maxSize": 8}), _group("other"))
    change = delta(_of(before, AWS), _of(after, AWS))
    assert change.total.difference
    _near(change.total.difference, *(HOURS * 50 * count for count in (1, 3, 9)))
    assert sorted(change.resources) == sorted(step.urn for step in after.steps[1:])
    assert change.gpu_hours.difference
    _near(change.gpu_hours.difference, *(8 * HOURS * count for count in (1, 3, 9)))
    assert not delta(_of(before, AWS), _of(before, AWS)).resources


def test_managed_grafana_pays_its_unit_and_who_logs_in() -> None:
    usd: dict[str, tuple[float, Unit]] = {"grafana": (0.1, "hour"), "grafana+zones": (0.2, "hour")}
    prices = _prices("azure-native", "eastus", {**usd, "grafana-user": (6.0, "month")})
    usage = Usage.model_validate({"observability": {"grafana_editors": 2, "grafana_viewers": 3}})
    for zones, hourly in (("Disabled", 0.1), ("Enabled", 0.2)):
        inputs = {"location": "eastus", "properties": {"zoneRedundancy": zones}}
        step = _step("azure-native:dashboard:Grafana", inputs)
        _near(_of(_plan("azure", "eastus", step), prices, usage).total, *(hourly * HOURS + 5 * 6.0,) * 3)


def test_another_regions_price_stands_in_where_the_price_file_says_so_and_the_estimate_says_it_too() -> None:
    plan = _plan("aws", "eu-west-3", _group(capacityType="SPOT"), TEMPLATE)
    prices = replace(
        _prices("aws", "eu-west-1", {"machine/p5.48xlarge": (10.0, "hour")}),
        stand_ins=(StandIn(("machine/*",), "eu-west-3", "eu-west-1", "they cost the same"),),
    )
    found = _of(plan, prices)
    line = found.resources[0].lines[0]
    assert (line.price, line.region) == (10.0, "eu-west-1")
    assert found.warnings == (
        "estimate: no spot price for spot/p5.48xlarge; the on-demand price stands in as an upper bound",
        "estimate: 1 price of eu-west-1 stands in for eu-west-3's (they cost the same): spot/p5.48xlarge",
    )
    assert prices.find("machine/p5.48xlarge", "us-east-1") is None
    assert prices.find("cluster", "eu-west-3") is None


def test_what_is_not_priced_for_a_reason_is_missing_with_that_reason() -> None:
    told = NotPriced(("machine/p5*",), "sold by contract", ("us-east-1",))
    found = _of(_plan("aws", "us-east-1", _group(), TEMPLATE), Prices("aws", not_priced=(told,)))
    assert "no price for machine/p5.48xlarge in us-east-1: sold by contract" in {gap.reason for gap in found.unpriced}
    elsewhere = _of(_plan("aws", "us-east-2", _group(), TEMPLATE), Prices("aws", not_priced=(told,)))
    assert "no price for machine/p5.48xlarge in us-east-2" in {gap.reason for gap in elsewhere.unpriced}


def test_what_is_free_until_a_day_is_missing_from_that_day_on() -> None:
    plan = _plan("gcp", "us-central1", _step("gcp:monitoring/alertPolicy:AlertPolicy", {}))
    free = TypeNote(("gcp:monitoring/alertPolicy:*",), "free for now", "https://vendor.example", date(2027, 9, 1))
    prices = Prices("gcp", free=(free,))
    before, after = (estimate(plan, DEFAULT, prices, today=date(2027, month, 1)) for month in (8, 9))
    assert before.free == {"gcp:monitoring/alertPolicy:AlertPolicy": 1}
    assert not before.unpriced
    assert after.unpriced[0].reason == "free until 2027-09-01; its price since then is not in the price file"


def test_what_makes_the_range_is_named_with_its_bounds() -> None:
    plan = _plan("aws", "us-east-1", _group(), TEMPLATE, _step("aws:eks/cluster:Cluster", {}))
    prices = _prices("aws", "us-east-1", {"machine/p5.48xlarge": (55.04, "hour"), "cluster": (0.1, "hour")})
    found = _of(plan, prices)
    (driver,) = range_drivers(found)
    assert (driver.what, driver.unit, driver.price) == ("p5.48xlarge, on-demand", "hour", 55.04)
    _near(driver.count, 1, 2, 5)
    assert driver.share == pytest.approx(1)
    text = cost_document(CostSubject("plan", (found,)), "text", Style())
    assert "100%" in text
    assert "1 to 5 x p5.48xlarge, on-demand, at 55.04 USD per hour" in text
    certain = _plan("aws", "us-east-1", _step("aws:eks/cluster:Cluster", {}))
    assert range_drivers(_of(certain, prices)) == ()
    assert "range" not in cost_document(CostSubject("plan", (_of(certain, prices),)), "text", Style())


@pytest.mark.parametrize(
    ("cloud", "token", "inputs"),
    [
        (
            "aws",
            "aws:fsx/lustreFileSystem:LustreFileSystem",
            {"storageCapacity": 2400, "perUnitStorageThroughput": 250},
        ),
        (
            "gcp",
            "gcp:lustre/instance:Instance",
            # a location is a zone, and prices are those of its region
            {"location": "us-east1-b", "capacityGib": "2400", "perUnitStorageThroughput": "250"},
        ),
        (
            "azure",
            "azure-native:storagecache:AmlFilesystem",
            {"storageCapacityTiB": 2400 / 1024, "sku": {"name": "AMLFS-Durable-Premium-250"}},
        ),
    ],
)
def test_a_file_system_costs_its_capacity_by_its_throughput(cloud: str, token: str, inputs: dict[str, object]) -> None:
    region = "us-east1" if cloud == "gcp" else "us-east-1"
    prices = _prices(cloud, region, {"file-system/250": (0.2, "gib-month"), "file-system/500": (9, "gib-month")})
    _near(_of(_plan(cloud, region, _step(token, inputs)), prices).total, 480, 480, 480)
