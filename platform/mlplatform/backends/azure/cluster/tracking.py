"""How the tracking server on AKS reaches its database and the store."""

from __future__ import annotations

from mlplatform.backends.azure.addresses import place_container
from mlplatform.cluster.serving_facts import TrackingAccess
from mlplatform.components.tracking_names import ARTIFACTS
from mlplatform.spec.platform import PlatformSpec


def build(spec: PlatformSpec) -> TrackingAccess:
    """The server's certificate is of a public authority:
    https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-ssl-tls"""
    place, folder = ARTIFACTS
    account, container = place_container(spec, place)
    return TrackingAccess(
        artifacts=f"wasbs://{container}@{account}.blob.core.windows.net/{folder}",
        login="entra-token",
        env={"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/ssl/certs/ca-certificates.crt"},
    )
