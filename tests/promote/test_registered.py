"""The record against the model registry of MLflow: what a release names there must be there, and the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mlplatform.components.live_traffic import NotAnswered
from mlplatform.promote import registered
from mlplatform.promote.registered import MlflowRegistry, registry_from
from mlplatform.promote.standing import standings
from mlplatform.services.rest import HttpAnswer
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import Release, ReleaseRecord

from .conftest import Promote, Store
from .test_standing import gcp_answers, says

VERSIONS = {"12": {"mlplatform.version": "8", "mlplatform.run": "r8"}}
"""Tags of the versions of `fraud` in the registry."""


class Server:
    """Answers as MLflow does; its tokens are checked in front of it."""

    def __init__(self, status: int = 200, text: str = "") -> None:
        self.status, self.text = status, text
        self.headers: list[Mapping[str, str]] = []

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        assert (method, body, urlsplit(url).path) == ("GET", None, "/api/2.0/mlflow/model-versions/get")
        self.headers.append(headers)
        if self.status != 200:
            return HttpAnswer(self.status, self.text.encode())
        asked = parse_qs(urlsplit(url).query)
        tags = VERSIONS.get(asked["version"][0]) if asked["name"] == ["fraud"] else None
        if tags is None:
            return HttpAnswer(404, b'{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "not found"}')
        found = {"name": "fraud", "version": "12", "tags": [{"key": k, "value": v} for k, v in tags.items()]}
        return HttpAnswer(200, json.dumps({"model_version": found}).encode())


def registry(server: Server, token: str = "") -> MlflowRegistry:
    return MlflowRegistry("https://mlflow.example/", token, server, lambda _: None)


def released(spec: PlatformSpec, **changes: object) -> PlatformSpec:
    """The platform, whose record has changes on every target."""
    assert spec.record is not None

    def changed(each: Release) -> Release:
        return each.overlay(**{"registry": "fraud/12", "run": "r8", **changes})

    targets = {
        target: {
            name: {variant: changed(each) for variant, each in variants.items()} for name, variants in all_.items()
        }
        for target, all_ in spec.record.targets.items()
    }
    return spec.with_record(ReleaseRecord(platform="acme", environment="dev", targets=targets))


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({}, "serves", ""),
        ({"registry": None}, "serves", ""),
        ({"registry": "fraud/13"}, "not registered", "the model registry has no fraud/13"),
        ({"registry": "credit/12"}, "not registered", "the model registry has no credit/12"),
        ({"run": "r9"}, "not registered", "fraud/12 of the model registry is of run r8, not of r9"),
        ({"run": None}, "serves", ""),
    ],
)
def test_a_release_is_held_against_the_registry(
    spec: PlatformSpec,
    changes: dict[str, object],
    word: str,
    reason: str,
) -> None:
    live = says(gcp_answers("8", "8"))
    (found,) = standings(released(spec, **changes).on("gcp"), live, registry(Server()))
    assert (found.word, found.reason) == (word, reason)


def test_another_version_of_the_registry_is_told(spec: PlatformSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, "12", {"mlplatform.version": "7", "mlplatform.run": "r8"})
    (found,) = standings(released(spec).on("gcp"), says(gcp_answers("8", "8")), registry(Server()))
    assert found.reason == "fraud/12 of the model registry is of version 7, not of 8"
    monkeypatch.setitem(VERSIONS, "12", {})
    (found,) = standings(released(spec).on("gcp"), says(gcp_answers("8", "8")), registry(Server()))
    assert found.word == "not registered", "a version that no pipeline of ours made"


@pytest.mark.parametrize(
    ("server", "words"),
    [
        (Server(401, "no token"), "code 401"),
        (Server(503, "busy"), "code 503"),
        (Server(0, "refused"), "refused"),
        (Server(404, "<html>no such page"), "code 404"),
        (Server(400, '{"error_code": "INVALID_PARAMETER_VALUE", "message": "bad name"}'), "bad name"),
    ],
)
def test_who_cannot_be_asked_is_told(spec: PlatformSpec, server: Server, words: str) -> None:
    """Unknown is not "not registered": that page may be of another server."""
    (found,) = standings(released(spec).on("gcp"), says(gcp_answers("8", "8")), registry(server))
    assert (found.word, words in found.reason) == ("unknown", True), found


def test_the_token_goes_with_each_request_and_never_in_the_open(spec: PlatformSpec) -> None:
    server = Server()
    standings(released(spec).on("gcp"), says(gcp_answers("8", "8")), registry(server, "t0ken"))
    assert [dict(each) for each in server.headers] == [{"Authorization": "Bearer t0ken"}]
    assert registry_from({}) is None
    for address, words in (
        ("http://mlflow.example", "in the open"),
        ("azureml://eastus.api.azureml.ms/mlflow/v1.0/x", "only a plug-in"),
        ("arn:aws:sagemaker:us-east-1:123456789012:mlflow-app/a", "only a plug-in"),
    ):
        with pytest.raises(NotAnswered, match=words):
            registry_from({"MLFLOW_TRACKING_URI": address, "MLFLOW_TRACKING_TOKEN": "t0ken"})
    assert registry_from({"MLFLOW_TRACKING_URI": "http://localhost:5000"}) is not None


def test_a_candidate_that_the_registry_never_had_is_not_released(
    promote: Promote, candidate: Callable[..., Path], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registered, "registry_from", lambda _: registry(Server()))
    to = ("--endpoint", "scorer", "--to", "dev", "--by", "ana", "--target", "aws")
    code, said = promote("--candidate", str(candidate(released=None, registry="fraud/13")), *to)
    assert (code, "the model registry has no fraud/13" in said) == (2, True), said
    assert not any("cp" in command for command in store.commands)
    monkeypatch.setitem(VERSIONS, "13", {"mlplatform.version": "9", "mlplatform.run": "r1"})
    code, said = promote("--candidate", str(candidate(released=None, registry="fraud/13")), *to)
    assert code == 0, said
