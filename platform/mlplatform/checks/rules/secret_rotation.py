"""Secrets are rotated, or expire."""

from __future__ import annotations

from typing import get_args

from mlplatform.checks.predicates import is_at_least, is_true
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.spec.registry import Upstream, login_keys

_LOGINS = {key for upstream in get_args(Upstream) for key in login_keys(upstream)}
"""As `_no_upstream_login`: whoever gives a token to the stack also renews it there."""

_PROVIDER = "addonProfiles.azureKeyvaultSecretsProvider"


def _no_upstream_login(secret: Resource) -> bool:
    # an access token of another company's registry, whose rotation has no API
    return not secret.text("name").startswith("ecr-pullthroughcache/")


def _no_cache_login(secret: Resource) -> bool:
    return secret.text("secretName") not in _LOGINS


def _rotated(secret: Resource) -> list[CheckFault]:
    rotations = secret.siblings("aws:secretsmanager/secretRotation:SecretRotation", "secretId")
    return [] if rotations else [CheckFault("The secret is not rotated.")]


RULE = CheckRule(
    id="secret-rotation",
    level="low",
    topic="identity",
    title="Secrets are rotated, or expire",
    why="Otherwise a secret that leaked years ago still works.",
    fix="Add a rotation or an expiry date, and let workloads read the newest version.",
    entries=(
        Entry(
            ("aws:secretsmanager/secret:Secret",),
            _rotated,
            refs=("AWS FSBP SecretsManager.1",),
            link="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
            when=_no_upstream_login,
            siblings=True,
        ),
        Entry(
            ("azure-native:keyvault:Secret",),
            is_at_least("properties.attributes.expires", 1, "The secret never expires."),
            refs=("CIS Azure 4.0 9.3.3", "MCSB DP-6"),
            link="https://learn.microsoft.com/azure/key-vault/secrets/secrets-best-practices",
            when=_no_cache_login,
        ),
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            is_true(f"{_PROVIDER}.config.enableSecretRotation", "Pods keep old versions of secrets."),
            refs=("MCSB DP-6",),
            link="https://learn.microsoft.com/azure/aks/csi-secrets-store-driver",
            when=lambda cluster: cluster.true(f"{_PROVIDER}.enabled"),
        ),
    ),
)
