"""External tokens are accepted from one named workload only."""

from __future__ import annotations

from mlplatform.checks.documents import policy_statements
from mlplatform.checks.predicates import is_set
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_ISSUERS = "oidc-provider/"


def _trusts(role: Resource) -> list[CheckFault]:
    faults: list[CheckFault] = []
    for statement in policy_statements(role, "assumeRolePolicy"):
        issuers = [name for kind, name in statement.principals if kind == "Federated" and _ISSUERS in name]
        if not statement.allows or not issuers:
            continue
        subjects = [value for _, key, values in statement.conditions if key.endswith(":sub") for value in values]
        audiences = [key for _, key, _ in statement.conditions if key.endswith(":aud")]
        if not subjects or not audiences:
            faults.append(CheckFault("Tokens of any subject or audience of the issuer are accepted.", statement.path))
        elif any(_open(subject) for subject in subjects):
            faults.append(CheckFault("A pattern also accepts other repositories or accounts.", statement.path))
    return faults


def _open(subject: str) -> bool:
    # a wildcard may stand for the branch or the service account, never for the repository's owner or the namespace
    fixed = subject.split(":")[:-1]
    least = 3 if subject.startswith("system:") else 2
    return "*" in subject and (len(fixed) < least or any("*" in part for part in fixed))


def _subject(credential: Resource) -> list[CheckFault]:
    subject = credential.text("subject")
    if not subject or "*" in subject:
        return [CheckFault("Tokens of more than one subject are accepted.", "subject")]
    return []


RULE = CheckRule(
    id="federation-conditions",
    level="high",
    topic="identity",
    title="External tokens are accepted only from named workloads",
    why="Without a condition any repository of the same issuer, also a stranger's, can act as your CI.",
    fix="Name the subject: repository and branch, or namespace and service account.",
    entries=(
        Entry(
            ("aws:iam/role:Role",),
            _trusts,
            link="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
        ),
        Entry(
            ("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",),
            is_set("attributeCondition", "Tokens of every subject of the issuer are accepted."),
            link="https://cloud.google.com/iam/docs/best-practices-for-using-workload-identity-federation",
        ),
        Entry(
            ("azure-native:managedidentity:FederatedIdentityCredential",),
            _subject,
            refs=("MCSB IM-3",),
            link="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        ),
    ),
)
