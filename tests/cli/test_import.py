"""`mlplatform import`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Result

Command = Callable[..., Result]
SpecFile = Callable[..., Path]

TARGETS = {
    "aws": '{cloud: aws, account_id: "123456789012", region: us-east-1}',
    "gcp": '{cloud: gcp, project: acme-dev, project_number: "123456789012", region: us-central1}',
    "azure": "{cloud: azure, location: westus3, subscription_id: 00000000-1111-4222-8333-444444444444, "
    "tenant_id: 55555555-6666-4777-8888-999999999999}",
}
SPEC = (
    "name: acme\nenvironment: dev\nowner: ml\ncost_center: '1'\ntargets: [{}]\nregistry: {{repositories: [images]}}\n"
)
POOLS = """training: {pools: [{name: gpu, accelerator: "L4:1", max_nodes: 1}]}
cluster: {}
"""
VPC = "vpc-0123456789abcdef0"


@pytest.fixture
def small(spec_file: SpecFile) -> Callable[[str], str]:
    """A small spec of one cloud; the name of its file."""
    return lambda cloud: spec_file(SPEC.format(TARGETS[cloud])).name


def _resources(text: str) -> dict[str, dict[str, object]]:
    document = json.loads(text)
    assert set(document) <= {"resources", "nameTable"}
    return {each["name"]: each for each in document["resources"]}


def test_a_file_has_parents_providers_and_ids(command: Command, small: Callable[[str], str]) -> None:
    done = command(
        "import", small("aws"), "--id", "acme-store-data", "--id", f"acme-network-vpc={VPC}", "--format", "pulumi"
    )
    assert done.code == 0, done.err
    assert "2 of" in done.err
    found = _resources(done.out)
    assert found["acme-store-data"]["id"] == "acme-dev-data-123456789012-us-east-1-an"
    assert found["acme-network-vpc"]["id"] == VPC
    assert found["acme-network-vpc"]["provider"] == "acme-aws"
    assert found["acme-network"] == {
        "type": "mlplatform:index:Network",
        "name": "acme-network",
        "parent": "acme",
        "component": True,
    }
    assert found["acme-aws"]["type"] == "pulumi:providers:aws"
    # a parent stands before its children
    assert list(found).index("acme-network") < list(found).index("acme-network-vpc")


def test_what_depends_on_a_given_id_follows_from_it(command: Command, small: Callable[[str], str]) -> None:
    spec = small("aws")
    listed = yaml.safe_load(command("import", spec, "--format", "ids").out)
    association = next(name for name, id_ in listed.items() if id_ == "<id>/<id>")
    given = json.loads(command("import", spec, "--format", "json").out)
    assert {each["standing"] for each in given["resources"]} <= {"create", "same again"}
    table = next(name for name, id_ in listed.items() if id_.startswith("rtb-"))
    done = command("import", spec, "--id", association, "--id", f"{table}=rtb-0123456789abcdef0")
    assert done.code == 2
    assert "only the cloud knows it" in done.flat
    # whoever fills in the list leaves the lines of what follows as they are
    filled = {
        name: id_.replace("<id>", f"{number:017x}") if id_.endswith("-<id>") and id_.count("<id>") == 1 else id_
        for number, (name, id_) in enumerate(listed.items())
        if id_.startswith(("rtb-", "subnet-")) or name == association
    }
    Path("ids.yaml").write_text(yaml.safe_dump(filled), encoding="utf-8")
    done = command("import", spec, "--ids", "ids.yaml", "--format", "pulumi")
    assert done.code == 0, done.err
    id_ = str(_resources(done.out)[association]["id"])
    assert id_.startswith("subnet-0")
    assert "/rtb-0" in id_


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_names_are_enough_where_ids_follow_from_them(cloud: str, command: Command, small: Callable[[str], str]) -> None:
    spec = small(cloud)
    listed = yaml.safe_load(command("import", spec, "--format", "ids", "-o", "ids.yaml").out or "{}")
    assert listed == {}
    whole = yaml.safe_load(Path("ids.yaml").read_text(encoding="utf-8"))
    known = {name: id_ for name, id_ in whole.items() if "<id>" not in id_}
    assert len(known) > len(whole) / 2
    Path("ids.yaml").write_text(yaml.safe_dump(known), encoding="utf-8")
    done = command("import", spec, "--ids", "ids.yaml", "--format", "pulumi", "-o", "import.json")
    assert done.code == 0, done.err
    found = _resources(Path("import.json").read_text(encoding="utf-8"))
    assert {name for name, each in found.items() if "id" in each} == set(known)


def test_every_problem_is_told_at_once_and_nothing_is_written(command: Command, small: Callable[[str], str]) -> None:
    ids = {"acme-store-data": "other", "acme-network-vpc": "vpc-<id>", "acme-store-models": 7}
    spec = small("aws")
    Path("ids.yaml").write_text(yaml.safe_dump({key: str(id_) for key, id_ in ids.items()}), encoding="utf-8")
    wrong = (
        "acme-network",
        "acme-store-dat",
        "acme-network-nodes-1=sg-1",
        "acme-store-features",
        "acme-store-features",
    )
    options = [word for name in wrong for word in ("--id", name)]
    done = command("import", spec, "--ids", "ids.yaml", *options, "--format", "pulumi", "-o", "import.json")
    assert done.code == 2
    for message in (
        "ids.yaml: acme-store-data: got the id 'other', expected 'acme-dev-data-123456789012-us-east-1-an'",
        "acme-network-vpc: got 'vpc-<id>', expected the real text in place of '<id>'",
        "got a component (mlplatform:index:Network)",
        "got the name 'acme-store-dat', expected the logical name of a planned resource; nearest: acme-store-data",
        "acme-store-features: got it twice",
    ):
        assert message in done.flat
    assert not Path("import.json").exists()
    Path("ids.yaml").write_text(yaml.safe_dump(ids), encoding="utf-8")
    assert "acme-store-models got the number 7" in command("import", spec, "--ids", "ids.yaml").flat
    Path("ids.yaml").write_text("- a\n", encoding="utf-8")
    assert "got no mapping expected" in command("import", spec, "--ids", "ids.yaml").flat
    nothing = command("import", spec, "--format", "pulumi")
    assert (nothing.code, "nothing to take over" in nothing.flat) == (2, True)


LAYER = ("--layer", "cluster", "--target", "aws")


def test_the_cluster_is_imported_once_its_provider_is_there(
    command: Command, spec_file: SpecFile, tmp_path: Path
) -> None:
    spec = spec_file(SPEC.format(TARGETS["aws"]) + POOLS).name
    ids = command("import", spec, *LAYER, "--format", "ids").out
    Path("ids.yaml").write_text(ids, encoding="utf-8")
    told = command("import", spec, *LAYER, "--ids", "ids.yaml")
    assert "`pulumi import --stack dev-aws-cluster --file import.json" in told.flat
    assert "--live" not in command("import", spec, *LAYER).flat
    written = ("import", spec, *LAYER, "--ids", "ids.yaml", "--format", "pulumi")
    refused = command(*written, "-o", "import.json")
    layer = "urn:pulumi:dev-aws-cluster::mlplatform::mlplatform:index:ClusterLayer"
    urns = [f"{layer}::acme-layer", f"{layer}$pulumi:providers:kubernetes::acme-layer-provider"]
    assert (refused.code, Path("import.json").exists()) == (2, False)
    assert f"`pulumi up --stack dev-aws-cluster --target {urns[0]} --target '{urns[1]}'`" in refused.flat
    state = {"version": 3, "deployment": {"resources": [{"urn": each} for each in urns]}}
    Path("state.json").write_text(json.dumps(state), encoding="utf-8")
    done = command(*written, "--state", "state.json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["nameTable"] == {"acme-layer": urns[0], "acme-layer-provider": urns[1]}
    found = _resources(done.out)
    assert found["acme-layer-namespace-training"]["id"] == "training"
    assert found["acme-layer-release-kueue"]["id"] == "kueue-system/kueue"
    assert found["acme-layer-release-kueue"]["provider"] == "acme-layer-provider"
    # what charts make is theirs
    assert found.keys() == yaml.safe_load(ids).keys()
    live = command("import", spec, *LAYER, "--live")
    assert (live.code, "nobody else can say which cluster kubectl reaches" in live.flat) == (2, True)
    alone = command("import", spec, "--target", "aws", "--context", "acme")
    assert (alone.code, "--context: expected it with --layer cluster --live" in alone.flat) == (2, True)


KUBECTL = """#!/bin/sh
case "$*" in
  "config view --minify --context acme "*) printf https://10.0.0.1 ;;
  "config view "*) echo 'error: context "other" does not exist' >&2; exit 1 ;;
  *"get Namespace.v1. --output name") echo namespace/training ;;
  *"get secrets"*) echo 'Error from server (Forbidden): secrets is forbidden' >&2; exit 1 ;;
