"""No secret in plain text: a canary stands for every secret, and everything that is written is searched for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import click
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from mlplatform import PlatformSpec
from mlplatform.cli.app import cli
from mlplatform.components.names import Layer
from mlplatform.plan import record as recording
from mlplatform.plan.model import SECRET_SIGNATURE, SIGNATURE, Plan, Value
from mlplatform.plan.sources import read_plan
from mlplatform.reading.describe.shape import field_models

from ..conftest import CLOUDS
from .siblings import TARGETS

CANARY = "canary-0d6f3a97"

ROUTES = [
    {"kind": "webhook", "name": "hook", "url_secret": "hook-url"},
    {"kind": "slack", "channel": "#a", "channel_id": "C0123456789", "team_id": "T0123456789", "token_secret": "chat"},
    {"kind": "pagerduty", "name": "pager", "key_secret": "pager-key"},
]
UPSTREAMS = ["docker.io", "ghcr.io"]
SECRETS = {
    "monitoring.routes.url_secret": "hook-url",
    "monitoring.routes.token_secret": "chat",
    "monitoring.routes.key_secret": "pager-key",
}
"""Every field of the spec that names a secret of the stack's configuration, and what it names here."""
NAMED_ELSEWHERE = {"endpoints.secrets": "names of the cloud's secret store, whose values no program reads"}

UNWRAPPED = {"aws": 4, "gcp": 3, "azure": 3}
"""Least number of inputs that must hold the canary: a search that finds nothing must have had something to find."""

ARGUMENTS = {
    "plan": ["{after}"],
    "check": ["{after}"],
    "cost": ["{before}", "{after}"],
    "diff": ["{before}", "{after}"],
    "risk": ["{before}", "{after}"],
    "comment": ["{after}", "--base", "{before}"],
    "access": ["{after}"],
    "import": ["{after}", "--id", "acme-store-data"],
    "graph": ["{after}"],
    "report": ["{after}", "-o", "report.html"],
    "digest": ["{plan}"],
    "validate": ["{after}"],
    "explain": ["{after}", "monitoring"],
    "provenance": ["{after}"],
}
"""How each command is called that says something of a spec or plan."""
SAYS_NOTHING_OF_ONE = {
    "schema": "of the format",
    "accelerators": "of the catalogue",
    "machines": "of the catalogue",
    "matrix": "of the clouds",
    "render": "pipelines name stacks, and the secrets' names at most",
    "export": "reads a stack's outputs, which are searched in the plan",
    "adopt": "reads another tool's outputs",
    "rehearse": "searches for a canary of its own, in state, events and logs",
    "completion": "of a shell",
    "migrate": "rewrites the file as it is",
    "component": "of the library",
    "init": "writes a new spec, and reads none",
    "new": "writes a package of its own, and reads no spec",
    "promote": "writes the record, which holds no secret",
    "import-model": "HF_TOKEN goes to the hub alone, and is printed nowhere: tests/promote/test_import.py",
    "dashboards": "queries and prices; a login's token is in memory alone, see tests/render/test_apply.py",
    "retrain": "names a queue and a pipeline's parameters",
    "lineage": "reads the record, which holds no secret",
    "reproduce": "reads the record; an address with a password is refused",
    "audit": "reads the record, which holds no secret",
    "name-images": "replaces digests in the files of a spec, and says the names of files and repositories",
    "releases": "reads the record and what answers, whose descriptions are searched for a model's name and not shown",
    "inventory": "reads the record and names of the spec",
    "copy-record": "writes what the record says, and says its place and moment",
    "doctor": "says of a login only that it is there: tests/doctor/test_machine.py",
    "bootstrap": "derives rights from types of resources and names",
}


def _spec(cloud: str, *, later: bool = False) -> dict[str, object]:
    routes = [dict(route) for route in ROUTES]
    routes[0]["severities"] = ["critical"] if later else ["critical", "warning"]
    return {
        "name": "acme",
        "environment": "dev",
        "owner": "ml",
        "cost_center": "1",
        "targets": [TARGETS[cloud]],
        "registry": {"pull_through": UPSTREAMS, "keep_images": 20 if later else 10},
        "monitoring": {"routes": routes, "prometheus": False, "dashboards": False},
    }


def _secret_fields(
    model: type[BaseModel] = PlatformSpec, path: str = "", seen: tuple[object, ...] = ()
) -> Iterator[str]:
    for name, field in model.model_fields.items():
        here = f"{path}.{name}".lstrip(".")
        if "secret" in name:
            yield here
        for kind in field_models(field):
            if kind not in seen:
                yield from _secret_fields(kind, here, (*seen, kind))


def test_every_secret_field_has_a_canary() -> None:
    assert set(_secret_fields()) == set(SECRETS) | set(NAMED_ELSEWHERE)
    spec = PlatformSpec.model_validate(_spec("aws"))
    assert set(spec.monitoring.secret_keys()) == set(SECRETS.values())
    assert len(spec.registry.secret_keys()) == 2 * len(UPSTREAMS)


