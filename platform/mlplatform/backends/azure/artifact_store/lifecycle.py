"""Lifecycle rules of a storage account: cooler storage, expiry, old versions."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import storage

from mlplatform.backends.azure.artifact_store.parts import LEDGERS, ORDERS, REPORTS
from mlplatform.backends.azure.foundation.parts import resource_group
from mlplatform.components.scope import Scope
from mlplatform.spec.artifact_store import ResolvedPlace

_FORMER_DAYS = 30
"""Days for which former versions of a ledger, an order or a report are kept: they show what was decided when."""


def add_lifecycle(
    scope: Scope, role: str, account: pulumi.Output[str], places: Sequence[ResolvedPlace], versioned: bool
) -> None:
    """Add the policy of an account, with a rule per place; none where no place needs one.

    Args:
        scope: the store.
        role: distinguishes the account in the store.
        account: the account's name, known beforehand.
        places: the places in it.
        versioned: whether the account keeps versions, for all of its places.
    """
    rules = [rule for place in places if (rule := _rule(place, versioned))]
    if role == "main" and versioned and scope.spec.door_pipelines:
        exchange = (ORDERS, REPORTS) if scope.spec.ordered_pipelines else ()
        rules += [_make_rule(container, None, _FORMER_DAYS) for container in (LEDGERS, *exchange)]
    if not rules:
        return
    storage.ManagementPolicy(
        scope.child(f"{role}-lifecycle"),
        management_policy_name="default",
        account_name=account,
        resource_group_name=resource_group(scope).group_name,
        policy=storage.ManagementPolicySchemaArgs(rules=rules),
        opts=scope.opts(),
    )


def _rule(place: ResolvedPlace, versioned: bool) -> storage.ManagementPolicyRuleArgs | None:
    tier, expire = place.tier_after_days, place.expire_after_days
    base = (
        storage.ManagementPolicyBaseBlobArgs(tier_to_cool=_changed(tier), delete=_changed(expire))
        if tier or expire
        else None
    )
    if base is None and not versioned:
        return None
    return _make_rule(place.place, base, _old_days(place) if versioned else None)


def _make_rule(
    container: str, base: storage.ManagementPolicyBaseBlobArgs | None, old_days: int | None
) -> storage.ManagementPolicyRuleArgs:
    version = None if old_days is None else storage.ManagementPolicyVersionArgs(delete=_created(old_days))
    return storage.ManagementPolicyRuleArgs(
        name=container,
        type=storage.RuleType.LIFECYCLE,
        enabled=True,
        definition=storage.ManagementPolicyDefinitionArgs(
            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"], prefix_match=[f"{container}/"]),
            actions=storage.ManagementPolicyActionArgs(base_blob=base, version=version),
        ),
    )


def _old_days(place: ResolvedPlace) -> int:
    if not place.versioned:
        return 0
    return max(place.old_versions_days, place.worm.days if place.worm else 0)


def _changed(days: int | None) -> storage.DateAfterModificationArgs | None:
    return storage.DateAfterModificationArgs(days_after_modification_greater_than=days) if days else None


def _created(days: int) -> storage.DateAfterCreationArgs:
    return storage.DateAfterCreationArgs(days_after_creation_greater_than=days)
