"""`mlplatform explain`: what a field means, and where a value of a spec comes from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from tests.cli.conftest import VALID, Result

from mlplatform.plan.explanation import explain_field, field_meanings
from mlplatform.plan.matrix import spec_fields
from mlplatform.spec.profile import DEFAULTS, FIELDS, Defaults

Command = Callable[..., Result]
SPEC = (
    VALID.replace("region: us-east-1\n", "region: us-east-1\n    endpoints: {scorer: {replicas: [2, 3]}}\n")
    + """\
  - {cloud: gcp, project: acme-dev, project_number: "123456789012", region: us-central1}
registry: {models: [m]}
endpoints:
  - {name: other, model: m}
  - {name: scorer, model: m, replicas: [1, 8]}
"""
)


def test_a_field_with_its_default_and_each_cloud(command: Command) -> None:
    shown = command("explain", "endpoints.replicas")
    assert shown.code == 0
    for words in (
        "Minimum and maximum replicas",
        "`[1, 4]`",
        "at most 50 instances",
        "targets.endpoints.NAME.replicas",
    ):
        assert words in shown.flat
    own = json.loads(command("explain", "targets.account_id", "--format", "json").out)
    assert own["meanings"][0]["required"]
    assert set(own["clouds"]) == {"AWS"}


def test_every_field_is_explained() -> None:
    for field in spec_fields():
        found = tuple(field_meanings(field.path))
        assert found, field.path
        assert all(each.meaning for each in found), field.path


def test_what_the_profiles_decide_is_told() -> None:
    assert set(FIELDS.values()) == {field.name for field in fields(Defaults)}
    assert set(FIELDS) <= {field.path for field in spec_fields()}
    assert explain_field("network.nat").profiles == {name: each.nat for name, each in DEFAULTS.items()}


def test_values_say_where_they_come_from(command: Command, spec_file: Callable[..., Path]) -> None:
    file = str(spec_file(SPEC))
    values = json.loads(command("explain", file, "endpoints.replicas", "--format", "json").out)["values"]
    assert [(each["place"], each["target"], each["value"], each["origin"]) for each in values] == [
        ("endpoints[0].replicas", None, [1, 4], "default"),
        ("endpoints[1].replicas", None, [1, 8], "written"),
        ("endpoints[1].replicas", "aws", [2, 3], "override"),
    ]
    assert values[1]["where"] == "spec.yaml:13"
    named = command("explain", file, "endpoints[scorer].replicas")
    assert named.out.startswith("endpoints[1].replicas = [1, 8]\n  written in the spec, spec.yaml:13\n")
    assert command("explain", file, "network.zones").out == "network.zones = 2\n  the default of the profile dev\n"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("replicas",), "did you mean targets.endpoints.replicas or endpoints.replicas"),
        (("budget.alert_percnt",), "did you mean budget.alert_percent?"),
        (("spec.yaml", "endpoints[nobody].replica"), "did you mean endpoints.replicas"),
        (("spec.yaml", "budget.monthly_usd"), "the spec has nothing there"),
        (("spec.yaml", "endpoints", "replicas"), "expected a path, or a spec and a path"),
        (("missing.yaml", "network.zones"), "no such file"),
    ],
)
def test_what_is_not_there_is_refused(
    command: Command, spec_file: Callable[..., Path], args: tuple[str, ...], words: str
) -> None:
    spec_file(SPEC)
    refused = command("explain", *args)
    assert refused.code == 2
    assert words in refused.flat


BASE = """\
from mlplatform import *

scorer = EndpointSpec(
    name="scorer",
    replicas=(1, 2),
)
own = "team"
platform = PlatformSpec(
    name="acme",
    environment="dev",
    owner=own,
    cost_center="1",
    registry=RegistrySpec(models=("m",)),
    endpoints=(scorer,),
    targets=(
        AwsTarget(account_id="123456789012", region="us-east-1"),
    ),
)
"""
STACK = """\
from base import platform as shared
from base import scorer


platform = shared.overlay(
    environment="prod",
    endpoints=(
        scorer.overlay(replicas=(2, 4)),
    ),
    registry=shared.registry.overlay(keep_images=7),
)
platform = platform.overlay(
    cost_center="2",
)
"""


@pytest.mark.parametrize(
    ("path", "origin", "where"),
    [
        ("environment", "overlay", "prod.py:6"),
        ("cost_center", "overlay", "prod.py:13"),
        ("endpoints", "overlay", "prod.py:7"),
        ("endpoints[scorer].replicas", "overlay", "prod.py:8"),
        ("endpoints[scorer].name", "base", "base.py:4"),
        ("registry.keep_images", "overlay", "prod.py:10"),
        ("registry.models", "base", "base.py:13"),
        ("owner", "base", "base.py:11"),
        ("targets[0].region", "base", "base.py:16"),
        ("artifact_store.retention", "default", None),
        ("deletion_protection", "profile", "prod"),
    ],
)
def test_a_value_is_of_the_base_or_of_an_overlay(
    command: Command, tmp_path: Path, path: str, origin: str, where: str | None
) -> None:
    (tmp_path / "base.py").write_text(BASE)
    (tmp_path / "prod.py").write_text(STACK)
    done = command("explain", "prod.py", path, "--format", "json")
    assert done.code == 0, done.err
    (value,) = json.loads(done.out)["values"]
    assert (value["origin"], value["where"]) == (origin, where)


def test_a_base_that_the_text_does_not_tell_has_the_line_of_the_overlay(command: Command, tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(BASE)
    (tmp_path / "dev.py").write_text(
        "import base\nfields = {'owner': 'other'}\nplatform = base.platform.overlay(**fields)\n"
    )
    assert command("explain", "dev.py", "owner").out.endswith("written in the spec, dev.py:3\n")
