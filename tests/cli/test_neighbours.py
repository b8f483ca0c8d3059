"""`mlplatform export` and `mlplatform adopt`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Result

from mlplatform import discovery
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.adoption import Given, PicksAdopted

Command = Callable[..., Result]
SpecFile = Callable[..., Path]

AWS = {
    "vpc_id": "vpc-0123456789abcdef0",
    "azs": ["us-east-1a", "us-east-1b"],
    "private_subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "vpc_cidr_block": "10.0.0.0/16",
    "vpc_secondary_cidr_blocks": [],
    "data_bucket": "acme-data",
    "kms_key_arn": "arn:aws:kms:us-east-1:123456789012:key/00000000-1111-2222-3333-444444444444",
    "oidc_provider_arn": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/1",
}
GCP = {
    "network_name": "shared",
    "subnets_names": ["nodes", "other"],
    "ip_range_pods": "pods",
    "ip_range_services": "services",
    "host_project_id": "acme-net",
}
SUBSCRIPTION = "00000000-1111-4222-8333-444444444444"
VNET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
AZURE = {
    "vnet_id": VNET,
    "subnets": {"nodes": {"resource_id": f"{VNET}/subnets/nodes"}, "pe": {"resource_id": f"{VNET}/subnets/pe"}},
    "api_subnet_id": f"{VNET}/subnets/api",
}


@pytest.fixture
def state(tmp_path: Path) -> Callable[..., str]:
    """Writes a state file, or with `bare` the document of `terraform output -json`."""

    def write(values: dict[str, object], *, bare: bool = False, sensitive: tuple[str, ...] = ()) -> str:
        outputs = {
            name: {"value": value, "type": "string", **({"sensitive": True} if name in sensitive else {})}
            for name, value in values.items()
        }
        whole = {"version": 4, "terraform_version": "1.9.0", "lineage": "x", "outputs": outputs, "resources": []}
        (tmp_path / "state.json").write_text(json.dumps(outputs if bare else whole), encoding="utf-8")
        return "state.json"

    return write


@pytest.mark.parametrize("bare", [True, False])
def test_a_vpc_is_adopted(bare: bool, command: Command, state: Callable[..., str]) -> None:
    done = command("adopt", state(AWS, bare=bare), "--cloud", "aws")
    assert done.code == 0, done.err
    assert "network.vpc_id from vpc_id" in done.out.splitlines()[0]
    part = yaml.safe_load(done.out)
    target = AwsTarget(account_id="123456789012", region="us-east-1", **part["target"])
    assert target.network is not None
    assert target.network.subnets["us-east-1b"] == "subnet-0123456789abcdef1"
    assert target.oidc_provider_arn is None  # a cluster's provider is not CI's
    assert part["existing"]["buckets"] == {"data": "acme-data"}
    assert part["existing"]["keys"]["default"] == AWS["kms_key_arn"]


def test_a_shared_network_is_adopted(command: Command, state: Callable[..., str]) -> None:
    file = state(GCP)
    refused = command("adopt", file, "--cloud", "gcp")
    assert refused.code == 2
    assert "network.subnet: got list" in refused.flat
    done = command("adopt", file, "--cloud", "gcp", "--map", "network.subnet=subnets_names[0]", "--format", "json")
    assert done.code == 0, done.err
    target = GcpTarget(
        project="acme-ml-dev", project_number="123456789012", region="us-central1", **json.loads(done.out)["target"]
    )
    assert target.network is not None
    assert (target.network.subnet, target.network.project) == ("nodes", "acme-net")


def test_a_virtual_network_is_adopted(command: Command, state: Callable[..., str], tmp_path: Path) -> None:
    pairs = ["network.node_subnet_ids=subnets.nodes.resource_id", "network.endpoint_subnet_id=subnets.pe.resource_id"]
    arguments = [word for pair in pairs for word in ("--map", pair)]
    done = command("adopt", state(AZURE), "--cloud", "azure", *arguments, "-o", "part.yaml")
    assert done.code == 0, done.err
    part = yaml.safe_load((tmp_path / "part.yaml").read_text(encoding="utf-8"))["target"]
    ids = {
        "subscription_id": "00000000-1111-4222-8333-444444444444",
        "tenant_id": "55555555-6666-4777-8888-999999999999",
    }
    target = AzureTarget(location="eastus", **ids, **part)
    assert target.network is not None
    assert target.network.endpoint_subnet_id == f"{VNET}/subnets/pe"


def test_every_problem_is_reported_at_once(command: Command, state: Callable[..., str]) -> None:
    wrong = {**AWS, "vpc_id": "nope", "azs": ["us-east-1a"], "data_bucket": "No Bucket"}
    done = command("adopt", state(wrong), "--cloud", "aws", "--map", "network.speed=vpc_id")
    assert done.code == 2
    for message in ("network.vpc_id: got 'nope'", "1 zones for 2 subnets", "got 'No Bucket'", "field 'network.speed'"):
        assert message in done.flat
    assert done.out == ""


def test_sensitive_outputs_are_never_read(command: Command, state: Callable[..., str]) -> None:
    file = state({**AWS, "password": "hunter2"}, sensitive=("password", "data_bucket"))
    done = command("adopt", file, "--cloud", "aws")
    assert done.code == 0
    assert "acme-data" not in done.flat
    asked = command("adopt", file, "--cloud", "aws", "--map", "existing.buckets.models=password")
    assert asked.code == 2
    assert "sensitive output 'password'" in asked.flat
    nothing = command("adopt", state({"password": "hunter2"}, sensitive=("password",)), "--cloud", "aws")
    assert "sensitive and not read: password" in nothing.flat
    assert "hunter2" not in done.flat + asked.flat + nothing.flat


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("{", "not JSON"),
        ("[]", "got no mapping"),
        ('{"version": 3, "terraform_version": "0.11", "modules": []}', "state of format 3"),
        ('{"a": 1}', "without a `value`"),
        ("{}", "got no outputs"),
        ('{"encrypted_data": "x", "serial": 1}', "encrypted state"),
        ('{"a": {"value": 1}}', "none of the outputs a is recognised"),
    ],
)
def test_no_terraform(text: str, message: str, command: Command, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    done = command("adopt", "state.json", "--cloud", "aws")
    assert done.code == 2
    assert message in done.flat


def test_adopt_refuses_bad_options(command: Command, state: Callable[..., str]) -> None:
    file = state(AWS)
    assert "expected one of" in command("adopt", file, "--cloud", "oracle").flat
    assert "expected FIELD=OUTPUT" in command("adopt", file, "--cloud", "aws", "--map", "x").flat
    assert "cannot be read" in command("adopt", "nowhere", "--cloud", "aws").flat
    for path in ("azs[9]", "azs.x", "azs..", "nowhere", "vpc_id[0]"):
        done = command("adopt", file, "--cloud", "aws", "--map", f"network.vpc_id={path}")
        assert done.code == 2
        assert "network.vpc_id: got" in done.flat


def test_outputs_of_a_stack(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.dumps({"cloud": "aws", "token": "[secret]"})
    (tmp_path / "o.json").write_text(document, encoding="utf-8")
    done = command("export", "outputs", "o.json", "--format", "tfvars")
    assert (done.code, done.out) == (0, 'cloud = "aws"\n')
    assert "left out, because secret or not known yet: token" in done.err
    stdin = io.TextIOWrapper(io.BytesIO(document.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert command("export", "outputs", "-", "--format", "dotenv", "-o", "o.env").code == 0
    assert (tmp_path / "o.env").read_text(encoding="utf-8") == "CLOUD=aws\n"


def test_outputs_of_a_spec(command: Command, spec_file: SpecFile, valid: str) -> None:
    file = str(spec_file(valid))
    done = command("export", "outputs", file, "--target", "aws", "--format", "yaml")
    assert done.code == 0, done.err
    assert yaml.safe_load(done.out)["storeUris"]["data"].startswith("s3://acme-dev-data")
    assert "expected one of the spec's targets" in command("export", "outputs", file, "--target", "gcp").flat
    assert "name a spec's target with --target" in command("export", "outputs", "prod").flat


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_the_documentation_names_every_field_and_output(cloud: str, root: Path) -> None:
    asked: dict[str, tuple[str, ...]] = {}

    class Asking(Given):
        def _take(self, field: str, names: tuple[str, ...]) -> object:
            asked[field] = (*asked.get(field, ()), *names)
            return super()._take(field, names)

    discovery.backend(cloud).load(PicksAdopted)(Asking({}, {}))
    text = (root / "docs/neighbours.md").read_text(encoding="utf-8").replace("<place>", "data")
    known = {
        name for name in asked if not name.startswith("existing.") or name.endswith((".data", "default", "account"))
    }
    assert len(known) > 5
    for field in known:
        assert f"`{field}`" in text
        assert [name for name in asked[field] if f"`{name}`" not in text] == []


def test_provenance(command: Command, spec_file: SpecFile, valid: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(spec_file(valid).parent.parent))
    result = command("provenance", "spec.yaml", "--format", "id")
    assert result.code == 0
    assert result.out.startswith("sha256:")
    read = json.loads(command("provenance", "spec.yaml", "--format", "json").out)
    assert read == {"id": result.out.strip(), "commit": "", "branch": "", "dirty": False, "spec": result.out.strip()}
    assert command("provenance", "spec.yaml").out == f"spec {result.out[:19]}\n"
    assert command("provenance", "nowhere.yaml").code == 2
