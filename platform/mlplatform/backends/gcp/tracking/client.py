"""Address and client of the server on Cloud Run. Imports no SDK."""

from __future__ import annotations

from mlplatform.backends.gcp.naming import RUN
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.cluster.tracking.server import client_package
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.components.tracking import ManagedClient
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> ManagedClient:
    """The client in the server's version, with an identity token, which lasts an hour."""
    package = client_package(spec.tracking.image if spec.tracking else None)
    return ManagedClient(
        packages=(package or "mlflow-skinny",), uri=service_uri(spec), token="gcloud auth print-identity-token"
    )


def server_name(spec: PlatformSpec) -> str:
    """Name of the service."""
    return physical_name(spec, "tracking", RUN)


def service_uri(spec: PlatformSpec) -> str:
    """Its address, known before it exists,
    https://docs.cloud.google.com/run/docs/triggering/https-request#deterministic"""
    target = target_of(spec, GcpTarget)
    return f"https://{server_name(spec)}-{target.project_number}.{target.region}.run.app"
