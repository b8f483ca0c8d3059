"""Whose secrets of the cloud's vault come into the cluster, and as which account. Imports no SDK."""

from __future__ import annotations

from mlplatform.spec.platform import PlatformSpec

SECRETS_ADDON = "external-secrets"
"""The add-on that copies secrets of the vault into namespaces of jobs."""

SECRETS_ACCOUNT = "external-secrets"
"""The service account in each namespace of jobs whose tokens read that namespace's secrets of the vault. No pod of the
platform runs as it: the operator asks the cluster for its tokens."""


def secret_namespaces(spec: PlatformSpec) -> tuple[str, ...]:
    """The namespaces whose jobs may have secrets of the vault: the platform's own, then the teams'.

    Args:
        spec: the platform, narrowed to a target. Without the add-on there are none.
    """
    if spec.cluster is None or SECRETS_ADDON not in spec.cluster.addons:
        return ()
    return (spec.access.training_namespace, *(team.namespace for team in spec.cluster.teams))


def reader_name(namespace: str) -> str:
    """What the layer calls the identity that reads the secrets of a namespace."""
    return f"secrets-{namespace}"
