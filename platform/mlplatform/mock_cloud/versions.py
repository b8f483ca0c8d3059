"""Kubernetes versions: a control plane goes up one minor version at a time, and no pool is ahead of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mlplatform.catalog.kubernetes import minor
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.update import ControlPlaneRule, PoolVersionRule
from mlplatform.providers.wire import plain_value, value_at_path


def refuse_version(held: Held, inputs: Mapping[str, object], others: Iterable[Held], *, new: bool) -> None:
    """Raises CloudRefused if a cluster or pool cannot have its version.

    Args:
        held: the resource as it is, or as it would be made.
        inputs: its inputs after the change.
        others: everything else that the cloud holds.
        new: True if it is made now.
    """
    rules = rules_of(held.token)
    for rule in rules.control_planes:
        if rule.token == held.token and not new:
            _refuse_step(rule, held, inputs, others)
    for pool_rule in rules.pool_versions:
        if pool_rule.token == held.token:
            _refuse_pool(pool_rule, held, inputs, others, new=new)


def _refuse_step(rule: ControlPlaneRule, held: Held, inputs: Mapping[str, object], others: Iterable[Held]) -> None:
    old, target = _version(held.inputs, rule.path), _version(inputs, rule.path)
    if minor(target) > minor(old) + 1:
        _refuse(rule.skipped, held, old, target)
    if minor(target) < minor(old) and rule.lowered:
        _refuse(rule.lowered, held, old, target)
    if old != target and rule.with_pools and _version(inputs, rule.channel) not in ("", "none"):
        pools = {pool.token for pool in rules_of(held.token).pool_versions}
        if any(other.token in pools for other in others):
            _refuse(rule.with_pools, held, old, target)


def _refuse_pool(
    rule: PoolVersionRule, held: Held, inputs: Mapping[str, object], others: Iterable[Held], *, new: bool
) -> None:
    target, old = _version(inputs, rule.path), _version(held.inputs, rule.path)
    if not target:
        return
    if not new and minor(target) < minor(old):
        _refuse(rule.error, held, old, target)
    name = plain_value(value_at_path(inputs, rule.cluster))
    (control,) = rules_of(held.token).control_planes
    for cluster in others:
        if cluster.token == rule.of and name in (cluster.id, cluster.outputs.get("name")):
            version = _version(cluster.inputs, control.path)
            if version and minor(target) > minor(version):
                _refuse(rule.error, held, version, target)


def _refuse(error: CloudError, held: Held, old: str, new: str) -> None:
    raise word_refusal(error, held.token, held.name, old, new)


def _version(inputs: Mapping[str, object], path: str) -> str:
    value = plain_value(value_at_path(inputs, path)) if path else ""
    return value if isinstance(value, str) else ""
