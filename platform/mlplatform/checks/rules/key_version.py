"""Services that keep a version of their key are given a newer one before it expires."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from mlplatform.catalog.today import selling_day
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry, Test
from mlplatform.providers.wire import as_object, plain_value, value_at_path

_NEAR_DAYS = 90
_KEY = "azure-native:keyvault:Key"
_DAYS = re.compile(r"P(\d+)D")


def _kept(path: str) -> Test:
    """Tells when the version at a path expires, as far as the state knows its key."""

    def faults(keeper: Resource) -> list[CheckFault]:
        version, day = keeper.text(path), selling_day()
        if not version or day is None:
            return []
        for key in keeper.index.of_type(_KEY):
            due = _due(key, version)
            if due is not None and (due - day).days <= _NEAR_DAYS:
                ended = "expired" if due <= day else "expires"
                return [CheckFault(f"Its version of the key {ended} on {due}, or earlier if the key is older.", path)]
        return []

    return faults


def _due(key: Resource, version: str) -> date | None:
    """The last day of a key's version by the state; None for a version of another key, or without dates."""
    outputs = key.step.outputs
    newest = plain_value(outputs.get("keyUriWithVersion"))
    if not isinstance(newest, str) or newest.rpartition("/")[0] != version.rpartition("/")[0]:
        return None
    attributes = as_object(plain_value(outputs.get("attributes"))) or {}
    expires, made = attributes.get("expires"), attributes.get("created")
    if version == newest and isinstance(expires, (int, float)):
        return _day(expires)
    life = _policy_days(key, "attributes.expiryTime")
    if not isinstance(made, (int, float)) or not life:
        return None
    # an older version is at least one period older than the newest
    behind = 0 if version == newest else _policy_days(key, "lifetimeActions.0.trigger.timeAfterCreate")
    return _day(made) + timedelta(days=life - behind)


def _policy_days(key: Resource, path: str) -> int:
    policy = value_at_path(dict(key.step.inputs), "properties.rotationPolicy")
    found = _DAYS.fullmatch(str(value_at_path(policy, path)))
    return int(found[1]) if found else 0


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


def _is_known(keeper: Resource) -> bool:
    """Only a state has what a key really is."""
    return bool(keeper.step.outputs)


RULE = CheckRule(
    id="key-version",
    level="high",
    topic="keys",
    title="No service keeps a version of its key that expires soon",
    why="An expired version encrypts nothing new: a cluster stores no more secrets, a workspace or a file system no "
    "more of its data.",
    fix="Run `pulumi up --refresh`, which gives each the newest version, then rewrite the cluster's secrets.",
    entries=(
        Entry(
            ("azure-native:containerservice:ManagedCluster",),
            _kept("securityProfile.azureKeyVaultKms.keyId"),
            link="https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption",
            when=_is_known,
            siblings=True,
        ),
        Entry(
            ("azure-native:machinelearningservices:Workspace",),
            _kept("encryption.keyVaultProperties.keyIdentifier"),
            link="https://learn.microsoft.com/azure/machine-learning/how-to-setup-customer-managed-keys",
            when=_is_known,
            siblings=True,
        ),
        Entry(
            ("azure-native:storagecache:AmlFilesystem",),
            _kept("encryptionSettings.keyEncryptionKey.keyUrl"),
            link="https://learn.microsoft.com/azure/azure-managed-lustre/customer-managed-encryption-keys",
            when=_is_known,
            siblings=True,
        ),
    ),
)
