"""Settings that make something private reachable from outside."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.risk.guards.directions import Appears, Extra, Gone, Off, On, Ranked
from mlplatform.risk.guards.rows import Opening, Row, Setting

_OUTSIDE = "It can be reached from outside the network"
_PUBLIC_IP = "It gets a public address"
_NO_LOGIN = "It answers callers that do not log in"
_EVERYBODY = "Everybody can read it"
_KEYS = "It accepts keys and passwords beside identities"

_ECR_PUBLIC = "https://docs.aws.amazon.com/AmazonECR/latest/public/what-is-ecr.html"


def _is_unauthenticated(step: Step) -> bool:
    return step.inputs.get("authorizationType") == "NONE"


def _is_for_everybody(step: Step) -> bool:
    return step.inputs.get("principal") == "*" or step.inputs.get("group") == "all"


EXPOSURE: tuple[Row, ...] = (
    # flags of many types
    Setting(
        "*",
        "publicNetworkAccess publicNetworkAccessForIngestion publicNetworkAccessForQuery managedResourcesPublicNetworkAccess",
        On(("enabled",)),
        "high",
        _OUTSIDE,
        on_create=True,
    ),
    Setting(
        "*",
        "endpointPublicAccess publiclyAccessible isPubliclyAccessible publicEndpointEnabled publicDataEndpointEnabled"
        " publicConnectivity allowPublicAccess"
        " allowPublicAccessWhenBehindVnet enablePublicIp enableServicePublicIP dataPlanePublicEndpoint"
        " coordinatorEnablePublicIpAccess nodeEnablePublicIpAccess allowExternalTraffic isPublic",
        On(("true", "enabled")),
        "high",
        _OUTSIDE,
        on_create=True,
    ),
    Setting("*", "mapPublicIpOnLaunch associatePublicIpAddress assignPublicIp enableNodePublicIP enableNodePublicIPv6 enableNodePublicIp createPublicIp associateCarrierIpAddress assignIpv6AddressOnCreation", On(), "high", _PUBLIC_IP, on_create=True),
    Setting("*", "disallowPublicIpAddress enableNoPublicIp enableNoPublicIp.value", Off(), "high", _PUBLIC_IP),
    Setting("*", "blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets blockPublicSecurityGroupRules", Off(), "high", "Its guard against public access is off"),
    Setting("*", "allowBlobPublicAccess anonymousPullEnabled anonymousAuthEnabled invokerIamDisabled", On(), "high", _NO_LOGIN, on_create=True),
    Setting("*", "publicAccess", On(("blob", "container")), "high", _EVERYBODY, on_create=True),
    Setting("*", "publicAccess.type", On(("service_provided_eips",)), "high", _OUTSIDE),
    Setting("*", "publicAccessPrevention", On(("inherited", "unspecified")), "high", "It can be shared with everybody"),
    Setting("gcp:storage/bucket:Bucket", "/publicAccessPrevention", Off(("enforced",)), "high", "It can be shared with everybody"),
    Setting("*", "uniformBucketLevelAccess", Off(), "high", "Objects can be shared one by one, past the rights of the bucket"),
    Setting("aws:*", "acl cannedAcl", On(("public-read", "public-read-write", "authenticated-read", "aws-exec-read")), "critical", _EVERYBODY, on_create=True),
    Setting("gcp:*", "predefinedAcl", On(("publicread", "publicreadwrite", "authenticatedread")), "critical", _EVERYBODY, on_create=True),
    Setting("aws:s3/*", "objectOwnership", Off(("bucketownerenforced",)), "high", "Access lists count again: objects can be shared one by one"),
    Setting("*", "disableLocalAuth disableLocalAccounts", Off(), "high", _KEYS),
    Setting("*", "allowSharedKeyAccess isLocalUserEnabled isSftpEnabled adminUserEnabled allowCrossTenantReplication", On(), "high", _KEYS),
    Setting("*", "enableExternalIps enablePublicIps publicIpEnabled", On(), "high", _PUBLIC_IP, on_create=True),
    Setting("*", "enablePublicAccess openAccess", On(), "high", _OUTSIDE, on_create=True),
    Setting("*", "disablePublicIpAddresses", Off(), "high", _PUBLIC_IP),
    Setting("*", "publicAccessBlockConfiguration publicAccessBlock", Gone(), "high", "Its guard against public access is off"),
    Setting("aws:*", "allowUnauthenticatedIdentities", On(), "high", _NO_LOGIN, on_create=True),
    Setting("aws:*", "onUnauthenticatedRequest", On(("allow",)), "high", _NO_LOGIN),
    Setting("aws:ram/*", "allowExternalPrincipals", On(), "high", "It can be shared with other organisations", on_create=True),
    Setting("gcp:*", "disableAuth", On(), "high", _NO_LOGIN),
    # load balancers and entries
    Setting("aws:*", "/internal", Off(("true",)), "high", _OUTSIDE),
    Setting("aws:*", "/scheme", On(("internet-facing",)), "high", _OUTSIDE),
    Setting("gcp:*", "loadBalancingScheme", On(("external", "external_managed", "external_passthrough")), "high", _OUTSIDE),
    Setting("*", "ingress ingressSettings", On(("ingress_traffic_all", "allow_all", "all")), "high", _OUTSIDE, on_create=True),
    Setting("*", "ingress ingressSettings", Ranked(("ingress_traffic_all", "allow_all", "ingress_traffic_internal_load_balancer", "allow_internal_and_gclb", "ingress_traffic_internal_only", "allow_internal_only")), "medium", "It can be reached from more networks"),
    Setting("gcp:*", "annotations.run*ingress", On(("all",)), "high", _OUTSIDE),
    Setting("gcp:*", "defaultUriDisabled", Off(), "medium", "It has its public name again"),
    Setting("gcp:cloudrun*", "iapEnabled", Off(), "high", _NO_LOGIN),
    Setting("gcp:*", "iap.enabled", Off(), "high", _NO_LOGIN),
    Setting("gcp:*", "/iap", Gone(), "high", _NO_LOGIN),
    Setting("azure-native:*", "ingress.external", On(), "high", _OUTSIDE, on_create=True),
    Setting("azure-native:app:*", "vnetConfiguration.internal", Off(), "high", _OUTSIDE),
    Setting("kubernetes:*:Service", "spec.type", On(("loadbalancer", "nodeport")), "high", _OUTSIDE, on_create=True),
    Setting("kubernetes:*", "annotations.*load-balancer-scheme", On(("internet-facing",)), "high", _OUTSIDE),
    Setting("kubernetes:*", "annotations.*load-balancer-internal annotations.*load-balancer-type", Gone(), "high", _OUTSIDE),
    # GKE, EKS, AKS
    Setting("gcp:container/*", "enablePrivateEndpoint enablePrivateNodes", Off(), "high", _OUTSIDE),
    Setting("gcp:container/*", "privateClusterConfig masterAuthorizedNetworksConfig", Gone(), "high", _OUTSIDE),
    Setting("gcp:container/*", "gcpPublicCidrsAccessEnabled", On(), "high", "Machines of other customers of the cloud can reach it"),
    Setting("gcp:container/*", "privateEndpointEnforcementEnabled", Off(), "high", _OUTSIDE),
    Setting("gcp:container/*", "anonymousAuthenticationConfig.mode", Off(("limited",)), "high", _NO_LOGIN),
    Setting("azure-native:containerservice:*", "enablePrivateCluster", Off(), "high", _OUTSIDE),
    Setting("azure-native:containerservice:*", "enablePrivateClusterPublicFQDN", On(), "medium", "Its private name can be looked up from outside"),
    Setting("gcp:*", "accessConfigs ipv6AccessConfigs", Extra(), "high", _PUBLIC_IP, on_create=True),
    Setting("gcp:*", "/ipv4Enabled ipConfiguration.ipv4Enabled enablePublicIp", On(), "high", _PUBLIC_IP, on_create=True),
    Setting("gcp:*", "noExternalIp internalIpOnly disablePublicIp", Off(), "high", _PUBLIC_IP),
    Setting("gcp:dataproc/*", "internalIpOnly", Off(default="true"), "high", _PUBLIC_IP),
    Setting("azure-native:network:NetworkInterface", "publicIPAddress", Appears(), "high", _PUBLIC_IP, on_create=True),
    Setting("azure-native:network:Subnet azure-native:network:VirtualNetwork", "defaultOutboundAccess", On(), "medium", "Machines get addresses of the cloud for the way out"),
    # functions, APIs
    Setting("aws:*", "authorizationType functionUrlAuthType", On(("none",)), "high", _NO_LOGIN),
    Setting("aws:apigateway*", "apiKeyRequired", Off(), "high", _NO_LOGIN),
    Setting("aws:apigateway*", "authorizerId", Gone(), "high", _NO_LOGIN),
    Setting("aws:apigateway*", "endpointConfiguration.types", Extra(("regional", "edge")), "high", _OUTSIDE),
    Setting("aws:apigateway*", "disableExecuteApiEndpoint", Off(), "medium", "It has its public name again"),
    Opening("aws:lambda/functionUrl:FunctionUrl", "critical", _NO_LOGIN, where=_is_unauthenticated),
    Opening("aws:lambda/functionUrl:FunctionUrl", "high", _OUTSIDE),
    Opening("aws:lambda/permission:Permission aws:ecr/repositoryPolicy:* aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission aws:ec2/amiLaunchPermission:AmiLaunchPermission", "critical", _EVERYBODY, where=_is_for_everybody),
    Opening("aws:ecrpublic/repository:Repository", "high", "Everybody can pull its images", source=_ECR_PUBLIC),
    Opening("aws:s3/bucketWebsiteConfiguration*", "high", "The bucket answers as a web site"),
    Setting("azure-native:web:* azure-native:app:*", "requireAuthentication platform.enabled", Off(), "high", _NO_LOGIN),
    Setting("azure-native:web:* azure-native:app:*", "unauthenticatedClientAction", On(("allowanonymous",)), "high", _NO_LOGIN),
    Setting("azure-native:app:*", "globalValidation.excludedPaths excludedPaths", Extra(), "high", _NO_LOGIN),
    Setting("azure-native:app:*", "clientCertificateMode", Ranked(("ignore", "accept", "require"), default="ignore"), "high", _NO_LOGIN),
    Setting("azure-native:machinelearningservices:*", "authMode", Ranked(("key", "amltoken", "aadtoken")), "high", _KEYS),
    Setting("azure-native:apimanagement:*", "subscriptionRequired", Off(default="true"), "high", _NO_LOGIN),
    # notebooks
    Setting("aws:sagemaker/*", "directInternetAccess", On(("enabled",)), "high", "It reaches the internet past the network"),
    Setting("aws:sagemaker/*", "appNetworkAccessType", Off(("vpconly",)), "high", "It reaches the internet past the network"),
    Setting("gcp:workbench/*", "disablePublicIp disableProxyAccess", Off(), "high", _PUBLIC_IP),
    Setting("gcp:vertex/*", "/publicEndpointEnabled", On(), "high", _OUTSIDE),
    Setting("gcp:vertex/*", "/network /privateServiceConnectConfig privateServiceConnectConfig.enablePrivateServiceConnect", Gone(("", "false")), "high", _OUTSIDE),
    Setting("aws:sagemaker/workteam:Workteam aws:sagemaker/workforce:Workforce", "sourceIpConfig", Gone(), "medium", "It can be reached from any address"),
    # databases and caches
    Setting("gcp:redis/* gcp:memorystore/*", "authEnabled", Off(), "high", _NO_LOGIN),
    Setting("gcp:redis/* gcp:memorystore/*", "authorizationMode", Off(("auth_mode_iam_auth", "iam_auth")), "high", _NO_LOGIN),
    Setting("azure-native:redis:*", "disableAccessKeyAuthentication", Off(), "high", _KEYS),
    Setting("aws:elasticache/*", "/authToken /userGroupIds", Gone(), "high", _NO_LOGIN),
    Setting("aws:*", "iamDatabaseAuthenticationEnabled", Off(), "medium", _KEYS),
    Setting("aws:msk/*", "clientAuthentication.unauthenticated", On(), "high", _NO_LOGIN),
    Setting("aws:grafana/*", "networkAccessControl", Gone(), "medium", "It can be reached from any address"),
)  # fmt: skip
