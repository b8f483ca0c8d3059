"""Writes what a client of the tracking server needs: a person at a terminal, or a pod that somebody writes by hand."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Literal

import yaml

from mlplatform import discovery
from mlplatform.cluster.objects.containers import EnvVar
from mlplatform.cluster.objects.wire import Wire, wire_value
from mlplatform.cluster.tracking.client import client_env, client_mount, client_volume
from mlplatform.cluster.tracking.server import SERVER_PORT, client_package
from mlplatform.components.names import platform_name
from mlplatform.components.tracking import DescribesManagedClient
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.tracking import TRACKING_NAMESPACE

TrackingClient = Literal["person", "pod"]
"""Who calls the server: a person with the login of the cluster, or a pod of a namespace of jobs."""


def tracking_client(specs: Sequence[PlatformSpec], client: TrackingClient) -> str:
    """The text for one client of the server. No secret is in it.

    Args:
        specs: platforms, each narrowed to one target.
        client: who calls it.

    Raises:
        Unacceptable: none of the targets has the server.
    """
    for spec in specs:
        if spec.cluster_tracking:
            return _for_person(spec) if client == "person" else _for_pod(spec)
        if spec.tracking:
            return _managed(spec)
    names = ", ".join(spec.targets[0].name for spec in specs)
    raise Unacceptable(
        Problem("tracking", f"none on {names}", "a tracking server", "add `tracking`, or name its target with --target")
    )


def _managed(spec: PlatformSpec) -> str:
    """Lines of shell for a server of the cloud: people and programs log in with the identity that they have."""
    target = spec.targets[0]
    backend = discovery.backend(target.cloud)
    client = backend.load(DescribesManagedClient)(spec)
    address = client.uri or f"$(pulumi stack output trackingUri --stack {spec.environment}-{target.name})"
    own = spec.tracking is not None and spec.tracking.server == "service"
    login = (
        (
            "# the cloud's login of whoever calls is all that it asks for",
            "unset MLFLOW_TRACKING_TOKEN MLFLOW_TRACKING_AUTH",
        )
        if client.token is None
        else (
            "# the token lasts an hour: ask for another one then",
            f'export MLFLOW_TRACKING_TOKEN="$({client.token})"',
            "unset MLFLOW_TRACKING_AUTH",
        )
    )
    return "\n".join(
        (
            f"# The tracking server of {platform_name(spec)} on {target.name}: "
            + ("a service of the platform, in its network." if own else f"{backend.title}'s own."),
            f"#   pip install {' '.join(quote(package) for package in client.packages)}",
            f'export MLFLOW_TRACKING_URI="{address}"',
            *login,
            "",
        )
    )


def _for_person(spec: PlatformSpec) -> str:
    return "\n".join(
        (
            f"# The tracking server of {platform_name(spec)} on {spec.targets[0].name}, for people who run jobs.",
            "# First log in to the cluster, and keep this running in another terminal:",
            f"#   kubectl --namespace {TRACKING_NAMESPACE} port-forward deployment/mlflow {SERVER_PORT}",
            f"# The client: {_client(spec)}",
            f"export MLFLOW_TRACKING_URI=http://localhost:{SERVER_PORT}",
            "# your login to the cluster is all that the server asks for",
            "unset MLFLOW_TRACKING_TOKEN MLFLOW_TRACKING_AUTH",
            "",
        )
    )


def _for_pod(spec: PlatformSpec) -> str:
    """Parts of a pod, with the place of each."""
    env: list[Wire] = [wire_value(EnvVar(name=name, value=value)) for name, value in client_env().items()]
    body: dict[str, Wire] = {
        "containers": [{"name": "main", "env": env, "volumeMounts": [wire_value(client_mount())]}],
        "serviceAccountName": "training",
        "volumes": [wire_value(client_volume())],
    }
    head = (
        f"# The tracking server of {platform_name(spec)} on {spec.targets[0].name}: add this to the `spec` of a pod\n"
        "# in a namespace of jobs. Its service account must be `training`, or `pipelines` in that of pipelines.\n"
        f"# The image needs the client: {_client(spec)}\n"
    )
    return head + yaml.safe_dump(body, sort_keys=True, width=1000)


def _client(spec: PlatformSpec) -> str:
    image = spec.tracking.image if spec.tracking else None
    package = client_package(image)
    return f"pip install '{package}'" if package else f"mlflow-skinny in the version of {image}"
