"""Containers of an endpoint that scales to zero: one that fetches the model, and the model server."""

from __future__ import annotations

import pulumi
from pulumi_azure_native import app

from mlplatform.backends.azure.artifact_store.parts import AzureStore
from mlplatform.backends.azure.identity.parts import AzureIdentity
from mlplatform.backends.azure.registry import server_images
from mlplatform.backends.azure.registry.parts import AzureImages
from mlplatform.backends.azure.serving import servers
from mlplatform.components.base import native
from mlplatform.components.endpoint import EndpointNeeds
from mlplatform.components.scope import Scope
from mlplatform.components.selection import choose_replica_machine
from mlplatform.spec.endpoints import EndpointSpec

WAITING_PORT = 8080
"""Port of an endpoint that still waits for its model."""

_STARTUP_FAILURES = 30
"""Most failures of the startup probe; Azure allows 240 since 2026, and allowed 30 before,
https://github.com/hashicorp/terraform-provider-azurerm/pull/31989"""
_WAITING_IMAGE = "mcr.microsoft.com/azurelinux/base/python:3.12"
_WAITING = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Waiting(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.send_header("Retry-After", "3600")
        self.end_headers()
        self.wfile.write(b"This endpoint waits for its first model.")
    do_POST = do_GET
ThreadingHTTPServer(("", 8080), Waiting).serve_forever()
"""
_FETCH = (
    'az login --identity --client-id "$CLIENT_ID" --output none && '
    'az storage blob download-batch --auth-mode login --account-name "$ACCOUNT" --source "$CONTAINER" '
    '--pattern "$MODEL/*" --destination "$FOLDER" --output none'
)


def serving_containers(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> list[app.ContainerArgs]:
    """The model server, or a container that answers 503 until there is a model."""
    if spec.awaits_model:
        return [
            app.ContainerArgs(
                name="waiting",
                image=_WAITING_IMAGE,
                command=["python3", "-c", _WAITING],
                resources=app.ContainerResourcesArgs(cpu=0.25, memory="0.5Gi"),
            )
        ]
    variant = spec.all_variants()[0]
    image, address = server_images.variant_image(spec, variant.image), servers.server_address(spec)
    folder = f"{servers.MODEL_DIR}/{variant.model}" if variant.model else servers.MODEL_DIR
    variables = {"MODEL_DIR": folder, **spec.env}
    return [
        app.ContainerArgs(
            name="server",
            image=native(needs.images.parts, AzureImages).pull_address(image or server_images.public_image(spec)),
            command=None if image else _command(spec, folder, address.port),
            env=[
                *(app.EnvironmentVarArgs(name=name, value=value) for name, value in variables.items()),
                *(
                    app.EnvironmentVarArgs(name=name, secret_ref=secret.lower())
                    for name, secret in spec.secrets.items()
                ),
            ],
            resources=_resources(scope, spec, needs),
            probes=[
                _startup_probe(address, spec),
                _probe(app.Type.READINESS, address, failures=3),
                _probe(app.Type.LIVENESS, address, failures=6),
            ],
            volume_mounts=[app.VolumeMountArgs(volume_name="model", mount_path=servers.MODEL_DIR)],
        )
    ]


def model_containers(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> list[app.InitContainerArgs]:
    """A container that fetches the model before the server starts; Container Apps cannot mount blobs."""
    variant = spec.all_variants()[0]
    if spec.awaits_model or not variant.model:
        return []
    place = native(needs.store.parts, AzureStore).containers["models"]
    variables: dict[str, pulumi.Input[str] | None] = {
        "CLIENT_ID": native(needs.identity.parts, AzureIdentity).client_id,
        "ACCOUNT": place.account_name,
        "CONTAINER": place.name,
        "MODEL": variant.model.strip("/"),
        "FOLDER": servers.MODEL_DIR,
    }
    return [
        app.InitContainerArgs(
            name="model",
            image=server_images.AZURE_CLI,
            command=["/bin/sh", "-c", _FETCH],
            env=[app.EnvironmentVarArgs(name=name, value=value) for name, value in variables.items()],
            volume_mounts=[app.VolumeMountArgs(volume_name="model", mount_path=servers.MODEL_DIR)],
        )
    ]


def _command(spec: EndpointSpec, folder: str, port: int) -> list[str]:
    values = {"model": folder, "port": str(port), "concurrency": str(spec.max_concurrency)}
    return [part.format(**values) for part in servers.START_COMMANDS[spec.server]]


def _resources(scope: Scope, spec: EndpointSpec, needs: EndpointNeeds) -> app.ContainerResourcesArgs:
    context = scope.context
    machine = choose_replica_machine(context.backend, context.target, spec, needs.choice, "zero")
    return app.ContainerResourcesArgs(cpu=float(machine.vcpus), memory=f"{machine.memory_gib:g}Gi")


def _startup_probe(address: servers.ServerAddress, spec: EndpointSpec) -> app.ContainerAppProbeArgs:
    """The time that a model may take to load, in few probes: how many failures Azure allows has changed over time."""
    seconds = -(-spec.longest_start // _STARTUP_FAILURES)
    return _probe(app.Type.STARTUP, address, failures=-(-spec.longest_start // seconds), seconds=seconds)


def _probe(
    kind: app.Type, address: servers.ServerAddress, failures: int, seconds: int = 10
) -> app.ContainerAppProbeArgs:
    return app.ContainerAppProbeArgs(
        type=kind,
        http_get=app.ContainerAppProbeHttpGetArgs(path=address.health_path, port=address.port),
        period_seconds=seconds,
        timeout_seconds=5,
        failure_threshold=failures,
    )
