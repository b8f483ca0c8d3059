"""The right of a service's own account to the key of the store, for services that not every platform uses."""

from __future__ import annotations

import pulumi
from pulumi_gcp import kms, projects

from mlplatform.backends.gcp.foundation.parts import ServiceAgent
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope


def let_agent_use_key(
    scope: Scope, keys: GcpKeys, enabled: pulumi.Resource, *, service: str, agent: str, title: str, field: str
) -> ServiceAgent:
    """The service's own account and its right to the key; with existing keys, their owner gives it.

    Args:
        scope: the owner.
        keys: the keys.
        enabled: the service.
        service: its name, `sqladmin`.
        agent: domain of its account, `gcp-sa-cloud-sql`.
        title: its name for people.
        field: the field of the spec that a note is about.
    """
    target = scope.target(GcpTarget)
    identity = projects.ServiceIdentity(
        scope.child("agent"),
        project=target.project,
        service=f"{service}.googleapis.com",
        opts=scope.opts(depends_on=[enabled]),
    )
    if scope.context.existing.keys:
        scope.note(
            field,
            f"existing keys: their owner must let {title}'s service agent "
            f"(service-{target.project_number}@{agent}.iam.gserviceaccount.com) encrypt and decrypt with the key of "
            "the store",
        )
        return ServiceAgent(member=identity.member, ready=(identity,))
    right = kms.CryptoKeyIAMMember(
        scope.child("agent-key"),
        crypto_key_id=keys.ids["store"],
        role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member=identity.member,
        opts=scope.opts(effect_seconds=GRANT_SECONDS),
    )
    return ServiceAgent(member=identity.member, ready=(identity, right))
