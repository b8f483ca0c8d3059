"""Clusters, nodes and registries."""

from __future__ import annotations

import json

from tests.checks.cases.case import around, case

EKS, GKE, AKS = (
    "aws:eks/cluster:Cluster",
    "gcp:container/cluster:Cluster",
    "azure-native:containerservice:ManagedCluster",
)
GPOOL, APOOL = "gcp:container/nodePool:NodePool", "azure-native:containerservice:AgentPool"
TEMPLATE, ECR, AR = (
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ecr/repository:Repository",
    "gcp:artifactregistry/repository:Repository",
)
IMDS = {"httpTokens": "required", "httpPutResponseHopLimit": 1}
BOOT = {"enableSecureBoot": True, "enableVTPM": True}
SHIELD = {"enableSecureBoot": True, "enableIntegrityMonitoring": True}
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
GKE_LOGS = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"]
SERVICE, ENDPOINT = "gcp:cloudrunv2/service:Service", "azure-native:machinelearningservices:OnlineEndpoint"
OWN = "run@p.iam.gserviceaccount.com"
DEFAULT = "123-compute@developer.gserviceaccount.com"
RBAC = {"enableInsecureBindingSystemAuthenticated": False, "enableInsecureBindingSystemUnauthenticated": False}


def _pool(**config: object):
    return {"nodeConfig": config}


def _pools(**profile: object):
    return {"agentPoolProfiles": [{"name": "system", **profile}]}


def _cni(values: object):
    return around(
        {}, ("aws:eks/addon:Addon", "clusterName", {"addonName": "vpc-cni", "configurationValues": json.dumps(values)})
    )


def _audit(category: str, enabled: bool):
    logs = [{"category": category, "enabled": enabled}]
    return around({}, ("azure-native:monitor:DiagnosticSetting", "resourceUri", {"logs": logs}))


