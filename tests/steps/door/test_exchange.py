"""The door where it does not reach the engine: the table of cases through orders and reports, and what two programs
that do not wait for each other can meet."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs

import pytest

from mlplatform.services.azure_api import AzureApi
from mlplatform.services.rest import HttpAnswer
from mlplatform.steps import program
from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.door import azure, command, gcp
from mlplatform.steps.door.airflow import AirflowEngine, AirflowRefused
from mlplatform.steps.door.exchange import (
    BadExchange,
    FailedStart,
    Orders,
    RunOrder,
    StartReport,
    orders_text,
    read_orders,
    read_report,
    report_text,
)
from mlplatform.steps.door.ports import ORDERS, REPORTS, CloudModule, FoundRun
from mlplatform.steps.door.rules import ENGINE, DoorRules, PipelineRules
from mlplatform.steps.door.starter import BadStarterRules, StartedPipeline, read_starter_rules

from .cases import CASES
from .exchange_stage import AirflowStage, ArgoStage, GoogleAirflowStage, MwaaStage
from .fake_airflow import URL
from .fake_mwaa import Refused
from .stage import PIPELINE, START


@pytest.mark.parametrize("name", CASES)
def test_the_door_with_argo(name: str) -> None:
    CASES[name](ArgoStage())


@pytest.mark.parametrize("name", CASES)
def test_the_door_with_airflow(name: str) -> None:
    CASES[name](AirflowStage())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("stage", [MwaaStage, GoogleAirflowStage])
def test_the_door_with_an_airflow_of_the_cloud(stage: type[AirflowStage], name: str) -> None:
    CASES[name](stage())


def test_one_look_logs_in_once() -> None:
    stage = MwaaStage()
    engine = stage.reached()
    for _ in range(3):
        engine.runs(PIPELINE)
    assert stage.mwaa.logins == 1


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDeniedException"), (404, "ResourceNotFoundException")])
def test_what_mwaa_refuses_is_told_in_its_words(status: int, code: str) -> None:
    stage = MwaaStage()
    stage.mwaa.fails = Refused(status, code)
    with pytest.raises(AirflowRefused, match=f"{status} .*{code}"):
        stage.reached().runs(PIPELINE)


def test_a_login_without_a_token_is_told() -> None:
    stage = MwaaStage()
    stage.mwaa.cookies = "session=x; Path=/"
    with pytest.raises(AirflowRefused, match=r"gives no token: 302"):
        stage.reached().runs(PIPELINE)


def test_each_cloud_with_an_airflow_opens_it_and_another_one_says_that_it_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLPLATFORM_STARTER_MANAGED_AIRFLOW", URL)
    assert isinstance(command._engine("airflow", gcp), AirflowEngine)  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(BadInput, match="the cloud has no Airflow of its own"):
        command._engine("airflow", azure)  # pyright: ignore[reportPrivateUsage]


def test_a_paused_dag_is_not_started_and_said_so() -> None:
    """Airflow takes a run of a paused DAG, and it waits for nobody knows how long."""
    stage = AirflowStage()
    stage.airflow.paused = True
    stage.ask("manual")
    stage.look()
    (failure,) = stage.told("failure")
    assert "is paused in Airflow" in failure
    stage.airflow.paused = False
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1


def test_all_runs_of_a_dag_are_read_however_many_come_at_once() -> None:
    stage = AirflowStage()
    stage.airflow.most = 2
    for number in range(5):
        stage.wait(minutes=1)
        stage.start_by_hand(f"x{number}")
    assert [each.run for each in stage.reached().runs(PIPELINE)] == ["x4", "x3", "x2", "x1", "x0"]
    stage.wait(days=40)
    assert not stage.reached().runs(PIPELINE)


def test_a_run_that_the_door_stopped_in_airflow_has_not_failed_by_itself() -> None:
    stage = AirflowStage()
    stage.start_by_hand("x")
    stage.reached().stop(PIPELINE, "x")
    stage.reached().stop(PIPELINE, "gone")
    assert [each.state for each in stage.reached().runs(PIPELINE)] == ["stopped"]


def test_a_token_of_airflow_takes_the_place_of_name_and_password(tmp_path: Path) -> None:
    stage = AirflowStage()
    (tmp_path / "token").write_text("token-of-airflow\n", "utf-8")
    assert AirflowEngine(URL, tmp_path, stage.airflow).runs(PIPELINE) == ()
    (tmp_path / "token").write_text("another", "utf-8")
    with pytest.raises(AirflowRefused, match="Invalid JWT"):
        AirflowEngine(URL, tmp_path, stage.airflow).runs(PIPELINE)


def _slow() -> ArgoStage:
    """A stage on which the starter looks only when the test lets it, after the door has ordered one run."""
    stage = ArgoStage()
    stage.prompt = False
    stage.ask("manual", parameters={"rounds": 5})
    stage.look()
    return stage


def test_a_run_that_is_ordered_is_started_by_the_starter_and_confirmed_by_the_next_look() -> None:
    stage = _slow()
    assert not stage.started()
    assert stage.told("start")
    assert not stage.told("started"), "nobody has started it yet"
    assert stage.starter_looks() == 0
    ((run, values),) = stage.started()
    assert values == {"rounds": 5}
    stage.wait_and_look(minutes=5)
    assert stage.told("started")
    assert read_orders(stage.exchange.orders.read(PIPELINE).text) == Orders(), "what is done is not ordered any more"
    stage.end_run("succeeded")
    stage.starter_looks()
    stage.wait_and_look(minutes=5)
    assert stage.told("end") == ["succeeded"]
    assert [each for each, _ in stage.started()] == [run]


def test_a_starter_that_looks_often_starts_a_run_once() -> None:
    stage = _slow()
    for _ in range(3):
        stage.starter_looks()
        stage.wait(minutes=2)
    assert len(stage.started()) == 1


def test_a_run_whose_workflow_argo_has_deleted_is_not_started_again() -> None:
    """The order is there for as long as the door is away, and Argo deletes what ended after some days."""
    stage = _slow()
    stage.starter_looks()
    stage.end_run("succeeded")
    stage.starter_looks()
    stage.argo.workflows.clear()
    stage.wait(days=8)
    stage.starter_looks()
    assert not stage.started()
    stage.look()
    assert stage.told("end") == ["succeeded"]


def test_a_going_run_that_somebody_deletes_has_been_stopped() -> None:
    stage = _slow()
    stage.starter_looks()
    stage.wait_and_look(minutes=5)
    stage.argo.workflows.clear()
    stage.starter_looks()
    stage.wait_and_look(minutes=5)
    assert stage.told("end") == ["stopped"]


def test_each_attempt_is_made_once_and_an_order_that_is_given_up_is_followed_by_nobody() -> None:
    stage = _slow()
    stage.refuse_starts("for now")
    for _ in range(12):
        stage.starter_looks()
        stage.starter_looks()
        stage.wait_and_look(minutes=5)
    failures = stage.told("failure")
    assert [each.partition(":")[0] for each in failures] == [f"attempt {number}" for number in range(1, 6)]
    assert sum(method == "POST" for method, _ in stage.argo.asked) == 5
    stage.refuse_starts("no")
    stage.starter_looks()
    assert not stage.started(), "the door has given it up"


def test_a_refusal_for_good_is_given_up_at_once_and_frees_the_month() -> None:
    stage = _slow()
    stage.refuse_starts("for good")
    stage.starter_looks()
    stage.wait_and_look(minutes=5)
    (failure,) = stage.told("failure")
    assert "given up" in failure
    assert "Workflow is invalid" in failure
    assert json.loads(stage.ledgers.texts[PIPELINE][0])["runs"] == 0


def test_values_that_the_cluster_does_not_know_start_nothing() -> None:
    """The two stacks were made from other versions of the spec."""
    stage = _slow()
    stage.pipeline = replace(stage.pipeline, parameters={})
    assert stage.starter_looks() == 1
    assert not stage.started()
    stage.wait_and_look(minutes=5)
    assert "no such parameter, or of another type: rounds" in stage.told("failure")[0]


def test_a_starter_that_is_silent_is_told_and_drops_nothing() -> None:
    stage = _slow()
    report = stage.wait_and_look(minutes=55)
    assert report
    assert report.failures == 0
    report = stage.wait_and_look(minutes=10)
    assert report
    assert report.failures == 1
    assert "has not been heard of since 2026-11-03 08:00 UTC" in str(stage.log[-2]["reason"])
    stage.wait_and_look(hours=30)
    assert not stage.told("failure"), "no attempt is counted"
    stage.starter_looks()
    report = stage.look()
    assert report
    assert report.failures == 0
    assert len(stage.started()) == 1


def test_a_door_that_never_ordered_says_nothing_of_a_starter() -> None:
    stage = ArgoStage()
    stage.prompt = False
    report = stage.wait_and_look(days=3)
    assert report
    assert report.failures == 0


def test_an_engine_that_does_not_answer_is_told_and_what_was_known_stays() -> None:
    stage = _slow()
    stage.starter_looks()
    stage.look()
    stage.argo.away = True
    assert stage.starter_looks() == 1
    report = stage.wait_and_look(minutes=5)
    assert report
    assert report.failures == 1
    assert "connection refused" in str(stage.log[-2]["reason"])
    stage.argo.away = False
    assert stage.starter_looks() == 0
    assert not stage.told("end")


def test_a_late_run_is_stopped_by_order_whoever_started_it() -> None:
    stage = ArgoStage()
    stage.prompt = False
    stage.start_by_hand("by-hand")
    stage.starter_looks()
    stage.wait_and_look(hours=7)
    assert stage.told("stop")
    stage.starter_looks()
    assert stage.stopped() == ["by-hand"]
    stage.argo.workflows["by-hand"]["status"] = {"phase": "Failed"}
    stage.starter_looks()
    report = read_report(stage.exchange.reports.read(PIPELINE).text)
    assert report
    assert [each.state for each in report.runs] == ["stopped"]


def test_runs_of_other_templates_and_all_pages_are_read() -> None:
    stage = ArgoStage()
    stage.argo.page = 2
    for number in range(5):
        stage.argo.make_by_hand(f"x{number}", PIPELINE if number % 2 else "other")
    assert [each.run for each in stage.reached().runs(PIPELINE)] == ["x1", "x3"]


def test_a_report_is_written_when_it_changes_and_four_times_an_hour() -> None:
    stage = _slow()
    stage.starter_looks()
    versions = [stage.exchange.reports.read(PIPELINE).version]
    for _ in range(8):
        stage.wait(minutes=2)
        stage.starter_looks()
        versions.append(stage.exchange.reports.read(PIPELINE).version)
    assert len(set(versions)) == 2


def test_documents_are_read_as_they_are_written() -> None:
    orders = Orders(start=RunOrder(run="r", attempt=2, since=START, parameters={"a": 1.5, "b": True}), stop=("h",))
    assert read_orders(orders_text(orders)) == orders
    run = FoundRun(run="r", handle="h", state="failed", started=START)
    failed = FailedStart(run="r", attempt=1, why="x", for_good=False)
    report = StartReport(looked=START + timedelta(hours=1), runs=(run,), failed=(failed,), trouble="t")
    assert read_report(report_text(report)) == report
    for text in ("", "[]", "{}", '{"version": 2}', orders_text(orders), report_text(report).replace("failed", "x")):
        with pytest.raises(BadExchange):
            read_report(text)
    with pytest.raises(BadExchange):
        read_orders(report_text(report))


def test_a_report_that_cannot_be_read_starts_nothing_and_is_told() -> None:
    stage = _slow()
    stage.exchange.reports.write(PIPELINE, "no JSON", "")
    report = stage.look()
    assert report
    assert report.failures == 1
    assert stage.starter_looks() == 1, "it is not replaced"
    assert not stage.started()


def test_the_starter_is_told_in_a_document() -> None:
    told = {"name": "p", "engine": "cluster", "parameters": {"rounds": "integer"}}
    (found,) = read_starter_rules(json.dumps({"version": 1, "pipelines": [told]}))
    assert found == StartedPipeline(name="p", engine="cluster", parameters={"rounds": "integer"})
    for text in ("", "[]", '{"version": 2, "pipelines": []}', '{"version": 1, "pipelines": [{"new": 1}]}'):
        with pytest.raises(BadStarterRules):
            read_starter_rules(text)


def test_only_pipelines_of_another_engine_go_by_order() -> None:
    rules = PipelineRules(name="p", timeout_hours=1, cooldown_hours=1, max_runs_per_month=1)
    stage = ArgoStage()
    ports = stage.ports()
    assert ports.silent(rules, stage.now) == ""
    ports.runner.runs(rules)
    stage.runner.now = stage.now
    stage.prompt = False
    ports.runner.start(rules, "r", {})
    assert stage.runner.values == {"r": {}}


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure"])
def test_each_clouds_module_is_opened_as_the_program_opens_it(cloud: str) -> None:
    """Only the program calls them so: a module with other arguments would end every look."""
    module = import_module(f"mlplatform.steps.door.{cloud}")
    protocol = {name: getattr(CloudModule, name) for name in ("open_door", "open_exchange")}
    for name, asked in protocol.items():
        given = list(signature(getattr(module, name)).parameters.values())
        expected = list(signature(asked).parameters.values())[1:]
        assert len(given) >= len(expected), name
        assert all(each.default is not each.empty for each in given[len(expected) :]), name


def test_the_door_of_azure_asks_for_requests_of_its_own_service_alone() -> None:
    ordered = PipelineRules(
        name="p", timeout_hours=1, cooldown_hours=1, max_runs_per_month=1, start={ENGINE: "cluster"}
    )
    own = replace(ordered, start={"request": "MLPLATFORM_DOOR_RUN_P", "jobs": "/x"})
    settings = {azure.INBOX: "https://q/door", azure.DEAD: "https://q/dead", azure.LEDGERS: "https://b/door"}
    api = AzureApi({"AZURE_CLIENT_ID": "c", "IDENTITY_ENDPOINT": "http://i", "IDENTITY_HEADER": "h"})
    assert azure.open_door(DoorRules("t", (ordered,)), settings, api)
    with pytest.raises(KeyError):
        azure.open_door(DoorRules("t", (own,)), settings, api)


def test_a_pod_of_azure_changes_its_own_token_for_one_of_its_identity(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of the pod\n", "utf-8")
    asked: list[tuple[str, str, bytes | None]] = []

    def transport(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        asked.append((method, url, body))
        if "oauth2" in url:
            return HttpAnswer(200, b'{"access_token": "of the identity", "expires_in": 3600}')
        assert headers["Authorization"] == "Bearer of the identity"
        return HttpAnswer(404)

    variables = {
        "AZURE_CLIENT_ID": "client",
        "AZURE_TENANT_ID": "tenant",
        "AZURE_AUTHORITY_HOST": "https://login.microsoftonline.com/",
        "AZURE_FEDERATED_TOKEN_FILE": str(tmp_path / "token"),
        ORDERS: "https://a.blob.core.windows.net/orders",
        REPORTS: "https://a.blob.core.windows.net/reports/",
    }
    exchange = azure.open_exchange(variables, AzureApi(variables, transport))
    assert exchange.orders.read("p").text is None
    assert exchange.reports.read("p").text is None
    (method, url, body), *reads = asked
    assert (method, url) == ("POST", "https://login.microsoftonline.com/tenant/oauth2/v2.0/token")
    assert body
    assert {name: values for name, (values,) in parse_qs(body.decode()).items()} == {
        "client_id": "client",
        "scope": "https://storage.azure.com/.default",
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "of the pod",
    }
    assert [each for _, each, _ in reads] == [
        "https://a.blob.core.windows.net/orders/p.json",
        "https://a.blob.core.windows.net/reports/p.json",
    ]


def test_the_command_of_the_starter_looks_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = _slow()
    here = ModuleType("mlplatform.steps.door.memory")
    here.__dict__.update(open_door=None, open_exchange=lambda _: stage.exchange)
    monkeypatch.setitem(sys.modules, here.__name__, here)
    monkeypatch.setattr(command, "_engine", lambda _name, _module: stage.reached())
    told = {"name": PIPELINE, "engine": "cluster", "parameters": {"rounds": "integer"}}
    monkeypatch.setenv("MLPLATFORM_STARTER_RULES", json.dumps({"version": 1, "pipelines": [told]}))
    assert program.run(["starter", "--cloud", "memory"]) == 0
    assert len(stage.started()) == 1
    assert json.loads(capsys.readouterr().out) == {"starter": "looked", "pipelines": 1, "failures": 0}
    monkeypatch.undo()
    assert program.run(["starter", "--cloud", "aws"]) == program.BAD_INPUT
    assert "MLPLATFORM_STARTER_RULES" in capsys.readouterr().err
    monkeypatch.setenv("MLPLATFORM_STARTER_RULES", json.dumps({"version": 1, "pipelines": [told]}))
    assert program.run(["starter", "--cloud", "aws"]) == program.BAD_INPUT
    assert "MLPLATFORM_DOOR_ORDERS: the variable is not set" in capsys.readouterr().err
