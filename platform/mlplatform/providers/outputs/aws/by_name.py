"""Texts that AWS puts into properties of certain names."""

from __future__ import annotations

from mlplatform.providers.outputs.aws.ids import ID_PREFIXES, arn, physical_name, region_of, resource_id
from mlplatform.providers.outputs.subject import OutputSubject


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text output by its name."""
    kind = subject.kind[0].lower() + subject.kind[1:]
    if path in ("arn", f"{kind}Arn", "associationArn", "chatConfigurationArn"):
        return arn(subject, resource_id(subject))
    if path in ("name", "bucket", f"{kind}Name"):
        return physical_name(subject)
    if name in ("ownerId", "registryId", "accountId", "owner"):
        return subject.account.account
    if name in ("region", "bucketRegion", "homeRegion"):
        return region_of(subject)
    if path in ("securityGroupRuleId", "allocationId", "keyId"):
        return resource_id(subject)
    if name in ID_PREFIXES:
        return f"{ID_PREFIXES[name]}-{subject.hex(17, path)}"
    if name in ("createDate", "createdAt", "modifiedAt"):
        return "2025-01-01T00:00:00Z"
    return None
