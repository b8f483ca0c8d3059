"""Events, states and clouds are read and compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from mlplatform.mock_cloud import Cloud
from mlplatform.providers.accounts import Account
from mlplatform.rehearse.comparing import compare_clouds, compare_with_state
from mlplatform.rehearse.events import read_events
from mlplatform.rehearse.state import read_state

TOPIC = "aws:sns/topic:Topic"
VPC = "aws:ec2/vpc:Vpc"
URN = "urn:pulumi:dev-aws::mlplatform::mlplatform:index:Platform$aws:sns/topic:Topic::alarms"


def test_a_half_written_log_is_read_to_its_end(tmp_path: Path) -> None:
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
    assert [(error.urn, error.text) for error in events.errors] == [(URN, "no")]
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
    answers = [failure.answer for failure in compare_with_state(state, cloud.contents(), set())]
    assert len(answers) == 3
    assert f"{orphan.id} is in the cloud and not in the state: orphaned" in answers
    assert "ghost is in the state and not in the cloud" in answers
    assert "is still creating" in answers
    assert len(compare_with_state(state, cloud.contents(), {(TOPIC, orphan.id)})) == 2


def test_new_ids_of_replaced_resources_are_no_difference() -> None:
    account = Account.sample("aws")
    clouds = [Cloud(account), Cloud(account)]
    clouds[1].delete(VPC, clouds[1].create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"}).id)
    for cloud in clouds:
        vpc = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
        cloud.create("aws:ec2/subnet:Subnet", "subnet", {"vpcId": vpc.id, "cidrBlock": "10.0.0.0/24"})
    expected, found = (cloud.contents() for cloud in clouds)
    assert {held.id for held in expected} != {held.id for held in found}
    assert compare_clouds(expected, found, account) == ()
    clouds[1].create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    assert [failure.answer for failure in compare_clouds(expected, clouds[1].contents(), account)] == [
        "exists 2 times, expected 1"
    ]
    smaller = (replace(expected[0], inputs={**expected[0].inputs, "cidrBlock": "10.9.0.0/24"}),)
    assert [failure.answer for failure in compare_clouds(expected, smaller, account)] == [
        "is missing",
        "differs in cidrBlock",
    ]
