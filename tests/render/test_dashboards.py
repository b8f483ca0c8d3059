"""`mlplatform render dashboards`: what Grafana's library does not check, and what no mock of Grafana would see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mlplatform.cli.commands.render_dashboards import dashboards
from mlplatform.components.boards import BOARDS
from mlplatform.render.dashboards.boards import boards_of
from mlplatform.render.dashboards.faults import dashboard_faults
from mlplatform.render.dashboards.grafana import dashboard_files, dashboard_uid

from ..strings.names import not_collected, of_dashboards
from ..strings.specs import CLOUDS, dashboards_of, plan_of, spec_of


@pytest.fixture(params=CLOUDS)
def cloud(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_production_has_all_of_them(cloud: str) -> None:
    assert list(dashboards_of("prod", cloud)) == [f"{board}.json" for board in BOARDS]


@pytest.mark.parametrize("name", ["prod", "wide"])
def test_nothing_is_wrong_with_any(name: str, cloud: str) -> None:
    faults = {file: dashboard_faults(text) for file, text in dashboards_of(name, cloud).items()}
    assert not {file: found for file, found in faults.items() if found}


@pytest.mark.parametrize("name", ["prod", "wide"])
def test_every_metric_is_one_that_the_same_plan_collects(name: str, cloud: str) -> None:
    uses = [use for file, text in dashboards_of(name, cloud).items() for use in of_dashboards(file, text)]
    assert len(uses) > 30
    assert not_collected(plan_of(name, cloud), cloud, uses) == []


def test_the_same_spec_gives_the_same_bytes(cloud: str) -> None:
    spec = spec_of("wide", cloud)
    assert dashboard_files(spec.on(cloud), boards_of(spec, cloud)) == dashboards_of("wide", cloud)


def test_without_managed_prometheus_no_panel_asks_it(cloud: str) -> None:
    spec = spec_of("wide", cloud)
    without = spec.overlay(monitoring=spec.monitoring.overlay(prometheus=False, grafana=False))
    found = boards_of(without, cloud)
    names = {board.name for board in found.boards}
    assert not names & {"gpus", "queues", "cost"}
    assert "endpoints" in names
    text = "".join(dashboard_files(without.on(cloud), found).values())
    assert not any(metric in text for metric in ("DCGM_FI", "kueue_", "envoy_cluster", ":sum"))


def test_the_cost_of_a_device_is_its_share_of_the_node(cloud: str) -> None:
    board = json.loads(dashboards_of("wide", cloud)["cost.json"])
    words = next(panel for panel in board["panels"] if panel["type"] == "text")["options"]["content"]
    assert "| fast |" in words
    assert "List prices" in words


def test_an_identifier_is_never_too_long_and_never_another_ones() -> None:
    spec = spec_of("prod", "aws").overlay(name="a" * 20)
    narrowed = spec.on(spec.targets[0].name)
    names = [dashboard_uid(narrowed, board) for board in ("models", "queues", "x" * 60, "y" * 60)]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 for name in names)


def _edited(document: str, edit: Any) -> str:  # noqa: ANN401
    board = json.loads(document)
    edit(board)
    return json.dumps(board)


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda b: b["panels"][1].update(id=b["panels"][0]["id"]), "ids of panels"),
        (lambda b: b["panels"][1].update(gridPos=b["panels"][0]["gridPos"]), "lies on"),
        (lambda b: b["panels"][0]["gridPos"].update(x=20), "24 columns"),
        (lambda b: b["panels"][0].update(type="graph"), "type"),
        (lambda b: b["panels"][0].update(targets=[]), "no query"),
        (lambda b: b["panels"][0]["datasource"].update(uid="P1809F7CD0C75ACF3"), "variable"),
        (lambda b: b["panels"][0]["targets"][0]["datasource"].update(uid="${other}"), "variable"),
        (lambda b: b["panels"][0]["targets"][0].update(expr="sum(rate(up[5m])"), "sum(rate(up[5m])"),
        (lambda b: b["panels"][0]["targets"][0].update(expr=""), "asks for nothing"),
        (lambda b: b["panels"][0]["targets"].append(b["panels"][0]["targets"][0]), "names of queries"),
        (lambda b: b.update(schemaVersion="abc"), "schemaVersion"),
        (lambda b: b.update(uid="u" * 41), "more than 40"),
        (lambda b: b.update(panels=[]), "no panel"),
    ],
)
def test_what_the_library_takes_and_grafana_does_not(edit: Any, fault: str) -> None:  # noqa: ANN401
    found = dashboard_faults(_edited(dashboards_of("wide", "aws")["gpus.json"], edit))
    assert any(fault in each for each in found), found


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    (tmp_path / "cost.json").write_text('{"title": "ours"}')
    done = CliRunner().invoke(dashboards, ["prod", "--target", "aws", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "did not write" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["cost.json"]


def test_what_has_no_panel_any_more_is_removed(tmp_path: Path) -> None:
    for board in BOARDS:
        (tmp_path / f"{board}.json").write_text('{"tags": ["mlplatform"]}')
    done = CliRunner().invoke(dashboards, ["dev", "--target", "aws", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    left = {path.name for path in tmp_path.iterdir()}
    assert "endpoints.json" in left
    assert "drift.json" not in left
