"""The door of pipelines on GCP: its queue, its rights, its clock and its alerts."""

from __future__ import annotations

import json
from typing import cast

import pytest

from mlplatform.backends.gcp.backend import BACKEND
from mlplatform.mock_cloud.rights import gcp_allows
from mlplatform.mock_cloud.runs.gcp_door import refused_door
from mlplatform.plan.record import record
from mlplatform.providers.wire import plain_value, value_at_path
from mlplatform.spec.platform import PlatformSpec
from mlplatform.steps.door import gcp
from mlplatform.steps.door.rules import DoorRules, read_rules
from mlplatform.steps.door.variables import DOOR_CLOUD, DOOR_RULES

from ....pipelines.fraud import pipeline, platform, step
from ....planned import Planned
from ....strings.collect import planned as strings_of
from ....strings.names import not_collected

PROJECT = "acme-ml"
DOOR = f"serviceAccount:acme-ml-dev-door@{PROJECT}.iam.gserviceaccount.com"
TRIGGERS: dict[str, object] = {
    "schedules": [{"name": "nightly", "cron": "0 3 * * MON", "time_zone": "Europe/Zurich"}],
    "data": [{"name": "claims", "path": "claims"}],
    "events": ["drift"],
}


@pytest.fixture(scope="module")
def plan() -> Planned:
    triggered = {**pipeline("gcp"), "triggers": TRIGGERS, "timeout_hours": 24}
    people = {"ml-engineer": ["ml-engineers@acme.example"]}
    given = platform("gcp", pipelines=(triggered,), registry={"repositories": ["training"]})
    target = given.targets[0].model_copy(update={"people": people})
    return Planned(record(given.overlay(targets=(target,)), "gcp", resolve=True))


def test_the_clock_starts_the_job_which_nobody_else_may_start(plan: Planned) -> None:
    clock, job = plan.one("door-clock").inputs, plan.one("door-program")
    assert clock["schedule"] == "*/5 * * * *"
    target = cast("dict[str, object]", clock["httpTarget"])
    assert target["uri"] == f"https://run.googleapis.com/v2/{job.id}:run"
    (starter,) = plan.all("JobIamMember")
    assert starter.inputs["member"] == DOOR
    assert value_at_path(target, "oauthToken.serviceAccountEmail") == DOOR.partition(":")[2]


def test_the_job_is_private_encrypted_and_tried_once(plan: Planned) -> None:
    template = cast("dict[str, object]", value_at_path(plan.one("door-program").inputs, "template.template"))
    assert value_at_path(template, "vpcAccess.egress") == "ALL_TRAFFIC"
    assert template["encryptionKey"] == plan.one("keys-monitoring").id
    assert template["maxRetries"] == 0
    longest = int(str(template["timeout"]).removesuffix("s"))
    assert longest < int(cast("float", plan.one("door-messages").inputs["ackDeadlineSeconds"]))


def test_messages_go_to_the_door_and_dead_ones_to_a_subscription_that_never_ends(plan: Planned) -> None:
    messages, dead = plan.one("door-messages").inputs, plan.one("door-dead-letters").inputs
    policy = cast("dict[str, object]", messages["deadLetterPolicy"])
    assert policy["deadLetterTopic"] == plan.one("door-dead").id == dead["topic"]
    assert messages["expirationPolicy"] == dead["expirationPolicy"] == {"ttl": ""}
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    assert plan.one("door-dead-publisher").inputs["member"] == agent
    assert plan.one("door-dead-subscriber").inputs["member"] == agent


def test_new_objects_below_the_folder_are_told_once_storage_may_send(plan: Planned) -> None:
    told = plan.one("door-data-data-claims")
    assert told.inputs["objectNamePrefix"] == "claims/"
    assert told.inputs["eventTypes"] == ["OBJECT_FINALIZE"]
    assert told.inputs["bucket"] == plan.one("store-data").inputs["name"]
    assert "door-store-publisher" in plan.directly_after("door-data-data-claims")


def test_alerts_ask_for_metrics_that_are_there_and_every_program_has_a_reader(plan: Planned) -> None:
    ours = [fault for fault in not_collected(plan.plan, "gcp") if "door" in fault]
    assert not ours
    texts = [item for item in strings_of(plan.plan, "door", "gcp") if item.language is None]
    assert not texts


def test_from_the_clock_to_a_run_nothing_is_refused(plan: Planned) -> None:
    assert refused_door(plan.plan.resources(), number="123456789012") == ()


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("door-program-starter", "run.jobs.run"),
        ("models-agent-cloudscheduler-role", "iam.serviceAccounts.getAccessToken"),
        ("keys-monitoring-run", "cloudkms.cryptoKeyVersions.useToEncrypt"),
        ("door-reads", "pubsub.subscriptions.consume on acme-ml-dev-door by serviceAccount:acme-ml-dev-door@"),
        ("door-buries", "pubsub.topics.publish on acme-ml-dev-door-dead by serviceAccount:acme-ml-dev-door@"),
        ("door-dead-publisher", "pubsub.topics.publish on acme-ml-dev-door-dead by serviceAccount:service-"),
        ("door-dead-subscriber", "pubsub.subscriptions.consume on acme-ml-dev-door by serviceAccount:service-"),
        ("door-store-publisher", "pubsub.topics.publish on acme-ml-dev-door-inbox"),
        ("door-definitions", "storage.objects.list"),
        ("door-ledgers", "storage.objects.create"),
        ("door-rules", "rules.json is not there"),
        ("door-starts", "aiplatform.pipelineJobs.create"),
        ("door-acts-as", "iam.serviceAccounts.actAs"),
    ],
)
def test_each_right_of_the_door_is_needed(plan: Planned, left_out: str, words: str) -> None:
    removed = plan.one(left_out)
    rest = [each for each in plan.plan.resources() if each is not removed]
    assert words in " ".join(refused_door(rest, number="123456789012"))


