"""`mlplatform adopt` reads whole states of Terraform and OpenTofu."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Result
from tests.neighbours import states
from tests.neighbours.states import VNET, Thing

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.gcp.target import GcpTarget

Command = Callable[..., Result]
FORMS = {"state": states.state_file, "show": states.shown}


@pytest.fixture
def adopt(command: Command, tmp_path: Path) -> Callable[..., Result]:
    """Writes a document and adopts it."""

    def run(document: dict[str, object], cloud: str, *options: str) -> Result:
        (tmp_path / "state.json").write_text(json.dumps(document), encoding="utf-8")
        return command("adopt", "state.json", "--cloud", cloud, *options)

    return run


@pytest.mark.parametrize("form", FORMS)
def test_aws(form: str, adopt: Callable[..., Result]) -> None:
    done = adopt(FORMS[form](states.aws_platform()), "aws")
    assert done.code == 0, done.err
    part = yaml.safe_load(done.out)["target"]
    target = AwsTarget(account_id="123456789012", region="us-east-1", **part)
    assert target.network is not None
    assert target.network.vpc_id == f"vpc-{1:017x}"
    # neither the public ones, nor those of the database
    assert target.network.subnets == {"us-east-1a": f"subnet-{120:017x}", "us-east-1b": f"subnet-{121:017x}"}
    assert target.network.cidrs == ("10.1.0.0/16", "100.64.0.0/16")
    assert part["existing"]["cluster"]["node_role_arn"] == "arn:aws:iam::123456789012:role/nodes"
    assert list(part["existing"]["registry"]["repositories"]) == ["serving"]
    assert "# network.vpc_id from module.vpc.aws_vpc.this[0]" in done.out
    assert "aws_s3_bucket.data (acme-data): to use it, --map existing.buckets.<place>=aws_s3_bucket.data" in done.out
    assert "no field of a target refers to 1 aws_db_instance" in done.out
    assert "hunter2" not in done.flat


@pytest.mark.parametrize("form", FORMS)
def test_gcp(form: str, adopt: Callable[..., Result]) -> None:
    done = adopt(FORMS[form](states.gcp_platform()), "gcp")
    assert done.code == 0, done.err
    part = yaml.safe_load(done.out)["target"]
    target = GcpTarget(project="acme-net", project_number="123456789012", region="us-central1", **part)
    assert target.network is not None
    assert (target.network.network, target.network.subnet) == ("shared", "nodes")
    assert (target.network.pods_range, target.network.services_range) == ("gke-pods", "gke-svc")
    assert part["existing"]["cluster"]["zones"] == ["us-central1-a", "us-central1-b"]
    assert list(part["existing"]["registry"]["repositories"]) == ["serving"]


@pytest.mark.parametrize("form", FORMS)
def test_azure(form: str, adopt: Callable[..., Result]) -> None:
    done = adopt(FORMS[form](states.azure_platform()), "azure")
    assert done.code == 0, done.err
    part = yaml.safe_load(done.out)["target"]
    ids = {
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
    }
    target = AzureTarget(location="eastus", **ids, **part)
    assert target.network is not None
    assert target.network.node_subnet_ids == (f"{VNET}/subnets/nodes",)
    assert target.network.endpoint_subnet_id == f"{VNET}/subnets/pe"
    assert target.network.api_subnet_id == f"{VNET}/subnets/api"
    assert target.network.apps_subnet_id == f"{VNET}/subnets/apps"
    assert "privatelink.vaultcore.azure.net" in target.network.dns_zone_ids
    assert part["existing"]["cluster"]["group_name"] == "net"
    assert part["existing"]["registry"]["registry_id"].endswith("/acmeimages")
    assert "hunter2" not in done.flat


def test_azure_tells_subnets_by_what_they_are_delegated_to(adopt: Callable[..., Result]) -> None:
    done = adopt(states.state_file(states.azure_network()), "azure")
    assert done.code == 0, done.err
    network = yaml.safe_load(done.out)["target"]["network"]
    assert network["node_subnet_ids"] == [f"{VNET}/subnets/nodes"]
    assert network["endpoint_subnet_id"] == f"{VNET}/subnets/endpoints"
    assert network["apps_subnet_id"] == f"{VNET}/subnets/apps"


def test_a_network_that_is_not_whole_is_said_and_the_rest_is_used(adopt: Callable[..., Result]) -> None:
    things = [each for each in states.aws_platform() if ".aws_subnet." not in each.address]
    done = adopt(states.state_file(things), "aws")
    assert done.code == 0, done.err
    assert "# network: not used, the state has nothing for subnets" in done.out
    target = yaml.safe_load(done.out)["target"]
    assert "network" not in target
    assert list(target["existing"]["registry"]["repositories"]) == ["serving"]
    assert "no private subnets; write existing.cluster yourself" in done.out


def test_two_networks_are_told_apart_by_their_address(adopt: Callable[..., Result]) -> None:
    two = states.state_file([*states.aws_vpc(), *states.aws_vpc("other", 2)])
    refused = adopt(two, "aws")
    assert (refused.code, refused.out) == (2, "")
    assert "network.vpc_id: got 2: module.other.aws_vpc.this[0]" in refused.flat
    assert "choose one with --map network.vpc_id=ADDRESS" in refused.flat
    done = adopt(two, "aws", "--map", "network.vpc_id=module.other.aws_vpc.this[0]")
    assert done.code == 0, done.err
    network = yaml.safe_load(done.out)["target"]["network"]
    assert network["vpc_id"] == f"vpc-{2:017x}"
    assert set(network["subnets"].values()) == {f"subnet-{220:017x}", f"subnet-{221:017x}"}


def test_all_instances_of_a_resource_are_chosen_by_its_address(adopt: Callable[..., Result]) -> None:
    options = ("--map", "network.subnets=module.vpc.aws_subnet.database")
    done = adopt(states.state_file(states.aws_vpc()), "aws", *options)
    assert done.code == 0, done.err
    subnets = yaml.safe_load(done.out)["target"]["network"]["subnets"]
    assert subnets["us-east-1a"] == f"subnet-{130:017x}"
    bucket = ("--map", "existing.buckets.data=aws_s3_bucket.data")
    done = adopt(states.state_file(states.aws_platform()), "aws", *bucket)
    assert yaml.safe_load(done.out)["existing"]["buckets"] == {"data": "acme-data"}


def test_outputs_come_before_resources(adopt: Callable[..., Result]) -> None:
    state = states.state_file([*states.aws_vpc(), *states.aws_vpc("other", 2)], {"vpc_id": f"vpc-{2:017x}"})
    done = adopt(state, "aws")
    assert done.code == 0, done.err
    assert yaml.safe_load(done.out)["target"]["network"]["subnets"]["us-east-1a"] == f"subnet-{220:017x}"


def test_what_is_sensitive_is_refused(adopt: Callable[..., Result]) -> None:
    state = states.state_file(states.aws_platform())
    for name in ("aws_db_instance.main.password", "aws_db_instance.main.name"):
        done = adopt(state, "aws", "--map", f"existing.buckets.data={name}")
        assert done.code == 2
        assert "the sensitive attribute" in done.flat
        assert "hunter2" not in done.flat
    assert "no attribute 'size'" in adopt(state, "aws", "--map", "existing.buckets.data=aws_s3_bucket.data.size").flat
    assert "address of a resource" in adopt(state, "aws", "--map", "existing.buckets.data=aws_s3_bucket.nope").flat


NOTHING: list[tuple[dict[str, object], str]] = [
    (states.state_file([]) | {"resources": []}, "got an empty state"),
    ({"format_version": "1.2", "planned_values": {}}, "got a plan"),
    ({"format_version": "1.0", "terraform_version": "1.9.8"}, "got an empty state"),
    (states.state_file(states.gcp_platform()), "none of aws_*; name the cloud of the state in --cloud"),
    ({"version": 3, "terraform_version": "0.11", "modules": []}, "state of format 3"),
    ({"version": 3, "terraform_version": "0.11", "modules": []}, "run `terraform apply` with 0.12 or newer"),
    ({"version": 5, "terraform_version": "9.0"}, "write `terraform show -json` to a file"),
    (
        {"version": 3, "lineage": "l", "backend": {"type": "s3", "config": {"bucket": "b", "secret_key": "hunter2"}}},
        "got where a state is kept (s3)",
    ),
    (
        states.state_file([]) | {"resources": [{"mode": "data", "type": "aws_vpc", "name": "v", "instances": [{}]}]},
        "nothing but data sources",
    ),
    (
        states.state_file([Thing("aws_vpc.v", {"id": "vpc-0a1b2c3d", "cidr_block": "10.0.0.0/16"})]),
        "recognised; network: not used, the state has nothing for subnets",
    ),
    ({"serial": 1, "lineage": "l", "encrypted_data": "x", "encryption_version": "v0"}, "encrypted state"),
    (states.state_file([Thing("aws_sns_topic.a", {"id": "a"})]), "nothing of 1 resources and 0 outputs"),
]


@pytest.mark.parametrize(("document", "message"), NOTHING)
def test_no_state_to_adopt(document: dict[str, object], message: str, adopt: Callable[..., Result]) -> None:
    done = adopt(document, "aws")
    assert (done.code, done.out) == (2, "")
    assert message in done.flat
