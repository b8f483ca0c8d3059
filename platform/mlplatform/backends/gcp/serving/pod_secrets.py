"""Secrets of an endpoint on the cluster: the rights of its pods."""

from __future__ import annotations

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.serving.secrets import grant_secrets, note_secrets
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, identity: Identity) -> None:
    """As those of a service on Cloud Run."""
    grant_secrets(scope, spec, native(identity.parts, GcpIdentity))
    note_secrets(scope, spec)