esac
"""


def test_a_cluster_says_what_is_there(
    command: Command, spec_file: SpecFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(KUBECTL, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    spec = spec_file(SPEC.format(TARGETS["aws"]) + POOLS).name
    asked = command("import", spec, *LAYER, "--live", "--context", "acme", "--format", "json")
    assert asked.code == 0, asked.err
    assert "asking acme, https://10.0.0.1" in asked.err
    found = {each["name"]: each for each in json.loads(asked.out)["resources"]}
    assert found["acme-layer-namespace-training"]["standing"] == "import"
    assert found["acme-layer-release-kueue"]["standing"] == "unknown"
    wrong = command("import", spec, *LAYER, "--live", "--context", "other")
    assert (wrong.code, 'context "other" does not exist' in wrong.flat) == (2, True)


def test_what_the_state_has_is_left_out(command: Command, small: Callable[[str], str]) -> None:
    spec = small("aws")
    urn = "urn:pulumi:dev-aws::mlplatform::mlplatform:index:Platform"
    managed = [
        f"{urn}::acme",
        f"{urn}$mlplatform:index:Network::acme-network",
        f"{urn}$mlplatform:index:Network$aws:ec2/vpc:Vpc::acme-network-vpc",
    ]
    state = {"version": 3, "deployment": {"resources": [{"urn": each} for each in managed]}}
    Path("state.json").write_text(json.dumps(state), encoding="utf-8")
    igw = "acme-network-internet=igw-0123456789abcdef0"
    done = command("import", spec, "--state", "state.json", "--id", igw, "--format", "pulumi")
    assert done.code == 0, done.err
    document = json.loads(done.out)
    assert document["nameTable"] == {"acme-network": managed[1]}
    assert [each["name"] for each in document["resources"]] == ["acme-aws", "acme-network-internet"]
    twice = command("import", spec, "--state", "state.json", "--id", f"acme-network-vpc={VPC}")
    assert "got a resource of the stack's state" in twice.flat
    Path("state.json").write_text("{}", encoding="utf-8")
    assert "without resources" in command("import", spec, "--state", "state.json").flat


def test_nobody_who_answers_is_no_answer(
    command: Command, small: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = command("import", small("aws"), "--live")
    assert (done.code, done.out) == (2, "")
    assert "--live: the account: nobody says" in done.flat
    assert "log in" in done.flat
