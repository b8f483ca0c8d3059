"""Nothing is granted to everybody."""

from __future__ import annotations

from typing import cast

from mlplatform.checks.documents import policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_AWS = (
    ("aws:s3/bucketPolicy:BucketPolicy", "policy", "AWS FSBP S3.2"),
    ("aws:sns/topicPolicy:TopicPolicy", "policy", "AWS FSBP SNS.4"),
    ("aws:sqs/queuePolicy:QueuePolicy", "policy", ""),
    ("aws:kms/key:Key", "policy", "AWS FSBP KMS.5"),
    ("aws:ecr/repositoryPolicy:RepositoryPolicy", "policy", ""),
    ("aws:secretsmanager/secretPolicy:SecretPolicy", "policy", ""),
    ("aws:iam/role:Role", "assumeRolePolicy", ""),
)
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")


def _open(path: str, resource: Resource) -> list[CheckFault]:
    return [
        CheckFault("A statement allows everybody.", statement.path)
        for statement in policy_statements(resource, path)
        if statement.allows and any(name == "*" for _, name in statement.principals) and not statement.narrowed_by
    ]


def _member(grant: Resource) -> list[CheckFault]:
    members = grant.step.inputs.get("members")
    named = [grant.step.inputs.get("member"), *(cast("list[object]", members) if isinstance(members, list) else ())]
    if any(one in _EVERYBODY for one in named):
        return [CheckFault("It is granted to everybody.", "member")]
    # an account of the plan is not known yet, but it is somebody
    if not any(grant.from_others(path) for path in ("member", "members")):
        _ = (grant.texts("member"), grant.texts("members[]"))
    return []


RULE = CheckRule(
    id="public-principals",
    level="critical",
    topic="public access",
    title="Nothing is granted to everybody",
    why="Everybody includes those who scan for open buckets, queues and keys.",
    fix="Name the principals, or limit the grant to your own account or network.",
    entries=(
        *(
            Entry(
                (token,),
                lambda resource, path=path: _open(path, resource),
                refs=(ref,) if ref else (),
                link="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
            )
            for token, path, ref in _AWS
        ),
        Entry(
            ("gcp:*IAMMember", "gcp:*IamMember", "gcp:*IAMBinding", "gcp:*IamBinding"),
            _member,
            refs=("CIS GCP 4.0 5.1", "CIS GCP 4.0 1.9", "CIS GCP 4.0 7.1"),
            link="https://cloud.google.com/iam/docs/principals-overview#all-users",
        ),
    ),
)
