"""`mlplatform dashboards apply`: against a Grafana in memory, and the clouds' command lines as they answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlplatform.backends.gcp.telemetry.grafana_files import MOUNT
from mlplatform.components.live_traffic import NotAnswered
from mlplatform.render.dashboards.apply import NotApplied
from mlplatform.render.dashboards.put import put_dashboards

from ..strings.specs import dashboards_of, plan_of, spec_of
from .command_lines import TOKEN, Commands
from .fake_grafana import FakeGrafana


@pytest.fixture
def run(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def grafana() -> FakeGrafana:
    return FakeGrafana(token=TOKEN)


def put(cloud: str, run: Commands, grafana: FakeGrafana, *, change: bool = True, without: str = "") -> dict[str, str]:
    files = {name: text for name, text in dashboards_of("wide", cloud).items() if name != without}
    done = put_dashboards(spec_of("wide", cloud).on(cloud), files, change=change, run=run, transport=grafana)
    assert TOKEN not in repr(done)
    return {each.what: each.how for each in done}


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_a_second_time_changes_nothing(cloud: str, run: Commands, grafana: FakeGrafana) -> None:
    assert set(put(cloud, run, grafana).values()) == {"made"}
    held = list(run.bucket.glob("*.json")) if cloud == "gcp" else list(grafana.boards)
    assert len(held) == len(dashboards_of("wide", cloud))
    grafana.log.clear()
    assert set(put(cloud, run, grafana).values()) == {"as it was"}
    grafana.migrates = True
    assert set(put(cloud, run, grafana).values()) == {"as it was"}
    assert (grafana.log, run.former) == ([], [])


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_what_somebody_changed_by_hand_is_made_again(cloud: str, run: Commands, grafana: FakeGrafana) -> None:
    put(cloud, run, grafana)
    if cloud == "gcp":
        (run.bucket / "system.json").write_text("{}")
        assert put(cloud, run, grafana)["system.json"] == "changed"
        return
    board = next(each for uid, each in grafana.boards.items() if uid.endswith("system"))
    board["dashboard"]["panels"].pop()
    found = put(cloud, run, grafana)
    assert [what for what, how in found.items() if how == "changed"] == [f"dashboard {board['dashboard']['title']}"]


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_what_is_not_wanted_any_more_goes_and_what_is_not_ours_stays(
    cloud: str, run: Commands, grafana: FakeGrafana
) -> None:
    put(cloud, run, grafana)
    grafana.boards["theirs"] = {"dashboard": {"title": "ours", "uid": "theirs"}, "folder": "x", "version": 1}
    (run.bucket / "theirs.json").write_text("{}")
    found = put(cloud, run, grafana, without="cost.json")
    assert [how for how in found.values() if how != "as it was"] == ["removed"]
    assert set(put(cloud, run, grafana, without="cost.json").values()) == {"as it was"}
    assert "theirs" in grafana.boards
    assert (run.bucket / "theirs.json").exists()
    assert [how for how in put(cloud, run, grafana).values() if how != "as it was"] == ["made"]


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_check_says_what_would_be_done_and_does_nothing(cloud: str, run: Commands, grafana: FakeGrafana) -> None:
    assert set(put(cloud, run, grafana, change=False).values()) == {"made"}
    assert (grafana.log, grafana.boards, list(run.bucket.iterdir())) == ([], {}, [])


def test_on_google_cloud_files_are_written_where_the_planned_grafana_reads_them(
    run: Commands, grafana: FakeGrafana
) -> None:
    put("gcp", run, grafana)
    steps = {step.name: step.inputs for step in plan_of("wide", "gcp").resources()}
    bucket = next(each for name, each in steps.items() if name.endswith("-grafana-dashboards"))
    assert all(words[4].startswith(f"gs://{bucket['name']}/") for words in run.asked if "cp" in words)
    listed = next(each for name, each in steps.items() if name.endswith("-grafana-dashboards-list"))
    content: Any = listed["content"]
    # the provider takes each content of an object for a secret
    assert json.loads(content["value"])["providers"][0]["options"]["path"] == MOUNT
    service = next(each for name, each in steps.items() if name.endswith("-telemetry-grafana"))
    template: Any = service["template"]
    mounts = {each["name"]: each["mountPath"] for each in template["containers"][0]["volumeMounts"]}
    assert mounts["dashboards"] == MOUNT
    volume = next(each for each in template["volumes"] if each["name"] == "dashboards")
    assert volume["gcs"] == {"bucket": bucket["name"], "readOnly": True}
    assert set(put("gcp", run, grafana).values()) == {"as it was"}


def test_on_aws_the_login_ends_with_the_command(run: Commands, grafana: FakeGrafana) -> None:
    put("aws", run, grafana)
    assert run.accounts == set()
    sources = {uid: (each["type"], each["url"]) for uid, each in grafana.sources.items()}
    assert sources == {
        "mlplatform-cloudwatch": ("cloudwatch", ""),
        "mlplatform-prometheus": (
            "prometheus",
            "https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1/",
        ),
    }
    asked = {source["type"] for board in grafana.boards.values() for source in _sources(board["dashboard"])}
    assert asked == {"cloudwatch", "prometheus"}


def _sources(board: Any) -> list[Any]:  # noqa: ANN401
    return [panel["datasource"] for panel in board["panels"] if "datasource" in panel]


@pytest.mark.parametrize("trouble", ["version", "token", "refused", "half"])
def test_on_aws_the_login_ends_with_a_command_that_fails(trouble: str, run: Commands, grafana: FakeGrafana) -> None:
    match trouble:
        case "version":
            grafana.version = "9.4.7"
        case "token":
            run.refused = "create-workspace-service-account-token"
        case "refused":
            grafana.token = "another"
        case _:
            grafana.folders["acme-ml-wide-aws-folder"] = {"uid": "acme-ml-wide-aws-folder", "title": "x"}
            board = {"title": "theirs", "uid": "acme-ml-wide-aws-system", "tags": [], "panels": []}
            grafana.boards["acme-ml-wide-aws-system"] = {"dashboard": board, "folder": "x", "version": 1}
    with pytest.raises((NotApplied, NotAnswered)) as told:
        put("aws", run, grafana)
    assert run.accounts == set()
    assert TOKEN not in str(told.value)
    words = {
        "version": "expected 10 or newer",
        "token": "not allowed",
        "refused": "the role Editor",
        "half": "did not make",
    }
    assert words[trouble] in str(told.value)


def test_a_data_source_that_was_changed_is_set_right(run: Commands, grafana: FakeGrafana) -> None:
    put("aws", run, grafana)
    grafana.sources["mlplatform-prometheus"]["jsonData"]["sigV4Region"] = "eu-west-1"
    found = put("aws", run, grafana)
    assert [what for what, how in found.items() if how == "changed"] == ["data source Managed Prometheus"]
    assert grafana.sources["mlplatform-prometheus"]["jsonData"]["sigV4Region"] == "us-east-1"


def test_a_platform_without_a_workspace_is_told_to_make_one(run: Commands, grafana: FakeGrafana) -> None:
    with pytest.raises(NotAnswered, match=r"run `up` with monitoring\.grafana"):
        put_dashboards(spec_of("prod", "aws").on("aws"), {}, change=True, run=run, transport=grafana)


def test_no_rule_of_the_plan_asks_people_to_put_dashboards_in() -> None:
    for cloud in ("aws", "gcp"):
        notes = [note.text for note in plan_of("wide", cloud).notes if note.path == "monitoring.grafana"]
        assert any("mlplatform dashboards apply" in text for text in notes)
        assert not any("must be provisioned" in text or "Grafana's API" in text for text in notes)
