"""Trust policies of roles for pods, services and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pulumi

from mlplatform.backends.aws.foundation.policy import IamStatement, policy_document, service_trust
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.spec.access import Role

TOKEN_AUDIENCE = "sts.amazonaws.com"
"""Audience of the tokens that roles trust, in every partition,
https://github.com/aws/amazon-eks-pod-identity-webhook#readme"""


def pod_trust(target: AwsTarget, namespace: str, service_account: str) -> pulumi.Input[str]:
    """Trust in the pods of one Kubernetes service account, which EKS names in the session's tags.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return policy_document(_pods(target, namespace, service_account))


def _pods(target: AwsTarget, namespace: str, service_account: str) -> IamStatement:
    return IamStatement(
        sid="Pods",
        actions=("sts:AssumeRole", "sts:TagSession"),
        principals={"Service": "pods.eks.amazonaws.com"},
        conditions={
            "StringEquals": {
                "aws:SourceAccount": target.account_id,
                "aws:RequestTag/kubernetes-namespace": namespace,
                "aws:RequestTag/kubernetes-service-account": service_account,
            }
        },
    )


def token_trust(provider_arn: pulumi.Input[str], namespace: str, service_account: str) -> pulumi.Output[str]:
    """Trust in whoever holds a token of one Kubernetes service account.

    Args:
        provider_arn: the account's trust in the cluster's tokens; its end is the issuer, which the conditions name.
        namespace: the account's namespace.
        service_account: the account.
    """

    def document(arn: str) -> pulumi.Input[str]:
        issuer = arn.partition(":oidc-provider/")[2]
        subject = f"system:serviceaccount:{namespace}:{service_account}"
        return policy_document(
            IamStatement(
                sid="Tokens",
                actions=("sts:AssumeRoleWithWebIdentity",),
                principals={"Federated": arn},
                conditions={"StringEquals": {f"{issuer}:aud": TOKEN_AUDIENCE, f"{issuer}:sub": subject}},
            )
        )

    return pulumi.Output.from_input(provider_arn).apply(document)


def sagemaker_trust(target: AwsTarget, *, pods: tuple[str, str] | None = None) -> pulumi.Input[str]:
    """Trust in SageMaker, on behalf of this account alone.

    Args:
        target: the account.
        pods: namespace and name of a service account whose pods act as the same identity. Omitted: none do.
    """
    service = IamStatement(
        sid="Service",
        actions=("sts:AssumeRole",),
        principals={"Service": ("sagemaker.amazonaws.com",)},
        conditions={"StringEquals": {"aws:SourceAccount": target.account_id}},
    )
    return policy_document(service, *((_pods(target, *pods),) if pods else ()))


def task_trust(target: AwsTarget) -> pulumi.Input[str]:
    """Trust in the containers of this account that ECS runs,
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"""
    return service_trust(
        "ecs-tasks.amazonaws.com",
        conditions={
            "ArnLike": {"aws:SourceArn": target.arn("ecs", "*")},
            "StringEquals": {"aws:SourceAccount": target.account_id},
        },
    )


def airflow_trust(target: AwsTarget) -> pulumi.Input[str]:
    """Trust in Amazon MWAA, on behalf of this account alone,
    https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html"""
    return service_trust(
        "airflow.amazonaws.com",
        "airflow-env.amazonaws.com",
        conditions={"StringEquals": {"aws:SourceAccount": target.account_id}},
    )


def people_trust(target: AwsTarget, role: Role) -> str:
    """Trust in the target's principals of one role.

    Raises:
        ValueError: the target names none.
    """
    if not (principals := target.people.get(role, ())):
        raise ValueError(f"an identity for {role} needs principals in the target's people")
    return principals_trust(target, principals)


def members_trust(target: AwsTarget, team: str) -> str:
    """Trust in the target's principals of one team, of which there is at least one."""
    return principals_trust(target, target.members[team])


def principals_trust(target: AwsTarget, principals: Sequence[str]) -> str:
    """Trust in principals that a target names, which is known before anything is made."""
    return str(policy_document(*_people(target, principals)))


def _people(target: AwsTarget, principals: Sequence[str]) -> Iterator[IamStatement]:
    saml = [principal for principal in principals if ":saml-provider/" in principal]
    iam = [principal for principal in principals if principal not in saml]
    if iam:
        yield IamStatement(sid="People", actions=("sts:AssumeRole",), principals={"AWS": iam})
    if saml:
        sign_in = "signin.amazonaws.cn" if target.partition == "aws-cn" else "signin.aws.amazon.com"
        yield IamStatement(
            sid="Saml",
            actions=("sts:AssumeRoleWithSAML",),
            principals={"Federated": saml},
            conditions={"StringEquals": {"SAML:aud": f"https://{sign_in}/saml"}},
        )
