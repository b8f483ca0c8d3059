"""The kubeconfig of the layer's program: who it is, is asked for at each run, so nothing secret enters a state."""

from __future__ import annotations

import json
from collections.abc import Callable

from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.objects.base import FromCloud

_NAME = "platform"


def kubeconfig(access: ClusterAccess, known: Callable[[FromCloud], str]) -> str:
    """The file as JSON, which is YAML too.

    Args:
        access: how the cloud's cluster is reached.
        known: the text of a value from the cloud's stack.
    """
    cluster = {"server": known(access.server)}
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
