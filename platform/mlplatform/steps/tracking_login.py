"""A token for the tracking server where it is a service of the platform, as the identity that the step has."""

from __future__ import annotations

import json
import os
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

TOKEN = "MLFLOW_TRACKING_TOKEN"

AUDIENCE = "MLPLATFORM_TRACKING_AUDIENCE"
"""Variable: client id of the application that callers of a Container App present a token for."""


def own_token(address: str) -> str | None:
    """A token for a server; None for a server that is none of the platform's services.

    Args:
        address: of the server.

    Raises:
        ValueError: nobody gives one.
    """
    host = urlsplit(address).hostname or ""
    try:
        if host.endswith(".run.app"):
            return _of_google(address)
        if host.endswith(".azurecontainerapps.io"):
            return _of_azure()
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"no token for the model registry at {address}: {error}; set {TOKEN}") from None
    return None


def _of_google(address: str) -> str:
    """https://docs.cloud.google.com/run/docs/authenticating/service-to-service#use_the_metadata_server"""
    host = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
    path = "/computeMetadata/v1/instance/service-accounts/default/identity"
    asked = f"http://{host}{path}?{urlencode({'audience': address})}"
    return _answer(Request(asked, headers={"Metadata-Flavor": "Google"})).strip()


def _of_azure() -> str:
    """From what Azure ML's nodes or Container Apps put into a container with an identity.

    https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference; Azure ML's is that of
    Microsoft's own libraries,
    https://github.com/AzureAD/microsoft-authentication-library-for-js/tree/dev/lib/msal-node (2026-11)
    """
    audience = os.environ.get(AUDIENCE, "").strip()
    if not audience:
        raise ValueError(f"{AUDIENCE}, the client id of the callers' application, is not set")
    if "IDENTITY_ENDPOINT" in os.environ:
        endpoint, headers = os.environ["IDENTITY_ENDPOINT"], {"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]}
        asked = {"api-version": "2019-08-01", "client_id": os.environ.get("AZURE_CLIENT_ID", "")}
    else:
        endpoint, headers = os.environ["MSI_ENDPOINT"], {"secret": os.environ["MSI_SECRET"]}
        asked = {"api-version": "2017-09-01", "clientid": os.environ.get("DEFAULT_IDENTITY_CLIENT_ID", "")}
    given = {name: value for name, value in {**asked, "resource": audience}.items() if value}
    return str(json.loads(_answer(Request(f"{endpoint}?{urlencode(given)}", headers=headers)))["access_token"])


def _answer(request: Request) -> str:
    with urlopen(request, timeout=10) as answer:
        return answer.read().decode()
