"""`mlplatform render pipeline`, as its user sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import yaml

from mlplatform.pipelines.forms import kfp_read

from .conftest import Result

NAME = "fraud-retrain"
GCP = '{cloud: gcp, project: acme-ml-dev, project_number: "123456789012", region: europe-west4}'


def test_the_example_becomes_a_file_with_what_to_do_and_what_a_run_costs(
    command: Callable[..., Result], root: Path, tmp_path: Path
) -> None:
    example = root / "examples" / "pipelines" / "fraud.yaml"
    done = command("render", "pipeline", NAME, str(example), "--out", str(tmp_path / "new"))
    assert done.code == 0, done.err
    (file,) = (tmp_path / "new").iterdir()
    assert "`up` makes the pipeline acme-ml-dev-fraud-retrain of it" in done.out
    assert "USD of machines, of 25 that max_usd_per_run allows" in done.err
    steps = {step["Name"] for step in json.loads(file.read_text("utf-8"))["Steps"]}
    assert {"ingest", "gate", "register", "score-eu", "score-us"} <= steps


def test_a_pipeline_that_is_not_there_is_refused_with_those_that_are(
    command: Callable[..., Result], root: Path
) -> None:
    done = command("render", "pipeline", "fraud-retrian", str(root / "examples" / "pipelines" / "fraud.yaml"))
    assert done.code == 2
    assert f"it has {NAME}; did you mean {NAME}?" in done.flat


def test_vertex_ai_gets_its_specification_with_its_names_of_accelerators(
    command: Callable[..., Result], root: Path, tmp_path: Path
) -> None:
    text = (root / "examples" / "pipelines" / "fraud.yaml").read_text("utf-8")
    image = "europe-west4-docker.pkg.dev/acme-ml-dev/acme-ml-dev-training/fraud"
    aws = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme-ml-dev/training"
    changed = (
        text.replace('{cloud: aws, account_id: "123456789012", region: eu-central-1}', GCP)
        .replace(aws, image)
        .replace("{vcpus: 8, memory_gib: 32}", "{vcpus: 8, memory_gib: 32, accelerator: [L4]}")
    )
    (tmp_path / "spec.yaml").write_text(changed, encoding="utf-8")
    done = command("render", "pipeline", NAME, str(tmp_path / "spec.yaml"), "--out", str(tmp_path / "new"))
    assert done.code == 0, done.err
    assert "locations/europe-west4/pipelineJobs?pipelineJobId=RUN" in done.flat
    document = json.loads((tmp_path / "new" / f"{NAME}.vertex.json").read_text("utf-8"))
    run = json.loads((tmp_path / "new" / f"{NAME}.run.json").read_text("utf-8"))
    assert run["pipelineSpec"] == document
    assert run["serviceAccount"] == "acme-ml-dev-pipelines@acme-ml-dev.iam.gserviceaccount.com"
    assert kfp_read.problems(document) == ()
    executors = document["deploymentSpec"]["executors"]
    assert executors["exec-train"]["container"]["resources"]["accelerator"]["type"] == "NVIDIA_L4"
    uris = [each["importer"]["artifactUri"]["constant"] for each in executors.values() if "importer" in each]
    assert uris
    assert all(uri.startswith("gs://") for uri in uris)


def test_a_pipeline_on_the_cluster_is_the_template_that_the_layer_has_with_the_command_that_starts_a_run(
    command: Callable[..., Result], root: Path, tmp_path: Path
) -> None:
    example = root / "examples" / "pipelines" / "on_cluster.yaml"
    done = command("render", "pipeline", "churn-retrain", str(example), "--out", str(tmp_path))
    assert done.code == 0, done.err
    assert "argo submit --namespace pipelines --from workflowtemplate/churn-retrain" in done.flat
    template = yaml.safe_load((tmp_path / "churn-retrain.argo.yaml").read_text("utf-8"))
    assert (template["kind"], template["metadata"]["namespace"]) == ("WorkflowTemplate", "pipelines")
    spec = command("render", "manifests", str(example), "--out", str(tmp_path / "layer"))
    assert spec.code == 0, spec.err
    (same,) = (tmp_path / "layer").glob("*-pipelines/pipeline-churn-retrain.yaml")
    assert yaml.safe_load(same.read_text("utf-8")) == template
