"""Names of AWS clusters, registries, models and endpoints, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.aws_names import rule
from mlplatform.providers.rules.base import NameRule, Scope

_REF = "https://docs.aws.amazon.com/"
_SAGEMAKER = _REF + "sagemaker/latest/APIReference/"
_EKS = _REF + "eks/latest/APIReference/"
_ECR = _REF + "AmazonECR/latest/APIReference/API_CreateRepository.html"
_HYPHENS = r"[a-zA-Z0-9](-*[a-zA-Z0-9])*"
_HYPHEN_WORDS = "letters, digits and inner hyphens"


def _sagemaker(kind: str, prop: str, api: str, longest: int = 63, scope: Scope = "region") -> NameRule:
    token = f"aws:sagemaker/{kind[0].lower()}{kind[1:]}:{kind}"
    return NameRule(token, prop, _HYPHENS, 1, longest, scope, _SAGEMAKER + api, _HYPHEN_WORDS)


NAMES = (
    NameRule(
        "aws:eks/cluster:Cluster",
        "name",
        r"[0-9A-Za-z][A-Za-z0-9_-]*",
        1,
        100,
        "region",
        _EKS + "API_CreateCluster.html",
        "letters, digits, - and _, a letter or digit first",
    ),
    NameRule(
        "aws:eks/nodeGroup:NodeGroup",
        "nodeGroupName",
        r"[0-9A-Za-z][A-Za-z0-9_-]*",
        1,
        63,
        ("clusterName",),
        _EKS + "API_CreateNodegroup.html",
        "letters, digits, - and _, a letter or digit first",
    ),
    NameRule(
        "aws:ecr/repository:Repository",
        "name",
        r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
        2,
        256,
        "region",
        _ECR,
        "lower-case parts joined by . _ or -, / between path parts",
    ),
    rule(
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        "ecrRepositoryPrefix",
        r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
        30,
        "region",
        "AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html",
        "lower-case letters, digits and single . _ -",
        shortest=2,
    ),
    _sagemaker("Model", "name", "API_CreateModel.html"),
    _sagemaker("Endpoint", "name", "API_CreateEndpoint.html"),
    _sagemaker("EndpointConfiguration", "name", "API_CreateEndpointConfig.html"),
    _sagemaker("ModelPackageGroup", "modelPackageGroupName", "API_CreateModelPackageGroup.html"),
    _sagemaker("ModelCard", "modelCardName", "API_CreateModelCard.html"),
    _sagemaker("Domain", "domainName", "API_CreateDomain.html"),
    _sagemaker("MonitoringSchedule", "name", "API_CreateMonitoringSchedule.html"),
    _sagemaker("DataQualityJobDefinition", "name", "API_CreateDataQualityJobDefinition.html"),
    _sagemaker("Pipeline", "pipelineName", "API_CreatePipeline.html", 256),
    _sagemaker("MlflowTrackingServer", "trackingServerName", "API_CreateMlflowTrackingServer.html", 256),
    NameRule(
        "aws:sagemaker/featureGroup:FeatureGroup",
        "featureGroupName",
        r"[a-zA-Z0-9]([_-]*[a-zA-Z0-9])*",
        1,
        64,
        "region",
        _SAGEMAKER + "API_CreateFeatureGroup.html",
        "letters, digits and inner - _",
    ),
    rule(
        "aws:mwaa/environment:Environment",
        "name",
        r"[a-zA-Z][0-9a-zA-Z_-]*",
        80,
        "region",
        "mwaa/latest/API/API_CreateEnvironment.html",
        "letters, digits, - and _, a letter first",
    ),
)
