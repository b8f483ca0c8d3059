"""The kubeconfig of the layer's program: who it is, is asked for at each run, so nothing secret enters a state."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.objects.base import FromCloud

_NAME = "platform"

TUNNEL = "MLPLATFORM_CLUSTER_SERVER"
"""The variable that leads the program through a person's open tunnel: `https://localhost:8443`. It is a variable and no
setting of the stack, since it is true of one machine and one hour."""

_ADDRESS = re.compile(r"https://[^\s/:]+(:\d{1,5})?")


class BadTunnel(ValueError):
    """The variable holds no address; the text says what it takes."""


def open_tunnel() -> str:
    """The address that the variable holds; empty where it is not set.

    Raises:
        BadTunnel: it is no address.
    """
    address = os.environ.get(TUNNEL, "").rstrip("/")
    if address and not _ADDRESS.fullmatch(address):
        raise BadTunnel(f"{TUNNEL}: got '{address}', expected the tunnel's near end, such as https://localhost:8443")
    return address


def kubeconfig(access: ClusterAccess, known: Callable[[FromCloud], str], through: str = "") -> str:
    """The file as JSON, which is YAML too.

    Args:
        access: how the cloud's cluster is reached.
        known: the text of a value from the cloud's stack.
        through: address of a tunnel that leads to the API. Omitted: the API is reached by its own address.
    """
    server = known(access.server)
    cluster = {"server": through or server}
    if through:
        # the API's certificate is for its own name
        cluster["tls-server-name"] = urlsplit(server).hostname or ""
    if access.authority is not None:
        cluster["certificate-authority-data"] = known(access.authority)
    login = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": access.command,
        "args": [value if isinstance(value, str) else known(value) for value in access.arguments],
        "interactiveMode": "Never",
        "provideClusterInfo": access.provides_cluster,
        "installHint": f"{access.command} is not on PATH: it comes with {access.install}",
    }
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": _NAME,
        "clusters": [{"name": _NAME, "cluster": cluster}],
        "users": [{"name": _NAME, "user": {"exec": login}}],
        "contexts": [{"name": _NAME, "context": {"cluster": _NAME, "user": _NAME}}],
    }
    return json.dumps(document, sort_keys=True)
