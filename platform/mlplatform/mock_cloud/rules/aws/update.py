"""What AWS refuses to change, changes by itself, and replaces for a change."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.aws.tokens import CLUSTER, EKS, NODES, REF
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.update import (
    AutoscaledCount,
    BoundsRule,
    ControlPlaneRule,
    GrowingRule,
    PoolVersionRule,
    RecyclingRule,
)

GROWING = (
    GrowingRule(
        "aws:cloudcontrol/resource:Resource",
        "desiredState",
        "FeatureDefinitions",
        "FeatureName",
        # UpdateFeatureGroup has FeatureAdditions, and nothing that changes or removes a feature; the words are ours
        CloudError(
            "ValidationException",
            "Features can be added to the feature group only; {user} would be removed or changed.",
            REF + "sagemaker/latest/APIReference/API_UpdateFeatureGroup.html",
            "keep the feature in the spec, or give the group another name, which makes another one beside it",
        ),
    ),
)

AUTOSCALED = (
    AutoscaledCount(
        NODES,
        "scalingConfig.desiredSize",
        "scalingConfig.maxSize",
        REF + "eks/latest/userguide/managed-node-groups.html",
    ),
)

_COUNTS = EKS + "API_NodegroupScalingConfig.html"

BOUNDS = (
    BoundsRule(
        NODES,
        "scalingConfig.minSize",
        "scalingConfig.desiredSize",
        "scalingConfig.maxSize",
        CloudError(
            "InvalidParameterException",
            "Minimum capacity {id} can't be greater than desired size {user}",
            _COUNTS,
            "raise both with `aws eks update-nodegroup-config` first: an update leaves the number of nodes as it is",
        ),
        CloudError(
            "InvalidParameterException",
            "desiredSize {user} can't be greater than maxSize {id}",
            _COUNTS,
            "wait until fewer nodes run",
        ),
    ),
)

CONTROL_PLANES = (
    ControlPlaneRule(
        CLUSTER,
        "version",
        CloudError(
            "InvalidParameterException",
            "Unsupported Kubernetes minor version update from {id} to {user}",
            REF + "eks/latest/userguide/update-cluster.html",
            "a control plane is upgraded one minor version at a time: one `up` for each",
        ),
        CloudError(
            "InvalidParameterException",
            "Unsupported Kubernetes minor version update from {id} to {user}",
            REF + "eks/latest/userguide/update-cluster.html",
            "a control plane never goes back to an earlier version",
        ),
    ),
)

POOL_VERSIONS = (
    PoolVersionRule(
        NODES,
        "version",
        "clusterName",
        CLUSTER,
        CloudError(
            "InvalidParameterException",
            "Nodegroup Kubernetes version should be equal to or less than the cluster kubernetes version {id}, got "
            "{user}",
            EKS + "API_UpdateNodegroupVersion.html",
            "the control plane comes first: make the node group depend on the cluster's version",
        ),
    ),
)

RECYCLING = (
    RecyclingRule(
        NODES,
        ("launchTemplate.version", "version", "releaseVersion"),
        "its nodes",
        REF + "eks/latest/userguide/managed-node-update-behavior.html",
    ),
    RecyclingRule(
        "aws:sagemaker/endpoint:Endpoint",
        ("endpointConfigName",),
        "its instances",
        REF + "sagemaker/latest/APIReference/API_UpdateEndpoint.html",
    ),
)
