"""Secrets of an endpoint on the cluster: the rights of its pods."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.azure.serving.secrets import grant_secrets
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope
from mlplatform.spec.endpoints import EndpointSpec


def build(scope: Scope, spec: EndpointSpec, identity: Identity, secrets: Sequence[str], path: str) -> None:
    """As those of a managed endpoint: a role for each secret in the vault of endpoints."""
    grant_secrets(scope, spec, identity, secrets, path)
