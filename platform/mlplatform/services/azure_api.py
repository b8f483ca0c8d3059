"""Azure's services by their REST interfaces: with tokens of the job's own identity, and nothing else.

The requests are few and plain, so the programs' image needs no SDK.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from mlplatform.services.rest import HttpAnswer, Transport, ask, send

Service = Literal["storage", "management"]

RESOURCES: Mapping[Service, str] = {
    "storage": "https://storage.azure.com/",
    "management": "https://management.azure.com/",
}
"""What a token is for."""

STORAGE_API = "2021-12-02"
"""Version of the interfaces of blobs and queues, which every region has."""

_IDENTITY_API = "2019-08-01"
"""https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference (2026-01)"""

POD_TOKEN = "AZURE_FEDERATED_TOKEN_FILE"
"""Variable that AKS sets in pods with an identity, and the rendered CI in its jobs, beside `AZURE_CLIENT_ID`,
`AZURE_TENANT_ID` and `AZURE_AUTHORITY_HOST`: https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html"""

NODE_ENDPOINT, NODE_SECRET, NODE_CLIENT = "MSI_ENDPOINT", "MSI_SECRET", "DEFAULT_IDENTITY_CLIENT_ID"
"""Variables of a job on Azure ML's nodes: where it gets tokens, what it shows there, and as which of its identities.
Microsoft's own libraries read them so: azure-identity 1.27, `AzureMLCredential`; msal, `managed_identity.py`. The end
of a token is a number there, other than in App Service, whose variables these are too."""

_NODE_API = "2017-09-01"

_AUTHORITY = "https://login.microsoftonline.com/"
"""Where a job of a CI system has no variable for it."""

_EARLY = 300.0
"""Seconds before its end from which a token is not used any more."""


class AzureRefused(RuntimeError):
    """An answer that is no success, with the service's own words."""

    def __init__(self, method: str, url: str, answer: HttpAnswer) -> None:
        super().__init__(f"{method} {url.partition('?')[0]}: {answer.status} {_words(answer)}")
        self.status = answer.status


class AzureApi:
    """Requests as the job's identity, or with the tokens of another login.

    Args:
        environment: variables that Container Apps sets for a job with an identity, and `AZURE_CLIENT_ID`; those that
            AKS sets for a pod with one; or those of the nodes of Azure ML.
        transport: how requests are sent.
        sleep: waits between attempts.
        clock: seconds since 1970.
        token: gives a token for each request, of another login; no variable is read then. Omitted: the identity's.

    Raises:
        KeyError: a variable is missing.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        token: Callable[[Service], str] | None = None,
    ) -> None:
        self._given = token
        self._fetch = self._fetcher(environment) if token is None else None
        self._send: Transport = transport or send
        self._sleep, self._clock = sleep, clock
        self._tokens: dict[Service, tuple[str, float]] = {}

    def call(
        self,
        service: Service,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> HttpAnswer:
        """Send a request, again where the service asks for it.

        Each request of the programs may be sent twice: it names what it makes, and what it expects to be there; a
        message that comes twice has the same key.

        Args:
            service: whose request it is.
            method: of HTTP.
            url: the address.
            body: what is sent. Omitted: nothing.
            headers: more of them.
            allowed: codes that are answers too, for example 404.

        Raises:
            AzureRefused: it is refused, or not answered.
        """
        own = {"Authorization": f"Bearer {self._bearer(service)}"}
        if service == "storage":
            own |= {"x-ms-version": STORAGE_API, "x-ms-date": formatdate(self._clock(), usegmt=True)}
        return self._ask(method, url, body, {**own, **(headers or {})}, allowed)

    def _ask(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], allowed: tuple[int, ...]
    ) -> HttpAnswer:
        answer, good = ask(self._send, self._sleep, method, url, body, headers, allowed)
        if not good:
            raise AzureRefused(method, url, answer)
        return answer

    def _bearer(self, service: Service) -> str:
        if self._given:
            return self._given(service)
        assert self._fetch
        token, until = self._tokens.get(service, ("", 0.0))
        if self._clock() >= until:
            token, until = self._tokens[service] = self._fetch(service)
        return token

    def _fetcher(self, own: Mapping[str, str]) -> Callable[[Service], tuple[str, float]]:
        """How a token is got with these variables.

        Raises:
            KeyError: one is missing.
        """
        if file := own.get(POD_TOKEN):
            host = own.get("AZURE_AUTHORITY_HOST", _AUTHORITY)
            at = f"{host}{own['AZURE_TENANT_ID']}/oauth2/v2.0/token"
            client = own["AZURE_CLIENT_ID"]
            return lambda service: self._of_pod(service, at, client, Path(file))
        if NODE_ENDPOINT in own:
            headers = {"secret": own[NODE_SECRET]}
            known = {"api-version": _NODE_API, "clientid": own.get(NODE_CLIENT, "")}
            return lambda service: self._of_endpoint(service, own[NODE_ENDPOINT], headers, known)
        at, header = own["IDENTITY_ENDPOINT"], {"X-IDENTITY-HEADER": own["IDENTITY_HEADER"]}
        of_job = {"api-version": _IDENTITY_API, "client_id": own["AZURE_CLIENT_ID"]}
        return lambda service: self._of_endpoint(service, at, header, of_job)

    def _of_endpoint(
        self, service: Service, at: str, headers: Mapping[str, str], known: Mapping[str, str]
    ) -> tuple[str, float]:
        asked = {"resource": RESOURCES[service], **{name: value for name, value in known.items() if value}}
        given = self._ask("GET", f"{at}?{urlencode(asked)}", None, headers, ()).json()
        return str(given["access_token"]), float(str(given["expires_on"])) - _EARLY

    def _of_pod(self, service: Service, at: str, client: str, file: Path) -> tuple[str, float]:
        """The token of the pod's account, which Entra changes into one of the identity that trusts it."""
        asked = {
            "client_id": client,
            "scope": f"{RESOURCES[service]}.default",
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            # it is replaced while the pod runs
            "client_assertion": file.read_text("utf-8").strip(),
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        since = self._clock()
        given = self._ask("POST", at, urlencode(asked).encode(), headers, ()).json()
        return str(given["access_token"]), since + float(str(given["expires_in"])) - _EARLY


def _words(answer: HttpAnswer) -> str:
    """The service's words: JSON of the management interface, a header of storage."""
    if error := answer.error:
        return f"{error.get('code', '')} {error.get('message', '')}"[:500]
    return answer.headers.get("x-ms-error-code", "") or answer.body[:200].decode("utf-8", "replace")
