"""Amazon MWAA in memory: its client, and the web server in front of an Airflow."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from mlplatform.services.rest import HttpAnswer

from .fake_airflow import TOKEN, URL, FakeAirflow

ENVIRONMENT = "acme-ml-prod-airflow"
HOST = "0a1b.c2.airflow.eu-central-1.on.aws"
ONCE = "token-for-one-login"


class Refused(Exception):
    """`botocore.exceptions.ClientError`, as far as it is read."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}


class FakeMwaa:
    """The client of the service.

    Args:
        airflow: behind its web server.
    """

    exceptions = SimpleNamespace(ClientError=Refused)

    def __init__(self, airflow: FakeAirflow) -> None:
        self.airflow = airflow
        self.logins = 0
        self.fails: Refused | None = None
        self.cookies = f"session=x; Path=/; HttpOnly, _token={TOKEN}; Path=/; Secure"

    def create_web_login_token(self, *, Name: str) -> dict[str, Any]:  # noqa: N803
        if self.fails:
            raise self.fails
        assert Name == ENVIRONMENT
        return {"WebServerHostname": HOST, "WebToken": ONCE}

    def web_server(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        """The transport to it: it logs in, or is Airflow."""
        assert url.startswith(f"https://{HOST}/")
        path = url.removeprefix(f"https://{HOST}")
        if (method, path) != ("POST", "/pluginsv2/aws_mwaa/login"):
            return self.airflow(method, f"{URL}{path}", body, headers)
        assert parse_qs((body or b"").decode()) == {"token": [ONCE]}
        self.logins += 1
        return HttpAnswer(302, b"", {"location": "/", "set-cookie": self.cookies})
