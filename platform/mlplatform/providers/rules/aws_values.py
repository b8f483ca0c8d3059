"""Limits and values that the SDK types as plain strings and numbers: AWS storage, keys, networks and machines."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://docs.aws.amazon.com/"
_KMS = _REF + "kms/latest/APIReference/"
_S3_API = _REF + "AmazonS3/latest/API/"
_EC2 = _REF + "AWSEC2/latest/APIReference/"
_VPC_SIZING = _REF + "vpc/latest/userguide/vpc-cidr-blocks.html"
_STORAGE_CLASSES = ("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR")
_KEY = "aws:kms/key:Key"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_CIDR = r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"
VALUES = (
    ValueRule(_KEY, "rotationPeriodInDays", _KMS + "API_EnableKeyRotation.html", low=90, high=2560),
    ValueRule(_KEY, "deletionWindowInDays", _KMS + "API_ScheduleKeyDeletion.html", low=7, high=30),
    ValueRule("aws:kms/replicaKey:ReplicaKey", "deletionWindowInDays", _KMS, low=7, high=30),
    ValueRule(_LIFECYCLE, "rules[].status", _S3_API + "API_LifecycleRule.html", allowed=("Enabled", "Disabled")),
    ValueRule(
        _LIFECYCLE, "rules[].transitions[].storageClass", _S3_API + "API_Transition.html", allowed=_STORAGE_CLASSES
    ),
    ValueRule(_LIFECYCLE, "rules[].id", _S3_API + "API_LifecycleRule.html", longest=255),
    ValueRule(_LIFECYCLE, "rules", _S3_API + "API_LifecycleRule.html", fewest=1, most=1000),
    ValueRule(
        "aws:s3/bucketVersioning:BucketVersioning",
        "versioningConfiguration.status",
        _S3_API + "API_PutBucketVersioning.html",
        allowed=("Enabled", "Suspended", "Disabled"),
    ),
    ValueRule(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "rule.objectOwnership",
        _S3_API + "API_OwnershipControlsRule.html",
        allowed=("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
    ),
    ValueRule(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "rule.defaultRetention.mode",
        _S3_API + "API_DefaultRetention.html",
        allowed=("COMPLIANCE", "GOVERNANCE"),
    ),
    ValueRule(
        "aws:s3/bucket:Bucket",
        "bucketNamespace",
        _REF + "AmazonS3/latest/userguide/bucketnamingrules.html",
        allowed=("global", "account-regional"),
    ),
    ValueRule(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules[].applyServerSideEncryptionByDefault.sseAlgorithm",
        _S3_API + "API_ServerSideEncryptionByDefault.html",
        allowed=("AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"),
    ),
    ValueRule("aws:ec2/vpc:Vpc", "cidrBlock", _VPC_SIZING, pattern=_CIDR),
    ValueRule("aws:ec2/subnet:Subnet", "cidrBlock", _REF + "vpc/latest/userguide/subnet-sizing.html", pattern=_CIDR),
    ValueRule(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "vpcEndpointType",
        _EC2 + "API_CreateVpcEndpoint.html",
        allowed=("Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
    ),
    ValueRule(_TEMPLATE, "metadataOptions.httpTokens", _EC2, allowed=("optional", "required")),
    ValueRule(_TEMPLATE, "metadataOptions.httpPutResponseHopLimit", _EC2, low=1, high=64),
    ValueRule(
        _TEMPLATE,
        "networkInterfaces[].interfaceType",
        _REF + "AWSEC2/latest/UserGuide/efa.html",
        allowed=("interface", "efa", "efa-only"),
    ),
    ValueRule(
        _TEMPLATE,
        "tagSpecifications[].resourceType",
        _EC2 + "API_LaunchTemplateTagSpecificationRequest.html",
        allowed=("instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"),
    ),
    ValueRule(
        "aws:ec2/placementGroup:PlacementGroup",
        "strategy",
        _REF + "AWSEC2/latest/UserGuide/placement-groups.html",
        allowed=("cluster", "partition", "spread"),
    ),
    ValueRule(
        "aws:ec2/flowLog:FlowLog",
        "trafficType",
        _REF + "vpc/latest/userguide/flow-logs.html",
        allowed=("ACCEPT", "REJECT", "ALL"),
    ),
)