def test_every_command_is_searched() -> None:
    known = set(cli.list_commands(click.Context(cli)))
    assert len(known & set(ARGUMENTS)) > 5
    assert not known - set(ARGUMENTS) - set(SAYS_NOTHING_OF_ONE), "search what it writes, or say why there is nothing"


@pytest.fixture(autouse=True)
def canaries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary in the configuration, and each plan made once."""
    monkeypatch.setattr(recording, "PLACEHOLDER", CANARY)
    monkeypatch.setattr(recording, "record", _recorded)


_plain_record = recording.record


def _recorded(
    spec: PlatformSpec, cloud: str, *, resolve: bool = False, progress: object = None, layer: Layer | None = None
) -> Plan:
    del progress
    return _once(spec.model_dump_json(), cloud, resolve, layer)


@cache
def _once(spec: str, cloud: str, resolve: bool, layer: Layer | None) -> Plan:
    return _plain_record(PlatformSpec.model_validate_json(spec), cloud, resolve=resolve, layer=layer)


def _plan(cloud: str, resolve: bool) -> Plan:
    return _recorded(PlatformSpec.model_validate(_spec(cloud, later=True)), cloud, resolve=resolve)


def _bare(value: Value) -> object:
    """The value without what is wrapped as a secret."""
    if isinstance(value, dict):
        mapping = cast("dict[str, Value]", value)
        if mapping.get(SIGNATURE) == SECRET_SIGNATURE:
            return None
        return {key: _bare(item) for key, item in mapping.items()}
    return [_bare(item) for item in cast("list[Value]", value)] if isinstance(value, list) else value


@pytest.mark.parametrize("resolve", [False, True], ids=["unknown", "resolved"])
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_engine_is_sent_secrets_as_secrets(cloud: str, resolve: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    plan = _plan(cloud, resolve)
    assert CANARY not in caplog.text
    holding = [step for step in plan.steps if CANARY in repr(step.inputs)]
    assert len(holding) >= UNWRAPPED[cloud], "the canary reached nothing: the search proves nothing"
    for step in plan.steps:
        for what in (step.inputs, step.outputs):
            assert CANARY not in repr(_bare(dict(what))), step.name
        assert CANARY not in f"{step.urn} {step.id} {step.name} {step.dependencies}"
    assert CANARY not in repr(_bare(dict(plan.outputs)))
    assert CANARY not in repr(plan.notes)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_nothing_that_is_written_holds_one(cloud: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"before": "before.json", "after": "after.json", "plan": "plan.json"}
    for name in ("before", "after"):
        (tmp_path / places[name]).write_text(json.dumps(_spec(cloud, later=name == "after")), encoding="utf-8")
    written = 0
    known = cli.list_commands(click.Context(cli))
    # the clouds differ in what they say, not in how it is shown
    searched = known if cloud == CLOUDS[0] else {"plan", "diff", "comment"} & set(known)
    for name, arguments in ((name, words) for name, words in ARGUMENTS.items() if name in searched):
        for form in _forms(name):
            words = [name, *(word.format(**places) for word in arguments), *form]
            done = CliRunner().invoke(cli, words)
            assert done.exit_code in (0, 1), f"{words}: {done.output}"
            assert done.exception is None or isinstance(done.exception, SystemExit), words
            assert CANARY not in done.output, words
            written += len(done.output)
            if words[0] == "plan" and "json" in words and "--resolve" in words:
                (tmp_path / places["plan"]).write_text(done.output, encoding="utf-8")
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert written > 10_000


def _forms(name: str) -> list[list[str]]:
    """Every format of a command, and with values in place of what only the cloud knows, where it can."""
    command = cli.get_command(click.Context(cli), name)
    assert command
    options = {option: param for param in command.params for option in param.opts}
    found: list[list[str]] = [[]]
    if "--format" in options:
        found = [["--format", str(choice)] for choice in cast("click.Choice[str]", options["--format"].type).choices]
    if "--resolve" in options:
        found += [[*form, "--resolve"] for form in found]
    return found


def test_a_state_shown_with_its_secrets_is_read_without_them() -> None:
    """`pulumi stack export --show-secrets` has them in plain text."""
    shown = {SIGNATURE: SECRET_SIGNATURE, "plaintext": json.dumps(f"https://{CANARY}.example")}
    resource = {"urn": "urn:pulumi:s::p::aws:sns/topic:Topic::t", "type": "aws:sns/topic:Topic", "custom": True}
    state = {
        "version": 3,
        "deployment": {"resources": [{**resource, "inputs": {"name": shown}, "outputs": {"a": [shown]}}]},
    }
    assert CANARY not in repr(read_plan(json.dumps(state).encode()).plan)
