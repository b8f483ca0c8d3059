"""Airflow in the cluster: its user of the database, its keys, who logs in, and what its pods reach."""

from __future__ import annotations

import base64
import json
import sys
import threading
import urllib.error
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

from mlplatform import (
    AccessSpec,
    AirflowLoginSpec,
    AirflowSpec,
    ClusterSpec,
    MountSpec,
    NetworkSpec,
    PlatformSpec,
    TrackingSpec,
)
from mlplatform.cluster.airflow.programs import make_keys, prepare_airflow
from mlplatform.cluster.airflow.settings import plain_variables
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.notes import layer_notes
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.pipelines.dags import dag_text
from mlplatform.plan.model import Plan
from mlplatform.render.pipelines.files import pod_forms
from mlplatform.spec.airflow import AIRFLOW_URL
from mlplatform.spec.triggers import ScheduleTrigger, TriggersSpec

from ..conftest import CLOUDS
from .conftest import AIRFLOW, NIGHTLY, TARGETS, everything, small_spec

Layered = Callable[[str], Plan]
LAYER = ClusterSpec(airflow=AIRFLOW, mounts=(MountSpec(place="data"), MountSpec(place="pipelines")))


def spec_with(cloud: str, airflow: AirflowSpec = AIRFLOW, **changes: object) -> PlatformSpec:
    """A small platform with an Airflow."""
    layer = LAYER.overlay(airflow=airflow)
    return small_spec(cloud, **{"cluster": layer, "tracking": TrackingSpec(), "pipelines": (NIGHTLY,), **changes})


@cache
def plain(cloud: str) -> dict[str, LayerItem]:
    """The layer's items of the small platform with an Airflow."""
    return items_of(spec_with(cloud), cloud)


def items_of(spec: PlatformSpec, cloud: str) -> dict[str, LayerItem]:
    """The layer's items by role."""
    return {item.role: item for item in layer_items(layer_context(spec, cloud))}


def values_of(items: Mapping[str, LayerItem]) -> dict[str, Any]:
    """Values of the chart."""
    return cast("Any", cast("ChartRelease", items["release-airflow"].body).values)


