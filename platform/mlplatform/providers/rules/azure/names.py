"""Names of Azure resources.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, NameScope

_NAMES = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
_RBAC = "https://learn.microsoft.com/azure/role-based-access-control/role-assignments-rest"
_FIC = "https://learn.microsoft.com/graph/api/resources/federatedidentitycredentials-overview"
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_NETWORK = r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_NETWORK_WORDS = "letters, digits and _ . -, a letter or digit first, no . or - last"
_GROUP: NameScope = ("resourceGroupName",)
_AKS = "https://learn.microsoft.com/azure/aks/quotas-skus-regions"
_AML = "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"
_HYPHEN_WORDS = "letters, digits and inner hyphens"
_ALNUM_HYPHEN = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"


def _rule(
    type_: str,
    prop: str,
    shortest: int,
    longest: int,
    pattern: str,
    words: str,
    scope: NameScope = _GROUP,
    source: str = _NAMES,
) -> NameRule:
    """A rule for a type without `azure-native:`; Azure tells no case apart."""
    token = f"azure-native:{type_}"
    return NameRule(token, prop, pattern, shortest, longest, scope, source, words, folded=True)


def _network(kind: str, prop: str, shortest: int = 1, longest: int = 80, scope: NameScope = _GROUP) -> NameRule:
    return _rule(f"network:{kind}", prop, shortest, longest, _NETWORK, _NETWORK_WORDS, scope)


def _alerts(kind: str, prop: str) -> NameRule:
    return _rule(f"monitor:{kind}", prop, 1, 260, r"[^*#&+:<>?@%{}\\/|]*[^*#&+:<>?@%{}\\/|. ]", "no *#&+:<>?@%{}\\/|")


_REDIS = "https://learn.microsoft.com/rest/api/redis/redisenterprisecache/access-policy-assignment/create-update"

NAMES = (
    # storage, keys, identities, networks and machines
    _rule(
        "resources:ResourceGroup",
        "resourceGroupName",
        1,
        90,
        r"[\w().-]*[\w()-]",
        "letters, digits and _ ( ) . -, no dot last",
        "account",
    ),
    _rule("storage:StorageAccount", "accountName", 3, 24, r"[a-z0-9]+", "lower-case letters and digits", "global"),
    _rule(
        "storage:BlobContainer",
        "containerName",
        3,
        63,
        r"\$root|\$web|\$logs|[a-z0-9](-?[a-z0-9])+",
        "lower-case letters, digits and single hyphens",
        ("resourceGroupName", "accountName"),
    ),
    _rule(
        "keyvault:Vault",
        "vaultName",
        3,
        24,
        r"[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and single hyphens, a letter first",
        "global",
    ),
    *(
        _rule(
            f"keyvault:{kind}",
            prop,
            1,
            127,
            r"[A-Za-z0-9-]+",
            "letters, digits and hyphens",
            ("resourceGroupName", "vaultName"),
        )
        for kind, prop in (("Key", "keyName"), ("Secret", "secretName"))
    ),
    _rule(
        "managedidentity:UserAssignedIdentity",
        "resourceName",
        3,
        128,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
    ),
    _rule(
        "managedidentity:FederatedIdentityCredential",
        "federatedIdentityCredentialResourceName",
        3,
        120,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
        ("resourceGroupName", "resourceName"),
        _FIC,
    ),
    _rule("authorization:RoleAssignment", "roleAssignmentName", 36, 36, _GUID, "a GUID", ("scope",), _RBAC),
    _rule("authorization:RoleDefinition", "roleDefinitionId", 36, 36, _GUID, "a GUID", ("scope",), _RBAC),
    _network("VirtualNetwork", "virtualNetworkName", 2, 64),
    _network("Subnet", "subnetName", scope=("resourceGroupName", "virtualNetworkName")),
    _network("NetworkSecurityGroup", "networkSecurityGroupName"),
    _network("PublicIPAddress", "publicIpAddressName"),
    _network("NatGateway", "natGatewayName"),
    _network("RouteTable", "routeTableName"),
    _network("PrivateEndpoint", "privateEndpointName", 2, 64),
    _network("PrivateDnsZoneGroup", "privateDnsZoneGroupName", scope=("resourceGroupName", "privateEndpointName")),
    _network("FlowLog", "flowLogName", scope=("resourceGroupName", "networkWatcherName")),
    _rule(
        "privatedns:PrivateZone",
        "privateZoneName",
        1,
        253,
        r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})+",
        "labels joined by dots, two at least",
    ),
    _rule(
        "privatedns:VirtualNetworkLink",
        "virtualNetworkLinkName",
        1,
        80,
        _NETWORK,
        _NETWORK_WORDS,
        ("resourceGroupName", "privateZoneName"),
    ),
    _rule("compute:DiskEncryptionSet", "diskEncryptionSetName", 1, 80, r"[A-Za-z0-9_.-]+", "letters, digits and _ . -"),
    # clusters, registries, models and endpoints
    _rule(
        "storage:Queue",
        "queueName",
        3,
        63,
        r"[a-z0-9](-?[a-z0-9])*",
        "lower-case letters, digits and single inner hyphens",
        ("resourceGroupName", "accountName"),
    ),
    _rule("eventgrid:SystemTopic", "systemTopicName", 3, 50, r"[A-Za-z0-9-]+", "letters, digits and hyphens"),
    _rule(
        "eventgrid:SystemTopicEventSubscription",
        "eventSubscriptionName",
        3,
        64,
        r"[A-Za-z0-9-]+",
        "letters, digits and hyphens",
        ("resourceGroupName", "systemTopicName"),
    ),
    _rule(
        "app:Job",
        "jobName",
        2,
        32,
        r"[a-z](-?[a-z0-9])*",
        "lower-case letters, digits and single inner hyphens, a letter first",
    ),
    _rule("containerregistry:Registry", "registryName", 5, 50, r"[A-Za-z0-9]+", "letters and digits", "global"),
    _rule(
        "containerservice:ManagedCluster",
        "resourceName",
        1,
        63,
        r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?",
        "letters, digits, _ and -, a letter or digit at both ends",
    ),
    _rule(
        "containerservice:AgentPool",
        "agentPoolName",
        1,
        12,
        r"[a-z][a-z0-9]*",
        "lower-case letters and digits, a letter first",
        ("resourceGroupName", "resourceName"),
        _AKS,
    ),
    _rule(
        "machinelearningservices:Workspace",
        "workspaceName",
        3,
        33,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
    ),
    _rule(
        "machinelearningservices:Registry",
        "registryName",
        3,
        33,
        r"[A-Za-z0-9][A-Za-z0-9_-]*",
        "letters, digits, - and _",
        "global",
    ),
    *(
        _rule(
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
    _rule(
        "machinelearningservices:OnlineDeployment",
        "deploymentName",
        3,
        32,
        r"[A-Za-z](-?[A-Za-z0-9])*",
        "letters, digits and single hyphens, a letter first",
        ("resourceGroupName", "workspaceName", "endpointName"),
        _AML,
    ),
    _rule(
        "machinelearningservices:Compute",
        "computeName",
        2,
        24,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and inner hyphens, a letter first",
        ("resourceGroupName", "workspaceName"),
    ),
    *(
        _rule(
            f"app:{kind}",
            prop,
            2,
            32,
            r"[a-z]([a-z0-9-]*[a-z0-9])?(?<!--)",
            "lower-case letters, digits and inner hyphens, a letter first",
        )
        for kind, prop in (("ContainerApp", "containerAppName"), ("Job", "jobName"))
    ),
    _rule("app:ManagedEnvironment", "environmentName", 2, 60, r"[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?", _HYPHEN_WORDS),
    _rule(
        "storagecache:AmlFilesystem",
        "amlFilesystemName",
        2,
        80,
        r"[A-Za-z0-9][A-Za-z0-9_-]*[A-Za-z0-9]",
        "letters, digits and inner - _",
    ),
    # logs, alerts, events, dashboards and budgets
    _rule("operationalinsights:Workspace", "workspaceName", 4, 63, _ALNUM_HYPHEN, _HYPHEN_WORDS),
    _rule(
        "applicationinsights:Component",
        "resourceName",
        1,
        260,
        r"[^%&\\?/]*[^%&\\?/. ]",
        "no % & \\ ? /, no space or dot last",
    ),
    _rule("monitor:AzureMonitorWorkspace", "azureMonitorWorkspaceName", 3, 44, _ALNUM_HYPHEN, _HYPHEN_WORDS),
    _rule(
        "monitor:DataCollectionRule",
        "dataCollectionRuleName",
        1,
        64,
        r"[A-Za-z0-9][\w.-]*",
        "letters, digits and _ . -",
    ),
    _rule(
        "monitor:DataCollectionEndpoint",
        "dataCollectionEndpointName",
        3,
        44,
        r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]",
        _HYPHEN_WORDS,
    ),
    _alerts("ActionGroup", "actionGroupName"),
    _alerts("MetricAlert", "ruleName"),
    _alerts("ScheduledQueryRule", "ruleName"),
    _alerts("ActivityLogAlert", "activityLogAlertName"),
    _rule(
        "monitor:AutoscaleSetting", "autoscaleSettingName", 1, 260, r"[^<>%&#.,?/:\\ ]+", "no <>%&#.,?/:\\ and spaces"
    ),
    _rule("monitor:DiagnosticSetting", "name", 1, 260, r"[^<>*%&:\\?+/]+", "no <>*%&:\\?+/", ("resourceUri",)),
    _rule(
        "dashboard:Grafana",
        "workspaceName",
        2,
        23,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
        "letters, digits and inner hyphens, a letter first",
        "global",
    ),
    _rule("alertsmanagement:PrometheusRuleGroup", "ruleGroupName", 1, 260, r"[^:@/#{}%&+*<>?]+", "no :@/#{}%&+*<>?"),
    _rule(
        "servicebus:Namespace",
        "namespaceName",
        6,
        50,
        r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9](?<!-sb)(?<!-mgmt)",
        "letters, digits and inner hyphens, a letter first, no -sb or -mgmt last",
        "global",
    ),
    _rule("eventgrid:SystemTopic", "systemTopicName", 3, 50, r"[A-Za-z0-9-]+", "letters, digits and hyphens"),
    _rule("logic:Workflow", "workflowName", 1, 43, r"[A-Za-z0-9_().-]+", "letters, digits and - ( ) _ ."),
    _rule("consumption:Budget", "budgetName", 1, 63, r"[A-Za-z0-9_-]+", "letters, digits, - and _", ("scope",)),
    _rule(
        "redisenterprise:RedisEnterprise",
        "clusterName",
        1,
        60,
        r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*",
        "letters, digits and single inner hyphens",
        "region",
        _REDIS,
    ),
    _rule(
        "redisenterprise:AccessPolicyAssignment",
        "accessPolicyAssignmentName",
        1,
        60,
        r"[A-Za-z0-9]+",
        "letters and digits",
        ("clusterName", "databaseName"),
        _REDIS,
    ),
)
