"""An existing service account or group, and what its owner must allow."""

from __future__ import annotations

import pulumi

from mlplatform.backends.gcp.identity.parts import GcpIdentity, GcpMember
from mlplatform.backends.gcp.naming import POOL
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.existing import ExistingIdentity
from mlplatform.components.identity import Purpose
from mlplatform.components.names import physical_name
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.components.scope import Scope
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE

_ACCOUNT = "serviceAccount:"


def build(scope: Scope, existing: ExistingIdentity, purpose: Purpose) -> GcpIdentity:
    """Use the member as it is; it is granted roles on single resources."""
    member = pulumi.Output.from_input(existing.principal)
    # services act as accounts of `existing.identities`; another existing member only gets grants
    acts = existing.acts
    return GcpIdentity(
        principal=member,
        account=None,
        account_name=member.apply(_account_name) if acts else None,
        email=member.apply(lambda known: known.removeprefix(_ACCOUNT)) if acts else None,
        short=scope.name.removeprefix(f"{scope.context.prefix}-"),
        members=(GcpMember(member=existing.principal, label=""),),
        requirements=tuple(_rights(scope, known_text(existing.principal, "ACCOUNT").removeprefix(_ACCOUNT), purpose)),
    )


def _account_name(member: str) -> str:
    email = member.removeprefix(_ACCOUNT)
    project = email.partition("@")[2].partition(".")[0]
    return f"projects/{project}/serviceAccounts/{email}"


def _rights(scope: Scope, email: str, purpose: Purpose) -> list[Requirement]:
    """https://docs.cloud.google.com/iam/docs/service-account-permissions"""
    target = scope.target(GcpTarget)
    look = f"gcloud iam service-accounts get-iam-policy {email} --project {target.project}"
    match purpose:
        case "training":
            member = f"{_ACCOUNT}{target.workload_pool}[{scope.spec.access.training_namespace}/training]"
            return [Requirement(f"roles/iam.workloadIdentityUser on {email} for {member}", look)]
        case "pipelines" | "serving":
            steps = f"{_ACCOUNT}{target.workload_pool}[{PIPELINES_NAMESPACE}/{PIPELINES_NAMESPACE}]"
            return [
                Requirement(f"roles/iam.serviceAccountUser on {email} for whoever runs `up`", look),
                *(
                    [Requirement(f"roles/iam.workloadIdentityUser on {email} for {steps}", look)]
                    if purpose == "pipelines" and scope.spec.cluster_pipelines
                    else ()
                ),
            ]
        case "ci":
            pool, ci = physical_name(scope.spec, "deploy", POOL), scope.spec.access.ci
            tokens = f"the subject {ci.subject}" if ci else "CI"
            return [
                Requirement(
                    f"roles/iam.workloadIdentityUser on {email} for {tokens} in the workload identity pool {pool}", look
                )
            ]
        case _:
            return []
