"""Nobody may act as every identity."""

from __future__ import annotations

from mlplatform.checks.documents import IDENTITY_POLICIES, policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_ACTIONS = ("iam:PassRole", "sts:AssumeRole")
_GCP = (
    "roles/iam.serviceAccountUser",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.workloadIdentityUser",
    "roles/iam.serviceAccountKeyAdmin",
)
_OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
"""Managed Identity Operator."""


def _passes(path: str, resource: Resource) -> list[CheckFault]:
    return [
        CheckFault(f"{shown(action)} is allowed for every role.", statement.path)
        for statement in policy_statements(resource, path)
        if statement.allows
        for action in statement.actions
        if action in _ACTIONS and any(one == "*" or one.endswith(":role/*") for one in statement.resources)
    ]


def _impersonates(grant: Resource) -> list[CheckFault]:
    role = grant.text("role")
    return (
        [CheckFault(f"{shown(role)} is granted on every service account of the project.", "role")]
        if role in _GCP
        else []
    )


def _operates(assignment: Resource) -> list[CheckFault]:
    role = assignment.text("roleDefinitionId").rpartition("/")[2].lower()
    if role == _OPERATOR and "/providers/" not in assignment.text("scope"):
        return [CheckFault("It may use every identity of the resource group or subscription.", "scope")]
    return []


RULE = CheckRule(
    id="iam-impersonation",
    level="high",
    topic="least privilege",
    title="Nobody may act as every identity",
    why="Anyone who may act as every role has the permissions of the strongest one.",
    fix="Name the identities that may be used.",
    entries=(
        *(
            Entry(
                (token,),
                lambda resource, path=path: _passes(path, resource),
                link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
            )
            for token, path in IDENTITY_POLICIES
        ),
        Entry(
            ("gcp:projects/iAMMember:IAMMember", "gcp:projects/iAMBinding:IAMBinding"),
            _impersonates,
            refs=("CIS GCP 4.0 1.6",),
            link="https://cloud.google.com/iam/docs/service-account-permissions",
        ),
        Entry(
            ("azure-native:authorization:RoleAssignment",),
            _operates,
            refs=("MCSB PA-7",),
            link="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations",
        ),
    ),
)
