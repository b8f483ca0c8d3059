"""The tracking server: a private, protected database, a server that nobody reaches without a token, and its clients."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest
from pydantic import ValidationError

from mlplatform import (
    ClusterSpec,
    NetworkSpec,
    PlatformSpec,
    TeamSpec,
    TrackingDatabaseSpec,
    TrackingSpec,
    discovery,
)
from mlplatform.checks.engine import check_plan
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.jobs.kinds import job_objects
from mlplatform.cluster.jobs.request import JobRequest
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.cluster.objects.wire import resolve, wire_object
from mlplatform.cluster.tracking.client import client_env, plugin_files, program
from mlplatform.components.tracking_names import TRACKING_AUDIENCE, TRACKING_URL
from mlplatform.components.tracking_sizes import tracking_sizes
from mlplatform.plan.cost.estimate import estimate
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.record import record
from mlplatform.plan.stateful import is_stateful

from ..conftest import CLOUDS
from ..planned import least_platform
from .conftest import TARGETS, small_spec

DATABASES = {
    "aws": "aws:rds/instance:Instance",
    "gcp": "gcp:sql/databaseInstance:DatabaseInstance",
    "azure": "azure-native:dbforpostgresql:Server",
}
TEAMS = ClusterSpec(teams=(TeamSpec(name="fraud", quota={"spot": 8}),))


def tracked(cloud: str, **changes: object) -> PlatformSpec:
    """A small platform with a tracking server and a team."""
    return small_spec(cloud, **{"tracking": TrackingSpec(), "cluster": TEAMS, **changes})


@cache
def layer(cloud: str) -> LayerContext:
    """What the layer is made from."""
    return layer_context(tracked(cloud, cluster=TEAMS.overlay(engines=("trainer", "ray"))), cloud)


@cache
def items(cloud: str) -> dict[str, LayerItem]:
    """The layer by role."""
    return {item.role: item for item in layer_items(layer(cloud))}


def sent(item: LayerItem) -> dict[str, Any]:
    """An object as it is sent, with the names of the cloud's outputs in the places of their values."""

    def value(wanted: FromCloud) -> str:
        return wanted.around(f"<{wanted.output}>")

    return cast("Any", resolve(wire_object(cast("Any", item.body)), value))


def pod(cloud: str) -> dict[str, Any]:
    """The server's pod."""
    return sent(items(cloud)["tracking-server"])["spec"]["template"]["spec"]


