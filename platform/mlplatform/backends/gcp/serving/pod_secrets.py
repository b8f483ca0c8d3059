"""Secrets of an endpoint on the cluster: the rights of its pods."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.serving.secrets import grant_secrets, note_secrets
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, identity: Identity, secrets: Sequence[str], path: str) -> None:
    """As those of a service on Cloud Run."""
    grant_secrets(scope, spec, native(identity.parts, GcpIdentity), secrets)
    note_secrets(scope, spec, secrets, path)
