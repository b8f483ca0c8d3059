"""Whoever registers a model neither approves nor deploys it."""

from __future__ import annotations

from fnmatch import fnmatchcase

from mlplatform.checks.documents import IDENTITY_POLICIES, policy_statements
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_REGISTERS, _CHANGES = "sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"
_DEPLOYS = (
    "sagemaker:CreateEndpoint",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    "sagemaker:UpdateInferenceComponent",
)
_STATUS = "sagemaker:ModelApprovalStatus"
_GCP = ("roles/aiplatform.user", "roles/aiplatform.admin", "roles/artifactregistry.repoAdmin")
"""Google's roles that register models, and deploy or annotate them,
https://docs.cloud.google.com/iam/docs/roles-permissions (2026-11)"""

_ML_SCIENTIST = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
"""AzureML Data Scientist: all of a workspace but its settings and computers."""

_ADDS, _ANNOTATES = "artifactregistry.repositories.uploadArtifacts", "artifactregistry.versions.update"


def _decides(path: str, resource: Resource) -> list[CheckFault]:
    """A document that registers versions with a status of the caller's choice, or deploys them."""
    allowed = [each for each in policy_statements(resource, path) if each.allows]
    if not any(_covers(action, _REGISTERS) for each in allowed for action in each.actions):
        return []
    faults: list[CheckFault] = []
    for statement in allowed:
        waits = set(statement.condition(_STATUS)) == {"PendingManualApproval"}
        for action in statement.actions:
            if not waits and (_covers(action, _REGISTERS) or _covers(action, _CHANGES)):
                faults.append(CheckFault(f"{shown(action)} is allowed with any status of approval.", statement.path))
            elif any(_covers(action, deploys) for deploys in _DEPLOYS):
                faults.append(CheckFault(f"{shown(action)} is allowed to who registers versions.", statement.path))
    return faults


def _covers(pattern: str, action: str) -> bool:
    return fnmatchcase(action.lower(), pattern.lower())


def _granted(grant: Resource) -> list[CheckFault]:
    role = grant.text("role")
    return (
        [CheckFault(f"{shown(role)} registers models, and approves or deploys them.", "role")] if role in _GCP else []
    )


def _annotates(role: Resource) -> list[CheckFault]:
    permissions = role.texts("permissions[]")
    if _ADDS in permissions and _ANNOTATES in permissions:
        return [CheckFault(f"It adds versions, and annotates them by {shown(_ANNOTATES)}.", "permissions")]
    return []


def _assigned(assignment: Resource) -> list[CheckFault]:
    role = assignment.text("roleDefinitionId").rpartition("/")[2].lower()
    # on an endpoint alone it moves that one's traffic, and registers nothing
    if role != _ML_SCIENTIST or "/onlineendpoints/" in assignment.text("scope").lower():
        return []
    return [CheckFault("AzureML Data Scientist registers models, and moves traffic to them.", "roleDefinitionId")]


RULE = CheckRule(
    id="model-approval",
    level="medium",
    topic="least privilege",
    title="Whoever registers a model neither approves nor deploys it",
    why="A training run, or who takes it over, could release its own model past the gate and the review.",
    fix="Grant the registration alone; releases are changes of the record, which reviewers approve.",
    entries=(
        *(
            Entry(
                (token,),
                lambda resource, path=path: _decides(path, resource),
                link="https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-staging-construct-set-up.html",
            )
            for token, path in IDENTITY_POLICIES
        ),
        Entry(
            (
                "gcp:projects/iAMMember:IAMMember",
                "gcp:projects/iAMBinding:IAMBinding",
                "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
            ),
            _granted,
            link="https://docs.cloud.google.com/artifact-registry/docs/access-control",
        ),
        Entry(
            ("gcp:projects/iAMCustomRole:IAMCustomRole",),
            _annotates,
            link="https://docs.cloud.google.com/artifact-registry/docs/audit-logging",
        ),
        Entry(
            ("azure-native:authorization:RoleAssignment",),
            _assigned,
            link="https://learn.microsoft.com/azure/machine-learning/how-to-assign-roles",
        ),
    ),
)
