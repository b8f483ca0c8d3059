"""Customer-managed keys, one per purpose, and their grants to the agents of the services that encrypt with them."""

from __future__ import annotations

import pulumi
from pulumi_gcp import kms

from mlplatform.backends.gcp.foundation.parts import Agent, GcpFoundation
from mlplatform.backends.gcp.foundation.propagation import GRANT_SECONDS
from mlplatform.backends.gcp.keys.parts import GcpKeys
from mlplatform.backends.gcp.naming import COMPUTE, lasting_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.fast.record import record
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

USERS: dict[KeyPurpose, tuple[Agent, ...]] = {
    "store": ("storage",),
    "cluster": ("container",),
    "volumes": ("compute", "container"),
    "registry": ("artifact-registry",),
    "serving": ("run", "secret-manager", "workflows", "eventarc", "pubsub"),
    "monitoring": ("logging", "pubsub", "run", "secret-manager"),
}
"""Agents that use each key."""

_DAY = 86_400


@record(kw_only=True)
class GrantedKey:
    """A key with its grants."""

    id: pulumi.Output[str]
    """Full resource name."""

    ready: tuple[pulumi.Resource, ...]
    """Grants: encrypted resources come after these."""


def build(scope: Scope, spec: KeysSpec, foundation: Foundation) -> GcpKeys:
    """Build the ring and the keys of the target's region; a key and what it encrypts must be in one region."""
    services = native(foundation.parts, GcpFoundation)
    ring = build_key_ring(scope, "ring", scope.target(GcpTarget).region, services)
    keys: dict[KeyPurpose, GrantedKey] = {
        purpose: build_key(scope, spec, purpose, purpose, ring, services) for purpose in KEY_PURPOSES
    }
    return GcpKeys(
        ids={purpose: key.id for purpose, key in keys.items()},
        ready={purpose: key.ready for purpose, key in keys.items()},
        scope=scope,
    )


def build_key_ring(scope: Scope, role: str, location: str, foundation: GcpFoundation) -> kms.KeyRing:
    """Build a key ring. It can never be deleted, so its name carries the target's incarnation."""
    target = scope.target(GcpTarget)
    return kms.KeyRing(
        scope.child(role),
        project=target.project,
        name=lasting_name(scope.spec, target, "", COMPUTE),
        location=location,
        opts=scope.opts(depends_on=foundation.after("cloudkms"), protect=scope.defaults.protected or None),
    )


def build_key(
    scope: Scope,
    spec: KeysSpec,
    role: str,
    purpose: KeyPurpose,
    ring: kms.KeyRing,
    foundation: GcpFoundation,
) -> GrantedKey:
    """Build a key and its grants. Without its key, encrypted data is lost: a protected key cannot be destroyed."""
    days = spec.deletion_window_days or scope.defaults.key_deletion_days
    key = kms.CryptoKey(
        scope.child(role),
        name=physical_name(scope.spec, purpose, COMPUTE),
        key_ring=ring.id,
        rotation_period=f"{spec.rotation_days * _DAY}s",
        destroy_scheduled_duration=f"{days * _DAY}s",
        version_template=kms.CryptoKeyVersionTemplateArgs(
            algorithm="GOOGLE_SYMMETRIC_ENCRYPTION", protection_level=spec.protection.upper()
        ),
        labels=scope.tags,
        deletion_policy="PREVENT" if scope.defaults.protected else "DELETE",
        opts=scope.opts(
            protect=scope.defaults.protected or None,
            # Cloud KMS sets these at creation: a change would destroy the key, and its name can never be used again
            ignore_changes=("destroyScheduledDuration", "versionTemplate.protectionLevel"),
        ),
    )
    grants = tuple(
        kms.CryptoKeyIAMMember(
            scope.child(f"{role}-{agent}"),
            crypto_key_id=key.id,
            role="roles/cloudkms.cryptoKeyEncrypterDecrypter",
            member=foundation.agents[agent],
            opts=scope.opts(effect_seconds=GRANT_SECONDS),
        )
        for agent in USERS[purpose]
    )
    return GrantedKey(id=key.id, ready=grants)
