"""When lifecycle rules of a store delete objects: one form for the three clouds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from mlplatform.checks.resource import plain_type
from mlplatform.plan.model import Step, Value
from mlplatform.plan.sources.fields import items, mapping
from mlplatform.risk.guards.directions import date, number

_What = Literal["objects", "old versions", "snapshots"]
_ALWAYS = float("-inf")
_AZURE: tuple[tuple[_What, str], ...] = (
    ("objects", "baseBlob"),
    ("old versions", "version"),
    ("snapshots", "snapshot"),
)


@dataclass(frozen=True, slots=True)
class LifecycleEnd:
    """One lifecycle rule that deletes objects."""

    what: _What
    """Current objects, old versions or snapshots."""

    prefix: str
    """Prefix of the names; empty for all objects."""

    days: float
    """Least age in days; 0 without a least age."""

    path: str
    """Path of the input, in wire names."""

    keeps: float = 0
    """Newer versions of an object below which nothing is deleted."""

    since: float = _ALWAYS
    """A number that grows with a date that makes it delete less; `-inf` without a date."""

    others: frozenset[str] = frozenset()
    """Other conditions, each as text."""

    @property
    def scope(self) -> tuple[_What, str, frozenset[str]]:
        """What it is about."""
        return self.what, self.prefix, self.others

    def includes(self, other: LifecycleEnd) -> bool:
        """Whether it deletes everything, and as early, as another."""
        return (
            self.what == other.what
            and other.prefix.startswith(self.prefix)
            and self.others <= other.others
            and (self.days, self.keeps, self.since) == (
                min(self.days, other.days), min(self.keeps, other.keeps), min(self.since, other.since)
            )
        )  # fmt: skip


def lifecycle_ends(step: Step) -> tuple[LifecycleEnd, ...]:
    """Rules that delete; empty where none does."""
    read = _READERS.get(plain_type(step.type))
    return tuple(read(step.inputs)) if read else ()


def is_lifecycle_input(step: Step, path: str) -> bool:
    """Whether `lifecycle_ends` reads an input, so that its meaning need not be guessed from its name."""
    return plain_type(step.type) in _READERS and (
        path.startswith("lifecycleRules") or not step.type.endswith((":Bucket", ":BucketV2"))
    )


def _aws(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html

    Rules of the bucket itself, which older versions of the provider have, say the same in other words.
    """
    name = "rules" if "rules" in inputs else "lifecycleRules"
    for index, rule in enumerate(map(mapping, items(inputs.get(name)))):
        if rule.get("status", "Enabled") != "Enabled" or rule.get("enabled") is False:
            continue
        scope = mapping(rule.get("filter"))
        scope = {**scope, **mapping(scope.get("and"))}
        prefix = str(scope.get("prefix") or rule.get("prefix") or "")
        others = _texts({**scope, "tags": scope.get("tags") or rule.get("tags")}, but=("prefix", "and"))
        for key in ("expiration", "expirations"):
            for body in _bodies(rule.get(key)):
                days, day = number(body.get("days")), date(body.get("date"))
                if days is not None or day is not None:
                    where = f"{name}[{index}].{key}.{'date' if days is None else 'days'}"
                    yield LifecycleEnd("objects", prefix, days or 0, where, 0, day or _ALWAYS, others)
        for key in ("noncurrentVersionExpiration", "noncurrentVersionExpirations"):
            for body in _bodies(rule.get(key)):
                days = number(body.get("noncurrentDays", body.get("days")))
                keeps = number(body.get("newerNoncurrentVersions"))
                if days is not None or keeps is not None:
                    where = f"{name}[{index}].{key}.{'newerNoncurrentVersions' if days is None else 'noncurrentDays'}"
                    yield LifecycleEnd("old versions", prefix, days or 0, where, keeps or 0, _ALWAYS, others)


def _gcp(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://cloud.google.com/storage/docs/lifecycle"""
    for index, rule in enumerate(map(mapping, items(inputs.get("lifecycleRules")))):
        if mapping(rule.get("action")).get("type") != "Delete":
            continue
        condition = mapping(rule.get("condition"))
        old = condition.get("withState") == "ARCHIVED" or {"daysSinceNoncurrentTime", "numNewerVersions"} & {*condition}
        key = next((key for key in _GCP_CONDITIONS if condition.get(key) not in (None, "", [])), "")
        if not key:
            continue
        day = date(condition.get("createdBefore"))
        days = number(condition.get("daysSinceNoncurrentTime", condition.get("age"))) or 0
        others = _texts(condition, but=("matchesPrefixes", "withState", *_GCP_CONDITIONS[:4]))
        for prefix in items(condition.get("matchesPrefixes")) or [""]:
            yield LifecycleEnd(
                "old versions" if old else "objects",
                str(prefix),
                days,
                f"lifecycleRules[{index}].condition.{key}",
                number(condition.get("numNewerVersions")) or 0,
                # what was made before a later day is more
                _ALWAYS if day is None else -day,
                others,
            )


_GCP_CONDITIONS = (
    "daysSinceNoncurrentTime",
    "age",
    "numNewerVersions",
    "createdBefore",
    "daysSinceCustomTime",
    "customTimeBefore",
    "noncurrentTimeBefore",
    "matchesSuffixes",
    "matchesStorageClasses",
    "matchesPrefixes",
)
"""All of a rule's conditions must hold; the first four have a place of their own in `LifecycleEnd`."""


def _azure(inputs: Mapping[str, Value]) -> Iterator[LifecycleEnd]:
    """https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview"""
    for index, rule in enumerate(map(mapping, items(mapping(inputs.get("policy")).get("rules")))):
        definition = mapping(rule.get("definition"))
        filters = mapping(definition.get("filters"))
        if rule.get("enabled") is False:
            continue
        others = _texts(filters, but=("prefixMatch", "blobTypes"))
        for what, key in _AZURE:
            delete = mapping(mapping(mapping(definition.get("actions")).get(key)).get("delete"))
            for name, value in sorted(delete.items()):
                where = f"policy.rules[{index}].definition.actions.{key}.delete.{name}"
                for prefix in items(filters.get("prefixMatch")) or [""]:
                    if (days := number(value)) is not None:
                        counted = others if name.startswith("daysAfter") and "Last" not in name else others | {name}
                        yield LifecycleEnd(what, str(prefix), days, where, others=counted)


def _bodies(value: Value) -> list[Mapping[str, Value]]:
    return [mapping(item) for item in (items(value) or [value])]


def _texts(conditions: Mapping[str, Value], but: tuple[str, ...]) -> frozenset[str]:
    """Conditions that narrow a rule, each as text."""
    return frozenset(
        f"{key}={json.dumps(value, sort_keys=True, default=str)}"
        for key, value in conditions.items()
        if key not in but and not key.startswith(("send", "__")) and value not in (None, "", [], {}, False, 0)
    )


_READERS = {
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _aws,
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": _aws,
    "aws:s3/bucket:Bucket": _aws,
    "aws:s3/bucketV2:BucketV2": _aws,
    "gcp:storage/bucket:Bucket": _gcp,
    "azure-native:storage:ManagementPolicy": _azure,
}
