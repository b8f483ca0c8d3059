"""Documents of Pulumi's own engine, read into the plan; the fixtures are what version 3.260 wrote."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, UNKNOWN, Plan, Step
from mlplatform.plan.sources import NotAPlan, Source, read_plan
from mlplatform.plan.sources.read import looks_like_plan

FIXTURES = Path(__file__).parents[1] / "fixtures"
CANARY = "hunter-2"
"""The secret of the program that the fixtures come from."""
PREVIEWS = ("preview.json", "preview-sames.json", "preview-replacements.json", "events.ndjson")


def source(name: str) -> Source:
    return read_plan((FIXTURES / name).read_bytes())


def by_name(plan: Plan) -> dict[str, Step]:
    return {step.name: step for step in plan.steps}


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_is_two_plans_and_the_engines_verdicts(name: str) -> None:
    found = source(name)
    assert found.kind == "preview"
    assert found.before is not None
    assert (found.plan.cloud, found.plan.project, found.plan.stack) == ("aws", "review", "review")
    before, after = by_name(found.before), by_name(found.plan)
    assert before["reader"].inputs["maxSessionDuration"] == 3600
    assert after["reader"].inputs["maxSessionDuration"] == 7200
    assert "letters" in before
    assert "letters" not in after
    assert "parcels" in after
    assert "parcels" not in before
    assert after["data"].inputs["bucket"] == "review-data-2"
    assert after["data-versions"].inputs["bucket"] == UNKNOWN
    ops = {urn.rpartition("::")[2]: verdict.op for urn, verdict in found.verdicts.items()}
    assert {key: ops[key] for key in ("reader", "data", "letters", "parcels")} == {
        "reader": "update",
        "data": "replace",
        "letters": "delete",
        "parcels": "create",
    }
    assert found.verdicts[after["data"].urn].replace_reasons == ("bucket",)
    assert found.verdicts[after["data"].urn].detailed == {"bucket": "update-replace"}


def test_what_a_preview_does_not_list_is_counted() -> None:
    assert source("preview.json").unlisted == 3
    assert source("preview-sames.json").unlisted == 0
    assert source("events.ndjson").unlisted == 0


def test_a_first_preview_has_nothing_before() -> None:
    found = source("first.json")
    assert found.before is not None
    assert found.before.steps == ()
    assert Counter(verdict.op for verdict in found.verdicts.values()) == {"create": 10}
    versions = by_name(found.plan)["data-versions"]
    assert versions.property_dependencies["bucket"] == (by_name(found.plan)["data"].urn,)
    assert versions.parent.endswith("review:index:Store::store")


def test_a_state_is_what_there_is() -> None:
    found = source("state.json")
    assert (found.kind, found.before) == ("state", None)
    bucket = by_name(found.plan)["data"]
    assert bucket.id == "review-data"
    assert bucket.outputs["arn"] == "arn:aws:s3:::review-data"
    assert bucket.inputs["tags"] == {"owner": "team", "a.b": "1"}
    assert {step.package for step in found.plan.resources()} == {"aws"}


@pytest.mark.parametrize("name", [*PREVIEWS, "first.json", "state.json", "state-shown.json"])
def test_no_secret_is_kept(name: str) -> None:
    found = source(name)
    said = repr(found)
    assert CANARY not in said
    assert json.dumps(CANARY)[1:-1] not in json.dumps(found.plan.to_preview())
    value = by_name(found.plan).get("token-value")
    if value is not None:
        secret = value.inputs["secretString"]
        assert isinstance(secret, dict)
        assert secret[SIGNATURE] == SECRET_SIGNATURE


def test_our_own_plan_is_read_back(stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan("dev", "gcp")
    found = read_plan(json.dumps(plan.to_preview()).encode())
    assert (found.kind, found.plan.cloud, found.plan.stack) == ("plan", "gcp", "dev-gcp")
    assert found.plan.to_preview() == plan.to_preview()


def test_a_pool_that_its_cluster_lists_too_is_read_once(stack_plan: Callable[..., Plan]) -> None:
    plan = stack_plan("prod", "azure")
    document = plan.to_preview()
    states = {state["urn"]: state for step in document["steps"] if (state := step["newState"])}
    (cluster,) = [state for state in states.values() if state["type"].endswith(":ManagedCluster")]
    pools = [state["inputs"] for state in states.values() if state["type"].endswith(":AgentPool")]
    own = cluster["inputs"]["agentPoolProfiles"]
    # as a refresh finds it: every pool of the cluster, in the order of their names
    listed = [*own, *({"name": pool["agentPoolName"], "vmSize": pool["vmSize"]} for pool in pools)]
    elsewhere = {"name": "of-somebody-else", "vmSize": "Standard_D2s_v5"}
    cluster["inputs"]["agentPoolProfiles"] = sorted([*listed, elsewhere], key=lambda pool: pool["name"])
    assert len(listed) > len(own)
    found = by_name(read_plan(json.dumps(document).encode()).plan)[cluster["urn"].rpartition("::")[2]]
    assert found.inputs["agentPoolProfiles"] == [elsewhere, *own], "priced and checked once"


def test_unknown_fields_and_operations_do_no_harm() -> None:
    document = json.loads((FIXTURES / "preview.json").read_text())
    document["later"] = {"deep": [1]}
    for step in document["steps"]:
        step["later"] = 1
        step.get("newState", {})["later"] = {"x": 1}
    document["steps"][2]["op"] = "enchant"
    found = read_plan(json.dumps(document).encode())
    assert "enchant" in {verdict.op for verdict in found.verdicts.values()}


def test_states_leave_out_what_waits_for_its_end() -> None:
    document = json.loads((FIXTURES / "state.json").read_text())
    resources = document["deployment"]["resources"]
    resources.append({**next(r for r in resources if r["urn"].endswith("::data")), "delete": True})
    next(r for r in resources if r["urn"].endswith("::reader"))["pendingReplacement"] = True
    names = Counter(step.name for step in read_plan(json.dumps(document).encode()).plan.steps)
    assert names["data"] == 1
    assert names["reader"] == 0


def test_a_checkpoint_of_a_file_backend_and_version_4() -> None:
    deployment = json.loads((FIXTURES / "state.json").read_text())["deployment"]
    checkpoint = {"version": 4, "features": ["x"], "checkpoint": {"stack": "review", "latest": deployment}}
    assert len(read_plan(json.dumps(checkpoint).encode()).plan.steps) == 11


def test_assets_keep_their_envelope() -> None:
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "ab", "path": "x.txt"}
    urn = "urn:pulumi:s::p::aws:s3/bucketObject:BucketObject::o"
    state = {"urn": urn, "custom": True, "type": "aws:s3/bucketObject:BucketObject", "inputs": {"source": asset}}
    found = read_plan(json.dumps({"steps": [{"op": "create", "urn": urn, "newState": state}]}).encode())
    assert found.plan.steps[0].inputs["source"] == asset


def test_what_windows_shells_write() -> None:
    text = (FIXTURES / "state.json").read_text()
    for raw in (text.encode("utf-16"), text.encode("utf-8-sig")):
        assert looks_like_plan(raw)
        assert read_plan(raw).plan == source("state.json").plan


BAD = {
    "empty": (b" \n", "an empty document"),
    "not UTF-8": (b'{"steps": "\xe9"}', "byte 0xe9"),
    "a list": (b"[1]", "a list or a single value"),
    "something else": (b'{"name": "x"}', "an object with 'name'"),
    "cut off": (b'{"steps": [{"op": "create", "urn": "urn:pu', "a truncated document"),
    "not JSON": (b'{"steps": nope}', "in line 1"),
    "old state": (b'{"version": 2, "deployment": {}}', "a deployment of version 2; expected version 3 or later"),
    "no version": (b'{"deployment": {}}', "a deployment of no version"),
    "no URN": (b'{"steps": [{"op": "create", "newState": {"type": "x"}}]}', "nothing as the URN of step 0"),
    "cut events": (
        b'{"sequence":1,"timestamp":1,"preludeEvent":{}}\n{"sequence":2,"ti',
        "a truncated last line",
    ),
    "no event": (b'{"sequence":1,"timestamp":1}\n{"a":2}\n', "no event in line 2"),
    "an update": (
        b'{"sequence":1,"timestamp":1,"summaryEvent":{"isPreview":false}}\n{"sequence":2,"timestamp":1}\n',
        "the events of an update",
    ),
    "nested": (b'{"steps": ' + b"[" * 100_000, "more than 64 levels"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_plan(case: str) -> None:
    raw, said = BAD[case]
    with pytest.raises(NotAPlan) as refused:
        read_plan(raw)
    assert said in str(refused.value)
    assert "; expected " in str(refused.value)


def _preview(*states: dict[str, object]) -> bytes:
    steps = [{"op": "update", "urn": state["urn"], "oldState": state, "newState": state} for state in states]
    return json.dumps({"config": {}, "steps": steps}).encode()


def _state(name: str, **more: object) -> dict[str, object]:
    return {"urn": f"urn:pulumi:dev::acme::aws:s3/bucket:Bucket::{name}", "custom": True, **more}


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("kind", ["preview", "state"])
def test_parents_that_form_a_ring_are_refused(size: int, kind: str) -> None:
    urns = [str(_state(str(number))["urn"]) for number in range(size)]
    ring = [_state(str(number), parent=urns[(number + 1) % size]) for number in range(size)]
    raw = _preview(*ring, _state("alone"))
    if kind == "state":
        raw = json.dumps({"version": 3, "deployment": {"resources": [*ring, _state("alone")]}}).encode()
    with pytest.raises(NotAPlan, match="as its own parent's parent"):
        read_plan(raw)


def test_a_long_chain_of_parents_is_no_ring() -> None:
    urns = [str(_state(str(number))["urn"]) for number in range(5_000)]
    chain = [_state(str(number), parent=urns[number - 1] if number else "urn:other") for number in range(5_000)]
    assert len(read_plan(_preview(*reversed(chain))).plan.steps) == 5_000


def test_dependencies_that_form_a_ring_are_read() -> None:
    one, two = _state("1"), _state("2")
    one["dependencies"], two["dependencies"] = [two["urn"]], [one["urn"]]
    assert len(read_plan(_preview(one, two)).plan.steps) == 2


WRONG = {
    "custom": ["true", 1, {}],
    "inputs": ["text", [], 3, True],
    "outputs": ["[secret]", []],
    "parent": [3, {}],
    "dependencies": ["urn", {}],
    "propertyDependencies": [[], "x"],
    "protect": ["true", 1],
    "type": [1, []],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_a_field_of_the_engine_with_another_type_is_refused(field: str, value: object) -> None:
    with pytest.raises(NotAPlan, match=f"as {field} of step 0"):
        read_plan(_preview({**_state("x"), field: value}))


@pytest.mark.parametrize("value", [[], "text", 3])
def test_a_state_that_is_no_object_is_refused(value: object) -> None:
    document = {"config": {}, "steps": [{"op": "update", "urn": _state("x")["urn"], "newState": value}]}
    with pytest.raises(NotAPlan, match="as newState of step 0"):
        read_plan(json.dumps(document).encode())
