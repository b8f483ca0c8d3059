"""Limits and values that the SDK types as plain strings and numbers: AWS clusters, registries and endpoints."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://docs.aws.amazon.com/"
_EKS_NODES = _REF + "eks/latest/APIReference/API_Nodegroup.html"
_EKS_TAINT = _REF + "eks/latest/APIReference/API_Taint.html"
_EKS_CLUSTER = _REF + "eks/latest/APIReference/API_CreateCluster.html"
_SM = _REF + "sagemaker/latest/APIReference/"
_VARIANT = _SM + "API_ProductionVariant.html"
_AMI_TYPES = (
    "AL2_x86_64",
    "AL2_x86_64_GPU",
    "AL2_ARM_64",
    "CUSTOM",
    "BOTTLEROCKET_ARM_64",
    "BOTTLEROCKET_x86_64",
    "BOTTLEROCKET_ARM_64_FIPS",
    "BOTTLEROCKET_x86_64_FIPS",
    "BOTTLEROCKET_ARM_64_NVIDIA",
    "BOTTLEROCKET_x86_64_NVIDIA",
    "BOTTLEROCKET_ARM_64_NVIDIA_FIPS",
    "BOTTLEROCKET_x86_64_NVIDIA_FIPS",
    "WINDOWS_CORE_2019_x86_64",
    "WINDOWS_FULL_2019_x86_64",
    "WINDOWS_CORE_2022_x86_64",
    "WINDOWS_FULL_2022_x86_64",
    "WINDOWS_CORE_2025_x86_64",
    "WINDOWS_FULL_2025_x86_64",
    "AL2023_x86_64_STANDARD",
    "AL2023_ARM_64_STANDARD",
    "AL2023_x86_64_NEURON",
    "AL2023_x86_64_NVIDIA",
    "AL2023_ARM_64_NVIDIA",
)
_NODES = "aws:eks/nodeGroup:NodeGroup"
_CLUSTER = "aws:eks/cluster:Cluster"
_CONFIG = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
_ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
_VARIANT_NAME = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
_ML_TYPE = r"ml\.[a-z0-9-]+\.[a-z0-9-]+"
VALUES = (
    ValueRule(_NODES, "amiType", _EKS_NODES, allowed=_AMI_TYPES),
    ValueRule(_NODES, "capacityType", _EKS_NODES, allowed=("ON_DEMAND", "SPOT", "CAPACITY_BLOCK")),
    ValueRule(_NODES, "taints", _EKS_TAINT, most=50),
    ValueRule(_NODES, "taints[].key", _EKS_TAINT, shortest=1, longest=63),
    ValueRule(_NODES, "taints[].value", _EKS_TAINT, longest=63),
    ValueRule(_NODES, "taints[].effect", _EKS_TAINT, allowed=("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")),
    ValueRule(_NODES, "scalingConfig.minSize", _EKS_NODES, low=0),
    ValueRule(_NODES, "scalingConfig.maxSize", _EKS_NODES, low=1, words="write 1 or more, also to park a pool"),
    ValueRule(_NODES, "scalingConfig.desiredSize", _EKS_NODES, low=0),
    ValueRule(_NODES, "updateConfig.maxUnavailable", _EKS_NODES, low=1, high=100),
    ValueRule(_NODES, "instanceTypes", _EKS_NODES, most=20),
    ValueRule(_CLUSTER, "version", _EKS_CLUSTER, pattern=r"1\.\d{2}", words="write it as '1.33'"),
    ValueRule(
        _CLUSTER,
        "enabledClusterLogTypes",
        _EKS_CLUSTER,
        most=5,
        words="api, audit, authenticator, controllerManager and scheduler",
    ),
    ValueRule(
        _CLUSTER, "accessConfig.authenticationMode", _EKS_CLUSTER, allowed=("API", "API_AND_CONFIG_MAP", "CONFIG_MAP")
    ),
    ValueRule(_CLUSTER, "upgradePolicy.supportType", _EKS_CLUSTER, allowed=("STANDARD", "EXTENDED")),
    ValueRule(_CLUSTER, "vpcConfig.subnetIds", _EKS_CLUSTER, fewest=2, words="subnets of two zones at least"),
    ValueRule(_CLUSTER, "encryptionConfig.resources", _EKS_CLUSTER, most=1),
    ValueRule(_CONFIG, "productionVariants", _SM + "API_CreateEndpointConfig.html", fewest=1, most=10),
    ValueRule(_CONFIG, "shadowProductionVariants", _SM + "API_CreateEndpointConfig.html", most=10),
    ValueRule(_CONFIG, "productionVariants[].instanceType", _VARIANT, pattern=_ML_TYPE),
    ValueRule(_CONFIG, "productionVariants[].variantName", _VARIANT, pattern=_VARIANT_NAME),
    ValueRule(_CONFIG, "productionVariants[].initialInstanceCount", _VARIANT, low=1),
    ValueRule(_CONFIG, "productionVariants[].initialVariantWeight", _VARIANT, low=0),
    ValueRule(
        _CONFIG,
        "productionVariants[].serverlessConfig.memorySizeInMb",
        _SM + "API_ProductionVariantServerlessConfig.html",
        allowed=(1024, 2048, 3072, 4096, 5120, 6144),
    ),
    ValueRule(_CONFIG, "productionVariants[].serverlessConfig.maxConcurrency", _VARIANT, low=1, high=200),
    ValueRule(_CONFIG, "productionVariants[].containerStartupHealthCheckTimeoutInSeconds", _VARIANT, low=60, high=3600),
    ValueRule(_CONFIG, "productionVariants[].modelDataDownloadTimeoutInSeconds", _VARIANT, low=60, high=3600),
    ValueRule(
        _CONFIG, "dataCaptureConfig.initialSamplingPercentage", _SM + "API_DataCaptureConfig.html", low=0, high=100
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.type",
        _SM + "API_TrafficRoutingConfig.html",
        allowed=("ALL_AT_ONCE", "CANARY", "LINEAR"),
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.autoRollbackConfiguration.alarms",
        _SM + "API_AutoRollbackConfig.html",
        fewest=1,
        most=10,
    ),
    ValueRule(
        _ENDPOINT,
        "deploymentConfig.blueGreenUpdatePolicy.trafficRoutingConfiguration.waitIntervalInSeconds",
        _SM + "API_TrafficRoutingConfig.html",
        low=0,
        high=3600,
    ),
    ValueRule("aws:sagemaker/model:Model", "primaryContainer.environment", _SM, most=100),
    ValueRule(
        "aws:ecr/repository:Repository",
        "imageTagMutability",
        _REF + "AmazonECR/latest/APIReference/API_CreateRepository.html",
        allowed=("MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
    ),
    ValueRule(
        "aws:ecr/repository:Repository",
        "encryptionConfigurations[].encryptionType",
        _REF + "AmazonECR/latest/APIReference/API_EncryptionConfiguration.html",
        allowed=("AES256", "KMS", "KMS_DSSE"),
    ),
    ValueRule("aws:sagemaker/pipeline:Pipeline", "pipelineDefinition", _SM, longest=1048576, document="json"),
)
