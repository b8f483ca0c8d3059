"""Amazon MWAA as the starter reaches it: its pages in the network, after a login with the pod's own role.

The service's own way to Airflow's interface, `InvokeRestApi`, takes paths of at most 64 characters: none that names a
run. https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from mlplatform.services.rest import HttpAnswer, Transport, send

_LOGIN = "/pluginsv2/aws_mwaa/login"
"""Of Airflow 3; it gives the token in a cookie, and leads on to the pages."""

_COOKIE = re.compile(r"(?:^|[\s,;])_token=([^;,\s]+)")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class MwaaTransport:
    """Sends what has no host to the web server of an environment, with a token that it gets once.

    Args:
        client: of the service `mwaa`, which signs and tries again.
        environment: name of the environment.
        transport: how requests are sent.
    """

    def __init__(self, client: Any, environment: str, transport: Transport = send) -> None:  # noqa: ANN401
        self._client, self._environment, self._send = client, environment, transport
        self._host, self._token = "", ""

    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], /) -> HttpAnswer:
        """One request; the first one logs in before."""
        if not self._token:
            refused = self._log_in()
            if refused:
                return refused
        return self._send(
            method, f"https://{self._host}{url}", body, {**headers, "Authorization": f"Bearer {self._token}"}
        )

    def _log_in(self) -> HttpAnswer | None:
        try:
            given = self._client.create_web_login_token(Name=self._environment)
        except self._client.exceptions.ClientError as error:
            return _refused(error.response)
        self._host = str(given["WebServerHostname"])
        form = urlencode({"token": given["WebToken"]}).encode()
        answer = self._send("POST", f"https://{self._host}{_LOGIN}", form, _FORM)
        found = _COOKIE.search(answer.headers.get("set-cookie", ""))
        if found is None:
            said = f"the login of {self._environment} gives no token: {answer.status}"
            # what is no answer, or no refusal, may be one later
            return HttpAnswer(
                answer.status if answer.status >= 400 else 0, json.dumps({"detail": said}).encode(), answer.headers
            )
        self._token = found[1]
        return None


def _refused(response: Mapping[str, Any]) -> HttpAnswer:
    """What the service answered instead of a token."""
    error = response.get("Error", {})
    said = f"{error.get('Code', '')}: {error.get('Message', '')}"
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return HttpAnswer(int(status), json.dumps({"detail": said}).encode())
