"""Secrets that nobody marked: planted everywhere, and searched for in everything that the commands print."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import VALID, Result

from mlplatform.plan.model import is_secret
from mlplatform.plan.sources.secrets import seal_secrets
from mlplatform.reading.refusals.redact import hide_secrets
from mlplatform.secret_text import FORMS, has_secret_form, hide_secret_forms, holds_secret

Command = Callable[..., Result]

MARK = "Q7canaryX9"
"""Part of every planted secret."""
PLANTED = {
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{MARK}{MARK}\n-----END RSA PRIVATE KEY-----",
    "AWS access key": f"AKIA{MARK.upper()}ABCDEF",
    "GitHub token": f"ghp_{MARK}{MARK}0123456789",
    "GitLab token": f"glpat-{MARK}0123456789",
    "Slack token": f"xoxb-{MARK}0123",
    "webhook": f"https://hooks.slack.com/services/T0/B0/{MARK}",
    "API key": f"sk-proj-{MARK}0123456789",
    "access token": f"hf_{MARK}{MARK}0123456789A",
    "JSON web token": f"eyJhbGciOiJIUzI1NiJ9.eyJ{MARK}.{MARK}",
    "password in a URL": f"postgres://app:{MARK}@db.internal:5432/models",
    "signature in a URL": f"https://acct.blob.core.windows.net/c/b?sv=2024&sig={MARK}%3D",
    "key in a connection string": f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={MARK}0123456789==",
    "password in a setting": f"Server=db;User=sa;Password={MARK};",
    "variable of a script": f"export WANDB_API_KEY={MARK}0123456789",
    "authorization header": f"Authorization: Bearer {MARK}0123456789",
}
"""One secret of each kind that shows by its form."""
NAMED = {"DB_PASSWORD": MARK, "apiKey": MARK, "HF_TOKEN": MARK, "SIGNING_KEY": MARK, "STORE_CONNECTION_STRING": MARK}
"""Secrets that only their names tell."""
PLAIN = {
    "a digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "a hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "a commit": "b39f306ac729b888bb73c7e2464a893482b5a0543",
    "an image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/serve@sha256:9f86d081884c7d659a2feaa0c55ad015",
    "an ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-ml/hf-token-AbCdEf",
    "an id": "/subscriptions/00000000-1111-4222-8333-444444444444/providers/Microsoft.KeyVault/vaults/v",
    "a model": "fraud/2026-11-01-4f1d8e02b9",
    "a URL": "https://acme.example/path?version=12345678&region=eu-west-1",
    "an address": "projects/p/secrets/hf-token/versions/1",
    "words": "rotate the password of the token service; basic authentication is off since 2026",
    "a task": "disk-ssd-premium-v2-Large-0123456789",
    "a placeholder": "https://user:${PASSWORD}@host/?token=${TOKEN}",
    "a script": "MAX_TOKENS=4096 TOKEN=$(cat /t) HF_TOKEN_FILE=/run/secrets/hf1 API_KEY=<yours>",
    "shell": 'docker login --password="$TOKEN" && PASSWORD=$(cat /run/secret)',
}
"""What is no secret."""


def test_every_form_is_planted_and_recognised() -> None:
    assert set(PLANTED) == {form.kind for form in FORMS}
    for kind, secret in PLANTED.items():
        assert has_secret_form(secret), kind
        assert MARK.lower() not in hide_secret_forms(f"see {secret} here").lower(), kind
        assert MARK.lower() not in hide_secrets(f"got '{secret}'").lower(), kind
        assert has_secret_form(base64.b64encode(f"#!/bin/sh\nexport A='{secret}'\n".encode()).decode()), kind
    assert all(holds_secret(name, value) for name, value in NAMED.items())


@pytest.mark.parametrize("what", PLAIN)
def test_what_is_no_secret_stays(what: str) -> None:
    text = PLAIN[what]
    assert not has_secret_form(text)
    assert hide_secret_forms(text) == text
    assert seal_secrets({"tags": {"note": text}, "description": text}) == {"tags": {"note": text}, "description": text}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_SECRET_NAME", "db"),
        ("HF_TOKEN_FILE", "/run/token"),
        ("MAX_TOKENS", "512"),
        ("PAD_TOKEN", "<pad>"),
        ("EOS_TOKEN", "end"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:1:secret:db"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("api-key", "Disabled"),
    ],
)
def test_a_name_of_a_place_is_no_secret(name: str, value: str) -> None:
    assert not holds_secret(name, value)


def test_what_the_stacks_plan_is_not_hidden(stack_plan: Callable[..., object]) -> None:
    """Sealing a plan without secrets gives the plan: no rule and no view loses a policy, a hash or an address."""
    plan = json.loads(json.dumps(stack_plan("prod", "azure").to_preview()))  # type: ignore[attr-defined]
    for step in plan["steps"]:
        inputs = step["newState"].get("inputs") or {}
        changed = [path for path, sealed in _secrets(seal_secrets(inputs)) if sealed]
        known = [path for path, _ in _texts(inputs, "[secret]")]
        assert len(changed) == len(known), step["urn"]


def _secrets(value: object, path: str = "") -> Iterator[tuple[str, bool]]:
    if is_secret(value):  # type: ignore[arg-type]
        yield path, True
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _secrets(item, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _secrets(item, f"{path}[{index}]")


def _texts(value: object, wanted: str, path: str = "") -> Iterator[tuple[str, str]]:
    if value == wanted:
        yield path, wanted
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, wanted, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, wanted, f"{path}[{index}]")


SPEC = VALID.replace(
    "region: us-east-1", "region: us-east-1\n    people: {operator: [arn:aws:iam::123456789012:role/ops]}"
)
PLACES = {
    "owner": ("owner: team", "owner: '{}'"),
    "cost_center": ('cost_center: "1"', "cost_center: '{}'"),
    "tags.note": ("owner: team", "owner: team\ntags: {{note: '{}'}}"),
    "tags": ("owner: team", "owner: team\ntags: {{'{}': x}}"),
    "targets[0].people.operator[0]": ("arn:aws:iam::123456789012:role/ops", "'{}'"),
    "endpoints[0].env.URL": ("owner: team", "owner: team\nendpoints: [{{name: e, model: m/1, env: {{URL: '{}'}}}}]"),
    "endpoints[0].image": ("owner: team", "owner: team\nendpoints: [{{name: e, model: m/1, image: '{}'}}]"),
    "name": ("name: acme", "name: '{}'"),
    "nonsense": ("owner: team", "owner: team\n'{}': 1"),
}
"""Free text of a spec by its field, with the text to replace."""


@pytest.mark.parametrize("field", PLACES)
def test_a_spec_with_a_secret_is_refused_without_it(field: str, command: Command, tmp_path: Path) -> None:
    old, new = PLACES[field]
    kinds = (
        PLANTED
        if field == "endpoints[0].env.URL"
        else {kind: PLANTED[kind] for kind in ("GitHub token", "password in a URL")}
    )
    for kind, secret in kinds.items():
        text = SPEC.replace(old, new.format(secret.replace("\n", "\\n")), 1)
        (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
        result = command("validate", "spec.yaml")
        assert result.code == 2, (kind, result.flat)
        assert MARK.lower() not in result.flat.lower(), kind
        if field == "endpoints[0].env.URL":
            assert "secrets:" in result.flat, kind
        assert field == "nonsense" or field in result.flat, (kind, result.flat)


def test_names_of_secrets_are_refused_in_variables_and_tags(command: Command, tmp_path: Path) -> None:
    for name in NAMED:
        variable = f"\nendpoints: [{{name: e, model: m/1, env: {{{name.upper()}: {MARK}}}}}]"
        for more in (variable, f"\ntags: {{{name}: {MARK}}}"):
            (tmp_path / "spec.yaml").write_text(SPEC.replace("owner: team", f"owner: team{more}"), encoding="utf-8")
            result = command("validate", "spec.yaml")
            assert result.code == 2, (name, more, result.flat)
            assert MARK not in result.flat


PYTHON = """from mlplatform import AwsTarget, EndpointSpec, PlatformSpec

