"""Runs of DAGs in an Airflow that exists, as the starter makes them by its public interface.

https://airflow.apache.org/docs/apache-airflow/stable/stable-rest-api-ref.html (3.0.6 and newer)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import quote, urlencode

from mlplatform.services.rest import HttpAnswer, Transport, ask, send
from mlplatform.spec.pipeline_parameters import value_text
from mlplatform.steps.door.ledger import moment
from mlplatform.steps.door.ports import FoundRun, RunState, StartRefused
from mlplatform.steps.door.rules import Value

LOGIN = Path("/var/run/airflow")
"""Folder of a pod with the login: the files `username` and `password`, or the file `token`."""

_PAGE = 100
_MOST_PAGES = 50
_LOOKS_BACK = timedelta(days=35)
"""Beyond the longest run, 28 days: whatever is going began since then."""

_ENDED: Mapping[str, RunState] = {"success": "succeeded", "failed": "failed"}
_FOR_GOOD = frozenset({400, 422})
_STOPPED = "stopped by the door of its pipeline"
"""The note of a run that was told to stop: Airflow itself knows it as failed."""


class AirflowRefused(RuntimeError):
    """An answer that is no success, with Airflow's own words."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status
        """Code of HTTP."""


class AirflowEngine:
    """The DAGs that have the names of pipelines.

    Args:
        url: address of Airflow, without a path of its interface.
        login: folder with its login; or what gives a token that the cloud's own Airflow takes, and an empty one where
            the transport itself says who asks.
        transport: how requests are sent.
        sleep: waits between attempts.
        now: the time.
    """

    def __init__(
        self,
        url: str,
        login: Path | Callable[[], str] = LOGIN,
        transport: Transport = send,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url, self._login, self._send, self._sleep, self._now = url.rstrip("/"), login, transport, sleep, now
        self._token = ""

    def runs(self, pipeline: str) -> Sequence[FoundRun]:
        """The runs of a DAG of the last weeks, whoever started them."""
        return tuple(_found(each) for each in self._runs(pipeline))

    def start(self, pipeline: str, run: str, parameters: Mapping[str, Value]) -> None:
        """Make a run of the DAG; nothing where there is one of that id.

        Raises:
            StartRefused: Airflow refuses it as it is.
            RuntimeError: the DAG is paused, so that a run would wait for nobody knows how long.
        """
        if self._call("GET", self._dag(pipeline)).json().get("is_paused"):
            raise RuntimeError(f"the DAG {pipeline} is paused in Airflow: nothing runs until somebody unpauses it")
        conf = {name: value_text(value) for name, value in sorted(parameters.items())}
        # a run without a moment of its own; two of them may have the same
        body = {"dag_run_id": run, "logical_date": None, "conf": conf}
        try:
            # 409: there is one of that id
            self._call("POST", f"{self._dag(pipeline)}/dagRuns", body, allowed=(409,))
        except AirflowRefused as refused:
            if refused.status in _FOR_GOOD:
                raise StartRefused(str(refused)) from None
            raise

    def stop(self, pipeline: str, handle: str) -> None:
        """Stop a run; nothing where it is gone."""
        url = f"{self._dag(pipeline)}/dagRuns/{quote(handle, safe='')}"
        self._call("PATCH", url, {"state": "failed", "note": _STOPPED}, allowed=(404,))

    def _runs(self, pipeline: str) -> Iterator[Mapping[str, object]]:
        since, seen = self._now() - _LOOKS_BACK, 0
        for _ in range(_MOST_PAGES):
            asked = {"limit": _PAGE, "offset": seen, "order_by": "-run_after", "run_after_gte": since.isoformat()}
            answer = self._call("GET", f"{self._dag(pipeline)}/dagRuns?{urlencode(asked)}").json()
            found = cast("Sequence[Mapping[str, object]]", answer["dag_runs"])
            yield from found
            seen += len(found)
            # an Airflow may give fewer at once than it is asked for
            if not found or seen >= cast("int", answer["total_entries"]):
                return
        raise RuntimeError(f"more than {seen} runs of the DAG {pipeline} in the last weeks")

    def _dag(self, pipeline: str) -> str:
        return f"{self._url}/api/v2/dags/{quote(pipeline, safe='')}"

    def _call(self, method: str, url: str, body: object = None, *, allowed: tuple[int, ...] = ()) -> HttpAnswer:
        if isinstance(self._login, Path):
            self._token = self._token or self._log_in(self._login)
        else:
            self._token = self._login()
        return self._ask(method, url, body, {"Authorization": f"Bearer {self._token}"} if self._token else {}, allowed)

    def _log_in(self, folder: Path) -> str:
        own = folder / "token"
        if own.is_file():
            return own.read_text("utf-8").strip()
        given = {name: (folder / name).read_text("utf-8").strip() for name in ("username", "password")}
        return str(self._ask("POST", f"{self._url}/auth/token", given, {}, ()).json()["access_token"])

    def _ask(
        self, method: str, url: str, body: object, headers: Mapping[str, str], allowed: tuple[int, ...]
    ) -> HttpAnswer:
        sent = None if body is None else json.dumps(body).encode()
        own = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        answer, good = ask(self._send, self._sleep, method, url, sent, own, allowed)
        if not good:
            raise AirflowRefused(method, url, answer)
        return answer


def _found(run: Mapping[str, object]) -> FoundRun:
    name, state = str(run["dag_run_id"]), _ENDED.get(str(run["state"]), "going")
    if state == "failed" and run.get("note") == _STOPPED:
        state = "stopped"
    since = next(str(run[each]) for each in ("start_date", "queued_at", "run_after") if run.get(each))
    return FoundRun(run=name, handle=name, state=state, started=moment(since))


def _words(answer: HttpAnswer) -> str:
    try:
        said = answer.json().get("detail")
    except (ValueError, AttributeError):
        said = None
    return (json.dumps(said) if said else answer.body.decode("utf-8", "replace"))[:500]
