"""Pipelines on Vertex AI: what a run starts from, who may run it, and each right without which it would fail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import cast

import pytest

from mlplatform.backends.gcp.backend import BACKEND
from mlplatform.mock_cloud.rights import gcp_allows
from mlplatform.mock_cloud.runs.gcp import refused_requests
from mlplatform.plan.diff import diff
from mlplatform.plan.model import Step
from mlplatform.plan.record import record
from mlplatform.providers.wire import plain_value
from mlplatform.risk.evidence import Evidence
from mlplatform.risk.rules import renamed
from mlplatform.spec.platform import PlatformSpec

from ....pipelines.fraud import pipeline, platform, step
from ....planned import Planned

NAME = "fraud-retrain"
PROJECT, NUMBER = "acme-ml", "123456789012"
ACCOUNT = f"serviceAccount:acme-ml-dev-pipelines@{PROJECT}.iam.gserviceaccount.com"
AGENT = f"serviceAccount:service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com"


def spec(**more: object) -> PlatformSpec:
    return platform("gcp", pipelines=(pipeline("gcp"),), **more)


@pytest.fixture(scope="module")
def plan() -> Planned:
    return Planned(record(spec(registry={"repositories": ["training"], "models": ["fraud"]}), "gcp", resolve=True))


def body(plan: Planned) -> dict[str, object]:
    """The body that starts a run, by the names of the plan."""
    files = BACKEND.pipeline_forms(spec().on("gcp"), spec().pipelines[0])
    return cast("dict[str, object]", json.loads(files[-1].text))


def test_the_definition_is_an_object_named_by_its_digest_where_no_step_may_write(plan: Planned) -> None:
    made = plan.one(f"pipeline-{NAME}-definition")
    text = str(plain_value(made.inputs["content"]))
    assert made.inputs["name"] == f"definitions/{NAME}/{hashlib.sha256(text.encode()).hexdigest()}.json"
    assert json.loads(text) == body(plan)["pipelineSpec"]
    bucket = made.inputs["bucket"]
    grants = [grant for grant in plan.all("BucketIAMMember") if grant.inputs["bucket"] == bucket]
    assert not [grant for grant in grants if grant.inputs["member"] == ACCOUNT]
    held = plan.one("models-definitions").inputs
    assert held["encryption"] == {"defaultKmsKeyName": plan.one("keys-store").id}
    assert not [rule for rule in cast("list[dict[str, object]]", held["lifecycleRules"]) if "age" in str(rule)]


def test_another_definition_is_another_object_and_no_renamed_one(plan: Planned) -> None:
    data = pipeline("gcp")
    step(data, "train")["env"] = {"OMP_NUM_THREADS": "16"}
    registry = {"repositories": ["training"], "models": ["fraud"]}
    after = record(platform("gcp", pipelines=(data,), registry=registry), "gcp", resolve=True)
    evidence = Evidence(diff(plan.plan, after))
    (changed,) = evidence.of("update", "replace")
    assert changed.step.name.endswith(f"pipeline-{NAME}-definition")
    assert not list(renamed.RULE.examine(evidence))


def refused(resources: list[Step], run: Mapping[str, object]) -> tuple[str, ...]:
    return refused_requests(resources, run, project=PROJECT, number=NUMBER)


def test_a_run_is_refused_nothing(plan: Planned) -> None:
    assert refused(list(plan.plan.resources()), body(plan)) == ()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("models-jobs-key", "cloudkms.cryptoKeyVersions.useToEncrypt"),
        ("models-agent-aiplatform-role", "iam.serviceAccounts.getAccessToken"),
        ("models-jobs-way", "networkAttachments/acme-ml-dev-pipelines is not there"),
        ("models-jobs-way-vertex", "compute.networkAttachments.update"),
        ("images-training", "repositories/acme-ml-dev-training is not there"),
        ("network-apps", "subnetworks/acme-ml-dev-apps is not there"),
        ("store-pipelines-data-write", "storage.objects.get"),
        ("store-pipelines-pipelines-write", "storage.objects.create"),
        ("models-pipelines-logging-logwriter", "logging.logEntries.create"),
        ("models-pipelines-jobs", "aiplatform.executions.create"),
    ],
)
def test_each_right_is_needed(plan: Planned, left_out: str, words: str) -> None:
    removed = plan.one(left_out)
    rest = [each for each in plan.plan.resources() if each is not removed]
    assert words in " ".join(refused(rest, body(plan)))


def test_the_accounts_of_runs_move_no_traffic_and_change_no_definition(plan: Planned) -> None:
    for permission in (
        "aiplatform.endpoints.deploy",
        "aiplatform.endpoints.update",
        "run.services.update",
        "workflows.executions.create",
    ):
        assert not gcp_allows(plan.plan.resources(), ACCOUNT, permission), permission


def test_in_an_existing_network_the_plan_says_what_steps_reach() -> None:
    network = {"network": "corp", "subnet": "nodes", "pods_range": "pods", "services_range": "services"}
    given = platform("gcp", pipelines=(pipeline("gcp"),))
    target = given.targets[0].model_copy(update={"network": None})
    there = PlatformSpec.model_validate(
        {**given.model_dump(), "targets": [{**target.model_dump(), "network": network}]}
    )
    plan = Planned(record(there, "gcp", resolve=True))
    assert not plan.all("NetworkAttachment")
    assert f"pipelines[{NAME}]: Vertex AI gives its steps no address in the existing network" in plan.notes()


def priced(accelerator: str) -> dict[str, str]:
    """Fields that are refused for a step with an accelerator, with what is expected there."""
    data = {**pipeline("gcp"), "max_usd_per_run": 1000}
    step(data, "train")["resources"] = {"accelerator": [accelerator], "vcpus": 8, "memory_gib": 32}
    given = platform("gcp", pipelines=(data,)).on("gcp")
    return {problem.path: problem.expected for problem in BACKEND.problems(given)}


def test_a_bound_that_nobody_can_hold_says_for_which_machine() -> None:
    data = {**pipeline("gcp"), "engine": "cluster", "max_usd_per_run": 1000}
    step(data, "train")["resources"] = {"accelerator": ["H100:1"], "vcpus": 8, "memory_gib": 32, "capacity": "spot"}
    step(data, "train")["retries"] = 3
    step(data, "features")["cache_days"] = 0
    pools = [{"name": "gpu", "accelerator": "H100:1", "max_nodes": 1, "capacity": "spot"}]
    training = {"pools": pools, "cpu_pools": [{"name": "cpu", "vcpus": 8, "memory_gib": 32, "max_nodes": 2}]}
    given = platform("gcp", pipelines=(data,), training=training, cluster={"addons": ["argo-workflows"]}).on("gcp")
    found = {problem.path: problem.expected for problem in BACKEND.problems(given)}
    assert found["pipelines[0].max_usd_per_run"].endswith("train runs on a3-highgpu-1g")


def test_a_step_without_a_machine_is_refused_once_and_not_as_a_price() -> None:
    assert list(priced("H100:3")) == ["pipelines[0].steps[3].resources.accelerator"]


@pytest.mark.parametrize("image", ["quay.io/acme/fraud:7", "ghcr.io/acme/fraud", "registry.acme.example:5000/fraud"])
def test_an_image_that_vertex_ai_cannot_pull_is_refused(image: str) -> None:
    given = platform("gcp", pipelines=({**pipeline("gcp"), "image": image},)).on("gcp")
    found = {problem.path: problem for problem in BACKEND.problems(given)}
    assert "Artifact Registry or Docker Hub" in found["pipelines[0].steps[0].image"].expected


@pytest.mark.parametrize("image", ["fraud:7", "acme/fraud", "docker.io/acme/fraud", "europe-docker.pkg.dev/p/r/i"])
def test_an_image_that_vertex_ai_pulls_is_not(image: str) -> None:
    given = platform("gcp", pipelines=({**pipeline("gcp"), "image": image},)).on("gcp")
    assert not [problem for problem in BACKEND.problems(given) if problem.path.endswith(".image")]


def test_images_of_another_project_are_granted_to_the_agent_that_pulls_them() -> None:
    path = "projects/acme-images/locations/us-central1/repositories/base"
    data = pipeline("gcp")
    data["image"] = "us-central1-docker.pkg.dev/acme-images/base/fraud:7"
    given = platform("gcp", pipelines=(data,), registry={"repositories": ["training"]})
    target = {**given.targets[0].model_dump(), "existing": {"registry": {"repositories": {"base": path}}}}
    there = PlatformSpec.model_validate({**given.model_dump(exclude_unset=True), "targets": [target]})
    plan = Planned(record(there, "gcp", resolve=True))
    run = json.loads(BACKEND.pipeline_forms(there.on("gcp"), there.pipelines[0])[-1].text)
    assert refused(list(plan.plan.resources()), run) == ()
    grant = plan.one("models-vertex-base-pull")
    rest = [each for each in plan.plan.resources() if each is not grant]
    assert "artifactregistry.repositories.downloadArtifacts on projects/acme-images" in " ".join(refused(rest, run))