def variables(container: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a container."""
    return {each["name"]: each["value"] for each in container["env"]}


def database(plan: Plan, cloud: str) -> Step:
    """The database of a plan."""
    return plan.one(DATABASES[cloud])


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_database_is_private_encrypted_with_the_platforms_key_and_has_no_password_in_the_state(
    cloud: str, layered: Callable[[str], Plan]
) -> None:
    plan = layered(cloud)
    # what goes or is replaced is reported as a loss of data
    assert is_stateful(DATABASES[cloud])
    found = cast("Any", database(plan, cloud).inputs)
    match cloud:
        case "aws":
            assert found["publiclyAccessible"] is False
            assert found["storageEncrypted"] is True
            assert found["kmsKeyId"] == found["masterUserSecretKmsKeyId"]
            assert found["manageMasterUserPassword"] is True
            assert "password" not in found
            (rule,) = (
                step for step in plan.resources() if step.type.endswith(":SecurityGroupIngressRule") and
                "tracking" in step.name
            )  # fmt: skip
            assert "cidrIpv4" not in rule.inputs
            assert (rule.inputs["fromPort"], rule.inputs["toPort"]) == (5432, 5432)
        case "gcp":
            settings = found["settings"]
            assert settings["ipConfiguration"]["ipv4Enabled"] is False
            assert settings["ipConfiguration"]["sslMode"] == "ENCRYPTED_ONLY"
            assert settings["edition"] == "ENTERPRISE"
            assert found["encryptionKeyName"]
            (user,) = (step.inputs for step in plan.of_type("gcp:sql/user:User") if "tracking" in step.name)
            assert user["type"] == "CLOUD_IAM_SERVICE_ACCOUNT"
            assert "password" not in user
            assert not str(user["name"]).endswith(".gserviceaccount.com")
        case _:
            assert found["network"]["publicNetworkAccess"] == "Disabled"
            assert found["authConfig"]["passwordAuth"] == "Disabled"
            assert found["authConfig"]["activeDirectoryAuth"] == "Enabled"
            assert found["dataEncryption"]["type"] == "AzureKeyVault"
            assert list(found["identity"]["userAssignedIdentities"])
            zones = [step.name for step in plan.resources() if step.type.endswith(":PrivateZone")]
            assert any("postgres" in name for name in zones)


WATCHED = {
    "aws": {
        "CPUUtilization": "warning",
        "DatabaseConnections": "warning",
        "FreeStorageSpace": "critical",
        "TriggeredRules": "critical",
    },
    "gcp": {
        "cpu_utilization": "warning",
        "num_backends": "warning",
        "disk_utilization": "critical",
        "automatedBackup": "critical",
    },
    "azure": {
        "cpu_percent": "warning",
        "active_connections": "warning",
        "storage_percent": "critical",
        "backup_storage_used": "critical",
    },
}
"""What each cloud counts of processors, connections, disk and backups."""


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_routes_hear_of_a_database_that_is_busy_full_or_without_backups(
    cloud: str, layered: Callable[[str], Plan]
) -> None:
    plan = layered(cloud)
    made = [step for step in plan.resources() if "-tracking-al" in step.name and ":" in step.type]
    for metric, severity in WATCHED[cloud].items():
        (alarm,) = [step for step in made if metric in str(step.inputs)]
        inputs = cast("Any", alarm.inputs)
        match cloud:
            case "aws":
                assert inputs["name"].startswith(f"acme-ml-dev-{severity}-"), "routes read the severity from it"
            case "gcp":
                assert inputs["severity"] == severity.upper()
            case _:
                assert inputs["severity"] == {"critical": 1, "warning": 2}[severity]
    if cloud == "aws":
        events, backups = (
            json.loads(str(step.inputs["eventPattern"]))["detail"]
            for name in ("events", "backups")
            for step in plan.resources()
            if step.name.endswith(f"-tracking-{name}")
        )
        assert events["SourceIdentifier"] == backups["SourceIdentifier"] == [database(plan, cloud).inputs["identifier"]]
        assert events["EventCategories"] == ["failure", "low storage"]
    if cloud == "gcp":
        # what the alert counts against is what the database has
        flags = {
            each["name"]: each["value"]
            for each in cast("Any", database(plan, cloud).inputs)["settings"]["databaseFlags"]
        }
        (connections,) = [step for step in made if "num_backends" in str(step.inputs)]
        assert f"> {int(int(flags['max_connections']) * 0.8)}" in str(connections.inputs)


def test_sizes_follow_the_profile_and_lifting_the_protection_changes_none_of_them() -> None:
    dev = least_platform(TARGETS["aws"])
    prod = dev.overlay(environment="prod")
    small, large = tracking_sizes(dev, TrackingSpec()), tracking_sizes(prod, TrackingSpec())
    assert (small.size, small.standby, small.backup_days, small.replicas) == ("small", False, 7, 1)
    assert (large.size, large.standby, large.backup_days, large.replicas) == ("medium", True, 30, 2)
    # also the last copy: it is for the destroy that comes after the protection was lifted
    assert (small.last_copy, large.last_copy) == (False, True)
    assert tracking_sizes(prod.overlay(deletion_protection=False), TrackingSpec()) == large


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_server_listens_inside_of_its_pod_alone_and_the_front_asks_for_a_token_of_a_job(cloud: str) -> None:
    server, front = pod(cloud)["containers"]
    assert server["command"][server["command"].index("--host") + 1] == "127.0.0.1"
    config = json.loads(front["args"][1])["static_resources"]
    (listener,) = config["listeners"]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    tokens = manager["http_filters"][0]["typed_config"]
    provider = tokens["providers"]["cluster"]
    assert provider["audiences"] == [TRACKING_AUDIENCE]
    assert (
        provider["subjects"]["safe_regex"]["regex"] == "system:serviceaccount:(training:training|team-fraud:training)"
    )
    assert not provider.get("forward")
    open_paths = [rule["match"].get("path") for rule in tokens["rules"] if "requires" not in rule]
    assert open_paths == ["/-/ready", "/health"]
    assert tokens["rules"][-1] == {"match": {"prefix": "/"}, "requires": {"provider_name": "cluster"}}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_secret_stands_in_the_pod(cloud: str) -> None:
    found = pod(cloud)
    for container in (*found["initContainers"], found["containers"][0]):
        env = variables(container)
        assert not [name for name in env if "PASSWORD" in name]
        assert env["PGHOST"] == "<layer.tracking.host>"
        assert env["PGUSER"] == "<layer.tracking.user>"
        # Cloud SQL gives each instance an authority of its own, so that its certificate needs no name
        assert env["PGSSLMODE"] == ("verify-ca" if cloud == "gcp" else "verify-full")
        assert {"PGSSLROOTCERT", "TRACKING_AUTHORITY", "TRACKING_AUTHORITY_FROM"} & set(env)
        assert "postgresql+psycopg2:///" in " ".join(container["command"])
    assert found["automountServiceAccountToken"] is False


@pytest.mark.parametrize("cloud", CLOUDS)
def test_jobs_reach_the_server_and_nobody_else_does(cloud: str) -> None:
    policy = sent(items(cloud)["tracking-network"])["spec"]
    (rule,) = policy["ingress"]
    names = [peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in rule["from"]]
    assert names == ["training", "team-fraud"]
    assert [port["port"] for port in rule["ports"]] == [8080]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("kind", ["torch", "jobset", "sweep", "ray"])
def test_every_kind_of_job_finds_the_server_with_a_token_that_is_kept_fresh(cloud: str, kind: str) -> None:
    request = JobRequest(name="j", kind=cast("Any", kind), pool="spot", image="docker.io/acme/x:1", team="fraud",
                         command=("python", "train.py"))  # fmt: skip
    body = json.dumps(resolve(wire_object(job_objects(layer(cloud), request)[0]), lambda wanted: f"<{wanted.output}>"))
    assert TRACKING_URL in body
    for name in client_env():
        assert name in body, name
    assert f'"audience": "{TRACKING_AUDIENCE}"' in body
    assert '"mountPath": "/var/run/mlflow"' in body
    config = sent(items(cloud)["tracking-client-team-fraud"])
    assert set(config["data"]) == {path.rpartition("/")[2] for path in plugin_files()}


def test_a_platform_without_tracking_has_nothing_of_it() -> None:
    bare = layer_context(tracked("aws", tracking=None), "aws")
    assert not [item.role for item in layer_items(bare) if "tracking" in item.role]
    request = JobRequest(name="j", kind="jobset", pool="spot", image="docker.io/acme/x:1", command=("python",))
    assert "mlflow" not in json.dumps(resolve(wire_object(job_objects(bare, request)[0]), lambda wanted: wanted.output))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_steps_of_pipelines_on_the_cluster_reach_the_server_as_their_own_account(
    cloud: str, layered: Callable[[str], Plan]
) -> None:
    found: dict[str, Any] = {step.name: step.inputs for step in layered(cloud).resources()}
    (name,) = (name for name in found if name.endswith("-tracking-server"))
    front = found[name]["spec"]["template"]["spec"]["containers"][1]["args"][1]
    assert "pipelines:pipelines" in front
    assert any(name.endswith("tracking-client-pipelines") for name in found)
    (template,) = (body for body in found.values() if body.get("kind") == "WorkflowTemplate")
    steps: list[Any] = [each["container"] for each in template["spec"]["templates"] if "container" in each]
    assert steps
    for step in steps:
        assert client_env().items() <= {each["name"]: each.get("value") for each in step["env"]}.items()
        assert "/var/run/mlflow" in [mount["mountPath"] for mount in step["volumeMounts"]]


def test_one_target_is_the_home_and_the_others_have_nothing_of_it() -> None:
    targets = (TARGETS["aws"], TARGETS["gcp"])
    given = {"training": small_spec("aws").training, "cluster": ClusterSpec(), "targets": targets}
    spec = least_platform(TARGETS["aws"], **given, tracking=TrackingSpec(on="gcp"))
    assert spec.on("gcp").tracking
    assert spec.on("aws").tracking is None
    with pytest.raises(ValidationError, match="one of the targets, because runs and models have one home: aws, gcp"):
        least_platform(TARGETS["aws"], **given, tracking=TrackingSpec())


def test_a_small_database_on_azure_has_no_standby() -> None:
    spec = small_spec("azure", tracking=TrackingSpec(database=TrackingDatabaseSpec(size="small", standby=True)))
    (problem,) = discovery.backend("azure").problems(spec)
    assert problem.path == "tracking.database.standby"
    assert "medium" in problem.fix
    # what follows from the profile is held as well as what is said
    prod = spec.overlay(environment="prod", tracking=TrackingSpec(database=TrackingDatabaseSpec(size="small")))
    assert "tracking.database.standby" in {each.path for each in discovery.backend("azure").problems(prod)}


class _Metadata(BaseHTTPRequestHandler):
    """A metadata server, and Entra, with a token that changes."""

    tokens: ClassVar[list[str]] = []
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self._answer(self.headers.get("Metadata-Flavor") or "")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])).decode())

    def _answer(self, said: str) -> None:
        self.asked.append((self.path, said))
        body = json.dumps({"access_token": self.tokens.pop(0)}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def metadata(*tokens: str) -> Generator[str]:
    """A server on this machine; its host and port."""
    _Metadata.tokens, _Metadata.asked = [*tokens], []
    server = HTTPServer(("127.0.0.1", 0), _Metadata)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _login() -> dict[str, Any]:
    """The program of the server's pods, as Python reads it there."""
    names: dict[str, Any] = {"__name__": "database_login"}
    exec(compile(program("database_login"), "sitecustomize.py", "exec"), names)  # what the pod runs
    return names


def test_each_connection_gets_the_token_of_that_moment(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    names = _login()
    with metadata("first", "second") as host:
        monkeypatch.setenv("TRACKING_LOGIN", "google-token")
        monkeypatch.setenv("GCE_METADATA_HOST", host)
        assert [names["password"](), names["password"]()] == ["first", "second"]
        assert _Metadata.asked[0][1] == "Google"
    token = tmp_path / "token"
    token.write_text("of-the-account", encoding="utf-8")
    with metadata("entra") as host:
        for name, value in {
            "TRACKING_LOGIN": "entra-token",
            "AZURE_AUTHORITY_HOST": f"http://{host}/",
            "AZURE_TENANT_ID": "t",
            "AZURE_CLIENT_ID": "c",
            "AZURE_FEDERATED_TOKEN_FILE": str(token),
        }.items():
            monkeypatch.setenv(name, value)
        assert names["password"]() == "entra"
        path, form = _Metadata.asked[0]
        assert path == "/t/oauth2/v2.0/token"
        assert "scope=https%3A%2F%2Fossrdbms-aad.database.windows.net%2F.default" in form
        assert "client_assertion=of-the-account" in form
    with metadata("of-the-app") as host:
        monkeypatch.setenv("TRACKING_LOGIN", "entra-identity")
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{host}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "h")
        assert names["password"]() == "of-the-app"
        path = _Metadata.asked[0][0]
        assert path.startswith("/msi/token?resource=https%3A%2F%2Fossrdbms-aad.database.windows.net&")
        assert path.endswith("client_id=c"), "an app may have several identities"
    with metadata("of-any-cloud") as host:
        monkeypatch.setenv("TRACKING_LOGIN", "token-url")
        monkeypatch.setenv("TRACKING_TOKEN_URL", f"http://{host}/token?service=databases")
        monkeypatch.setenv("TRACKING_TOKEN_HEADERS", "Metadata-Flavor: orbit\nX-Other: 1\n")
        assert names["password"]() == "of-any-cloud"
        assert _Metadata.asked == [("/token?service=databases", "orbit")]


def test_the_password_comes_from_the_vault_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    answers = iter(("one", "two"))
    asked: list[str] = []

    def get(SecretId: str) -> dict[str, str]:  # noqa: N803 - the API's name
        asked.append(SecretId)
        return {"SecretString": json.dumps({"username": "mlflow", "password": next(answers)})}

    vault = SimpleNamespace(get_secret_value=get)
    fake = SimpleNamespace(client={"secretsmanager": vault}.__getitem__)
    monkeypatch.setitem(sys.modules, "boto3", cast("Any", fake))
    monkeypatch.setenv("TRACKING_LOGIN", "aws-secret")
    monkeypatch.setenv("TRACKING_SECRET", "arn:x")
    names = _login()
    assert [names["password"](), names["password"]()] == ["one", "two"]
    assert asked == ["arn:x", "arn:x"]


@pytest.mark.parametrize(
    ("region", "nat", "address"),
    [
        ("eu-central-1", "single", "https://truststore.pki.rds.amazonaws.com/eu-central-1/eu-central-1-bundle.pem"),
        (
            "us-gov-east-1",
            "single",
            "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-east-1/us-gov-east-1-bundle.pem",
        ),
        ("eu-central-1", "none", "s3://acme-ml-dev-models-123456789012-eu-central-1-an/_tracking/rds-bundle.pem"),
    ],
)
def test_the_pods_know_where_the_authorities_of_rds_are(region: str, nat: Any, address: str) -> None:  # noqa: ANN401
    from mlplatform.backends.aws.cluster.authorities import authorities_address

    target = {**TARGETS["aws"].model_dump(), "region": region}
    spec = tracked("aws", network=NetworkSpec(nat=nat))
    spec = spec.model_copy(update={"targets": (type(TARGETS["aws"]).model_validate(target),)})
    assert authorities_address(spec) == address


def test_the_authorities_are_fetched_once_for_each_pod_and_a_pod_without_them_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    import os
    import sys

    names = _login()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PGSSLROOTCERT", "none yet")
    monkeypatch.delenv("TRACKING_AUTHORITY", raising=False)
    with metadata("PEM") as host:
        monkeypatch.setenv("TRACKING_AUTHORITY_FROM", f"http://{host}/bundle.pem")
        names["_trust_authority"]()
        # another process of the pod asks nobody
        names["_trust_authority"]()
    file = tmp_path / "database-authority.pem"
    assert json.loads(file.read_text("utf-8")) == {"access_token": "PEM"}
    assert os.environ["PGSSLROOTCERT"] == str(file)
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    file.unlink()
    with pytest.raises(OSError, match="refused"):
        names["_trust_authority"]()

    asked: list[tuple[str, str]] = []

    def get(Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - the API's names
        asked.append((Bucket, Key))
        return {"Body": SimpleNamespace(read=lambda: b"PEM of the store")}

    fake = SimpleNamespace(client={"s3": SimpleNamespace(get_object=get)}.__getitem__)
    monkeypatch.setitem(sys.modules, "boto3", cast("Any", fake))
    monkeypatch.setenv("TRACKING_AUTHORITY_FROM", "s3://models/_tracking/rds-bundle.pem")
    names["_trust_authority"]()
    assert asked == [("models", "_tracking/rds-bundle.pem")]
    assert file.read_text("utf-8") == "PEM of the store"


def test_the_plug_in_reads_the_token_for_every_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:  # noqa: ANN401
    names: dict[str, Any] = {"__name__": "mlplatform_tracking"}
    exec(compile(program("mlplatform_tracking"), "mlplatform_tracking.py", "exec"), names)
    file = tmp_path / "token"
    monkeypatch.setenv("MLPLATFORM_TRACKING_TOKEN_FILE", str(file))
    add = names["TokenFile"]().get_auth()
    seen: list[str] = []
    for token in ("a", "b\n"):
        file.write_text(token, encoding="utf-8")
        seen.append(add(SimpleNamespace(headers={})).headers["Authorization"])
    assert seen == ["Bearer a", "Bearer b"]
    assert names["TokenFile"]().get_name() == client_env()["MLFLOW_TRACKING_AUTH"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_whoever_may_call_the_server_has_a_way_to_it(cloud: str) -> None:
    server = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tracking"}}}
    way = {"to": [server], "ports": [{"port": 8080, "protocol": "TCP"}]}
    policies = [sent(item) for item in items(cloud).values() if item.body.__class__.__name__ == "NetworkPolicy"]
    held = [each["spec"] for each in policies if each["metadata"]["namespace"] in ("training", "team-fraud")]
    ways = [policy["egress"] for policy in held if "Egress" in policy["policyTypes"]]
    assert ways, "a team's pods are held"
    assert all(way in rules for rules in ways)


def test_the_clouds_own_server_is_there_where_it_can_be_and_keeps_what_it_has() -> None:
    spec = least_platform(TARGETS["aws"], tracking=TrackingSpec(server="managed"), environment="prod")
    plan = record(spec, "aws", resolve=True)
    app = plan.one("aws:sagemaker/mlflowApp:MlflowApp")
    assert app.protect
    assert app.retain_on_delete
    assert app.inputs["modelRegistrationMode"] == "AutoModelRegistrationDisabled"
    assert str(app.inputs["artifactStoreUri"]).endswith("/_tracking")
    (policy,) = (step for step in plan.resources() if step.name == "acme-ml-tracking-use-pipelines")
    statements = json.loads(str(policy.inputs["policy"]))["Statement"]
    assert [each["Resource"] for each in statements] == [app.outputs["arn"]]
    assert not [step for step in plan.resources() if step.type == DATABASES["aws"]]


@pytest.mark.parametrize(
    ("cloud", "changes", "paths"),
    [
        ("gcp", {}, {"tracking.server"}),
        ("azure", {}, set[str]()),
        ("aws", {}, set[str]()),
        ("aws", {"data_class": "restricted"}, {"tracking.server"}),
        ("aws", {"network": NetworkSpec(nat="none")}, {"tracking.server"}),
        ("aws", {"targets": (TARGETS["aws"].overlay(region="eu-south-1"),)}, {"tracking.server"}),
    ],
)
def test_where_there_is_no_server_of_the_clouds_own_it_is_refused(
    cloud: str, changes: dict[str, Any], paths: set[str]
) -> None:
    spec = least_platform(TARGETS[cloud], **{"tracking": TrackingSpec(server="managed"), **changes})
    refused = [problem for problem in discovery.backend(cloud).problems(spec) if problem.path == "tracking.server"]
    assert {problem.path for problem in refused} == paths
    assert all("set tracking.server to cluster" in problem.fix for problem in refused)


@cache
def served() -> tuple[PlatformSpec, Plan]:
    """A platform without a cluster whose server is a service."""
    spec = least_platform(TARGETS["gcp"], tracking=TrackingSpec(server="service", replicas=2))
    return spec, record(spec, "gcp", resolve=True)


def test_without_a_cluster_the_server_is_a_private_service_that_asks_for_an_identity() -> None:
    _, plan = served()
    service = cast("Any", plan.one("gcp:cloudrunv2/service:Service").inputs)
    assert service["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    invokers = [step for step in plan.resources() if step.type.endswith(":ServiceIamMember")]
    assert [step.inputs["role"] for step in invokers] == ["roles/run.invoker"]
    assert not [step for step in invokers if "allUsers" in str(step.inputs)]
    assert plan.one(DATABASES["gcp"]).protect is False
    template = service["template"]
    assert template["scaling"]["minInstanceCount"] == 2
    front, server = template["containers"]
    # requests over 32 MiB, which models are, pass by HTTP/2 alone
    assert front["ports"]["name"] == "h2c"
    assert "--host 127.0.0.1 --port 5000" in server["args"][0]
    assert '"port_value":5000' in front["args"][1]
    env = {each["name"]: each["value"] for each in server["envs"]}
    assert (env["PGSSLMODE"], env["TRACKING_LOGIN"]) == ("verify-ca", "google-token")
    assert env["PGUSER"].removesuffix(".iam") in template["serviceAccount"]
    assert env["TRACKING_ARTIFACTS"].endswith("/_tracking")
    assert not [name for name in env if "PASSWORD" in name]


def test_the_service_writes_its_programs_and_becomes_the_server(tmp_path: Any) -> None:  # noqa: ANN401
    import os
    import subprocess

    _, plan = served()
    server = cast("Any", plan.one("gcp:cloudrunv2/service:Service").inputs)["template"]["containers"][1]
    env = {each["name"]: each["value"] for each in server["envs"]}
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("python", "mlflow"):
        (tools / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {tmp_path}/ran\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    script = server["args"][0].replace("/tmp/programs", str(tmp_path / "programs"))
    command = [*server["commands"], script]
    subprocess.run(command, env={**env, "PATH": f"{tools}:{os.environ['PATH']}"}, check=True)
    for file, source in (("sitecustomize.py", "database_login"), ("prepare_database.py", "prepare_database")):
        # the shell leaves no newline at the end
        assert (tmp_path / "programs" / file).read_text("utf-8").strip() == program(source).strip()
    first, second = (tmp_path / "ran").read_text("utf-8").splitlines()
    assert first.startswith("python ")
    assert first.endswith("/prepare_database.py postgresql+psycopg2:///")
    assert second.startswith(
        "mlflow server --backend-store-uri postgresql+psycopg2:///mlflow --artifacts-destination gs:"
    )


def test_people_reach_the_service_with_a_token_of_their_own() -> None:
    from mlplatform.render.tracking.client import tracking_client

    spec, plan = served()
    text = tracking_client([spec], "person")
    service = cast("Any", plan.one("gcp:cloudrunv2/service:Service").inputs)
    assert f'MLFLOW_TRACKING_URI="https://{service["name"]}-123456789012.us-central1.run.app"' in text
    assert 'MLFLOW_TRACKING_TOKEN="$(gcloud auth print-identity-token)"' in text
    assert "mlflow-skinny==3.16.1" in text


@cache
def served_on_azure() -> Plan:
    """A platform without a cluster whose server is a Container App."""
    people = {"data-scientist": ["11111111-1111-4111-8111-111111111111"]}
    target = TARGETS["azure"].overlay(people=people)
    return record(least_platform(target, tracking=TrackingSpec(server="service", replicas=2)), "azure", resolve=True)


def test_on_azure_the_service_is_a_private_app_that_lets_in_its_callers_alone() -> None:
    plan = served_on_azure()
    app = cast("Any", plan.one("azure-native:app:ContainerApp").inputs)
    assert app["configuration"]["ingress"]["allowInsecure"] is False
    assert app["configuration"]["ingress"]["targetPort"] == 5000
    assert cast("Any", plan.one("azure-native:app:ManagedEnvironment").inputs)["vnetConfiguration"]["internal"] is True
    template = app["template"]
    assert template["scale"] == {"minReplicas": 2, "maxReplicas": 2}, "a start takes minutes: it never sleeps"
    (server,) = template["containers"]
    env = {each["name"]: each["value"] for each in server["env"]}
    assert (env["PGSSLMODE"], env["TRACKING_LOGIN"]) == ("verify-full", "entra-identity")
    assert not [name for name in env if "PASSWORD" in name]
    assert {each["httpGet"]["path"] for each in server["probes"]} == {"/health"}
    # a request of an app ends after four minutes, which an upload through the server may not
    assert "--no-serve-artifacts --default-artifact-root wasbs://" in server["args"][0]
    assert '--allowed-hosts "$TRACKING_HOST"' in server["args"][0]
    assert env["TRACKING_HOST"] == str(plan.outputs["trackingUri"]).removeprefix("https://")
    login = cast("Any", plan.one("azure-native:app:ContainerAppsAuthConfig").inputs)
    assert login["globalValidation"]["unauthenticatedClientAction"] == "Return401"
    let_in = login["identityProviders"]["azureActiveDirectory"]["validation"]["defaultAuthorizationPolicy"]
    assert "11111111-1111-4111-8111-111111111111" in let_in["allowedPrincipals"]["groups"]
    assert len(let_in["allowedPrincipals"]["identities"]) >= 2, "the server itself, and the identity of pipelines"
    assert plan.one(DATABASES["azure"]).protect is False
    (zone,) = [
        step
        for step in plan.resources()
        if step.type.endswith(":PrivateZone") and "postgres" in str(step.inputs["privateZoneName"])
    ]
    assert zone


def test_the_checks_and_the_cost_know_the_app() -> None:
    plan = served_on_azure()
    found = [each for each in check_plan(plan).findings if "tracking-" in each.urn and each.level != "low"]
    assert not found, found
    (app,) = (each for each in estimate(plan).resources if each.urn.endswith("tracking-service"))
    assert app.monthly.high > 100, "two replicas of two vCPUs all month"


def test_on_azure_people_get_a_token_for_the_callers_application() -> None:
    from mlplatform.render.tracking.client import tracking_client

    spec = least_platform(TARGETS["azure"], tracking=TrackingSpec(server="service"))
    text = tracking_client([spec], "person")
    assert "pulumi stack output trackingUri" in text
    assert "applications(uniqueName=" in text
    assert "azure-storage-blob" in text, "clients write artefacts themselves"
    known = TARGETS["azure"].overlay(callers_app_id="22222222-2222-4222-8222-222222222222")
    text = tracking_client([least_platform(known, tracking=TrackingSpec(server="service"))], "person")
    assert '--scope "22222222-2222-4222-8222-222222222222/.default"' in text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"network": NetworkSpec(nat="none")}, "tracking.server"),
        ({"tracking": TrackingSpec(server="service", image="acme.azurecr.io/mlflow:v3.16.1")}, "tracking.image"),
    ],
)
def test_what_the_app_cannot_be_is_refused(changes: dict[str, Any], path: str) -> None:
    spec = least_platform(TARGETS["azure"], **{"tracking": TrackingSpec(server="service"), **changes})
    assert path in [problem.path for problem in discovery.backend("azure").problems(spec)]


@pytest.mark.parametrize("cloud", ["aws"])
def test_a_service_is_refused_where_there_is_none_with_what_there_is_instead(cloud: str) -> None:
    spec = least_platform(TARGETS[cloud], tracking=TrackingSpec(server="service"))
    (refused,) = [problem for problem in discovery.backend(cloud).problems(spec) if problem.path == "tracking.server"]
    assert "managed where there is no cluster" in refused.fix


def test_the_clouds_own_server_takes_no_settings_of_ours() -> None:
    database = TrackingDatabaseSpec(size="large")
    with pytest.raises(ValidationError, match=r"tracking\.database") as refused:
        least_platform(TARGETS["aws"], tracking=TrackingSpec(server="managed", database=database, replicas=3))
    assert "tracking.replicas" in str(refused.value)
