"""Nobody has a role over everything."""

from __future__ import annotations

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_AWS = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
_GCP = (
    "roles/owner",
    "roles/editor",
    "roles/viewer",
    "roles/iam.securityAdmin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/resourcemanager.organizationAdmin",
)
_DEFAULTS = ("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")
_AZURE_ANYWHERE = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
)
_AZURE_CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


def _attached(attachment: Resource) -> list[CheckFault]:
    policy = attachment.text("policyArn").rpartition("/")[2]
    full = policy in _AWS or policy.endswith("FullAccess")
    return [CheckFault(f"It grants {shown(policy)}.", "policyArn")] if full else []


def _basic(grant: Resource) -> list[CheckFault]:
    role = grant.text("role")
    faults = [CheckFault(f"It grants {shown(role)}.", "role")] if role in _GCP else []
    if not grant.from_others("member") and grant.text("member").endswith(_DEFAULTS):
        faults.append(CheckFault("It grants more to the default account that workloads share.", "member"))
    return faults


def _assigned(assignment: Resource) -> list[CheckFault]:
    role = assignment.text("roleDefinitionId").rpartition("/")[2].lower()
    if role in _AZURE_ANYWHERE:
        return [CheckFault("It grants a role that can grant roles.", "roleDefinitionId")]
    if role == _AZURE_CONTRIBUTOR and "/providers/" not in assignment.text("scope"):
        return [CheckFault("It grants Contributor on a whole resource group or subscription.", "roleDefinitionId")]
    return []


RULE = CheckRule(
    id="iam-broad-roles",
    level="high",
    topic="least privilege",
    title="Nobody has a role over everything",
    why="Basic and administrator roles reach every service and can grant themselves the rest.",
    fix="Grant the roles that the work needs, on the resources that it uses.",
    entries=(
        Entry(
            (
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "aws:iam/userPolicyAttachment:UserPolicyAttachment",
                "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
                "aws:iam/policyAttachment:PolicyAttachment",
            ),
            _attached,
            refs=("CIS AWS 5.0 1.15", "AWS FSBP IAM.1"),
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        ),
        Entry(
            (
                "gcp:projects/iAMMember:IAMMember",
                "gcp:projects/iAMBinding:IAMBinding",
                "gcp:folder/iAMMember:IAMMember",
                "gcp:organizations/iAMMember:IAMMember",
            ),
            _basic,
            refs=("CIS GCP 4.0 1.5",),
            link="https://cloud.google.com/iam/docs/roles-overview#basic",
        ),
        Entry(
            ("azure-native:authorization:RoleAssignment",),
            _assigned,
            refs=("CIS Azure 4.0 6.3.3", "MCSB PA-1", "MCSB PA-7"),
            link="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        ),
    ),
)