platform = PlatformSpec(
    name="acme",
    owner="team",
    cost_center="1",
    targets=(AwsTarget(account_id="123456789012", region="us-east-1"),),
    endpoints=(EndpointSpec(name="e", model="m/1", env={env}),),
)
"""


@pytest.mark.parametrize("suffix", ["yaml", "py"])
def test_a_change_that_removes_a_secret_is_reviewed(suffix: str, command: Command, tmp_path: Path) -> None:
    variables = {"API_TOKEN": MARK, "URL": PLANTED["password in a URL"]}
    for name, env in (("before", variables), ("after", dict[str, str]())):
        text = SPEC.replace("owner: team", f"owner: team\nendpoints: [{{name: e, model: m/1, env: {json.dumps(env)}}}]")
        if suffix == "py":
            text = PYTHON.format(env=env)
        (tmp_path / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    result = command("diff", f"before.{suffix}", f"after.{suffix}")
    assert result.code == 0, result.flat
    assert MARK.lower() not in (result.out + result.err).lower()
    assert command("diff", f"after.{suffix}", f"before.{suffix}").code == 2


def _inputs(secret: str, named: dict[str, str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Types of resources and inputs, with a secret in each text that people choose."""
    encoded = base64.b64encode(f"#!/bin/sh\nexport A='{secret}'\n".encode()).decode()
    listed = [{"name": name, "value": value} for name, value in {**named, "PLAIN": secret}.items()]
    tags = {"note": secret, **named, secret: "x"}
    yield (
        "aws:lambda/function:Function",
        {"environment": {"variables": {**named, "PLAIN": secret}}, "description": secret},
    )
    yield "aws:ec2/launchTemplate:LaunchTemplate", {"userData": encoded, "tags": tags}
    yield "aws:s3/bucket:Bucket", {"tags": tags, "bucket": "acme-data", "policy": json.dumps({"Sid": secret})}
    yield (
        "gcp:cloudrunv2/service:Service",
        {"template": {"containers": [{"envs": listed, "args": [secret]}]}, "labels": tags},
    )
    yield "gcp:compute/instance:Instance", {"metadata": {**named, "startup-script": f"curl {secret}\n"}}
    parameters = {name: {"value": value} for name, value in {**named, "plain": secret}.items()}
    template = {
        "resources": {"a": {"type": "t", "name": "n", "properties": {"parameters": parameters, "note": secret}}}
    }
    yield "azure-native:resources:Deployment", {"properties": {"template": template, "parameters": parameters}}
    yield (
        "aws:ecs/taskDefinition:TaskDefinition",
        {"containerDefinitions": json.dumps([{"name": "c", "environment": listed, "note": secret}])},
    )
    yield "azure-native:web:WebApp", {"siteConfig": {"appSettings": listed}, "tags": tags}
    yield "azure-native:sql:Server", {"administratorLoginPassword": named.get("DB_PASSWORD", secret)}


