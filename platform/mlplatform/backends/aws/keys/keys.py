"""Customer-managed KMS keys, one per purpose."""

from __future__ import annotations

import pulumi
from pulumi_aws import kms

from mlplatform.backends.aws.keys.key_policy import key_policy
from mlplatform.backends.aws.keys.parts import AwsKeys
from mlplatform.backends.aws.naming import LONG
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.foundation import Foundation
from mlplatform.components.names import physical_name
from mlplatform.components.scope import Scope
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose, KeysSpec

_TITLES: dict[KeyPurpose, str] = {
    "store": "objects of the artifact store",
    "cluster": "secrets of the Kubernetes cluster",
    "volumes": "disks of the cluster's nodes and pods",
    "registry": "container images",
    "serving": "endpoints and their secrets",
    "monitoring": "logs, metrics and alerts",
}


def build(scope: Scope, spec: KeysSpec, foundation: Foundation) -> AwsKeys:
    """Create the keys."""
    if spec.protection == "hsm":
        scope.note("keys.protection", "needs no setting: KMS keeps all keys in FIPS 140 validated hardware")
    ids: dict[KeyPurpose, pulumi.Output[str]] = {
        purpose: _key(scope, spec, purpose, foundation) for purpose in KEY_PURPOSES
    }
    return AwsKeys(ids=ids)


def _key(scope: Scope, spec: KeysSpec, purpose: KeyPurpose, foundation: Foundation) -> pulumi.Output[str]:
    days = spec.deletion_window_days or scope.defaults.key_deletion_days
    name = physical_name(scope.spec, purpose, LONG)
    key = kms.Key(
        scope.child(purpose),
        description=f"{name}: {_TITLES[purpose]}",
        enable_key_rotation=True,
        rotation_period_in_days=spec.rotation_days,
        deletion_window_in_days=days,
        policy=key_policy(scope.target(AwsTarget), purpose),
        tags=scope.tags,
        opts=scope.opts(protect=scope.defaults.protected or None, depends_on=foundation.parts.ready),
    )
    kms.Alias(
        scope.child(f"{purpose}-alias"),
        name=f"alias/{name}",
        target_key_id=key.key_id,
        opts=scope.opts(delete_before_replace=True),
    )
    return key.arn