_CLOSED = {"accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}}
_EKS_RIGHTS = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
_GCP_RIGHTS = "gcp:projects/iAMMember:IAMMember"
_AZURE_RIGHTS = "azure-native:authorization:RoleAssignment"
_AZURE_ROLES = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions"


def _eks_access(policy: str):
    return (_EKS_RIGHTS, "clusterName", {"policyArn": f"arn:aws:eks::aws:cluster-access-policy/{policy}"})


CASES = (
    # versions whose support ended long ago, or that are newer than the calendars: no day changes these
    case(
        "kubernetes-support",
        EKS,
        [{"version": "1.99"}, {}],
        [{"version": "1.25"}, {"version": "1.31", "upgradePolicy": {"supportType": "STANDARD"}}],
    ),
    case(
        "kubernetes-support",
        GKE,
        [{"minMasterVersion": "1.99"}, {}],
        [{"minMasterVersion": "1.25"}, {"minMasterVersion": "1.31", "releaseChannel": {"channel": "REGULAR"}}],
    ),
    case("kubernetes-support", AKS, [{"kubernetesVersion": "1.99"}, {}], [{"kubernetesVersion": "1.31.2"}]),
    case(
        "cluster-administrator",
        EKS,
        [
            {},
            {"accessConfig": {"authenticationMode": "API"}},
            around(_CLOSED, _eks_access("AmazonEKSViewPolicy"), _eks_access("AmazonEKSClusterAdminPolicy")),
        ],
        [_CLOSED, around(_CLOSED, _eks_access("AmazonEKSEditPolicy"))],
    ),
    case(
        "cluster-administrator",
        GKE,
        around({}, (_GCP_RIGHTS, "", {"role": "roles/container.admin"})),
        [{}, around({}, (_GCP_RIGHTS, "", {"role": "roles/container.clusterAdmin"}))],
    ),
    case(
        "cluster-administrator",
        AKS,
        [
            {},
            {"disableLocalAccounts": True, "aadProfile": {"adminGroupObjectIDs": ["g"]}},
            around(
                {"disableLocalAccounts": True},
                (
                    _AZURE_RIGHTS,
                    "scope",
                    {"roleDefinitionId": f"{_AZURE_ROLES}/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"},
                ),
            ),
        ],
        [
            {"disableLocalAccounts": True},
            around(
                {"disableLocalAccounts": True},
                (
                    _AZURE_RIGHTS,
                    "scope",
                    {"roleDefinitionId": f"{_AZURE_ROLES}/4abbcc35-e782-43d8-92c5-2d3f1bd2253f"},
                ),
            ),
        ],
    ),
    case(
        "node-metadata",
        TEMPLATE,
        [{"metadataOptions": IMDS}, {"metadataOptions": {"httpTokens": "required"}}],
        [
            {},
            {"metadataOptions": {"httpTokens": "optional"}},
            {"metadataOptions": {**IMDS, "httpPutResponseHopLimit": 2}},
        ],
    ),
    case("node-metadata", "aws:ec2/instance:Instance", {"metadataOptions": IMDS}, {}),
    case(
        "node-metadata",
        "aws:sagemaker/notebookInstance:NotebookInstance",
        {"instanceMetadataServiceConfiguration": {"minimumInstanceMetadataServiceVersion": "2"}},
        {},
    ),
    case(
        "node-metadata",
        GPOOL,
        _pool(workloadMetadataConfig={"mode": "GKE_METADATA"}),
        [{}, _pool(workloadMetadataConfig={"mode": "GCE_METADATA"})],
    ),
    case(
        "node-boot",
        GPOOL,
        [
            _pool(shieldedInstanceConfig=SHIELD),
            _pool(
                shieldedInstanceConfig={"enableIntegrityMonitoring": True},
                guestAccelerators=[{"type": "nvidia-l4", "count": 1}],
            ),
        ],
        [
            {},
            _pool(shieldedInstanceConfig={"enableIntegrityMonitoring": True}),
            _pool(guestAccelerators=[{"type": "nvidia-l4", "count": 1}]),
        ],
    ),
    case("node-boot", GKE, {}, {"enableShieldedNodes": False}),
    case(
        "node-boot", AKS, _pools(securityProfile=BOOT), [_pools(), _pools(securityProfile={"enableSecureBoot": True})]
    ),
    case(
        "node-boot",
        APOOL,
        {"securityProfile": BOOT, "vmSize": "Standard_D4ds_v5"},
        {"vmSize": "Standard_D4ds_v5"},
        {"vmSize": "Standard_NC4as_T4_v3"},
    ),
    case("node-updates", "aws:eks/nodeGroup:NodeGroup", {"nodeRepairConfig": {"enabled": True}}, {}),
    case(
        "node-updates",
        EKS,
        {"upgradePolicy": {"supportType": "STANDARD"}},
        [{}, {"upgradePolicy": {"supportType": "EXTENDED"}}],
    ),
    case(
        "node-updates",
        GPOOL,
        {"management": {"autoRepair": True, "autoUpgrade": True}},
        [{}, {"management": {"autoRepair": True}}],
        [_pool(flexStart=True), {"queuedProvisioning": {"enabled": True}}],
    ),
    case(
        "node-updates",
        GKE,
        {"releaseChannel": {"channel": "REGULAR"}},
        [
            {},
            {"releaseChannel": {"channel": "UNSPECIFIED"}},
            {"releaseChannel": {"channel": "REGULAR"}, "enableKubernetesAlpha": True},
        ],
    ),
    case(
        "node-updates",
        AKS,
        {"autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}},
        [{}, {"autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "None"}}],
    ),
    case("node-ssh", "aws:eks/nodeGroup:NodeGroup", {}, {"remoteAccess": {"ec2SshKey": "k"}}),
    case("node-ssh", TEMPLATE, {}, {"keyName": "k"}),
    case("node-ssh", "aws:ec2/instance:Instance", {}, {"keyName": "k"}),
    case(
        "node-ssh",
        APOOL,
        {"securityProfile": {"sshAccess": "Disabled"}},
        [{}, {"securityProfile": {"sshAccess": "LocalUser"}}],
    ),
    case("node-ssh", AKS, _pools(securityProfile={"sshAccess": "Disabled"}), _pools()),
    case("node-identity", GPOOL, _pool(serviceAccount=OWN), [{}, _pool(serviceAccount=DEFAULT)]),
    case(
        "node-identity", SERVICE, {"template": {"serviceAccount": OWN}}, [{}, {"template": {"serviceAccount": DEFAULT}}]
    ),
    case("node-identity", "gcp:workflows/workflow:Workflow", {"serviceAccount": OWN}, {}),
    case("node-identity", "gcp:eventarc/trigger:Trigger", {"serviceAccount": OWN}, {}),
    case("node-identity", ENDPOINT, {"identity": {"type": "UserAssigned"}}, [{}, {"identity": {"type": "None"}}]),
    case("node-identity", "azure-native:app:ContainerApp", {"identity": {"type": "SystemAssigned"}}, {}),
    case(
        "network-policy",
        EKS,
        [_cni({"enableNetworkPolicy": "true"}), _cni({"enableNetworkPolicy": True})],
        [{}, _cni({})],
    ),
    case("network-policy", GKE, [{"datapathProvider": "ADVANCED_DATAPATH"}, {"networkPolicy": {"enabled": True}}], {}),
    case(
        "network-policy",
        AKS,
        {"networkProfile": {"networkPolicy": "cilium"}},
        [{}, {"networkProfile": {"networkPolicy": "none"}}],
    ),
    case(
        "cluster-accounts",
        EKS,
        {"accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}},
        [
            {},
            {"accessConfig": {"authenticationMode": "API"}},
            {"accessConfig": {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": False}},
        ],
    ),
    case(
        "cluster-accounts",
        GKE,
        [{}, {"masterAuth": {"clientCertificateConfig": {"issueClientCertificate": False}}}],
        [{"masterAuth": {"clientCertificateConfig": {"issueClientCertificate": True}}}, {"enableLegacyAbac": True}],
    ),
    case(
        "cluster-accounts",
        AKS,
        {"disableLocalAccounts": True, "aadProfile": {"managed": True, "enableAzureRBAC": True}},
        [{}, {"disableLocalAccounts": True, "aadProfile": {"managed": True}}],
    ),
    case(
        "cluster-anonymous",
        GKE,
        {"anonymousAuthenticationConfig": {"mode": "LIMITED"}, "rbacBindingConfig": RBAC},
        [{}, {"anonymousAuthenticationConfig": {"mode": "ENABLED"}, "rbacBindingConfig": RBAC}],
    ),
    case(
        "cluster-anonymous",
        AKS,
        [{"apiServerAccessProfile": {"disableRunCommand": True}}, {"aadProfile": {"managed": True}}],
        {},
    ),
    case("cluster-audit-logs", EKS, {"enabledClusterLogTypes": LOGS}, [{}, {"enabledClusterLogTypes": ["api"]}]),
    case(
        "cluster-audit-logs",
        GKE,
        {"loggingConfig": {"enableComponents": GKE_LOGS}},
        [{}, {"loggingConfig": {"enableComponents": ["WORKLOADS"]}}],
    ),
    case(
        "cluster-audit-logs",
        AKS,
        _audit("kube-audit-admin", True),
        [{}, _audit("kube-audit", False), _audit("kube-apiserver", True)],
    ),
    case(
        "cluster-admission",
        GKE,
        {
            "binaryAuthorization": {"evaluationMode": "PROJECT_SINGLETON_POLICY_ENFORCE"},
            "securityPostureConfig": {"mode": "BASIC"},
        },
        [{}, {"binaryAuthorization": {"evaluationMode": "DISABLED"}, "securityPostureConfig": {"mode": "BASIC"}}],
    ),
    case(
        "cluster-admission",
        SERVICE,
        {"binaryAuthorization": {"useDefault": True}},
        {},
        {"binaryAuthorization": {"policy": "p"}},
    ),
    case(
        "cluster-admission",
        AKS,
        {"addonProfiles": {"azurepolicy": {"enabled": True}}},
        [{}, {"addonProfiles": {"azurepolicy": {"enabled": False}}}],
    ),
    case(
        "cluster-network",
        GKE,
        {"enableIntranodeVisibility": True},
        [{}, {"enableIntranodeVisibility": True, "networkingMode": "ROUTES"}],
    ),
    case(
        "node-image",
        GPOOL,
        _pool(imageType="COS_CONTAINERD", kubeletConfig={"insecureKubeletReadonlyPortEnabled": "FALSE"}),
        [
            {},
            _pool(imageType="UBUNTU_CONTAINERD", kubeletConfig={"insecureKubeletReadonlyPortEnabled": "FALSE"}),
            _pool(
                kubeletConfig={"insecureKubeletReadonlyPortEnabled": "FALSE"},
                metadata={"disable-legacy-endpoints": "false"},
            ),
        ],
    ),
    case("image-tags", ECR, {"imageTagMutability": "IMMUTABLE"}, [{}, {"imageTagMutability": "MUTABLE"}]),
    case(
        "image-tags",
        AR,
        {"format": "DOCKER", "dockerConfig": {"immutableTags": True}},
        {"format": "DOCKER"},
        [{"format": "GENERIC"}, {"format": "DOCKER", "mode": "REMOTE_REPOSITORY"}],
    ),
    case(
        "image-scan",
        ECR,
        [
            {"imageScanningConfiguration": {"scanOnPush": True}},
            around(
                {},
                ("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "", {"scanType": "ENHANCED"}),
            ),
        ],
        {},
    ),
    case(
        "image-scan",
        AR,
        {"format": "DOCKER"},
        {"format": "DOCKER", "vulnerabilityScanningConfig": {"enablementConfig": "DISABLED"}},
        {"format": "GENERIC"},
    ),
)
