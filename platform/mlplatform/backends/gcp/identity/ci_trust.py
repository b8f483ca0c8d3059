"""Trust in one branch of one repository: its runs act as the CI account through their own OIDC tokens."""

from __future__ import annotations

from pulumi_gcp import iam, serviceaccount

from mlplatform.backends.gcp.foundation.parts import GcpFoundation
from mlplatform.backends.gcp.naming import POOL, lasting_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.scope import Scope
from mlplatform.spec.access import CiSpec

_REPOSITORY_CLAIM = {"github": "repository", "gitlab": "project_path"}


def trust_ci(scope: Scope, account: serviceaccount.Account, foundation: GcpFoundation) -> None:
    """Let only the spec's repository and branch act as the account.

    https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines
    """
    ci = scope.spec.access.ci
    if ci is None:
        raise ValueError("an identity for CI needs access.ci in the spec")
    target = scope.target(GcpTarget)
    pool_id = lasting_name(scope.spec, target, "ci", POOL)
    pool = iam.WorkloadIdentityPool(
        scope.child("pool"),
        project=target.project,
        workload_identity_pool_id=pool_id,
        display_name=pool_id,
        opts=scope.opts(depends_on=foundation.after("iam", "sts", "iamcredentials")),
    )
    provider = iam.WorkloadIdentityPoolProvider(
        scope.child("provider"),
        project=target.project,
        workload_identity_pool_id=pool.workload_identity_pool_id,
        workload_identity_pool_provider_id=ci.system,
        attribute_mapping={
            "google.subject": "assertion.sub",
            # the name, also where the condition asks for ids: the grant below cannot be changed in place
            "attribute.repository": f"assertion.{_REPOSITORY_CLAIM[ci.system]}",
        },
        attribute_condition=_condition(ci),
        oidc=iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri=ci.issuer),
        opts=scope.opts(),
    )
    serviceaccount.IAMMember(
        scope.child("trust"),
        service_account_id=account.name,
        role="roles/iam.workloadIdentityUser",
        member=f"principalSet://iam.googleapis.com/projects/{target.project_number}/locations/global/"
        f"workloadIdentityPools/{pool_id}/attribute.repository/{ci.repository}",
        opts=scope.opts(depends_on=[provider]),
    )


def _condition(ci: CiSpec) -> str:
    """The tokens that the provider exchanges, in CEL."""
    conditions = [f"assertion.sub == '{ci.subject}'"]
    if ci.repository_id is not None:
        # every token of GitHub has these claims, also where its subject has names alone
        conditions += [
            f"assertion.repository_id == '{ci.repository_id}'",
            f"assertion.repository_owner_id == '{ci.owner_id}'",
        ]
    return " && ".join(conditions)
