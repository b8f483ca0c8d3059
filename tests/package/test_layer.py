"""What is inside of a cluster, and its teams: components of the package in stacks of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml

from .conftest import refusals

TARGET = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}
MEMBER = "arn:aws:iam::123456789012:role/sso-fraud"
CONTEXT = {
    "name": "acme",
    "owner": "data-team",
    "costCenter": "4711",
    "target": {**TARGET, "members": {"fraud": [MEMBER]}},
    "cluster": {"engines": ["trainer"], "teams": [{"name": "fraud", "quota": {"l4": 4}, "maxJobs": 50}]},
}
TRAINING = {"pools": [{"name": "l4", "accelerator": ["L4:1"], "maxNodes": 4}]}
SPEC = {
    "name": "acme",
    "owner": "data-team",
    "cost_center": "4711",
    "targets": [TARGET],
    "training": {"pools": [{"name": "l4", "accelerator": "L4:1", "max_nodes": 4}]},
}


TOLD = {
    "server": "https://ABC.gr7.us-east-1.eks.amazonaws.com",
    "authority": "TFMwdA==",
    "id": "acme-dev-cluster",
    "volumesKey": "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555",
    "fabric": {},
    "identities": {
        "training": "arn:aws:iam::123456789012:role/acme-dev-training",
        "team-fraud": "arn:aws:iam::123456789012:role/acme-dev-team-fraud",
        "team-vision": "arn:aws:iam::123456789012:role/acme-dev-team-vision",
    },
}
"""The output of the cluster's stack, as the component `Cluster` gives it."""


def _program(root: Path, folder: str) -> dict[str, Any]:
    return yaml.safe_load((root / "examples" / "yaml_layer" / folder / "Pulumi.yaml").read_text(encoding="utf-8"))


def test_the_yaml_example_makes_a_layer_and_its_teams(construct: Any, root: Path) -> None:
    cluster, inside = (_program(root, folder) for folder in ("cluster", "inside"))
    variables = inside["variables"]
    given = cluster["resources"]["cluster"]["properties"]
    assert {"context": given["context"], "training": {"pools": given["pools"]}} == variables
    layer, teams = (inside["resources"][name]["properties"] for name in ("layer", "teams"))
    outputs = {layer["cloudStack"]: {"layer": TOLD}}
    made = construct("ClusterLayer", {**layer, **variables}, references=outputs)
    assert made.refused == []
    assert {"acme-layer-release-kueue", "acme-layer-release-jobset"} <= set(made.names("Release"))
    assert made.names("Namespace")
    assert not [name for name in made.names("Namespace") if "team" in name]
    assert any("Kueue keeps a queue" in note for note in made.state["notes"])

    made = construct("Teams", {**teams, **variables}, references=outputs)
    assert made.refused == []
    assert made.state["namespaces"] == {"fraud": "team-fraud", "vision": "team-vision"}
    assert made.names("Namespace") == ["acme-teams-namespace-team-fraud", "acme-teams-namespace-team-vision"]
    assert made.names("Release") == []
    (account,) = [each for each in made.of("kubernetes:core/v1:ServiceAccount") if "fraud" in str(each["metadata"])]
    assert account["metadata"]["name"] == "training"
    (provider,) = made.of("pulumi:providers:kubernetes")
    assert str(TOLD["server"]) in str(provider["kubeconfig"])


@pytest.mark.parametrize(
    ("component", "inputs", "paths"),
    [
        ("ClusterLayer", {"spec": SPEC}, {"cloudStack"}),
        ("ClusterLayer", {"spec": SPEC, "cloudStack": "dev"}, {"spec.cluster"}),
        (
            "ClusterLayer",
            {"context": CONTEXT, "cloudStack": "dev"},
            {"context.cluster.teams[0].quota.l4"},
        ),
        ("ClusterLayer", {"context": CONTEXT, "training": TRAINING, "spec": SPEC, "cloudStack": "dev"}, {"context"}),
        ("ClusterLayer", {"spec": SPEC, "training": TRAINING, "cloudStack": "dev"}, {"context"}),
        ("ClusterLayer", {"cloudStack": "dev"}, {"spec"}),
        (
            "ClusterLayer",
            {
                "context": {**CONTEXT, "cluster": {"teams": [{"name": "fraud", "quota": {"l4": 5}}]}},
                "training": TRAINING,
                "cloudStack": "dev",
            },
            {"context.cluster.teams[0].quota.l4"},
        ),
        (
            "ClusterLayer",
            {
                "context": {**CONTEXT, "existing": {"aws": {"keys": {"default": "k"}}}},
                "training": TRAINING,
                "cloudStack": "dev",
            },
            {"context.existing"},
        ),
        ("Teams", {"spec": {**SPEC, "cluster": {}}, "cloudStack": "dev"}, {"spec.cluster.teams"}),
        ("Network", {"context": {**CONTEXT, "target": TARGET, "cluster": {}}}, {"context.cluster"}),
    ],
)
def test_what_is_wrong_is_said_by_property(
    construct: Any, component: str, inputs: dict[str, Any], paths: set[str]
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        construct(component, inputs)
    found = refusals(refused.value)
    assert set(found) == paths, found
    assert "Traceback" not in str(refused.value)
