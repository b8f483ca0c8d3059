"""Versions of Azure's keys: a policy makes a new one every so often, and each one expires.

https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlplatform.mock_cloud.held import Held, texts_by_property
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import plain_value, value_at_path

KEY = "azure-native:keyvault:Key"
_KEEPERS = frozenset({"azure-native:containerservice:ManagedCluster", "azure-native:machinelearningservices:Workspace"})
"""Types that keep the version that they were given; others follow the key by themselves."""

_EXPIRED = CloudError(
    "Forbidden",
    "Operation wrapKey is not allowed on an expired key: {user}, which {name} uses.",
    "https://learn.microsoft.com/azure/key-vault/keys/about-keys-details#date-time-controlled-operations",
    "run `pulumi up --refresh` before the version expires: it gives the newest one",
)
"""An expired version still reads what it has encrypted."""

_DAY = 86_400
_DAYS = re.compile(r"P(\d+)D")


def with_version(held: Held, now: float) -> Held:
    """A key as it reads at a time: with the newest version that its policy has made by then."""
    if held.token != KEY or not (number := _number(held, now)):
        return held
    return replace(held, outputs={**held.outputs, "keyUriWithVersion": _version(held, number)})


def refuse_expired(held: Held, others: Iterable[Held], now: float) -> None:
    """Raises CloudRefused if a resource keeps a key version that has expired.

    Args:
        held: the resource as it would be.
        others: everything that the cloud holds.
        now: seconds of the clock.
    """
    if held.token not in _KEEPERS:
        return
    texts = texts_by_property(held.inputs)
    for key in others:
        if key.token != KEY or not (life := _days(key, "attributes.expiryTime")):
            continue
        for number in range(_number(key, now) + 1):
            version = _version(key, number)
            if version in texts and now >= key.made_at + (number * _period(key) + life) * _DAY:
                raise word_refusal(_EXPIRED, held.token, held.name, held.id, version)


def _number(key: Held, now: float) -> int:
    """How many versions came after the first one."""
    period = _period(key)
    return int((now - key.made_at) // (period * _DAY)) if period else 0


def _version(key: Held, number: int) -> str:
    first = str(key.outputs.get("keyUriWithVersion", ""))
    if not number:
        return first
    uri, _, name = first.rpartition("/")
    return f"{uri}/{hashlib.sha256(f'{name} {number}'.encode()).hexdigest()[:32]}"


def _period(key: Held) -> int:
    return _days(key, "lifetimeActions.0.trigger.timeAfterCreate")


def _days(key: Held, path: str) -> int:
    policy: Mapping[str, object] | object = value_at_path(plain_value(key.inputs), "properties.rotationPolicy")
    found = _DAYS.fullmatch(str(value_at_path(policy, path)))
    return int(found[1]) if found else 0
