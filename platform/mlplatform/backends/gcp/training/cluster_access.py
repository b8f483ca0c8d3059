"""Pods that act as an identity."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import serviceaccount

from mlplatform.backends.gcp.identity.parts import GcpIdentity
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.base import native
from mlplatform.components.identity import Identity
from mlplatform.components.scope import Scope


def bind_pods(
    scope: Scope, identity: Identity, namespace: str, service_account: str, after: Sequence[pulumi.Resource]
) -> None:
    """Let pods of a Kubernetes service account act as a service account.

    The project's pool of workload identities exists from its first cluster on: before, the grant is refused.
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
    """
    workload = native(identity.parts, GcpIdentity)
    if workload.account is None or workload.email is None:
        raise ValueError(f"{workload.short}: pods cannot act as people; bind the identity of a workload")
    pool = scope.target(GcpTarget).workload_pool
    workload.grants.append(
        serviceaccount.IAMMember(
            scope.child(f"{workload.short}-{namespace}-{service_account}"),
            service_account_id=workload.account.name,
            role="roles/iam.workloadIdentityUser",
            member=f"serviceAccount:{pool}[{namespace}/{service_account}]",
            opts=scope.opts(depends_on=after),
        )
    )
    if scope.spec.cluster:
        # the layer inside the cluster has the account with its annotation
        return
    scope.note(
        "access.training_namespace",
        f"annotate the Kubernetes service account {namespace}/{service_account} with "
        f"iam.gke.io/gcp-service-account and the e-mail address of '{workload.short}'",
    )
