"""Holds a release against the model registry of MLflow, by the server's REST interface: MLflow itself is not needed.

https://mlflow.org/docs/latest/api_reference/rest-api.html#get-modelversion
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Protocol, cast
from urllib.parse import urlencode, urlsplit

from mlplatform.components.live_traffic import NotAnswered, items_of
from mlplatform.services.rest import Transport, ask, send
from mlplatform.spec.candidates import RUN_TAG, VERSION_TAG
from mlplatform.spec.releases import FormerRelease, registered_name

SERVER, TOKEN = "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN"
"""Variables that MLflow's own client reads; `mlplatform render tracking` writes them."""


class ReadsRegistry(Protocol):
    """Knows what the model registry has."""

    def contradicts(self, release: FormerRelease, /) -> str:
        """What the registry says otherwise of a release that names a version there; empty where it says the same.

        Raises:
            NotAnswered: nobody can say.
        """
        ...


class MlflowRegistry:
    """The registry of a server."""

    def __init__(
        self, address: str, token: str = "", transport: Transport = send, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Args:
        address: of the server, http or https.
        token: sent with each request. Omitted: none is.
        transport: how requests are sent. Omitted: over the network.
        sleep: waits between attempts, seconds.
        """
        self.address, self._token = address.rstrip("/"), token
        self._transport, self._sleep = transport, sleep

    def contradicts(self, release: FormerRelease) -> str:
        """What the registry says otherwise of a release that names a version there; empty where it says the same.

        Raises:
            NotAnswered: the server does not answer, refuses, or answers something else.
        """
        name, _, version = (release.registry or "").rpartition("/")
        found = self._version(name, version)
        if found is None:
            return f"the model registry has no {release.registry}"
        tags = {str(each.get("key")): str(each.get("value")) for each in items_of(found.get("tags"))}
        wanted = {VERSION_TAG: release.version, RUN_TAG: release.run}
        if release.model and name != registered_name(release.model):
            return f"{release.registry} of the model registry is another model"
        for tag, value in wanted.items():
            if value and tags.get(tag) != value:
                what = tag.rpartition(".")[2]
                return (
                    f"{release.registry} of the model registry is of {what} {tags.get(tag, 'nobody')}, not of {value}"
                )
        return ""

    def _version(self, name: str, version: str) -> Mapping[str, object] | None:
        url = f"{self.address}/api/2.0/mlflow/model-versions/get?{urlencode({'name': name, 'version': version})}"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        answer, good = ask(self._transport, self._sleep, "GET", url, None, headers, allowed=(400, 404))
        try:
            body = cast("dict[str, object]", json.loads(answer.body or b"{}")) if answer.status else {}
        except ValueError:
            body = {}
        if answer.status in (400, 404) and body.get("error_code") == "RESOURCE_DOES_NOT_EXIST":
            return None
        found = body.get("model_version")
        if not good or not isinstance(found, dict):
            said = body.get("message") or (answer.body.decode(errors="replace") if not answer.status else "")
            words = " ".join(str(said or f"code {answer.status}").split())[:200]
            raise NotAnswered(f"the model registry at {self.address}: {words}")
        return cast("dict[str, object]", found)


def registry_from(variables: Mapping[str, str]) -> MlflowRegistry | None:
    """The registry that the variables of MLflow's client name; None where they name none.

    Raises:
        NotAnswered: its address is one that only a plug-in of MLflow reads, or would carry a token in the open.
    """
    address, token = variables.get(SERVER, "").strip(), variables.get(TOKEN, "").strip()
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise NotAnswered(
            f"{SERVER} is {address[:80]}, which only a plug-in of MLflow reads: the registry is not asked"
        )
    if token and parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise NotAnswered(f"{SERVER} is http, and {TOKEN} would be sent in the open: the registry is not asked")
    return MlflowRegistry(address, token)
