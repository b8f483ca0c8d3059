"""Airflow and PostgreSQL as they are planned, with a provider of logins, and the platform's own starter.

The programs, variables and DAGs are the planned ones; only what must be elsewhere is put elsewhere: ports, the folder
of DAGs, and where logs of tasks go. A metadata server here hands out the database's password as Google Cloud's hands
out tokens.
"""

from __future__ import annotations

import base64
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.proofs.tracking.prove import Answers, Database, Tokens, encoded, free_port, status, wait, write  # noqa: E402

STARTER = "starter's password"


class Provider:
    """A provider of logins by OpenID Connect, at which `person` logs in without being asked."""

    def __init__(self, client: str) -> None:
        self.client, self.tokens = client, Tokens()
        self.person: dict[str, object] = {}
        self.nonce = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urllib.parse.urlsplit(self.path)
                asked = dict(urllib.parse.parse_qsl(url.query))
                if url.path.endswith("/openid-configuration"):
                    self.say(outer.described())
                elif url.path == "/keys":
                    self.say(json.loads(outer.tokens.keys()))
                elif url.path == "/authorize":
                    assert asked["client_id"] == outer.client, asked
                    outer.nonce = asked["nonce"]
                    self.send_response(302)
                    back = urllib.parse.urlencode({"code": "once", "state": asked["state"]})
                    self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                    self.end_headers()
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                basic = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
                assert basic == f"{outer.client}:application's secret", basic
                self.say({"access_token": "a", "token_type": "Bearer", "id_token": outer.token()})

            def say(self, body: object) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def described(self) -> dict[str, object]:
        """What its well-known document says."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def token(self) -> str:
        """The token of the person who logs in."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.client,
            "sub": "1",
            "iat": now,
            "exp": now + 600,
            "nonce": self.nonce,
            **self.person,
        }
        signed = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims))
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return f"{signed}.{encoded(self.tokens.key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def planned() -> dict[str, Any]:
    """What the project plans."""
    command = [os.environ["MLPLATFORM_PYTHON"], "-m", "tests.proofs.airflow_planned"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def airflow_env(
    plan: dict[str, Any], database: Database, metadata: int, provider: Provider, work: Path
) -> dict[str, str]:
    """The planned variables, with the values that the cloud's stack would give."""
    told = {
        "<layer.tracking.host>": "127.0.0.1",
        "<layer.airflow.user>": "airflow",
        "<layer.tracking.authority>": database.authority,
    }
    env = {name: told.get(value, value) for name, value in plan["env"].items()}
    assert not [value for value in env.values() if value.startswith("<")], env
    login = json.loads(env["MLPLATFORM_AIRFLOW_LOGIN"])
    (work / "tmp").mkdir()
    return {
        **env,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(work),
        "AIRFLOW_HOME": str(work / "home"),
        "AIRFLOW__API_AUTH__JWT_SECRET": "j" * 64,
        "AIRFLOW__API__SECRET_KEY": "k" * 32,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__DAGS_FOLDER": str(work / "dags"),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(b"f" * 32).decode(),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__FAB__CONFIG_FILE": str(work / "programs" / "airflow_login.py"),
        "AIRFLOW__LOGGING__REMOTE_LOGGING": "False",
        "GCE_METADATA_HOST": f"127.0.0.1:{metadata}",
        "MLPLATFORM_AIRFLOW_LOGIN": json.dumps({**login, "issuer": provider.url}),
        "OAUTH_CLIENT_SECRET": "application's secret",
        "PGPORT": str(database.port),
        "PYTHONPATH": str(work / "programs"),
        "TMPDIR": str(work / "tmp"),
    }


def dags_as_mounted(work: Path, dags: dict[str, str]) -> None:
    """As Kubernetes mounts a ConfigMap: a folder of links into another one, to which a link leads too."""
    write(work / "dags" / "..2026_11_30", dags)
    (work / "dags" / "..data").symlink_to("..2026_11_30")
    for name in dags:
        (work / "dags" / name).symlink_to(f"..data/{name}")


def logs_in(url: str) -> bool:
    """Whether who is at the provider comes to Airflow's interface by it."""
    mine = http.cookiejar.CookieJar()
    page = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(mine))
    with page.open(f"{url}/auth/login/login?next=/", timeout=60) as answer:
        answer.read()
    token = next((each.value for each in mine if each.name == "_token"), None)
    if not token:
        return False
    seen = {path: status(f"{url}/api/v2/{path}", token) for path in ("dags", "connections", "variables")}
    assert seen == {"dags": 200, "connections": 403, "variables": 403}, seen
    return True


