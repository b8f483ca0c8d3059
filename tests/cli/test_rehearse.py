"""`mlplatform rehearse` without an engine, and with options that make no sense."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Result

Command = Callable[..., Result]


def test_without_an_engine_the_command_says_where_to_get_it(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = command("rehearse", "dev")
    assert result.code == 2
    assert "https://www.pulumi.com/docs/install/" in result.flat


def test_bad_options_are_refused(command: Command, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr("mlplatform.rehearse.surroundings.find_engine", lambda: "pulumi")
    monkeypatch.chdir(root)
    assert "expected one of the spec's targets: aws, gcp, azure" in command("rehearse", "dev", "--target", "oci").flat
    refused = command("rehearse", "dev", "--change", "nonsense")
    assert refused.code == 2
    assert (
        "expected tag, nodes, least, model, rollback, alarm, trigger, features, variant, autoscaled, pool, endpoint, "
        "team, addon, cluster-endpoint, none, or the path of a spec" in refused.flat
    )
