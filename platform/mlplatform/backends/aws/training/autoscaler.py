"""The identity of the cluster autoscaler, which the layer inside the cluster installs, or its users."""

from __future__ import annotations

from pulumi_aws import eks

from mlplatform.backends.aws.foundation.policy import IamStatement
from mlplatform.backends.aws.target import AwsTarget
from mlplatform.backends.aws.training.cluster_roles import make_pod_role
from mlplatform.backends.aws.training.parts import AwsCluster
from mlplatform.components.scope import Scope

_NAMESPACE = "kube-system"
_SERVICE_ACCOUNT = "cluster-autoscaler"
_LOOK = (
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeAutoScalingInstances",
    "autoscaling:DescribeLaunchConfigurations",
    "autoscaling:DescribeScalingActivities",
    "autoscaling:DescribeTags",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:GetInstanceTypesFromInstanceRequirements",
)
_SCALE = ("autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup")


def bind_autoscaler(scope: Scope, parts: AwsCluster) -> None:
    """Let the autoscaler see all groups, and scale only those of this cluster."""
    target = scope.target(AwsTarget)
    statements = (
        # none of these can be limited to a resource
        IamStatement(sid="Look", actions=_LOOK, resources="*"),
        IamStatement(
            sid="Nodes",
            actions=("eks:DescribeNodegroup",),
            resources=target.arn("eks", f"nodegroup/{parts.name}/*"),
        ),
        IamStatement(
            sid="Scale",
            actions=_SCALE,
            resources=target.arn("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
            # EKS tags the Auto Scaling groups of its node groups so
            conditions={"StringEquals": {f"aws:ResourceTag/k8s.io/cluster-autoscaler/{parts.name}": "owned"}},
        ),
    )
    role = make_pod_role(scope, "autoscaler", _NAMESPACE, _SERVICE_ACCOUNT, statements=statements)
    eks.PodIdentityAssociation(
        scope.child("autoscaler-identity"),
        cluster_name=parts.cluster.name,
        namespace=_NAMESPACE,
        service_account=_SERVICE_ACCOUNT,
        role_arn=role.role.arn,
        tags=scope.tags,
        opts=scope.opts(depends_on=[parts.agent, *role.rights], delete_before_replace=True),
    )
    if scope.spec.cluster is None:
        scope.note(
            "training",
            f"install the cluster autoscaler with the service account {_NAMESPACE}/{_SERVICE_ACCOUNT}, which has its "
            "role; pools then scale from zero",
        )
