"""A shared file system that the platform makes: its size, place, key and network, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import ValidationError

from mlplatform import ClusterSpec, GpuPoolSpec, NetworkSpec, PlatformSpec, SharedFileSystemSpec, discovery
from mlplatform.backends.azure.network.address_plan import divide_range
from mlplatform.backends.azure.network.files_range import files_range
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.components.file_system_sizes import capacity_taken
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.providers.check import check_resource
from mlplatform.spec.file_system import THROUGHPUTS
from mlplatform.spec.problem import Problem

from ..capabilities.field_cases import FILE_SYSTEMS
from ..conftest import CLOUDS
from ..risk.conftest import evidence, found
from .conftest import TARGETS, small_spec

TYPES = {
    "aws": "aws:fsx/lustreFileSystem:LustreFileSystem",
    "gcp": "gcp:lustre/instance:Instance",
    "azure": "azure-native:storagecache:AmlFilesystem",
}

Layered = Callable[[str], Plan]


def _spec(cloud: str, files: Mapping[str, object] | None = None, **changes: object) -> PlatformSpec:
    made = {"capacity_gib": 18_000, **(files or {})}
    return small_spec(cloud, **{"cluster": ClusterSpec.model_validate({"shared_file_system": made}), **changes})


def _problems(spec: PlatformSpec) -> list[Problem]:
    cloud = spec.targets[0].cloud
    found = discovery.backend(cloud).problems(spec.on(cloud))
    return [each for each in found if each.path.startswith("cluster.shared_file_system")]


def _file_system(plan: Plan, cloud: str) -> Step:
    (step,) = (each for each in plan.resources() if each.type == TYPES[cloud])
    return step


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_made_and_its_plan_says_what_it_lacks(cloud: str, layered: Layered) -> None:
    plan = layered(cloud)
    step = _file_system(plan, cloud)
    assert step.name == "acme-ml-file-system-lustre"
    assert "capability" in cast("Mapping[str, object]", step.inputs["labels" if cloud == "gcp" else "tags"])
    told = [note.text for note in plan.notes if note.path.startswith("cluster.shared_file_system")]
    assert any("no backups" in text for text in told)
    # GKE mounts none with a key of the platform, and the plan says so
    assert any("Google's key" in text for text in told) == (cloud == "gcp")


@pytest.mark.parametrize(
    ("cloud", "wanted", "throughput", "taken"),
    [
        ("aws", 1200, 125, 1200),
        ("aws", 1201, 1000, 2400),
        ("aws", 18_000, 500, 19_200),
        ("gcp", 9_000, 1000, 9_000),
        ("gcp", 18_001, 500, 36_000),
        ("gcp", 72_000, 125, 72_000),
        ("azure", 4096, 500, 4096),
        ("azure", 17_000, 250, 24_576),
    ],
)
def test_the_next_size_of_the_service_is_taken(cloud: str, wanted: int, throughput: int, taken: int) -> None:
    tiers = import_module(f"mlplatform.backends.{cloud}.training.file_system_sizes").TIERS
    spec = SharedFileSystemSpec.model_validate({"capacity_gib": wanted, "throughput": throughput})
    assert capacity_taken(spec, tiers) == taken
    assert not _problems(_spec(cloud, {"capacity_gib": wanted, "throughput": throughput}))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_it_becomes_is_what_the_service_takes(cloud: str, layered: Layered) -> None:
    """Every size of every tier passes the strict mocks, and a size between two steps does not."""
    tiers = import_module(f"mlplatform.backends.{cloud}.training.file_system_sizes").TIERS
    step = _file_system(layered(cloud), cloud)
    inputs: dict[str, object] = dict(step.inputs)
    field, unit = {"aws": ("storageCapacity", 1), "gcp": ("capacityGib", 1), "azure": ("storageCapacityTiB", 1024)}[
        cloud
    ]
    for throughput in (each for each in THROUGHPUTS if each in tiers):
        tier = tiers[throughput]
        match cloud:
            case "azure":
                inputs["sku"] = {"name": f"AMLFS-Durable-Premium-{throughput}"}
            case "gcp":
                inputs["perUnitStorageThroughput"] = str(throughput)
            case _:
                inputs["perUnitStorageThroughput"] = throughput
        for size, good in ((tier.least_gib, True), (tier.step_gib * 2, True), (tier.step_gib * 2 + unit, False)):
            given = str(size) if cloud == "gcp" else size // unit
            refused = [
                each for each in check_resource(TYPES[cloud], "it", {**inputs, field: given}) if each.path == field
            ]
            assert bool(refused) != good, (throughput, size, refused)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_it_is_where_the_pools_are(cloud: str) -> None:
    pools = (GpuPoolSpec(name="big", accelerator="A100:8", max_nodes=2, zones=(2,)),)
    training = small_spec(cloud).training
    assert training
    moved = _spec(cloud, training=training.overlay(pools=pools))
    items = {each.role: each.body for each in layer_items(layer_context(moved, cloud))}
    here = {each.role: each.body for each in layer_items(layer_context(_spec(cloud), cloud))}
    # in another zone it is another file system, and so is its volume: a claimed one cannot be changed
    name = "volume-training-shared"
    assert cast("Any", items[name]).metadata.name != cast("Any", here[name]).metadata.name
    asked = _spec(cloud, {"zone": 2})
    again = {each.role: each.body for each in layer_items(layer_context(asked, cloud))}
    assert cast("Any", again[name]).metadata.name == cast("Any", items[name]).metadata.name


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_layer_finds_it_by_the_output_of_the_cloud_stack(cloud: str) -> None:
    layer = layer_context(_spec(cloud), cloud)
    (item,) = (each for each in layer_items(layer) if each.role == "volume-training-shared")
    body = cast("dict[str, Any]", wire_object(cast("KubeObject", item.body)))
    wanted = {
        each.output.rpartition(".")[2]
        for each in body["spec"]["csi"]["volumeAttributes"].values()
        if not isinstance(each, str)
    }
    assert wanted == {"aws": {"dnsName", "mountName"}, "gcp": {"address"}, "azure": {"address"}}[cloud]
    (note,) = (each for each in layer_notes(layer, ()) if each.path == "cluster.shared_file_system")
    assert "its owner" not in note.text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_target_that_names_one_gets_none(cloud: str) -> None:
    named = {field: values[0] for field, values in FILE_SYSTEMS[cloud].items()}
    spec = _spec(cloud).overlay(targets=(TARGETS[cloud].overlay(shared_file_system=named),))
    assert not _problems(spec)
    (item,) = (each for each in layer_items(layer_context(spec, cloud)) if each.role == "volume-training-shared")
    text = str(wire_object(cast("KubeObject", item.body)))
    assert "fileSystem" not in text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_smaller_one_is_told_as_a_loss_or_a_refusal(cloud: str, layered: Layered) -> None:
    step = _file_system(layered(cloud), cloud)
    before = replace(step, inputs={**step.inputs, **_capacity(cloud, 54_000)})
    levels = {
        level for level, *_ in found([before], [replace(step, inputs={**step.inputs, **_capacity(cloud, 36_000)})])
    }
    assert levels & {"critical", "high"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_larger_one_is_an_update_where_the_service_raises_it(cloud: str, layered: Layered) -> None:
    step = _file_system(layered(cloud), cloud)
    after = replace(step, inputs={**step.inputs, **_capacity(cloud, 54_000)})
    (change,) = evidence([step], [after]).diff.changes
    assert change.kind == ("replace" if cloud == "azure" else "update")


def _capacity(cloud: str, gib: int) -> dict[str, object]:
    match cloud:
        case "aws":
            return {"storageCapacity": gib}
        case "gcp":
            return {"capacityGib": str(gib)}
        case _:
            return {"storageCapacityTiB": gib // 1024, "amlFilesystemName": f"acme-{gib}"}


def test_azure_moves_no_subnet_for_it(layered: Layered) -> None:
    with_one = layered("azure")
    plan = divide_range(IPv4Network("10.40.0.0/16"))
    before = {"nodes": plan.nodes[0], "endpoints": plan.endpoints, "api": plan.api, "apps": plan.apps}

    def ranges(plan: Plan) -> dict[str, object]:
        steps = (each for each in plan.resources() if each.type == "azure-native:network:Subnet")
        return {each.name: each.inputs["addressPrefix"] for each in steps}

    after = {name.removeprefix("acme-ml-network-subnet-"): each for name, each in ranges(with_one).items()}
    assert {name: str(each) for name, each in before.items()}.items() < after.items()
    added = IPv4Network(str(after["files"]))
    assert not any(added.overlaps(each) for each in (*before.values(), plan.runners))
    assert added.subnet_of(IPv4Network("10.40.0.0/16"))
    assert added.prefixlen <= 24


def test_azure_has_no_room_beside_three_zones_with_gateways_of_their_own() -> None:
    three = NetworkSpec(nat="per-zone", zones=3)
    (problem,) = _problems(_spec("azure", network=three))
    assert "three zones" in problem.expected
    assert problem.path.endswith(".cidr")
    spec = _spec("azure", {"cidr": "10.250.0.0/20"}, network=three)
    assert not _problems(spec)
    assert files_range(spec.on("azure")) == IPv4Network("10.250.0.0/20")


@pytest.mark.thorough
def test_a_range_of_its_own_is_one_more_of_the_network() -> None:
    plan = record(_spec("azure", {"cidr": "10.250.0.0/20"}, profile="prod"), "azure")
    (network,) = (each for each in plan.resources() if each.type == "azure-native:network:VirtualNetwork")
    assert network.inputs["addressSpace"] == {"addressPrefixes": ["10.40.0.0/16", "10.250.0.0/20"]}
    assert _file_system(plan, "azure").protect


@pytest.mark.thorough
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_it_is_protected_in_production(cloud: str) -> None:
    assert _file_system(record(_spec(cloud, profile="prod"), cloud), cloud).protect


def test_azure_has_a_vault_and_a_key_that_the_service_takes(layered: Layered) -> None:
    """https://learn.microsoft.com/azure/azure-managed-lustre/customer-managed-encryption-keys"""
    steps = {each.name: each for each in layered("azure").resources()}
    vault = cast("Mapping[str, Any]", steps["acme-ml-keys-vault-files"].inputs["properties"])
    assert vault["publicNetworkAccess"] == "enabled"
    assert vault["networkAcls"] == {"defaultAction": "Deny", "bypass": "AzureServices"}
    key = cast("Mapping[str, Any]", steps["acme-ml-keys-files"].inputs["properties"])
    assert (key["kty"], key["keySize"]) == ("RSA", 2048)


