"""Ids, ARNs and the outputs which programs read of AWS resources.

ARN formats: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import re

from mlplatform.providers.outputs.aws_extras import EXTRAS
from mlplatform.providers.outputs.aws_ids import ARNS, ID_IS_ARN, ID_PREFIXES, JOINED, PREFIXES
from mlplatform.providers.outputs.subject import Subject

_NO_REGION = frozenset({"s3", "iam", "budgets", "chatbot"})
_NO_ACCOUNT = frozenset({"s3"})


def identity(subject: Subject) -> str:
    """The id that the provider gives the resource."""
    token = subject.token
    if token in ID_IS_ARN:
        return arn(subject, "")
    if token in JOINED:
        return _format(JOINED[token], subject, "")
    prefix = PREFIXES.get(subject.kind) if subject.module in ("ec2", "vpc", "eks") else None
    if prefix is not None:
        return f"{prefix}-{subject.hex(17)}"
    return physical_name(subject)


def physical_name(subject: Subject) -> str:
    """The name in the cloud."""
    kind = subject.kind[0].lower() + subject.kind[1:]
    return subject.named("name", f"{kind}Name", "bucket", "dashboardName", "alarmName", "alias", "addonName")


def arn(subject: Subject, id_: str) -> str:
    """The resource's ARN."""
    template = ARNS.get(subject.token) or f"{subject.module}:{_dashed(subject.kind)}/{{id}}"
    service, _, rest = template.partition(":")
    worldwide = service in _NO_REGION or rest.startswith(":")
    region = "" if worldwide else region_of(subject)
    account = "" if service in _NO_ACCOUNT else subject.account.account
    rest = _format(rest.lstrip(":"), subject, id_)
    return f"arn:{partition(region_of(subject))}:{service}:{region}:{account}:{rest}"


def region_of(subject: Subject) -> str:
    """The resource's own region, else the account's."""
    return subject.text("region") or subject.account.region


def partition(region: str) -> str:
    """The AWS partition of a region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def text_of(subject: Subject, path: str, name: str) -> str | None:
    """A text output by its name."""
    kind = subject.kind[0].lower() + subject.kind[1:]
    if path in ("arn", f"{kind}Arn", "associationArn", "chatConfigurationArn"):
        return arn(subject, identity(subject))
    if path in ("name", "bucket", f"{kind}Name"):
        return physical_name(subject)
    if name in ("ownerId", "registryId", "accountId", "owner"):
        return subject.account.account
    if name in ("region", "bucketRegion", "homeRegion"):
        return region_of(subject)
    if path in ("securityGroupRuleId", "allocationId", "keyId"):
        return identity(subject)
    if name in ID_PREFIXES:
        return f"{ID_PREFIXES[name]}-{subject.hex(17, path)}"
    if name in ("createDate", "createdAt", "modifiedAt"):
        return "2025-01-01T00:00:00Z"
    return None


def extras(subject: Subject, id_: str) -> dict[str, object]:
    """Outputs of a type which its names and types do not tell."""
    tags = subject.inputs.get("tags")
    result: dict[str, object] = {"tagsAll": tags} if tags is not None else {}
    special = EXTRAS.get(subject.token)
    if special is not None:
        result |= special(subject, id_, region_of(subject))
    return result


def _dashed(kind: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind).lower()


def _format(template: str, subject: Subject, id_: str) -> str:
    def value(match: re.Match[str]) -> str:
        key = match.group(1)
        if key.startswith("hex"):
            return subject.hex(int(key[3:] or 16))
        match key:
            case "id":
                return id_
            case "name":
                return physical_name(subject)
            case "guid":
                return subject.guid()
            case "account":
                return subject.account.account
            case "region":
                return region_of(subject)
            case "principal":
                return (subject.text("principalArn") or "role").rpartition("/")[2]
            case "path":
                return subject.text("path") or "/"
            case "url":
                return (subject.text("url") or "").removeprefix("https://")
            case _:
                return subject.text(key) or subject.hex(12, key)

    return re.sub(r"\{(\w+)\}", value, template)
