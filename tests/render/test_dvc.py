"""The store as a remote of DVC: the names of what `up` makes, no secret, and no place that forgets."""

from __future__ import annotations

import configparser
import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlplatform.cli.app import cli

from ..conftest import CLOUDS, ROOT

PROD = str(ROOT / "stacks" / "prod.py")


def render(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["render", "dvc", *args])
    return done.exit_code, done.output


def remote(text: str) -> dict[str, str]:
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return dict(parser[f"'remote \"{parser['core']['remote']}\"'"])


def in_state(cloud: str) -> str:
    return gzip.decompress((ROOT / "tests/golden/state" / f"prod-{cloud}.json.gz").read_bytes()).decode()


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_names_are_those_of_what_up_makes(cloud: str) -> None:
    code, text = render(PROD, "--target", cloud)
    assert code == 0
    options, state = remote(text), json.loads(in_state(cloud))
    inputs = [each.get("inputs", {}) for each in state["deployment"]["resources"]]
    named = {str(value) for each in inputs for value in each.values() if isinstance(value, str)}
    scheme, _, rest = options.pop("url").partition("://")
    assert rest.endswith("/dvc")
    assert (scheme, rest.removesuffix("/dvc") in named) == ({"aws": "s3", "gcp": "gs", "azure": "azure"}[cloud], True)
    for name in ("region", "projectname", "account_name"):
        assert options.get(name) in {None, *named}
    if cloud == "aws":
        assert options["sse"] == "aws:kms"
        assert options["sse_kms_key_id"].rpartition(":")[2] in named


def test_every_target_is_a_remote_and_the_first_is_the_default() -> None:
    _, text = render(PROD)
    assert text.count("['remote") == 3
    assert "remote = prod-aws-data" in text


def test_a_place_that_deletes_what_a_version_names_is_refused() -> None:
    code, text = render(PROD, "--place", "pipelines", "--target", "gcp")
    assert code == 2
    for words in ("artifact_store.pipelines.expire_after_days", "30 days", "--place"):
        assert words in text


SPEC = """\
name: acme
owner: team
cost_center: "1"
artifact_store: {{data: {{worm: {{days: 90}}}}}}
targets:
  - cloud: aws
    account_id: "123456789012"
    region: us-east-1
    existing: {{store: {{buckets: {{data: {{name: old-data{key}}}}}}}}}
"""
KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-1111-4222-8333-444444444444"


@pytest.mark.parametrize("key", [None, KEY])
def test_an_existing_bucket_keeps_its_own_key(key: str | None, tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(SPEC.format(key=f", key_arn: '{key}'" if key else ""), encoding="utf-8")
    code, text = render(str(file))
    assert code == 0, text
    options = remote(text)
    assert options["url"] == "s3://old-data/dvc"
    # one of the two alone would take the account's key aws/s3
    assert ("sse" in options, options.get("sse_kms_key_id")) == (key is not None, key)


def test_a_configuration_of_somebody_else_is_never_replaced(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text("", encoding="utf-8")
    assert render(PROD, "--target", "aws", "-o", str(file))[0] == 0
    assert render(PROD, "--target", "gcp", "-o", str(file))[0] == 0
    assert "gs://" in file.read_text("utf-8")
    file.write_text("[core]\n    autostage = true\n", encoding="utf-8")
    code, text = render(PROD, "--target", "aws", "-o", str(file))
    assert code != 0
    assert "config.local" in text
    assert file.read_text("utf-8") == "[core]\n    autostage = true\n"
