"""The audit trail: calls in the account, and access to the platform's objects and endpoints.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
"""

from __future__ import annotations

import pulumi
from pulumi_aws import cloudtrail, iam

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.naming import LONG, ROLE, bucket_name
from mlplatform.backends.aws.storage.access_logs import log_rules, make_log_bucket
from mlplatform.backends.aws.storage.bucket import AwsBucket, BucketPlan, make_bucket
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.telemetry.log_group import make_log_group
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope

_SERVICE = "cloudtrail.amazonaws.com"
_BUCKET, _ACCESS = "audit", "audit-access-logs"


def _trail_arn(scope: Scope) -> str:
    """The trail's ARN, known before deployment: the bucket's policy names it."""
    return scope.target(AwsTarget).arn("cloudtrail", f"trail/{physical_name(scope.spec, 'audit', 128)}")


def make_audit_trail(scope: Scope, key: pulumi.Output[str], days: int) -> None:
    """Record all regions, with validation of the log files' integrity."""
    bucket = _bucket(scope, key, days)
    name = physical_name(scope.spec, "audit", LONG)
    logs = make_log_group(scope, "audit-logs", f"/aws/cloudtrail/{name}", retention_days=days, key_arn=key)
    stream = pulumi.Output.concat(logs.arn, ":*")
    role = iam.Role(
        scope.child("audit-role"),
        name=physical_name(scope.spec, "audit", ROLE),
        # CloudTrail sends no source when it assumes this role: a condition on it would refuse CloudTrail,
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cw_role_policy.html
        assume_role_policy=service_trust(_SERVICE),
        tags=scope.tags,
        opts=scope.opts(),
    )
    rights = iam.RolePolicy(
        scope.child("audit-rights"),
        name="write",
        role=role.name,
        policy=policy_document(
            IamStatement(sid="Write", actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=stream)
        ),
        opts=scope.opts(delete_before_replace=True),
    )
    cloudtrail.Trail(
        scope.child("audit-trail"),
        name=physical_name(scope.spec, "audit", 128),
        s3_bucket_name=bucket.bucket.id,
        is_multi_region_trail=True,
        include_global_service_events=True,
        enable_log_file_validation=True,
        kms_key_id=key,
        cloud_watch_logs_group_arn=stream,
        cloud_watch_logs_role_arn=role.arn,
        advanced_event_selectors=_selectors(scope),
        tags=scope.tags,
        opts=scope.opts(
            depends_on=[*bucket.ready, rights], protect=scope.defaults.protected or None, delete_before_replace=True
        ),
    )


def _bucket(scope: Scope, key: pulumi.Output[str], days: int) -> AwsBucket:
    target = scope.target(AwsTarget)
    arn = f"arn:{target.partition}:s3:::{bucket_name(scope.spec, target, _BUCKET)}"
    this_trail = {"aws:SourceArn": _trail_arn(scope)}
    statements = (
        IamStatement(
            sid="TrailLooks",
            actions=("s3:GetBucketAcl",),
            resources=arn,
            principals={"Service": _SERVICE},
            conditions={"StringEquals": this_trail},
        ),
        IamStatement(
            sid="TrailWrites",
            actions=("s3:PutObject",),
            resources=f"{arn}/AWSLogs/{target.account_id}/*",
            principals={"Service": _SERVICE},
            conditions={"StringEquals": {**this_trail, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    )
    plan = BucketPlan(
        role=_BUCKET,
        key_arn=key,
        versioned=True,
        rules=log_rules(days),
        disposable=not scope.defaults.protected,
        protected=scope.defaults.protected,
        logs_to=make_log_bucket(scope, _ACCESS, [_BUCKET], days=days).bucket,
        statements=statements,
    )
    return make_bucket(scope, plan)


def _selectors(scope: Scope) -> list[cloudtrail.TrailAdvancedEventSelectorArgs]:
    target = scope.target(AwsTarget)
    arn = f"arn:{target.partition}:s3:::"
    objects = f"{arn}{platform_name(scope.spec)}-"
    # each delivery would be an event that causes the next delivery; S3's access logs record these buckets
    own = [f"{arn}{bucket_name(scope.spec, target, role)}/" for role in (_BUCKET, _ACCESS)]
    endpoints = target.arn("sagemaker", f"endpoint/{platform_name(scope.spec)}-")
    trails = [each for each in scope.context.siblings if isinstance(each, AwsTarget) and each.audit_trail]
    first = min((each.name for each in (*trails, target) if each.account_id == target.account_id), key=_order)
    return [
        # every trail sees the calls of all regions, and AWS charges for a second copy
        *([_selector("Calls", "Management")] if first == target.name else []),
        _selector("Objects", "Data", "AWS::S3::Object", objects, own),
        _selector("Endpoints", "Data", "AWS::SageMaker::Endpoint", endpoints),
    ]


def _order(name: str) -> tuple[bool, str]:
    """The target without a name of its own first: it keeps what it has when others come."""
    return name != AwsTarget.model_fields["cloud"].default, name


def _selector(
    name: str, category: str, kind: str | None = None, prefix: str | None = None, without: list[str] | None = None
) -> cloudtrail.TrailAdvancedEventSelectorArgs:
    fields = [cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(field="eventCategory", equals=[category])]
    if kind and prefix:
        fields += [
            cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(field="resources.type", equals=[kind]),
            cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
                field="resources.ARN", starts_withs=[prefix], not_starts_withs=without
            ),
        ]
    return cloudtrail.TrailAdvancedEventSelectorArgs(name=name, field_selectors=fields)
