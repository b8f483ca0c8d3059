"""Pipelines, their door and the tracking server: components of the package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml

from .conftest import refusals

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"
PURPOSES = ("store", "registry", "monitoring", "serving", "training", "tracking", "pipelines")
TARGET = {"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}
IMAGES = {"registry": {"repositories": ["training"]}}
CONTEXT = {"name": "acme", "owner": "data-team", "costCenter": "4711", "target": TARGET}
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-dev/training:1"
STEP = {
    "name": "train",
    "kind": "train",
    "command": ["fit", "{{outputs.model}}"],
    "outputs": {"model": {"kind": "model"}},
}
FEATURES: dict[str, Any] = {
    "entities": [{"name": "customer", "key": "customer_id"}],
    "groups": [{"name": "spend", "entities": ["customer"], "features": [{"name": "amount", "type": "float64"}]}],
}
RANKING = {"name": "ranking", "model": "ranking", "image": IMAGE, "steps": [STEP]}


def _inputs(root: Path, component: str) -> dict[str, Any]:
    """Properties of a component of the example, whose keys are those of another stack."""
    text = (root / "examples" / "yaml_pipeline" / "Pulumi.yaml").read_text(encoding="utf-8")
    program = yaml.safe_load(text)
    found = program["resources"][component]["properties"]
    keys = {"aws": {"keys": {"default": KEY}}}
    return {**found, "context": {**found["context"], "target": program["variables"]["target"], "existing": keys}}


def test_the_yaml_example_makes_pipelines_and_their_door(construct: Any, root: Path) -> None:
    door = construct("PipelineDoor", _inputs(root, "door"))
    assert door.refused == []
    assert door.names("PipelineDoor") == ["acme-door", "it"]
    assert door.names("Pipeline") == ["acme-pipeline-ranking", "acme-pipeline-ranking-pipeline"]
    assert door.state["inbox"].startswith("https://sqs.us-east-1.")
    assert list(door.state["principals"]) == ["monitor"]
    assert door.state["principal"] == "arn:aws:iam::123456789012:role/acme-dev-pipelines"
    (made,) = door.of("aws:sagemaker/pipeline:Pipeline")
    steps = {step["Name"]: step for step in json.loads(made["pipelineDefinition"])["Steps"]}
    assert set(steps) == {"train", "gate", "register"}
    parameters = json.loads(made["pipelineDefinition"])["Parameters"]
    # whole numbers stay whole, although Pulumi sends all of them as floating point
    assert [p["DefaultValue"] for p in parameters if p["Name"] == "rounds"] in (["200"], [200])
    sends = [each for each in door.of("aws:iam/rolePolicy:RolePolicy") if "sqs:SendMessage" in str(each["policy"])]
    assert "acme-dev-monitor" in {each["role"] for each in sends}

    score = construct("Pipeline", _inputs(root, "score"))
    assert score.refused == []
    assert score.names("Pipeline") == ["acme-score-pipeline-scores", "acme-score-pipeline-scores-pipeline", "it"]
    assert score.names("Queue") == []

    given = _inputs(root, "tracking")
    given["clients"] = [{**given["clients"][0], "principal": door.state["principal"]}]
    tracking = construct("Tracking", given)
    assert tracking.refused == []
    assert tracking.state["uri"].startswith("arn:aws:sagemaker:us-east-1:123456789012:mlflow-app/")
    rights = [each for each in tracking.of("aws:iam/rolePolicy:RolePolicy") if "mlflow" in str(each["policy"])]
    assert "acme-dev-pipelines" in {each["role"] for each in rights}


def test_the_yaml_example_of_features(construct: Any, root: Path) -> None:
    program = yaml.safe_load((root / "examples" / "yaml_features" / "Pulumi.yaml").read_text(encoding="utf-8"))
    given = program["resources"]["features"]["properties"]
    reader = "arn:aws:iam::123456789012:role/acme-server-dev-server"
    given["grants"] = [{"identity": "server", "access": "read", "principal": reader}]
    made = construct("FeatureStore", given)
    assert made.refused == []
    (table,) = made.of("aws:dynamodb/table:Table")
    assert table["name"] == "acme-dev-features-customer_spend"
    assert made.state["online"] == "acme-dev-features-"
    assert made.state["principals"] == {"server": reader}
    reads = [each for each in made.of("aws:iam/rolePolicy:RolePolicy") if "BatchGetItem" in str(each["policy"])]
    # the reader, and the job that fills
    assert sorted(each["role"] for each in reads) == ["acme-dev-fill-identity", "acme-server-dev-server"]
    (task,) = made.of("aws:ecs/taskDefinition:TaskDefinition")
    assert "mlplatform-fill" in str(task["containerDefinitions"])


def test_the_yaml_example_makes_an_endpoint_with_its_monitor(construct: Any, root: Path) -> None:
    program = yaml.safe_load((root / "examples" / "yaml_monitor" / "Pulumi.yaml").read_text(encoding="utf-8"))
    given = program["resources"]["ranker"]["properties"]
    context = {**given["context"], "target": TARGET, "existing": {"aws": {"keys": {"default": KEY}}}}
    made = construct("Endpoint", {**given, "context": context})
    assert made.refused == []
    assert made.names("ModelMonitor") == ["acme-monitor-ranker"]
    alarms = {each["name"] for each in made.of("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert any("silence" in name for name in alarms), alarms


def test_a_tracking_server_on_cloud_run_stands_alone(construct: Any) -> None:
    target = {"cloud": "gcp", "project": "acme-ml-dev", "project_number": "123456789012", "region": "us-central1"}
    tracking = construct("Tracking", {"context": {**CONTEXT, "target": target}, "server": "service"})
    assert tracking.refused == []
    assert tracking.state["uri"] == "https://acme-dev-tracking-123456789012.us-central1.run.app"
    assert len(tracking.of("gcp:sql/databaseInstance:DatabaseInstance")) == 1


@pytest.mark.parametrize(
    ("component", "inputs", "paths"),
    [
        # every problem at once, each under the name that the other language has for it
        (
            "Pipeline",
            {
                "context": CONTEXT,
                **IMAGES,
                **RANKING,
                "timeoutHours": 0,
                "steps": [{**STEP, "timeoutMinutes": 0, "retries": -1}],
            },
            {"timeoutHours", "steps[0].timeoutMinutes", "steps[0].retries"},
        ),
        ("Pipeline", {"context": CONTEXT, **IMAGES, **RANKING, "triggers": {}}, {"triggers"}),
        ("FeatureStore", {"context": CONTEXT, **FEATURES}, {"groups"}),
        ("FeatureStore", {"context": CONTEXT, **FEATURES, "fill": {"image": "features:1"}}, {"fill"}),
        ("Pipeline", {"context": CONTEXT, **IMAGES, **RANKING, "engine": "cluster"}, {"engine"}),
        (
            "Pipeline",
            {"context": CONTEXT, **IMAGES, **RANKING, "steps": [{**STEP, "after": ["other"]}]},
            {"steps[0].after[0]"},
        ),
        (
            "Pipeline",
            {
                "context": CONTEXT,
                **IMAGES,
                **RANKING,
                "steps": [{**STEP, "command": [*STEP["command"], "{{released}}"]}],
            },
            {"endpoint"},
        ),
        ("PipelineDoor", {"context": CONTEXT, **IMAGES, "pipelines": []}, {"pipelines"}),
        ("PipelineDoor", {"context": CONTEXT, **IMAGES, "pipelines": [RANKING]}, {"pipelines[0].triggers"}),
        (
            "PipelineDoor",
            {
                "context": CONTEXT,
                **IMAGES,
                "pipelines": [
                    {**RANKING, "programsImage": IMAGE, "triggers": {}},
                    {
                        **RANKING,
                        "name": "scores",
                        "programsImage": IMAGE,
                        "triggers": {"cooldownHours": 1, "schedules": [{"name": "a", "cron": "@daily"}]},
                    },
                ],
            },
            {"pipelines[1].triggers.cooldownHours", "pipelines[1].triggers.schedules[0].cron"},
        ),
        (
            "PipelineDoor",
            {"context": CONTEXT, **IMAGES, "pipelines": [{**RANKING, "engine": "airflow", "triggers": {}}]},
            {"pipelines[0].engine"},
        ),
        ("Tracking", {"context": CONTEXT, "server": "cluster"}, {"server"}),
        (
            "Tracking",
            {
                "context": {
                    **CONTEXT,
                    "target": {
                        "cloud": "gcp",
                        "project": "acme-ml-dev",
                        "project_number": "123456789012",
                        "region": "us-central1",
                    },
                },
                "server": "managed",
            },
            {"server"},
        ),
        (
            "Tracking",
            {"context": CONTEXT, "server": "managed", "artifactStore": {"models": {"worm": {"days": 30}}}},
            {"artifactStore.models.worm"},
        ),
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
