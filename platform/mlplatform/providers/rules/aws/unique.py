"""AWS resources of which only one may exist."""

from __future__ import annotations

from mlplatform.providers.rules.base import UniqueRule

_REF = "https://docs.aws.amazon.com/"
_EKS = _REF + "eks/latest/APIReference/"
_ONE = "one per bucket"


def _per_bucket(kind: str) -> UniqueRule:
    token = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
    return UniqueRule(token, ("bucket",), _REF + "AmazonS3/latest/API/API_Operations.html", _ONE)


UNIQUE = (
    UniqueRule(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        ("url",),
        _REF + "IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html",
        "one provider per issuer in an account",
    ),
    UniqueRule(
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        (),
        _REF + "AmazonS3/latest/API/API_control_PutPublicAccessBlock.html",
        "one per account",
    ),
    _per_bucket("BucketPolicy"),
    _per_bucket("BucketVersioning"),
    _per_bucket("BucketLifecycleConfiguration"),
    _per_bucket("BucketPublicAccessBlock"),
    _per_bucket("BucketOwnershipControls"),
    _per_bucket("BucketServerSideEncryptionConfiguration"),
    _per_bucket("BucketObjectLockConfiguration"),
    _per_bucket("BucketLogging"),
    _per_bucket("BucketReplicationConfig"),
    _per_bucket("BucketNotification"),
    UniqueRule(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        ("clusterName", "namespace", "serviceAccount"),
        _EKS + "API_CreatePodIdentityAssociation.html",
        "one association per service account",
    ),
    UniqueRule(
        "aws:eks/accessEntry:AccessEntry",
        ("clusterName", "principalArn"),
        _EKS + "API_CreateAccessEntry.html",
        "one access entry per principal",
    ),
    UniqueRule(
        "aws:eks/addon:Addon", ("clusterName", "addonName"), _EKS + "API_CreateAddon.html", "one add-on per name"
    ),
    UniqueRule(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        ("repository",),
        _REF + "AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html",
        "one per repository",
    ),
    UniqueRule(
        "aws:appautoscaling/target:Target",
        ("resourceId", "scalableDimension", "serviceNamespace"),
        _REF + "autoscaling/application/APIReference/API_RegisterScalableTarget.html",
        "one scalable target per dimension",
    ),
    UniqueRule(
        "aws:sns/topicPolicy:TopicPolicy",
        ("arn",),
        _REF + "sns/latest/api/API_SetTopicAttributes.html",
        "one policy per topic",
    ),
)
