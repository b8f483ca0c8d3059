"""What AWS refuses to delete, and what a deletion leaves."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.aws.tokens import (
    CLUSTER,
    EC2,
    EKS,
    ENDPOINT,
    LUSTRE,
    MODEL,
    NAT,
    NODES,
    REF,
    ROLE,
    SUBNET,
    ec2_error,
)
from mlplatform.mock_cloud.rules.deletion import InUseRule, LeftoverRule, guarded, refused_full
from mlplatform.mock_cloud.rules.error import CloudError

_S3 = REF + "AmazonS3/latest/API/ErrorResponses.html"
_IAM = REF + "IAM/latest/APIReference/"
_BUCKET = "aws:s3/bucket:Bucket"
_SG = "aws:ec2/securityGroup:SecurityGroup"
_VPC = "aws:ec2/vpc:Vpc"
_KEY = "aws:kms/key:Key"
_SECRET = "aws:secretsmanager/secret:Secret"
_DEPENDENCY = CloudError(
    "DependencyViolation",
    "The {words} '{id}' has dependencies and cannot be deleted. ({user})",
    EC2,
)


def _dependency(token: str, *by: str) -> InUseRule:
    return InUseRule(token, by, _DEPENDENCY)


_NOT_EMPTY = CloudError(
    "BucketNotEmpty",
    "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    _S3,
    "the bucket holds data: empty it, or keep it",
)

_ROLE_BUSY = CloudError(
    "DeleteConflict",
    "Cannot delete entity, must detach all policies first.",
    _IAM + "API_DeleteRole.html",
)


IN_USE = (
    _dependency(
        _VPC, SUBNET, _SG, ENDPOINT, "aws:ec2/internetGateway:InternetGateway", "aws:ec2/routeTable:RouteTable"
    ),
    _dependency(SUBNET, NODES, CLUSTER, NAT, ENDPOINT, MODEL, LUSTRE, "aws:amp/scraper:Scraper"),
    _dependency(
        _SG,
        CLUSTER,
        ENDPOINT,
        MODEL,
        LUSTRE,
        "aws:amp/scraper:Scraper",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule#referencedSecurityGroupId",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule#referencedSecurityGroupId",
    ),
    _dependency("aws:ec2/routeTable:RouteTable", "aws:ec2/routeTableAssociation:RouteTableAssociation"),
    InUseRule(
        "aws:ec2/eip:Eip",
        (NAT,),
        ec2_error("InvalidIPAddress.InUse", "Address {id} is in use."),
    ),
    InUseRule(
        "aws:ec2/placementGroup:PlacementGroup",
        (NODES,),
        ec2_error("InvalidPlacementGroup.InUse", "The placement group {id} is in use and may not be deleted."),
    ),
    InUseRule(
        CLUSTER,
        (NODES,),
        CloudError("ResourceInUseException", "Cluster has nodegroups attached", EKS + "API_DeleteCluster.html"),
    ),
    InUseRule(ROLE, ("aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), _ROLE_BUSY),
    InUseRule(
        "aws:cloudwatch/eventRule:EventRule",
        ("aws:cloudwatch/eventTarget:EventTarget",),
        CloudError(
            "ValidationException",
            "Rule can't be deleted since it has targets.",
            REF + "eventbridge/latest/APIReference/API_DeleteRule.html",
        ),
    ),
)

PROTECTED = (
    guarded(
        CLUSTER,
        CloudError(
            "InvalidRequestException",
            "Cluster {name} has deletion protection enabled and cannot be deleted",
            REF + "eks/latest/userguide/deletion-protection.html",
            "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy",
        ),
    ),
    guarded(
        "aws:dynamodb/table:Table",
        CloudError(
            "ValidationException",
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first.",
            REF + "amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html",
            "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy",
        ),
    ),
)

NON_EMPTY = (
    refused_full(_BUCKET, _NOT_EMPTY),
    refused_full(
        "aws:ecr/repository:Repository",
        CloudError(
            "RepositoryNotEmptyException",
            "The repository with name '{id}' cannot be deleted because it still contains images",
            REF + "AmazonECR/latest/APIReference/API_DeleteRepository.html",
            "the repository holds images: delete them, or keep it",
        ),
    ),
)

LEFTOVERS = (
    LeftoverRule(
        _KEY,
        DELETIONS[_KEY].days,
        "the key is deleted after 7 to 30 days; until then it is unusable and costs nothing",
    ),
    LeftoverRule(
        _SECRET,
        DELETIONS[_SECRET].days,
        "the secret is deleted after its recovery window",
        CloudError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
            REF + "secretsmanager/latest/apireference/API_CreateSecret.html",
            "restore it, delete it without a recovery window, or choose another name",
        ),
        days_in=DELETIONS[_SECRET].days_in,
    ),
)
