"""The door's resources: it starts runs and writes nothing that serves; what is private stays so, and it is watched."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from mlplatform import discovery
from mlplatform.backends.azure.foundation.registrations import needed_providers
from mlplatform.backends.azure.pipelines.door_rights import RUN_ACTIONS
from mlplatform.mock_cloud.runs.azure import RunRefused, start_run
from mlplatform.plan.model import Plan, Step

from ....pipelines.fraud import TARGETS, pipeline, platform
from ....planned import record_released

Data = dict[str, Any]
DATA = [{"name": "claims", "path": "claims", "marker": "_SUCCESS"}]
CLAIMS = {
    "account_id": f"/subscriptions/{TARGETS['azure']['subscription_id']}"
    "/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/acmedata",
    "name": "claims",
}
WEEKLY = [{"name": "weekly", "cron": "0 3 * * MON"}]


def _plan(**triggers: object) -> Plan:
    spec = platform("azure", pipelines=({**pipeline("azure"), "triggers": triggers},))
    return record_released(spec, "azure", resolve=True)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A pipeline that new data and a schedule start."""
    return _plan(schedules=WEEKLY, data=DATA)


def _one(plan: Plan, kind: str, part: str = "door") -> Step:
    (found,) = (each for each in plan.resources() if each.type == f"azure-native:{kind}" and part in each.name)
    return found


def _variables(plan: Plan) -> dict[str, str]:
    template = cast("Data", _one(plan, "app:Job").inputs["template"])
    return {each["name"]: each["value"] for each in template["containers"][0]["env"]}


def _principal(plan: Plan, part: str = "door-identity") -> str:
    return str(_one(plan, "managedidentity:UserAssignedIdentity", part).outputs["principalId"])


def _start(plan: Plan, sender: str, without: str = "") -> None:
    variables = _variables(plan)
    start = json.loads(variables["MLPLATFORM_DOOR_RULES"])["pipelines"][0]["start"]
    kept = [each for each in plan.resources() if not without or without not in each.name]
    start_run(kept, start["jobs"], json.loads(variables[start["request"]]), sender=sender)


def test_the_door_starts_a_run(plan: Plan) -> None:
    _start(plan, _principal(plan))
    with pytest.raises(RunRefused, match="AuthorizationFailed"):
        _start(plan, _principal(plan), without="door-runs-door")


def test_nobody_else_reads_or_writes_a_ledger(plan: Plan) -> None:
    """A step that could change a ledger would start any run, or none."""
    assert "/ledgers/door" in _variables(plan)["MLPLATFORM_DOOR_LEDGERS"]
    held = [each for each in plan.resources() if str(each.inputs.get("scope")).endswith("/containers/ledgers")]
    assert [str(each.inputs["principalId"]) for each in held] == [_principal(plan)]
    account = str(held[0].inputs["scope"]).partition("/blobServices")[0]
    assert not [each for each in plan.resources() if each.inputs.get("scope") == account]


def test_the_door_writes_nothing_that_serves_and_no_program() -> None:
    writes = {action for action in RUN_ACTIONS if not action.endswith("/read")}
    assert not [each for each in writes if "Endpoint" in each or "components" in each or "models" in each]
    assert not [each for each in writes if each.endswith(("/*", "/delete"))]


def test_a_request_fits_into_a_variable(plan: Plan) -> None:
    """Linux hands on at most 128 KiB in one variable: MAX_ARG_STRLEN."""
    assert all(len(value) < 128 * 1024 for value in _variables(plan).values())


@pytest.mark.parametrize(("triggers", "public"), [({"data": DATA}, True), ({"schedules": WEEKLY}, False)])
def test_the_queue_is_private_but_for_the_clouds_own_notices(triggers: Data, public: bool) -> None:
    """Event Grid cannot deliver to a private address: the account then admits Azure's services, and nobody else."""
    plan = _plan(**triggers)
    account = _one(plan, "storage:StorageAccount").inputs
    assert account["publicNetworkAccess"] == ("Enabled" if public else "Disabled")
    assert account["networkRuleSet"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert account["allowSharedKeyAccess"] is False
    services = cast("Data", account["encryption"])["services"]
    assert services["queue"] == {"enabled": True, "keyType": "Account"}
    endpoint = _one(plan, "network:PrivateEndpoint").inputs
    assert cast("list[Data]", endpoint["privateLinkServiceConnections"])[0]["groupIds"] == ["queue"]
    assert any(each.inputs.get("privateZoneName") == "privatelink.queue.core.windows.net" for each in plan.resources())
    topics = [each for each in plan.resources() if each.type.startswith("azure-native:eventgrid:")]
    assert bool(topics) == public


def test_notices_tell_of_complete_data_alone(plan: Plan) -> None:
    given = _one(plan, "eventgrid:SystemTopicEventSubscription").inputs
    wanted = cast("Data", given["filter"])
    assert wanted["includedEventTypes"] == ["Microsoft.Storage.BlobCreated"]
    assert wanted["subjectBeginsWith"] == "/blobServices/default/containers/data/blobs/claims/"
    assert wanted["subjectEndsWith"] == "/_SUCCESS"
    assert cast("Data", given["deadLetterWithResourceIdentity"])["deadLetterDestination"]["blobContainerName"] == (
        "lost-notices"
    )


def test_a_subscription_registers_what_the_plan_makes(plan: Plan) -> None:
    """No resource can register its own provider: the first `up` would be refused."""
    made = {each.type.split(":")[1] for each in plan.resources() if each.type.startswith("azure-native:")}
    spec = platform("azure", pipelines=({**pipeline("azure"), "triggers": {"data": DATA}},)).on("azure")
    assert "eventgrid" in made
    assert {"App", "EventGrid"} <= set(needed_providers(spec))
    assert "EventGrid" not in needed_providers(platform("azure").on("azure"))


def test_who_does_not_reach_the_queue_is_told() -> None:
    """A message that cannot be sent must not look like one that was."""
    triggers = {"triggers": {"branch": "main"}}
    ci = {"access": {"ci": {"repository": "acme/ml", "owner_id": "1", "repository_id": "2"}}}
    plan = record_released(platform("azure", pipelines=({**pipeline("azure"), **triggers},), **ci), "azure")
    notes = [str(note) for note in plan.notes]
    assert any("must be in the registry before `up` makes the door" in note for note in notes), notes
    assert any("from the network alone" in note for note in notes), notes
    assert any("CI's own machines do not reach the queue" in note for note in notes), notes


def test_the_door_is_watched(plan: Plan) -> None:
    alarms = {each.name: each.inputs for each in plan.resources() if "door-alert-" in each.name}
    assert sorted(alarms) == [f"acme-ml-door-alert-{what}" for what in ("failures", "lost-main", "silence")]
    assert all(each["enabled"] for each in alarms.values())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"network": {"nat": "none"}}, "which has no address in the network"),
        (
            {"targets": [{**TARGETS["azure"], "existing": {"store": {"containers": {"data": CLAIMS}}}}]},
            "which is its owner's",
        ),
    ],
)
def test_a_door_that_could_not_work_is_refused(more: Data, words: str) -> None:
    data = {**pipeline("azure"), "triggers": {"data": DATA}}
    spec = platform("azure", pipelines=(data,), **more).on("azure")
    problems = discovery.backend("azure").problems(spec)
    assert any(words in each.expected for each in problems), problems
