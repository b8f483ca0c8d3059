"""IAM roles of workloads, CI and people, without keys, and without rights until something grants them."""

from __future__ import annotations

import pulumi
from pulumi_aws import iam

from mlplatform.backends.aws.foundation.parts import AwsFoundation
from mlplatform.backends.aws.identity.ci_trust import ci_provider, ci_trust
from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.identity.people_rights import grant_people_rights
from mlplatform.backends.aws.identity.trust import airflow_trust, people_trust, pod_trust, sagemaker_trust, task_trust
from mlplatform.backends.aws.naming import ROLE
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.base import native
from mlplatform.components.foundation import Foundation
from mlplatform.components.identity import Purpose
from mlplatform.components.names import physical_name, platform_name
from mlplatform.components.scope import Scope
from mlplatform.spec.access import ROLES
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE

PEOPLE_SESSION_SECONDS = 8 * 3600
"""A working day, after which people log in again."""


def build(scope: Scope, purpose: Purpose, foundation: Foundation) -> AwsIdentity:
    """Create the role that may act as this identity."""
    short_name = scope.name.removeprefix(f"{scope.context.prefix}-")
    name = physical_name(scope.spec, short_name, ROLE)
    ci = scope.spec.access.ci if purpose == "ci" else None
    provider = ci_provider(scope, ci, native(foundation.parts, AwsFoundation)) if ci else []
    role = iam.Role(
        scope.child("role"),
        name=name,
        description=f"{platform_name(scope.spec, ' ')}: {purpose}",
        assume_role_policy=_trust(scope, purpose),
        max_session_duration=PEOPLE_SESSION_SECONDS if purpose in ROLES else 3600,
        tags=scope.tags,
        opts=scope.opts(depends_on=[*foundation.parts.ready, *provider]),
    )
    identity = AwsIdentity(principal=role.arn, role_name=role.name, short_name=short_name)
    if purpose in ROLES:
        grant_people_rights(scope, purpose, identity)
    return identity


def _trust(scope: Scope, purpose: Purpose) -> pulumi.Input[str]:
    target = scope.target(AwsTarget)
    match purpose:
        case "training":
            return pod_trust(target, scope.spec.access.training_namespace, "training")
        case "pipelines" if scope.spec.cluster_pipelines:
            return sagemaker_trust(target, pods=(PIPELINES_NAMESPACE, PIPELINES_NAMESPACE))
        case "pipelines" | "serving":
            return sagemaker_trust(target)
        case "door" | "monitor":
            return task_trust(target)
        case "airflow":
            return airflow_trust(target)
        case "ci":
            if scope.spec.access.ci is None:
                raise ValueError("an identity for CI needs access.ci in the spec")
            return ci_trust(target, scope.spec.access.ci)
        case _:
            return people_trust(target, purpose)
