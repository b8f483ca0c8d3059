"""The providers answer a plain gRPC client as Pulumi's engine is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from mlplatform.catalog.replacement import replacement_reason
from mlplatform.mock_cloud import Cloud, CloudRefused, Held
from mlplatform.mock_cloud.faults import AnswerLost, TookTooLong
from mlplatform.mock_cloud.serve import serving
from mlplatform.mock_cloud.serve.retry import ATTEMPTS
from mlplatform.providers.accounts import Account
from mlplatform.providers.wire import UNKNOWN

Wire: TypeAlias = Any
"""Stubs and messages of gRPC, which carry no types."""
VPC = "aws:ec2/vpc:Vpc"
TOPIC = "aws:sns/topic:Topic"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hush"}


class ChosenFaults:
    """Faults that a test chooses."""

    def __init__(self) -> None:
        self.refusals: list[CloudRefused] = []
        self.loses = ""

    def before(self, op: str, token: str, name: str) -> None:
        if self.refusals:
            raise self.refusals.pop()

    def after(self, op: str, held: Held) -> None:
        if self.loses == "answer":
            raise AnswerLost
        if self.loses == "patience":
            raise TookTooLong(held)


@pytest.fixture(scope="module")
def faults() -> ChosenFaults:
    return ChosenFaults()


@pytest.fixture(scope="module")
def aws(faults: ChosenFaults) -> Cloud:
    return Cloud(Account.sample("aws"), faults)


@pytest.fixture(scope="module")
def client(aws: Cloud) -> Iterator[Wire]:
    with serving({"aws": aws}, replacement_reason) as environment:
        package, _, port = environment["PULUMI_DEBUG_PROVIDERS"].partition(":")
        assert package == "aws"
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::project::platform:index:Platform${token}::{name}"


def struct(values: Mapping[str, object]) -> struct_pb2.Struct:
    message = struct_pb2.Struct()
    message.update(values)
    return message


def values(message: Wire) -> dict[str, Any]:
    return json_format.MessageToDict(message)


def diff(client: Wire, token: str, old: Mapping[str, object], new: Mapping[str, object], *ignore: str) -> Wire:
    return client.Diff(
        provider_pb2.DiffRequest(
            id="id",
            urn=urn(token, "it"),
            olds=struct(old),
            old_inputs=struct(old),
            news=struct(new),
            ignoreChanges=ignore,
        )
    )


def test_it_introduces_itself(client: Wire) -> None:
    assert client.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="x")).accept_secrets
    assert client.Configure(provider_pb2.ConfigureRequest()).supportsPreview
    assert client.GetPluginInfo(empty_pb2.Empty()).version.count(".") == 2
    assert values(client.Cancel(empty_pb2.Empty())) == {}


def test_the_providers_own_settings_are_checked(client: Wire) -> None:
    def check(settings: Mapping[str, object]) -> Wire:
        address = "urn:pulumi:dev::project::pulumi:providers:aws::default"
        return client.CheckConfig(provider_pb2.CheckRequest(urn=address, news=struct(settings)))

    assert not check({"region": "us-east-1", "version": "7.51.1"}).failures
    (failure,) = check({"regoin": "us-east-1"}).failures
    assert failure.property == "regoin"


def test_bad_inputs_are_refused_by_property(client: Wire) -> None:
    answer = client.Check(
        provider_pb2.CheckRequest(urn=urn(VPC, "vpc"), news=struct({"cidrBlok": "10.0.0.0/16", "enableDnsSupport": 3}))
    )
    assert {failure.property for failure in answer.failures} == {"cidrBlok", "enableDnsSupport"}
    assert all("expected" in failure.reason for failure in answer.failures)


def test_create_read_update_and_delete_over_grpc(client: Wire, aws: Cloud) -> None:
    here = {"urn": urn(TOPIC, "alarms"), "properties": struct({"name": "alarms", "displayName": SECRET})}
    expected = client.Create(provider_pb2.CreateRequest(preview=True, **here))
    assert expected.id == ""
    assert aws.contents() == ()
    made = client.Create(provider_pb2.CreateRequest(**here))
    assert values(made.properties)["displayName"] == SECRET
    read = client.Read(provider_pb2.ReadRequest(id=made.id, urn=here["urn"]))
    assert values(read.inputs) == {"name": "alarms", "displayName": SECRET}
    assert values(read.properties) == values(made.properties)
    changed = client.Update(
        provider_pb2.UpdateRequest(id=made.id, urn=here["urn"], news=struct({"name": "alarms", "tags": {"a": "b"}}))
    )
    assert values(changed.properties)["tags"] == {"a": "b"}
    client.Delete(provider_pb2.DeleteRequest(id=made.id, urn=here["urn"]))
    assert client.Read(provider_pb2.ReadRequest(id=made.id, urn=here["urn"])).id == ""


def test_a_preview_has_existing_outputs_and_no_new_ones(client: Wire, aws: Cloud) -> None:
    node = {"cidrBlock": UNKNOWN, "tags": {"a": "b"}}
    answer = client.Create(provider_pb2.CreateRequest(preview=True, urn=urn(VPC, "next"), properties=struct(node)))
    assert values(answer.properties) == node
    held = aws.create(VPC, "kept", {"cidrBlock": "10.0.0.0/16"})
    answer = client.Update(
        provider_pb2.UpdateRequest(
            preview=True,
            id=held.id,
            urn=urn(VPC, "kept"),
            news=struct({"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}),
        )
    )
    assert values(answer.properties)["arn"] == held.outputs["arn"]
    assert values(answer.properties)["tags"] == {"a": "b"}
    assert "tags" not in held.outputs


def test_differences_are_reported_by_property(client: Wire) -> None:
    old = {"name": "alarms", "displayName": SECRET, "tags": {"a": "b", "c.d": "e"}}
    assert diff(client, TOPIC, old, {**old, "displayName": "hush"}).changes == provider_pb2.DiffResponse.DIFF_NONE
    answer = diff(client, TOPIC, old, {**old, "tags": {"a": "x"}})
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert set(answer.detailedDiff) == {"tags.a", 'tags["c.d"]'}
    assert not answer.replaces
    assert diff(client, TOPIC, old, {**old, "tags": {}}, "tags").changes == provider_pb2.DiffResponse.DIFF_NONE


def test_an_immutable_property_replaces_and_a_kept_name_is_deleted_first(client: Wire) -> None:
    kept = diff(client, TOPIC, {"name": "a.fifo", "fifoTopic": True}, {"name": "a.fifo", "fifoTopic": False})
    assert list(kept.replaces) == ["fifoTopic"]
    assert kept.deleteBeforeReplace
    moved = diff(client, TOPIC, {"name": "a"}, {"name": "b"})
    assert list(moved.replaces) == ["name"]
    assert not moved.deleteBeforeReplace


def test_an_immutable_property_in_a_document_replaces(client: Wire) -> None:
    def config(name: str, tag: str) -> dict[str, object]:
        state = json.dumps({"EndpointConfigName": name, "Tags": [{"Key": "a", "Value": tag}]})
        return {"typeName": "AWS::SageMaker::EndpointConfig", "desiredState": state}

    token = "aws:cloudcontrol/resource:Resource"
    assert list(diff(client, token, config("one", "b"), config("two", "b")).replaces) == ["desiredState"]
    assert not diff(client, token, config("one", "b"), config("one", "c")).replaces
    torn = {**config("one", "b"), "desiredState": "{no"}
    assert not diff(client, token, torn, {**torn, "desiredState": "{not"}).replaces


def test_the_provider_retries_and_then_gives_up(client: Wire, aws: Cloud, faults: ChosenFaults) -> None:
    busy = CloudRefused("Throttling", "Rate exceeded", retryable=True)
    here = provider_pb2.CreateRequest(urn=urn(VPC, "patient"), properties=struct({"cidrBlock": "10.1.0.0/16"}))
    faults.refusals = [busy] * (ATTEMPTS - 1)
    assert client.Create(here).id
    faults.refusals = [busy] * ATTEMPTS
    with pytest.raises(grpc.RpcError, match="Throttling: Rate exceeded"):
        client.Create(here)
    assert aws.refusals[-1].name == "patient"


def test_a_lost_answer_leaves_the_created_resource(client: Wire, aws: Cloud, faults: ChosenFaults) -> None:
    faults.loses = "answer"
    here = provider_pb2.CreateRequest(urn=urn(TOPIC, "lost"), properties=struct({"name": "lost"}))
    with pytest.raises(grpc.RpcError, match="connection to the provider was lost"):
        client.Create(here)
    faults.loses = ""
    assert [held.name for held in aws.contents() if held.token == TOPIC] == ["lost"]


def test_a_resource_that_took_too_long_is_returned_with_its_id(client: Wire, aws: Cloud, faults: ChosenFaults) -> None:
    faults.loses = "patience"
    here = provider_pb2.CreateRequest(urn=urn(TOPIC, "late"), properties=struct({"name": "late"}))
    with pytest.raises(grpc.RpcError, match="timeout while waiting") as failed:
        client.Create(here)
    faults.loses = ""
    details = dict(failed.value.trailing_metadata())["grpc-status-details-bin"]
    assert aws.read(TOPIC, "arn:aws:sns:us-east-1:123456789012:late") is not None
    assert b"ErrorResourceInitFailed" in details
    assert b"arn:aws:sns:us-east-1:123456789012:late" in details


def test_functions_are_answered_and_refused(client: Wire) -> None:
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    answer = client.Invoke(provider_pb2.InvokeRequest(tok=token, args=struct({"state": "available"})))
    assert "us-east-1a" in values(getattr(answer, "return"))["names"]
    refused = client.Invoke(provider_pb2.InvokeRequest(tok=token, args=struct({"stat": "available"})))
    assert refused.failures[0].property == "stat"