def test_its_servers_talk_with_the_nodes_and_nobody_else(layered: Layered) -> None:
    rules = [each for each in layered("aws").resources() if each.name.startswith("acme-ml-file-system-")]
    ports = {(each.inputs.get("fromPort"), each.inputs.get("toPort")) for each in rules if "Rule" in each.type}
    assert ports == {(988, 988), (1018, 1023)}
    assert not any("cidrIpv4" in each.inputs for each in rules)
    (rule,) = (each for each in layered("gcp").resources() if each.name == "acme-ml-network-lustre")
    (address,) = (each for each in layered("gcp").resources() if each.name == "acme-ml-network-services")
    assert rule.inputs["sourceRanges"] == [f"{address.inputs['address']}/{address.inputs['prefixLength']:.0f}"]
    (guard,) = (each for each in layered("azure").resources() if each.name == "acme-ml-network-guard-files")
    last = cast("list[dict[str, Any]]", guard.inputs["securityRules"])[-1]
    assert (last["access"], last["sourceAddressPrefix"], last["destinationPortRange"]) == ("Deny", "*", "*")


@pytest.mark.parametrize(
    ("cloud", "files", "changes", "field", "said"),
    [
        ("gcp", {"capacity_gib": 9_000}, {}, "capacity_gib", "18000"),
        ("gcp", {"capacity_gib": 36_000, "throughput": 125}, {}, "capacity_gib", "72000"),
        ("gcp", {"capacity_gib": 3_060_001}, {}, "capacity_gib", "at most 3060000"),
        ("azure", {"capacity_gib": 131_073}, {}, "capacity_gib", "at most 131072"),
        ("azure", {"capacity_gib": 9_000, "throughput": 125}, {}, "capacity_gib", "16384"),
        ("azure", {"throughput": 1000}, {}, "throughput", "500"),
        ("aws", {"cidr": "10.250.0.0/20"}, {}, "cidr", "private subnet"),
        ("gcp", {"cidr": "10.250.0.0/24"}, {}, "cidr", "/23"),
        ("gcp", {"cidr": "172.17.0.0/20"}, {}, "cidr", "container runtime"),
        ("gcp", {"cidr": "192.168.0.0/20"}, {}, "cidr", "fabric"),
        ("azure", {"cidr": "172.30.0.0/20"}, {}, "cidr", "AKS"),
        ("gcp", {"cidr": "10.40.192.0/20"}, {}, "cidr", "network.cidr"),
        ("azure", {"cidr": "10.40.64.0/20"}, {}, "cidr", "network.cidr"),
        ("gcp", {}, {"network": NetworkSpec(cidr=IPv4Network("10.40.0.0/22"))}, "cidr", "free quarter"),
        ("azure", {}, {"network": NetworkSpec(cidr=IPv4Network("10.40.0.0/22"))}, "cidr", "smaller than /24"),
        ("aws", {"zone": 3}, {"network": NetworkSpec(zones=2)}, "zone", "2 zones"),
        ("azure", {}, {"keys": {"protection": "hsm"}}, "", "2048"),
    ],
)
def test_what_a_service_cannot_do_is_refused(
    cloud: str, files: dict[str, object], changes: dict[str, object], field: str, said: str
) -> None:
    (problem,) = _problems(_spec(cloud, files, **changes))
    assert problem.path == ".".join(filter(None, ("cluster.shared_file_system", field)))
    assert said in problem.expected + problem.fix


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"capacity_gib": 1000}, "1200"),
        ({"throughput": 40}, "125"),
        ({"zone": 4}, "3"),
        ({"cidr": "8.8.0.0/20"}, "private"),
        ({"cidr": "10.0.0.0/28"}, "/24"),
    ],
)
def test_what_no_cloud_has_is_refused(files: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SharedFileSystemSpec.model_validate({"capacity_gib": 18_000, **files})


def test_a_spec_without_one_loads_no_model_of_it(root: Path) -> None:
    """To define a model costs as much as to validate a small spec."""
    code = (
        "import sys\nfrom mlplatform.cli import main\nsys.argv = ['mlplatform', 'validate', 'stacks/prod.py']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nprint('mlplatform.spec.file_system' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False"
