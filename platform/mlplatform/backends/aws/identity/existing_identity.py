"""An existing IAM role, and the trust that its owner must give it."""

from __future__ import annotations

import pulumi

from mlplatform.backends.aws.identity.parts import AwsIdentity
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.components.existing import ExistingIdentity
from mlplatform.components.identity import Purpose
from mlplatform.components.preflight import Requirement, known_text
from mlplatform.components.scope import Scope
from mlplatform.spec.pipelines import PIPELINES_NAMESPACE


def build(scope: Scope, existing: ExistingIdentity, purpose: Purpose) -> AwsIdentity:
    """Use the role as it is; grants become inline policies of it."""
    arn = pulumi.Output.from_input(existing.principal)
    return AwsIdentity(
        principal=arn,
        # a role's name is the last part of its ARN, after any path:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
        role_name=arn.apply(lambda text: text.rpartition("/")[2]),
        short_name=scope.name.removeprefix(f"{scope.context.prefix}-"),
        requirements=tuple(_trust(scope, known_text(existing.principal, "ROLE_ARN"), purpose)),
    )


def _trust(scope: Scope, arn: str, purpose: Purpose) -> list[Requirement]:
    """https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html,
    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"""
    look = f"aws iam get-role --role-name {arn.rpartition('/')[2]} --query Role.AssumeRolePolicyDocument"
    region = scope.target(AwsTarget).region

    def pods(namespace: str, account: str) -> list[Requirement]:
        return [
            Requirement(f"sts:AssumeRole and sts:TagSession on {arn} for pods.eks.amazonaws.com", look),
            Requirement(
                f"the association of service account {namespace}/{account} with {arn}, once the cluster is there",
                f"aws eks list-pod-identity-associations --cluster-name CLUSTER --namespace {namespace} "
                f"--service-account {account} --region {region}",
            ),
        ]

    match purpose:
        case "training":
            return pods(scope.spec.access.training_namespace, "training")
        case "pipelines" | "serving":
            steps = purpose == "pipelines" and scope.spec.cluster_pipelines
            return [
                Requirement(f"sts:AssumeRole on {arn} for sagemaker.amazonaws.com", look),
                *(pods(PIPELINES_NAMESPACE, PIPELINES_NAMESPACE) if steps else ()),
            ]
        case "ci":
            ci = scope.spec.access.ci
            tokens = f"CI's tokens, of {ci.issuer} with the subject {ci.subject}" if ci else "CI's tokens"
            return [Requirement(f"sts:AssumeRoleWithWebIdentity on {arn} for {tokens}", look)]
        case _:
            return []