def _preview(after: dict[str, str], before: dict[str, str]) -> dict[str, object]:
    steps: list[dict[str, object]] = []
    for kind, secret in PLANTED.items():
        old = secret.replace(MARK, before["mark"]).replace(MARK.upper(), before["mark"].upper())
        sides = [list(_inputs(old, before["named"])), list(_inputs(secret, after["named"]))]  # type: ignore[arg-type]
        for index, ((token, former), (_, now)) in enumerate(zip(*sides, strict=True)):
            urn = f"urn:pulumi:prod-aws::p::{token}::r{index}-{kind.replace(' ', '-')}"
            state = {"urn": urn, "custom": True, "type": token}
            steps.append(
                {
                    "op": ("update", "replace", "create", "delete")[index % 4],
                    "urn": urn,
                    "oldState": {**state, "id": f"https://x/{old}", "inputs": former, "outputs": former},
                    "newState": {**state, "inputs": now, "outputs": now},
                    "detailedDiff": {key: {"kind": "update"} for key in now},
                }
            )
    return {"steps": steps, "config": {}, "changeSummary": {"update": len(steps)}}


def test_no_document_prints_a_planted_secret(command: Command, tmp_path: Path) -> None:
    other = MARK[::-1]
    named: dict[str, object] = {"named": NAMED}
    former: dict[str, object] = {"mark": other, "named": dict.fromkeys(NAMED, other)}
    document = json.dumps(_preview(named, former))  # type: ignore[arg-type]
    assert MARK in document
    (tmp_path / "preview.json").write_text(document, encoding="utf-8")
    outputs = {"url": PLANTED["password in a URL"], "all": list(PLANTED.values()), "plain": "kept-in-full"}
    (tmp_path / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")
    runs = [("diff", "preview.json", "--format", form) for form in ("text", "json", "markdown")]
    runs += [("risk", "preview.json", "--format", form) for form in ("text", "json")]
    runs += [("check", "preview.json", "--format", form) for form in ("text", "json", "markdown", "sarif", "junit")]
    runs += [("cost", "preview.json", "--format", form) for form in ("text", "json", "markdown")]
    runs += [("graph", "preview.json", "--level", "resource", "--format", form) for form in ("svg", "mermaid", "dot")]
    runs += [("comment", "preview.json", "--flavour", flavour) for flavour in ("github", "gitlab")]
    runs += [("report", "preview.json", "-o", "report.html"), ("digest", "preview.json")]
    runs += [("export", "outputs", "outputs.json", "--format", form) for form in ("dotenv", "yaml", "tfvars", "json")]
    for run in runs:
        result = command(*run)
        printed = result.out + result.err
        if run[0] == "report":
            assert result.code == 0, result.flat
            printed += (tmp_path / "report.html").read_text(encoding="utf-8")
        assert result.code in (0, 1), (run, result.flat)
        assert printed.strip(), run
        for mark in (MARK, other):
            assert mark.lower() not in printed.lower(), (
                run,
                printed[max(0, printed.lower().find(mark.lower()) - 200) :][:300],
            )
    # what is hidden is still found, and still told apart
    assert "plain-secrets" in command("check", "preview.json").out
    assert "[secret]" in command("diff", "preview.json").out
    assert "kept-in-full" in command("export", "outputs", "outputs.json", "--format", "yaml").out