def watching(*folders: str) -> PlatformSpec:
    """A pipeline per folder, which a step of it reads."""
    pipelines: list[dict[str, object]] = []
    for number, folder in enumerate(folders):
        data = pipeline("gcp")
        step(data, "ingest")["inputs"] = {"claims": {"place": "data", "path": folder}}
        name = f"p{number}"
        pipelines.append({**data, "name": name, "triggers": {"data": [{"name": "d", "path": folder}]}})
    return platform("gcp", pipelines=tuple(pipelines)).on("gcp")


def test_more_folders_than_a_bucket_tells_of_are_refused() -> None:
    ten = [f"claims{number}" for number in range(10)]
    assert not list(BACKEND.problems(watching(*ten, ten[0])))
    (problem,) = BACKEND.problems(watching(*ten, "one-more"))
    assert problem.path == "pipelines[10].triggers.data[0].path"
    assert "at most 10 folders" in problem.expected


def test_folders_whose_names_have_the_same_letters_are_told_apart() -> None:
    names = {each.name for each in Planned(record(watching("a/b", "a-b"), "gcp", resolve=True)).all("Notification")}
    assert len(names) == 2


def test_the_door_starts_runs_and_nothing_else(plan: Planned) -> None:
    resources = list(plan.plan.resources())
    for permission in (
        "aiplatform.pipelineJobs.create",
        "aiplatform.pipelineJobs.list",
        "pubsub.subscriptions.consume",
    ):
        assert gcp_allows(resources, DOOR, permission), permission
    for permission in (
        "aiplatform.customJobs.create",
        "aiplatform.endpoints.deploy",
        "run.services.update",
        "run.jobs.update",
        "artifactregistry.repositories.uploadArtifacts",
    ):
        assert not gcp_allows(resources, DOOR, permission), permission
    acts = [
        each
        for each in plan.all("IAMMember")
        if each.type.startswith("gcp:serviceaccount") and each.inputs["member"] == DOOR
    ]
    assert [str(each.inputs["serviceAccountId"]).rpartition("/")[2].partition("@")[0] for each in acts] == [
        "acme-ml-dev-pipelines"
    ]
    held = [each for each in plan.all("BucketIAMMember") if each.inputs["member"] == DOOR]
    assert {each.inputs["bucket"] for each in held} == {plan.one("models-definitions").inputs["name"]}
    (written,) = [each for each in held if each.inputs["role"] == "roles/storage.objectUser"]
    assert "/objects/door/" in str(value_at_path(written.inputs, "condition.expression"))


def test_the_rules_name_the_definition_by_its_digest_and_the_whole_run(plan: Planned) -> None:
    rules = json.loads(str(plain_value(plan.one("door-rules").inputs["content"])))
    (start,) = [each["start"] for each in rules["pipelines"]]
    assert start["definition"].endswith(f"/{start['digest']}.json")
    assert json.loads(start["run"])["serviceAccount"].startswith("acme-ml-dev-pipelines@")
    assert start["parent"] == f"projects/{PROJECT}/locations/us-central1"


def test_people_may_send_and_not_read(plan: Planned) -> None:
    (send,) = [each for each in plan.all("TopicIAMMember") if "ml-engineers" in str(each.inputs["member"])]
    assert send.inputs["role"] == "roles/pubsub.publisher"


def test_alerts_watch_letters_failures_silence_and_failed_runs(plan: Planned) -> None:
    for name in ("dead-letters", "door-failed", "door-silent", "run-failed"):
        assert plan.has(f"door-alert-{name}"), name


def test_the_job_has_the_variables_and_arguments_that_the_program_reads(plan: Planned) -> None:
    (container,) = cast(
        "list[dict[str, object]]", value_at_path(plan.one("door-program").inputs, "template.template.containers")
    )
    variables = {str(each["name"]): str(each["value"]) for each in cast("list[dict[str, object]]", container["envs"])}
    assert gcp.open_door(DoorRules("t", ()), variables).inbox
    assert variables[DOOR_CLOUD] == "gcp"
    assert variables[gcp.INBOX] == plan.one("door-messages").id
    assert variables[gcp.DEAD] == plan.one("door-dead").id
    assert container["args"] == ["door"]
    rules = plan.one("door-rules").inputs
    assert variables[DOOR_RULES] == f"gs://{rules['bucket']}/{rules['name']}"
    assert read_rules(str(plain_value(rules["content"]))).pipeline("fraud-retrain")


def test_people_and_ci_send_to_the_topic_that_is_planned(plan: Planned) -> None:
    words = BACKEND.door_command(platform("gcp").on("gcp"), "{}")
    assert f"projects/{PROJECT}/topics/{words[words.index('publish') + 1]}" == plan.one("door-inbox").id