def starts_and_stops(url: str, pipeline: str, work: Path) -> None:
    """The platform's own starter, in the project's environment."""
    login = work / "login"
    write(login, {"username": "starter", "password": STARTER})
    program = (
        "import sys, pathlib\n"
        "from mlplatform.steps.door.airflow import AirflowEngine\n"
        "url, login, name = sys.argv[1:]\n"
        "engine = AirflowEngine(url, pathlib.Path(login))\n"
        "engine.start(name, 'first', {})\n"
        "assert [each.state for each in engine.runs(name)] == ['going'], engine.runs(name)\n"
        "engine.stop(name, 'first')\n"
        "assert [each.state for each in engine.runs(name)] == ['stopped'], engine.runs(name)\n"
    )
    python = os.environ["MLPLATFORM_PYTHON"]
    done = subprocess.run(
        [python, "-c", program, url, str(login), pipeline], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    write(login, {"password": "another"})
    done = subprocess.run(
        [python, "-c", program, url, str(login), pipeline], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert "401" in done.stderr, done.stderr[-2000:]


def main() -> int:
    """Run all of it; the exit code is not zero if anything is not as it should be."""
    plan = planned()
    assert plan["image"].endswith(f":{version('apache-airflow-core')}"), plan["image"]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        database, metadata = Database(work), Answers()
        stack.callback(database.process.terminate)
        # as on Azure: it makes its own database
        database.sql("CREATE ROLE airflow LOGIN CREATEDB PASSWORD 'first'")
        metadata.texts = {"/computeMetadata": json.dumps({"access_token": "first"})}
        provider = Provider(json.loads(plan["env"]["MLPLATFORM_AIRFLOW_LOGIN"])["client_id"])
        write(work / "programs", plan["programs"])
        dags_as_mounted(work, plan["dags"])
        env = airflow_env(plan, database, metadata.port, provider, work)
        _, script, *arguments = plan["migrate"]
        command = [sys.executable, str(work / "programs" / Path(script).name), *arguments]
        # twice: a pod that starts again finds everything there
        for _ in range(2):
            done = subprocess.run(
                command, env={**env, "STARTER_PASSWORD": STARTER}, capture_output=True, text=True, timeout=600
            )
            assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        env["AIRFLOW__API__BASE_URL"] = url

        def start(*words: str) -> tuple[subprocess.Popen[bytes], Path]:
            log = work / f"{words[0]}.log"
            process = subprocess.Popen(
                ["airflow", *words], env=env, stdout=log.open("wb"), stderr=subprocess.STDOUT, start_new_session=True
            )
            stack.callback(lambda: (process.terminate(), process.wait(30)))
            return process, log

        start("dag-processor")
        server, log = start("api-server", "--host", "127.0.0.1", "--port", str(port))
        wait(f"{url}/api/v2/monitor/health", server, log)
        names = [name.removesuffix(".py") for name in plan["dags"] if name.endswith(".py")]
        pipeline = names[0].replace("_", "-")
        _wait_for_dag(work, database, pipeline)
        # the password changes while it runs, and its connections end
        database.sql("ALTER ROLE airflow PASSWORD 'second'")
        metadata.texts = {"/computeMetadata": json.dumps({"access_token": "second"})}
        database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'airflow'")
        starts_and_stops(url, pipeline, work)
        provider.person = {"email": "Ada@acme.example", "groups": ["data-science"], "given_name": "Ada"}
        assert logs_in(url), log.read_text()[-3000:]
        provider.person = {"email": "eve@acme.example", "groups": ["others"]}
        assert not logs_in(url), "somebody of no named group came in"
        files = re.findall(r"\S*\.\.2026\S*|\S*\.\.data\S*", (work / "dag-processor.log").read_text())
        assert not files, "a DAG was found behind a link"
    print("1 DAG loaded once, 1 run started and stopped, 1 of 2 people let in, 2 passwords")
    return 0


def _wait_for_dag(work: Path, database: Database, name: str) -> None:
    for _ in range(600):
        if not database.try_sql("SELECT 1"):
            found = database_rows(database, f"SELECT count(*) FROM dag WHERE dag_id = '{name}' AND NOT is_stale")
            if found == "1":
                return
        time.sleep(0.5)
    raise AssertionError((work / "dag-processor.log").read_text()[-3000:])


def database_rows(database: Database, text: str) -> str:
    """The one value of a query in Airflow's database."""
    from tests.proofs.tracking.prove import env_of_tools, tool

    words = ["-h", str(database.folder), "-p", str(database.port), "-U", "owner", "-d", "airflow", "-Atc", text]
    done = subprocess.run([tool("psql"), *words], capture_output=True, text=True, env=env_of_tools(), **database.who)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
