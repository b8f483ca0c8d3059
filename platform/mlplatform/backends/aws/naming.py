"""Physical names, and their longest length by kind of resource."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.names import cut_name, physical_name, platform_name
from mlplatform.spec.monitoring import Severity
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.teams import TeamSpec

ROLE = 64
"""IAM roles, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

CLUSTER = 100
"""EKS clusters."""

NODE_GROUP = 63
"""EKS node groups, unique in their cluster."""

SAGEMAKER = 63
"""SageMaker models, endpoints, endpoint configurations, model package groups."""

CONFIG_PREFIX = SAGEMAKER - 26
"""Name prefixes of endpoint configurations, to which the provider adds 26 unique characters."""

SCHEDULE = 64
"""Schedules of EventBridge Scheduler, and their groups."""

RULE = 64
"""EventBridge rules, connections, API destinations."""

QUEUE = 80
"""SQS queues."""

CACHE_PREFIX = 30
"""ECR pull-through cache prefixes."""

BUDGET = 100
"""Budgets."""

DATABASE_NAME = 58
"""RDS instances have 63 characters; five are for the name of the last snapshot."""

CAPTURES = "capture"
"""Beginning of the keys of captures, to which SageMaker adds endpoint, variant, year, month, day and hour."""

LONG = 255
"""Kinds with a limit of 255 or more: alarms, dashboards, log groups, security groups, topics, aliases."""


def alarm_name(spec: PlatformSpec, severity: Severity, role: str) -> str:
    """Name of an alarm; routes read the severity from it."""
    return cut_name(f"{alarm_prefix(spec, severity)}{role}", LONG)


def silent_alarm_name(spec: PlatformSpec, role: str) -> str:
    """Name of an alarm that notifies nobody: another alarm or a policy uses it."""
    return cut_name(f"{platform_name(spec)}-part-{role}", LONG)


def alarm_prefix(spec: PlatformSpec, severity: Severity) -> str:
    """Common prefix of the names of all alarms of one severity."""
    return f"{platform_name(spec)}-{severity}-"


MOST_ARNS = 20
"""Most resources of a kind that a policy lists: all policies of a role together may have 10,240 characters."""

_MOST_CHARACTERS = 270
"""Most characters of them where they are all that the platform has: a list would then say no more than the pattern."""


def arns_or_prefix(arns: Sequence[str], prefix: str, *, every: bool = False) -> list[str]:
    """The ARNs, sorted; if they are many, a pattern of the prefix that all of the platform's own have.

    Args:
        arns: of one kind; existing resources of another name stay in the list.
        prefix: of the platform's own of the kind.
        every: whether these are all that the platform has.
    """
    own = [arn for arn in arns if arn.startswith(prefix)]
    many = sum(map(len, own)) > _MOST_CHARACTERS if every else len(own) > MOST_ARNS
    return sorted([*(arn for arn in arns if not arn.startswith(prefix)), *([f"{prefix}*"] if many else own)])


NO_ACCOUNT_NAMESPACE = frozenset({"me-south-1", "me-central-1"})
"""Regions without account-regional bucket names,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html"""


def bucket_namespace(region: str) -> str:
    """`account-regional` if the region has it, so that no other account can ever take the name; else `global`."""
    return "global" if region in NO_ACCOUNT_NAMESPACE else "account-regional"


def bucket_name(spec: PlatformSpec, target: AwsTarget, role: str, region: str | None = None) -> str:
    """A globally unique bucket name. `region`: the bucket's, if it is not the target's."""
    region = region or target.region
    end = "" if region in NO_ACCOUNT_NAMESPACE else "-an"
    suffix = f"-{target.account_id}-{region}{end}"
    return f"{physical_name(spec, role, 63 - len(suffix))}{suffix}"


def repository_name(spec: PlatformSpec, name: str) -> str:
    """Name of an image repository: the platform's name is its folder."""
    return f"{platform_name(spec)}/{name}"


JOBS_GROUP = "mlplatform:jobs"
"""The group of Kubernetes of people who run jobs in the platform's own namespace."""


def team_group(team: TeamSpec) -> str:
    """The group of Kubernetes that a team's members are in. EKS refuses `system:`, `eks:`, `aws:`, `amazon:` and `iam:`
    as beginnings, https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html"""
    return f"mlplatform:{team.namespace}"


def secrets_folder(spec: PlatformSpec, namespace: str) -> str:
    """Beginning of the names of a namespace's secrets in Secrets Manager, with a slash at its end."""
    return f"{physical_name(spec, namespace, LONG)}/"
