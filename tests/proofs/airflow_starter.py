"""What the starter asks of an Airflow, asked of a real one: its own server and database, without a scheduler.

It runs in Airflow's environment, after the DAG is in the folder and the database is made. It prints what is wrong.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "platform"))

from mlplatform.services.rest import HttpAnswer  # noqa: E402
from mlplatform.steps.door.airflow import AirflowEngine, AirflowRefused  # noqa: E402
from mlplatform.steps.door.ports import StartRefused  # noqa: E402

DAG, URL, USER, PASSWORD = "fraud-retrain", "http://airflow.example", "starter", "password-of-the-starter"


def main(work: Path) -> int:
    """Ask a server with one DAG."""
    passwords = work / "passwords.json"
    passwords.write_text(json.dumps({USER: PASSWORD}), encoding="utf-8")
    os.environ |= {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:user",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API_AUTH__JWT_SECRET": "a-secret-of-this-proof-alone-which-is-long-enough-for-airflow",
    }
    from airflow.api_fastapi.app import create_app
    from fastapi.testclient import TestClient

    with TestClient(create_app(), base_url=URL) as client:

        def send(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
            answer = client.request(method, url, content=body, headers=dict(headers))
            return HttpAnswer(answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})

        def engine(password: str) -> AirflowEngine:
            login = work / f"login-{password}"
            login.mkdir()
            (login / "username").write_text(USER, encoding="utf-8")
            (login / "password").write_text(password, encoding="utf-8")
            return AirflowEngine(URL, login, send, sleep=lambda _: None)

        wrong = played(engine(PASSWORD), engine("wrong"), lambda state: own(client, state))
    print("\n".join(wrong) or "STARTED")
    return 1 if wrong else 0


def own(client: object, change: Mapping[str, object]) -> None:
    """What a person does in Airflow: unpause the DAG, or end a run."""
    asked = client.post("/auth/token", json={"username": USER, "password": PASSWORD})  # type: ignore[attr-defined]
    headers = {"Authorization": f"Bearer {asked.json()['access_token']}"}
    run = change.get("run")
    path = f"/api/v2/dags/{DAG}" + (f"/dagRuns/{run}" if run else "")
    body = {key: value for key, value in change.items() if key != "run"}
    answer = client.patch(path, json=body, headers=headers)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise SystemExit(f"PATCH {path}: {answer.status_code} {answer.text}")


def played(engine: AirflowEngine, stranger: AirflowEngine, person: Callable[[Mapping[str, object]], None]) -> list[str]:
    """What is not as the starter takes it to be."""
    wrong: list[str] = []

    def refused(what: str, kind: type[Exception], words: str, ask: Callable[[], object]) -> None:
        try:
            ask()
        except kind as error:
            if words not in str(error):
                wrong.append(f"{what}: {error}, which does not say {words}")
        except Exception as error:
            wrong.append(f"{what}: {type(error).__name__} {error}, not {kind.__name__}")
        else:
            wrong.append(f"{what} is not refused")

    def states() -> dict[str, str]:
        return {each.run: each.state for each in engine.runs(DAG)}

    values = {"learningRate": 0.3, "rounds": 500}
    refused("a wrong password", AirflowRefused, "401", lambda: stranger.runs(DAG))
    refused("a DAG that is not there", AirflowRefused, "404", lambda: engine.start("nobody", "r-1", {}))
    refused("a paused DAG", RuntimeError, "paused", lambda: engine.start(DAG, "r-1", values))
    if states():
        wrong.append(f"a paused DAG has runs: {states()}")
    person({"is_paused": False})
    for _ in range(2):
        engine.start(DAG, "r-1", values)
    if states() != {"r-1": "going"}:
        wrong.append(f"after two starts of one id: {states()}")
    engine.start(DAG, "r-2", values)
    refused("an id that Airflow has no form for", StartRefused, "", lambda: engine.start(DAG, "r/3 ?", values))
    engine.stop(DAG, "r-1")
    person({"run": "r-2", "state": "failed"})
    if states() != {"r-1": "stopped", "r-2": "failed"}:
        wrong.append(f"one is stopped by the door, and one by a person: {states()}")
    engine.stop(DAG, "nobody")
    return wrong


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