def body_of(items: Mapping[str, LayerItem], role: str) -> dict[str, Any]:
    """An object as the API server gets it."""
    return cast("Any", wire_object(cast("Any", items[role].body)))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_its_identity_logs_in_to_a_database_of_its_own_and_writes_one_folder(cloud: str, layered: Layered) -> None:
    steps = {step.name: step for step in layered(cloud).steps if "airflow" in step.name}
    made = {name.removeprefix("acme-ml-airflow-"): step for name, step in steps.items()}
    match cloud:
        case "aws":
            (policy,) = [step for name, step in made.items() if name.startswith("password")]
            document = json.loads(str(policy.inputs["policy"]))["Statement"]
            assert {statement["Action"] for statement in document} == {"secretsmanager:GetSecretValue", "kms:Decrypt"}
            assert all(statement["Resource"] != "*" for statement in document)
        case "gcp":
            assert made["content"].inputs["name"] == "airflow"
            assert made["user"].inputs["type"] == "CLOUD_IAM_SERVICE_ACCOUNT"
            tracking = next(step for step in layered(cloud).steps if step.name == "acme-ml-tracking-user")
            assert made["user"].inputs["name"] != tracking.inputs["name"]
        case _:
            login = made["login"]
            assert login.inputs["principalType"] == "servicePrincipal"
            # PostgreSQL on Azure refuses a second change while one goes on
            assert any(urn.endswith("acme-ml-tracking-login") for urn in login.dependencies)
    text = json.dumps([dict(step.inputs) for step in layered(cloud).steps], default=str)
    assert "_airflow" in text
    assert "_airflow/logs" in text


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_key_and_no_password_is_in_the_plan(cloud: str, layered: Layered) -> None:
    (release,) = [step for step in layered(cloud).steps if step.name.endswith("release-airflow")]
    values = cast("Mapping[str, Any]", release.inputs["values"])
    assert {values[name] for name in ("fernetKeySecretName", "apiSecretKeySecretName", "jwtSecretName")} == {"keys"}
    assert not {"fernetKey", "jwtSecret", "apiSecretKey", "webserverSecretKey"} & values.keys()
    assert values["enableBuiltInSecretEnvVars"]["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] is False
    (settings,) = [step for step in layered(cloud).steps if step.name.endswith("airflow-settings")]
    data = cast("Mapping[str, str]", settings.inputs["data"])
    assert data["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "postgresql+psycopg2:///airflow"
    assert not [name for name in data if "PASSWORD" in name or "FERNET" in name]
    assert data["PGHOST"]
    assert data["PGUSER"]


def test_what_people_reach_makes_no_pods() -> None:
    values = values_of(plain("aws"))
    token = "/var/run/secrets/kubernetes.io/serviceaccount"
    for part in ("apiServer", "dagProcessor", "migrateDatabaseJob"):
        assert [mount["mountPath"] for mount in values[part]["extraVolumeMounts"]] == [token]
    for part in (values["scheduler"], values["workers"]["kubernetes"]):
        assert "extraVolumeMounts" not in part
    assert values["rbac"]["create"] is False


def test_its_rights_are_over_pods_alone() -> None:
    items = plain("gcp")
    rules = body_of(items, "role-airflow-executor")["rules"]
    assert {resource for rule in rules for resource in rule["resources"]} == {"pods", "pods/log", "events"}
    binding = body_of(items, "binding-airflow-steps")
    assert (binding["metadata"]["namespace"], binding["roleRef"]["name"]) == ("pipelines", "airflow")
    keys = body_of(items, "role-airflow-airflow-keys")["rules"]
    assert [rule.get("resourceNames") for rule in keys if "get" in rule["verbs"]] == [["keys"]]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_up_brings_the_dags_as_the_command_renders_them(cloud: str) -> None:
    spec = spec_with(cloud)
    layer = layer_context(spec, cloud)
    data = body_of(items_of(spec, cloud), "airflow-dags")["data"]
    assert data == {".airflowignore": "..*\n", "nightly.py": dag_text(layer, layer.spec.pipelines[0])}
    (file,) = pod_forms(layer.spec, layer.spec.pipelines[0])
    assert (file.name, file.text) == ("nightly.py", data["nightly.py"])
    assert "brings it" in file.use


def test_other_programs_and_settings_start_the_pods_anew() -> None:
    def digest(spec: PlatformSpec) -> str:
        return values_of(items_of(spec, "aws"))["airflowPodAnnotations"]["mlplatform/settings"]

    one = digest(spec_with("aws"))
    other = AIRFLOW.overlay(login=AIRFLOW.login.overlay(groups=("others",)))
    assert digest(spec_with("aws", other)) != one
    more = NIGHTLY.overlay(name="weekly")
    assert digest(spec_with("aws", pipelines=(NIGHTLY, more))) == one, "a folder with one DAG more needs no restart"


def test_production_has_two_of_each() -> None:
    values = values_of(items_of(everything("gcp").overlay(environment="prod"), "gcp"))
    assert (values["apiServer"]["replicas"], values["scheduler"]["replicas"]) == (2, 2)


@pytest.mark.parametrize(
    ("address", "triggers", "who"),
    [
        ("http://localhost:8080", False, []),
        ("http://localhost:9000", True, ["starter"]),
        ("https://airflow.acme.example", True, ["everybody"]),
    ],
)
def test_who_reaches_it(address: str, triggers: bool, who: list[str]) -> None:
    pipeline = NIGHTLY
    if triggers:
        pipeline = NIGHTLY.overlay(
            triggers=TriggersSpec(schedules=(ScheduleTrigger(name="nightly", cron="0 3 1 * *"),)),
            programs_image="docker.io/acme/programs:1",
        )
    items = items_of(spec_with("azure", AIRFLOW.overlay(address=address), pipelines=(pipeline,)), "azure")
    own, *others = body_of(items, "airflow-network")["spec"]["ingress"]
    assert own == {"from": [{"podSelector": {}}]}
    found = [
        next(iter(rule["from"][0]["namespaceSelector"]["matchLabels"].values())) if "from" in rule else "everybody"
        for rule in others
    ]
    assert found == who
    assert all(rule["ports"] == [{"port": 8080, "protocol": "TCP"}] for rule in others)


def test_the_starter_starts_its_runs() -> None:
    triggered = NIGHTLY.overlay(
        triggers=TriggersSpec(schedules=(ScheduleTrigger(name="nightly", cron="0 3 1 * *"),)),
        programs_image="docker.io/acme/programs:1",
    )
    items = items_of(spec_with("gcp", pipelines=(triggered,)), "gcp")
    pod = body_of(items, "starter")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    env = {each["name"]: each.get("value") for each in pod["containers"][0]["env"]}
    assert env["MLPLATFORM_STARTER_AIRFLOW"] == AIRFLOW_URL
    assert pod["volumes"][0]["secret"]["secretName"] == "airflow-login"
    (password,) = values_of(items)["migrateDatabaseJob"]["env"]
    assert password["valueFrom"]["secretKeyRef"] == {"name": "keys", "key": "starter-password", "optional": False}
    keys = body_of(items, "airflow-keys")["spec"]["template"]["spec"]["containers"][0]
    assert keys["command"][-2:] == ["airflow", "starter"]
    alone = plain("gcp")
    assert "role-starter-airflow-keys" not in alone
    assert values_of(alone)["migrateDatabaseJob"]["env"] == []


def test_the_reader_of_the_plan_is_told_how_people_come_in() -> None:
    layer = layer_context(spec_with("aws"), "aws")
    texts = [note.text for note in layer_notes(layer, layer_items(layer)) if note.path == "cluster.airflow.login"]
    assert "/auth/oauth-authorized/login" in texts[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tracking": None}, "tracking server in the cluster"),
        ({"tracking": TrackingSpec(server="managed")}, "tracking.server managed"),
        ({"airflow_url": "https://airflow.acme.example"}, "one Airflow"),
        ({"login": {"groups": ()}}, "somebody who may log in"),
        ({"login": {"scopes": ("email",)}}, "openid"),
        ({"network": NetworkSpec(nat="none")}, "a way to the internet"),
        ({"access": AccessSpec(training_namespace="airflow")}, "Airflow has the namespace"),
    ],
)
def test_what_it_needs_is_refused_when_it_is_not_there(changes: dict[str, Any], words: str) -> None:
    login = AIRFLOW.login.overlay(**changes.get("login", {}))
    layer = LAYER.overlay(airflow=AIRFLOW.overlay(login=login), airflow_url=changes.get("airflow_url"))
    tracking = changes.get("tracking", TrackingSpec())
    also = {name: changes[name] for name in ("network", "access") if name in changes}
    with pytest.raises(ValueError, match=words):
        small_spec("aws", cluster=layer, tracking=tracking, pipelines=(NIGHTLY,), **also)


def test_it_is_where_the_tracking_server_is() -> None:
    targets = (TARGETS["aws"], TARGETS["gcp"])
    spec = spec_with("aws").overlay(
        targets=targets, tracking=TrackingSpec(on="gcp"), pipelines=(NIGHTLY.overlay(on="gcp"),)
    )
    assert spec.on("aws").cluster is not None
    assert cast("ClusterSpec", spec.on("aws").cluster).airflow is None
    assert cast("ClusterSpec", spec.on("gcp").cluster).airflow is not None
    with pytest.raises(ValueError, match="gcp, the target of the tracking server"):
        spec.overlay(pipelines=(NIGHTLY.overlay(on="aws"),))


class Api:
    """An API server that keeps secrets."""

    def __init__(self) -> None:
        self.secrets: dict[str, dict[str, str]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.body()
                name = f"{self.path.split('/')[4]}/{body['metadata']['name']}"
                if name in outer.secrets:
                    self.answer(409, {})
                else:
                    outer.secrets[name] = body["data"]
                    self.answer(201, body)

            def do_GET(self) -> None:
                parts = self.path.split("/")
                self.answer(200, {"data": outer.secrets[f"{parts[4]}/{parts[6]}"]})

            def do_PATCH(self) -> None:
                parts = self.path.split("/")
                assert self.headers["Content-Type"] == "application/merge-patch+json"
                outer.secrets[f"{parts[4]}/{parts[6]}"].update(self.body()["data"])
                self.answer(200, {})

            def body(self) -> Any:  # noqa: ANN401
                return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

            def answer(self, code: int, body: object) -> None:
                assert self.headers["Authorization"] == "Bearer of the pod"
                self.send_response(code)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """One that the program finds."""
    found = Api()
    (tmp_path / "token").write_text("of the pod\n")
    monkeypatch.setattr(make_keys, "ACCOUNT", tmp_path)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(found.server.server_port))
    monkeypatch.setenv("KUBERNETES_SCHEME", "http")
    yield found
    found.server.shutdown()


def test_keys_are_made_once_and_the_starters_login_follows_them(api: Api) -> None:
    make_keys.main("airflow", "")
    keys = dict(api.secrets["airflow/keys"])
    fernet = base64.b64decode(keys["fernet-key"])
    assert len(base64.urlsafe_b64decode(fernet)) == 32
    assert list(api.secrets) == ["airflow/keys"]
    make_keys.main("airflow", "starter")
    assert api.secrets["airflow/keys"] == keys
    login = api.secrets["starter/airflow-login"]
    assert login["password"] == keys["starter-password"]
    # the namespace of Airflow was made anew, and with it the keys
    del api.secrets["airflow/keys"]
    make_keys.main("airflow", "starter")
    assert api.secrets["starter/airflow-login"]["password"] == api.secrets["airflow/keys"]["starter-password"]
    assert api.secrets["airflow/keys"] != keys


def test_another_refusal_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> object:
        raise urllib.error.HTTPError("", 403, "no", cast("Any", {}), None)

    monkeypatch.setattr(make_keys, "_ask", refused)
    with pytest.raises(urllib.error.HTTPError):
        make_keys.main("airflow", "")


@pytest.mark.parametrize(("password", "calls"), [("", ["db migrate"]), ("p", ["db migrate", "create", "reset"])])
def test_the_database_is_made_ready_before_anybody_uses_it(
    password: str, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    class Connection:
        def __enter__(self) -> Connection:
            return self

        def __exit__(self, *_: object) -> None: ...

        def execute(self, text: str) -> Any:  # noqa: ANN401
            ran.append(text)
            return SimpleNamespace(scalar=lambda: None)

    def create_engine(*_: object, **__: object) -> object:
        return SimpleNamespace(connect=Connection)

    fake = ModuleType("sqlalchemy")
    fake.__dict__.update(create_engine=create_engine, text=str)
    monkeypatch.setitem(sys.modules, "sqlalchemy", fake)
    monkeypatch.setenv("STARTER_PASSWORD", password)
    words: list[str] = []

    def run(command: list[str]) -> Any:  # noqa: ANN401
        words.append(" ".join(command))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(prepare_airflow, "subprocess", SimpleNamespace(run=run))
    assert prepare_airflow.main("postgresql+psycopg2:///", "airflow") == 0
    assert ran[0].startswith("SELECT pg_advisory_lock")
    assert ran[-1] == "CREATE DATABASE airflow"
    assert len(words) == len(calls)
    assert all(part in word for part, word in zip(calls, words, strict=True))


def person(login: AirflowLoginSpec, claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the planned settings make of the claims of a token."""
    told = plain_variables(AIRFLOW.overlay(login=login))["MLPLATFORM_AIRFLOW_LOGIN"]
    monkeypatch.setenv("MLPLATFORM_AIRFLOW_LOGIN", told)
    override = ModuleType("airflow.providers.fab.auth_manager.security_manager.override")
    override.__dict__["FabAirflowSecurityManagerOverride"] = object
    monkeypatch.setitem(sys.modules, override.__name__, override)
    read: dict[str, Any] = {"__name__": "webserver_config"}
    exec(Path(make_keys.__file__).with_name("airflow_login.py").read_text("utf-8"), read)
    assert read["AUTH_ROLES_MAPPING"] == {"allowed": ["User"]}
    return read["SecurityManager"]().get_oauth_user_info("login", {"userinfo": claims})


@pytest.mark.parametrize(
    ("claims", "comes_in"),
    [
        ({"email": "Ada@acme.example", "groups": ["data-science", "x"]}, True),
        ({"email": "ada@acme.example", "groups": "data-science"}, True),
        ({"email": "Bob@acme.example"}, True),
        ({"email": "bob@acme.example", "email_verified": False}, False),
        ({"email": "eve@acme.example", "groups": ["others"]}, False),
        ({"email": "eve@acme.example", "groups": ["data-science-2"]}, False),
        ({"groups": ["data-science"]}, False),
        ({}, False),
    ],
)
def test_only_named_groups_and_people_come_in(
    claims: dict[str, Any], comes_in: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = AIRFLOW.login.overlay(people=("BOB@acme.example",))
    found = person(login, claims, monkeypatch)
    assert bool(found) is comes_in
    if comes_in:
        assert found["role_keys"] == ["allowed"]
        assert found["username"] == found["username"].lower()
