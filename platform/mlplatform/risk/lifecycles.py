"""When lifecycle rules of a store delete objects: one form for the three clouds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mlplatform.checks.resource import plain_type
from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.fields import items, mapping

_What = Literal["objects", "old versions"]
_AWS: tuple[tuple[_What, str, str], ...] = (
    ("objects", "expiration", "days"),
    ("old versions", "noncurrentVersionExpiration", "noncurrentDays"),
)
_AZURE: tuple[tuple[_What, str], ...] = (("objects", "baseBlob"), ("old versions", "version"))


@dataclass(frozen=True, slots=True)
class LifecycleEnd:
    """One lifecycle rule that deletes objects."""

    what: _What
    """Current objects, or old versions."""

    prefix: str
    """Prefix of the names; empty for all objects."""

    days: float
    """Age in days."""

    path: str
    """Path of the input, in wire names."""


def lifecycle_ends(step: Step) -> dict[tuple[_What, str], LifecycleEnd]:
    """Rules that delete, by objects and prefix, the earliest of each; empty where none deletes."""
    read = _READERS.get(plain_type(step.type))
    earliest: dict[tuple[_What, str], LifecycleEnd] = {}
    for end in read(step.inputs) if read else ():
        other = earliest.get((end.what, end.prefix))
        if other is None or end.days < other.days:
            earliest[end.what, end.prefix] = end
    return earliest


def is_lifecycle_input(step: Step, path: str) -> bool:
    """Whether `lifecycle_ends` reads an input, so that its meaning need not be guessed from its name."""
    return plain_type(step.type) in _READERS and (
        path.startswith("lifecycleRules") or not step.type.endswith(":Bucket")
    )


def _aws(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html"""
    for index, rule in enumerate(map(mapping, items(inputs.get("rules")))):
        if rule.get("status") != "Enabled":
            continue
        scope = mapping(rule.get("filter"))
        prefix = str(scope.get("prefix") or mapping(scope.get("and")).get("prefix") or rule.get("prefix") or "")
        for what, key, name in _AWS:
            if (days := _days(mapping(rule.get(key)).get(name))) is not None:
                yield LifecycleEnd(what, prefix, days, f"rules[{index}].{key}.{name}")


def _gcp(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://cloud.google.com/storage/docs/lifecycle"""
    for index, rule in enumerate(map(mapping, items(inputs.get("lifecycleRules")))):
        if mapping(rule.get("action")).get("type") != "Delete":
            continue
        condition = mapping(rule.get("condition"))
        old = condition.get("withState") == "ARCHIVED" or "daysSinceNoncurrentTime" in condition
        key = "daysSinceNoncurrentTime" if "daysSinceNoncurrentTime" in condition else "age"
        prefixes = condition.get("matchesPrefixes")
        for prefix in items(prefixes) or [""]:
            if (days := _days(condition.get(key))) is not None:
                where = f"lifecycleRules[{index}].condition.{key}"
                yield LifecycleEnd("old versions" if old else "objects", str(prefix), days, where)


def _azure(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview"""
    for index, rule in enumerate(map(mapping, items(mapping(inputs.get("policy")).get("rules")))):
        definition = mapping(rule.get("definition"))
        prefixes = mapping(definition.get("filters")).get("prefixMatch")
        if rule.get("enabled") is False:
            continue
        for what, key in _AZURE:
            delete = mapping(mapping(mapping(definition.get("actions")).get(key)).get("delete"))
            for name, value in sorted(delete.items()):
                where = f"policy.rules[{index}].definition.actions.{key}.delete.{name}"
                for prefix in items(prefixes) or [""]:
                    if (days := _days(value)) is not None:
                        yield LifecycleEnd(what, str(prefix), days, where)


def _days(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


_READERS = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _aws,
    "gcp:storage/bucket:Bucket": _gcp,
    "azure-native:storage:ManagementPolicy": _azure,
}
