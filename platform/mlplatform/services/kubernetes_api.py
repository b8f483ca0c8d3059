"""The API server of the cluster that a program's pod runs in: with the token of the pod's account, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mlplatform.services.rest import HttpAnswer, Transport, ask, sender

MOUNTED = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""Where a pod finds its token and the authority of the API server,
https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/"""

HOST, PORT = "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"
"""Variables of every pod."""

JSON, MERGE = "application/json", "application/merge-patch+json"


class KubernetesRefused(RuntimeError):
    """An answer that is no success, with the server's own words."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status
        """Code of HTTP."""


class KubernetesApi:
    """Requests as the pod's account.

    Args:
        environment: variables of the pod.
        mounted: folder of the token.
        transport: how requests are sent. Omitted: over the network, trusting the cluster's own authority alone.
        sleep: waits between attempts.

    Raises:
        KeyError: a variable is missing: the program does not run in a pod.
        OSError: the pod has no token.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        mounted: Path = MOUNTED,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        host = environment[HOST]
        # an address of IPv6 stands in brackets
        self._server = f"https://{f'[{host}]' if ':' in host else host}:{environment[PORT]}"
        self._token, self._sleep = mounted / "token", sleep
        self._send: Transport = transport or sender(mounted / "ca.crt")

    def call(
        self, method: str, path: str, body: object = None, *, kind: str = JSON, allowed: tuple[int, ...] = ()
    ) -> HttpAnswer:
        """Send a request, again where the server asks for it.

        Args:
            method: of HTTP.
            path: with the slash at its beginning.
            body: what is sent as JSON. Omitted: nothing.
            kind: content type of the body.
            allowed: codes that are answers too, for example 404.

        Raises:
            KubernetesRefused: it is refused, or not answered.
        """
        # the token is replaced while the pod runs
        headers = {"Authorization": f"Bearer {self._token.read_text('utf-8').strip()}", "Content-Type": kind}
        sent = None if body is None else json.dumps(body).encode()
        url = f"{self._server}{path}"
        answer, good = ask(self._send, self._sleep, method, url, sent, headers, allowed)
        if not good:
            raise KubernetesRefused(method, url, answer)
        return answer


def _words(answer: HttpAnswer) -> str:
    try:
        said = answer.json().get("message")
    except (ValueError, AttributeError):
        said = None
    return str(said)[:500] if said else answer.body[:200].decode("utf-8", "replace")
