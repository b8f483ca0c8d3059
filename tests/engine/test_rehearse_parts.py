"""The parts of a rehearsal that need no engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from mlplatform.rehearse.document import document
from mlplatform.rehearse.fault import KINDS, Fault, choose
from mlplatform.rehearse.injection import Injection
from mlplatform.rehearse.workshop import Workshop

from mlplatform.fast.sdk.install import fast_sdk
from mlplatform.mock_cloud import Cloud, CloudRefused
from mlplatform.mock_cloud.faults import AnswerLost
from mlplatform.providers.accounts import Account
from mlplatform.reading.load import load
from mlplatform.rehearse.changes import TYPICAL, Skipped, changed
from mlplatform.rehearse.comparing import differs, unlike_state
from mlplatform.rehearse.events import read_events
from mlplatform.rehearse.model import Failure, Phase, Rehearsal, Stay, Survival
from mlplatform.rehearse.state import read_state
from mlplatform.rehearse.surroundings import environment
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.rehearsal import json as json_view
from mlplatform.views.rehearsal import junit as junit_view
from mlplatform.views.rehearsal import text as text_view
from mlplatform.views.style import Style

fast_sdk(("pulumi_aws", "pulumi_gcp", "pulumi_azure_native"))

StackSpec = Callable[[str], PlatformSpec]
TOPIC = "aws:sns/topic:Topic"
VPC = "aws:ec2/vpc:Vpc"
URN = "urn:pulumi:dev-aws::mlplatform::mlplatform:index:Platform$aws:sns/topic:Topic::alarms"


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_spec_survives_as_data(stack: str, stack_spec: StackSpec, tmp_path: Path) -> None:
    spec = stack_spec(stack)
    file = tmp_path / "spec.json"
    file.write_text(json.dumps(document(spec)), encoding="utf-8")
    assert load(file).spec == spec


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
@pytest.mark.parametrize("name", TYPICAL)
def test_typical_changes_change_something_that_the_cloud_accepts(name: str, cloud: str, stack_spec: StackSpec) -> None:
    spec = stack_spec("prod")
    turns = changed(spec, name, cloud)
    assert isinstance(turns, tuple)
    before = spec
    for turn in turns:
        assert turn.spec != before
        before = turn.spec


def test_a_change_that_has_no_place_says_so(stack_spec: StackSpec) -> None:
    bare = stack_spec("dev").overlay(training=None, endpoints=())
    made = {name for name in TYPICAL if not isinstance(changed(bare, name, "aws"), Skipped)}
    assert made == {"tag", "autoscaled"}


def test_rollouts_go_there_and_back(stack_spec: StackSpec) -> None:
    spec = stack_spec("dev")
    for name, ends in (("rollback", "rolled out"), ("alarm", "taken back")):
        turns = changed(spec, name, "aws")
        assert isinstance(turns, tuple)
        there, back = turns
        # the version after the next is taken: the shadow runs the next one
        assert [turn.spec.endpoints[0].model for turn in turns] == ["fraud/9", "fraud/7"]
        assert back.spec == spec
        assert (there.after, back.after) == (ends, "rolled out")


def test_traffic_moves_to_another_variant(stack_spec: StackSpec) -> None:
    turns = changed(stack_spec("dev"), "variant", "aws")
    assert isinstance(turns, tuple)
    shares = [{one.name: one.traffic_percent for one in turn.spec.endpoints[0].variants} for turn in turns]
    assert shares == [{"main": 90, "rehearsal": 10}, {"rehearsal": 100}]


def test_the_engine_sees_nothing_of_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "ARM_CLIENT_SECRET", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY")
    for name in secrets:
        monkeypatch.setenv(name, "hush")
    found = environment(tmp_path, {"PULUMI_DEBUG_PROVIDERS": "aws:1"})
    assert not set(secrets) & set(found)
    assert all(found[name].startswith(str(tmp_path)) for name in ("HOME", "PULUMI_HOME"))
    assert found["PULUMI_BACKEND_URL"] == (tmp_path / "state").as_uri()
    assert found["PULUMI_DEBUG_PROVIDERS"] == "aws:1"


def test_the_project_is_copied_and_not_its_configuration(root: Path, tmp_path: Path, stack_spec: StackSpec) -> None:
    workshop = Workshop(tmp_path / "here", root)
    name = workshop.write_spec(stack_spec("dev"))
    assert load(tmp_path / "here" / "stacks" / f"{name}.json").spec == stack_spec("dev")
    assert (tmp_path / "here" / "platform" / "program" / "__main__.py").is_file()
    assert "refresh: always" in (tmp_path / "here" / "Pulumi.yaml").read_text("utf-8")
    other = Workshop(tmp_path / "there", tmp_path)
    assert (other.folder / "program" / "__main__.py").is_file()


def test_events_are_read_as_far_as_they_were_written(tmp_path: Path) -> None:
    pre = {"op": "replace", "urn": URN, "detailedDiff": {"name": {}}}
    lines = [
        {"resourcePreEvent": {"metadata": pre}},
        {"resourcePreEvent": {"metadata": {"op": "same", "urn": URN}}},
        {"diagnosticEvent": {"severity": "error", "urn": URN, "message": "<{%reset%}>no<{%reset%}>\n"}},
        {"diagnosticEvent": {"severity": "warning", "message": "hm"}},
        {"newKindOfEvent": {"a": 1}},
        {"summaryEvent": {"resourceChanges": {"replace": 1, "same": 4}}},
    ]
    file = tmp_path / "events"
    file.write_text("\n".join(map(json.dumps, lines)) + '\n{"summaryEv', encoding="utf-8")
    events = read_events(file)
    assert events.changes == {"replace": 1, "same": 4}
    assert events.changed == 1
    assert [(trouble.urn, trouble.text) for trouble in events.troubles] == [(URN, "no")]
    assert events.touched == (("replace", URN, ("name",)),)
    assert read_events(tmp_path / "none").changes == {}


def test_states_and_clouds_are_compared_both_ways() -> None:
    cloud = Cloud(Account.sample("aws"))
    kept = cloud.create(TOPIC, "alarms", {"name": "alarms"})
    orphan = cloud.create(TOPIC, "orphan", {"name": "orphan"})
    resources = [
        {"urn": URN, "custom": True, "type": TOPIC, "id": kept.id, "protect": True},
        {"urn": URN.replace("alarms", "ghost"), "custom": True, "type": TOPIC, "id": "ghost"},
        {"urn": "urn:x::y::pulumi:pulumi:Stack::z", "type": "pulumi:pulumi:Stack"},
    ]
    pending = [{"resource": {"urn": URN}, "type": "creating"}]
    state = read_state({"deployment": {"resources": resources, "pending_operations": pending}})
    answers = [failure.answer for failure in unlike_state(state, cloud.contents(), set())]
    assert len(answers) == 3
    assert f"{orphan.id} is in the cloud and not in the state: orphaned" in answers
    assert "ghost is in the state and not in the cloud" in answers
    assert "is still creating" in answers
    assert len(unlike_state(state, cloud.contents(), {(TOPIC, orphan.id)})) == 2


def test_clouds_are_compared_without_the_ids_of_what_was_made_anew() -> None:
    account = Account.sample("aws")
    clouds = [Cloud(account), Cloud(account)]
    clouds[1].delete(VPC, clouds[1].create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"}).id)
    for cloud in clouds:
        vpc = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
        cloud.create("aws:ec2/subnet:Subnet", "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    expected, found = (cloud.contents() for cloud in clouds)
    assert {held.id for held in expected} != {held.id for held in found}
    assert differs(expected, found, account) == ()
    clouds[1].create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    assert [failure.answer for failure in differs(expected, clouds[1].contents(), account)] == [
        "is there 2 times instead of 1"
    ]
    smaller = (replace(expected[0], inputs={**expected[0].inputs, "cidrBlock": "10.9.0.0/24"}),)
    assert [failure.answer for failure in differs(expected, smaller, account)] == ["is missing", "differs in cidrBlock"]


def test_a_seed_draws_every_kind_in_turn() -> None:
    candidates = {"create": [("t", "a"), ("t", "b")], "update": [("t", "a")], "delete": [("t", "b")]}
    first = choose(len(KINDS), 7, candidates)
    assert {(fault.op, fault.kind) for fault in first} == set(KINDS)
    assert choose(len(KINDS), 7, candidates) == first
    assert choose(len(KINDS), 8, candidates) != first
    assert len(choose(40, 7, candidates)) == 40
    assert choose(3, 7, {}) == ()


def test_a_fault_happens_once_and_to_its_own() -> None:
    injection = Injection()
    cloud = Cloud(Account.sample("aws"), injection)
    injection.set(Fault("create", "refused", TOPIC, "alarms"))
    cloud.create(TOPIC, "other", {"name": "other"})
    assert not injection.happened
    with pytest.raises(CloudRefused):
        cloud.create(TOPIC, "alarms", {"name": "alarms"})
    assert injection.happened
    cloud.create(TOPIC, "alarms", {"name": "alarms"})
    injection.set(Fault("create", "answer lost", TOPIC, "lost"))
    with pytest.raises(AnswerLost):
        cloud.create(TOPIC, "lost", {"name": "lost"})
    assert [held.name for held in cloud.contents()] == ["alarms", "lost", "other"]


@pytest.mark.parametrize(("kind", "number"), [("interrupted", signal.SIGINT), ("killed after", signal.SIGKILL)])
def test_the_engine_gets_its_signal_in_the_middle(kind: str, number: int) -> None:
    injection = Injection()
    cloud = Cloud(Account.sample("aws"), injection)
    injection.set(Fault("create", kind, TOPIC, "alarms"))  # type: ignore[arg-type]
    code = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        making = threading.Thread(target=cloud.create, args=(TOPIC, "alarms", {"name": "alarms"}))
        making.start()
        while not injection.watch(process):
            os.sched_yield()
        making.join(10)
        assert process.wait(10) == -number
    assert [held.name for held in cloud.contents()] == ["alarms"]


FAILED = Failure("alarms (aws:sns/topic:Topic)", "AuthorizationError: \x07 no", "the role may not", "https://x.example")
STAYS = (
    *[Stay("config (aws:sagemaker/endpointConfiguration:EndpointConfiguration)", "retained on purpose")] * 2,
    *(Stay(f"key-{number} (aws:kms/key:Key)", "the key waits for its deletion") for number in range(9)),
)
REHEARSAL = Rehearsal(
    "dev-aws",
    "aws",
    3,
    (
        Phase("up", "everything is made", True, 2.0, 900.0, {"create": 3}),
        Phase("destroy", "nothing is left", False, 1.0, 0.0, {}, (FAILED,), ("a note",), STAYS),
    ),
    (Survival("create of alarms: refused", True, "a plain re-run", 4.0),),
)


def test_the_text_says_what_failed_and_why() -> None:
    text = text_view.document([REHEARSAL], Style())
    assert "dev-aws  3 resources, 2 phases, 7 s" in text
    assert "FAILED" in text
    assert "15 min" in text
    assert "likely cause: the role may not" in text
    assert "  destroy: a note\n" in text
    assert "  destroy: retained on purpose (2): config (2)\n" in text
    assert "  destroy: the key waits for its deletion (9): key-0, key-1" in text
    assert max(map(len, text_view.document([REHEARSAL], Style(width=60)).split("destroy: the")[1].splitlines())) <= 60
    assert "1 of 1 faults survived" in text
    assert "0 of 1 rehearsals passed" in text


def test_tools_read_the_same() -> None:
    body = json.loads(json_view.document([REHEARSAL]))
    assert body["ok"] is False
    assert body["rehearsals"][0]["phases"][1]["failures"][0]["cause"] == "the role may not"
    assert len(body["rehearsals"][0]["phases"][1]["stays"]) == 11
    (suite,) = Xml.fromstring(junit_view.document([REHEARSAL]))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert "AuthorizationError: ? no" in failure.text
