"""Names of Azure clusters, registries, models and endpoints.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

from mlplatform.providers.rules.azure_names import name

_AKS = "https://learn.microsoft.com/azure/aks/quotas-skus-regions"
_AML = "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"
_HYPHEN_WORDS = "letters, digits and inner hyphens"
NAMES = (
    name("containerregistry:Registry", "registryName", 5, 50, r"[A-Za-z0-9]+", "letters and digits", "global"),
    name(
        "containerservice:ManagedCluster",
        "resourceName",
        1,
        63,
        r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?",
        "letters, digits, _ and -, a letter or digit at both ends",
    ),
    name(
        "containerservice:AgentPool",
        "agentPoolName",
        1,
        12,
        r"[a-z][a-z0-9]*",
        "lower-case letters and digits, a letter first",
        ("resourceGroupName", "resourceName"),
        _AKS,
    ),
    name(
        "machinelearningservices:Workspace",
        "workspaceName",
        3,
        33,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
    ),
    name(
        "machinelearningservices:Registry",
        "registryName",
        3,
        33,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
        "global",
    ),
    *(
        name(
            f"machinelearningservices:{kind}",
            "endpointName",
            3,
            32,
            r"[A-Za-z](-?[A-Za-z0-9])*",
            "letters, digits and single hyphens, a letter first",
            "region",
            _AML,
        )
        for kind in ("OnlineEndpoint", "BatchEndpoint")
    ),
    name(
        "machinelearningservices:OnlineDeployment",
        "deploymentName",
        3,
        32,
        r"[A-Za-z](-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, a letter first",
        ("resourceGroupName", "workspaceName", "endpointName"),
        _AML,
    ),
    name(
        "machinelearningservices:Compute",
        "computeName",
        2,
        24,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and inner hyphens, a letter first",
        ("resourceGroupName", "workspaceName"),
    ),
    *(
        name(
            f"app:{kind}",
            prop,
            2,
            32,
            r"[a-z]([a-z0-9-]*[a-z0-9])?(?<!--)",
            "lower-case letters, digits and inner hyphens, a letter first",
        )
        for kind, prop in (("ContainerApp", "containerAppName"), ("Job", "jobName"))
    ),
    name("app:ManagedEnvironment", "environmentName", 2, 60, r"[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?", _HYPHEN_WORDS),
    name(
        "storagecache:AmlFilesystem",
        "amlFilesystemName",
        2,
        80,
        r"[A-Za-z0-9][A-Za-z0-9_-]*[A-Za-z0-9]",
        "letters, digits and inner - _",
    ),
)
