"""The cases' stage where a starter beside the engine follows the door's orders: two programs, and what lies between."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mlplatform.services.kubernetes_api import KubernetesApi
from mlplatform.steps.door.airflow import AirflowEngine
from mlplatform.steps.door.argo import ArgoEngine
from mlplatform.steps.door.aws_airflow import MwaaTransport
from mlplatform.steps.door.exchange import with_exchange
from mlplatform.steps.door.ports import FoundRun, OrderExchange, Ports, Runner, StartPending
from mlplatform.steps.door.rules import ENGINE, PipelineRules, Value
from mlplatform.steps.door.starter import StartedPipeline, StartEngine, follow_orders

from .fake_airflow import TOKEN as AIRFLOW_TOKEN
from .fake_airflow import URL, FakeAirflow
from .fake_argo import TOKEN, FakeArgo
from .fake_mwaa import ENVIRONMENT, FakeMwaa
from .memory import MemoryLedgers, MemoryStage
from .stage import PIPELINE


class OrderStage(MemoryStage):
    """The door, a starter, and an engine that only the starter reaches."""

    engine: str

    def __init__(self) -> None:
        self.exchange = OrderExchange(orders=MemoryLedgers(), reports=MemoryLedgers())
        self.prompt = True
        """Whether the starter looks whenever the door has ordered, or wants to know: as if it was always awake."""
        self.said: list[Mapping[str, object]] = []
        self.start = {ENGINE: self.engine}
        super().__init__()

    @abstractmethod
    def reached(self) -> StartEngine:
        """The engine as the starter sees it."""

    def starter_looks(self) -> int:
        pipeline = StartedPipeline(name=PIPELINE, engine=self.engine, parameters=self.pipeline.parameters)
        engines = {self.engine: self.reached()}
        return follow_orders(
            (pipeline,), self.exchange, engines, lambda: self.now, lambda line: self.said.append(json.loads(line))
        )

    def ports(self) -> Ports:
        ports = with_exchange(super().ports(), self.exchange, lambda: self.now)
        return Ports(inbox=ports.inbox, ledgers=ports.ledgers, runner=_Prompt(self, ports.runner), silent=ports.silent)


class _Prompt:
    """The door's runner, with a starter that looks in between where it is prompt."""

    def __init__(self, stage: OrderStage, own: Runner) -> None:
        self.stage, self.own = stage, own

    def runs(self, rules: PipelineRules) -> Sequence[FoundRun]:
        if self.stage.prompt:
            self.stage.starter_looks()
        return self.own.runs(rules)

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        try:
            self.own.start(rules, run, parameters)
        except StartPending:
            if not self.stage.prompt:
                raise
            self.stage.starter_looks()
            self.own.start(rules, run, parameters)

    def stop(self, rules: PipelineRules, run: FoundRun) -> None:
        self.own.stop(rules, run)
        if self.stage.prompt:
            self.stage.starter_looks()


class ArgoStage(OrderStage):
    """Argo in the training cluster."""

    engine = "cluster"

    def __init__(self) -> None:
        super().__init__()
        self.argo = FakeArgo(lambda: self.now)

    def reached(self) -> StartEngine:
        environment = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}
        api = KubernetesApi(environment, mounted_token(), self.argo, sleep=lambda _: None)
        return ArgoEngine(api, "pipelines")

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        """Values are texts there; the cases know them by their types."""
        kinds = self.pipeline.parameters
        return [
            (
                name,
                {key: int(text) if kinds[key] == "integer" else text for key, text in self.argo.values(name).items()},
            )
            for name, workflow in self.argo.workflows.items()
            if "labels" in workflow["metadata"]
        ]

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        self.argo.end(state)

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        self.argo.refuses = how

    def start_by_hand(self, name: str) -> None:
        self.argo.make_by_hand(name, PIPELINE)

    def stopped(self) -> Sequence[str]:
        return [name for name, each in self.argo.workflows.items() if each["spec"].get("shutdown")]


class AirflowStage(OrderStage):
    """An Airflow that exists."""

    engine = "airflow"

    def __init__(self) -> None:
        super().__init__()
        self.airflow = FakeAirflow(PIPELINE, lambda: self.now)

    def reached(self) -> StartEngine:
        login = Path(__file__).with_name("mounted")
        return AirflowEngine(URL, login / "airflow", self.airflow, sleep=lambda _: None, now=lambda: self.now)

    def started(self) -> Sequence[tuple[str, Mapping[str, Value]]]:
        """Values are texts there; the cases know them by their types."""
        kinds = self.pipeline.parameters
        return [
            (name, {key: int(text) if kinds[key] == "integer" else text for key, text in run["conf"].items()})
            for name, run in self.airflow.dag_runs.items()
            if "by_hand" not in run
        ]

    def end_run(self, state: Literal["succeeded", "failed", "stopped"]) -> None:
        self.airflow.end(state)

    def refuse_starts(self, how: Literal["for good", "for now", "no"]) -> None:
        self.airflow.refuses = how

    def start_by_hand(self, name: str) -> None:
        self.airflow.make_by_hand(name)

    def stopped(self) -> Sequence[str]:
        return [name for name, run in self.airflow.dag_runs.items() if run["note"]]


class MwaaStage(AirflowStage):
    """Amazon MWAA: the pod's role gets a token that the web server takes."""

    def __init__(self) -> None:
        super().__init__()
        self.mwaa = FakeMwaa(self.airflow)

    def reached(self) -> StartEngine:
        transport = MwaaTransport(self.mwaa, ENVIRONMENT, self.mwaa.web_server)
        return AirflowEngine("", lambda: "", transport, sleep=lambda _: None, now=lambda: self.now)


class GoogleAirflowStage(AirflowStage):
    """Google's managed Airflow, which takes the token of the pod's account."""

    def reached(self) -> StartEngine:
        return AirflowEngine(URL, lambda: AIRFLOW_TOKEN, self.airflow, sleep=lambda _: None, now=lambda: self.now)


def mounted_token() -> Path:
    """The folder that a pod finds its token in."""
    folder = Path(__file__).with_name("mounted")
    assert (folder / "token").read_text("utf-8").strip() == TOKEN
    return folder
