"""Limits and documented values of Azure properties that the SDK types as plain strings and numbers."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_LEARN = "https://learn.microsoft.com/"
_AKS = _LEARN + "rest/api/aks/agent-pools/create-or-update"
_CLUSTERS = _LEARN + "rest/api/aks/managed-clusters/create-or-update"
_AML = _LEARN + "azure/machine-learning/how-to-manage-quotas"
_BLOBS = _LEARN + "azure/storage/blobs/"
_MONITOR = _LEARN + "azure/azure-monitor/"
_VAULT = _LEARN + "azure/key-vault/general/soft-delete-overview"
_POOL = "azure-native:containerservice:AgentPool"
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
_APP = "azure-native:app:ContainerApp"
_PROBES = "https://github.com/hashicorp/terraform-provider-azurerm/pull/31989"
_RULES = "azure-native:alertsmanagement:PrometheusRuleGroup"
_BLOB_SERVICE = "azure-native:storage:BlobServiceProperties"
_BUDGET = "azure-native:consumption:Budget"
_ALERT = "azure-native:monitor:MetricAlert"
_DURATION = r"P(T(\d+H)?(\d+M)?(\d+S)?|\d+D(T.+)?)"
_ID = r"/(subscriptions|providers)/.+"
_LUSTRE = "azure-native:storagecache:AmlFilesystem"
_LUSTRE_DOC = _LEARN + "azure/azure-managed-lustre/create-file-system-resource-manager"
_REDIS = _LEARN + "rest/api/redis/redisenterprisecache/"
VALUES = (
    ValueRule(
        "azure-native:authorization:RoleAssignment",
        "condition",
        _LEARN + "azure/azure-resource-manager/management/azure-subscription-service-limits",
        longest=8 * 1024,
    ),
    ValueRule(
        "azure-native:redisenterprise:AccessPolicyAssignment",
        "accessPolicyName",
        _REDIS + "access-policy-assignment/create-update",
        allowed=("default",),
    ),
    ValueRule(
        "azure-native:redisenterprise:Database", "databaseName", _REDIS + "databases/create", allowed=("default",)
    ),
    ValueRule(
        _LUSTRE,
        "sku.name",
        _LUSTRE_DOC,
        allowed=tuple(f"AMLFS-Durable-Premium-{throughput}" for throughput in (40, 125, 250, 500)),
    ),
    ValueRule(_LUSTRE, "zones", _LUSTRE_DOC, most=1),
    ValueRule(_LUSTRE, "maintenanceWindow.timeOfDayUTC", _LUSTRE_DOC, pattern=r"([01]\d|2[0-3]):[0-5]\d"),
    ValueRule(_POOL, "minCount", _AKS, low=0, high=1000),
    ValueRule(_POOL, "maxCount", _AKS, low=1, high=1000),
    ValueRule(_POOL, "count", _AKS, low=0, high=1000),
    ValueRule(_POOL, "maxPods", _AKS, low=10, high=250),
    ValueRule(_POOL, "osDiskSizeGB", _AKS, low=0, high=2048),
    ValueRule(_POOL, "nodeTaints[]", _AKS, pattern=r"[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)"),
    ValueRule(_POOL, "availabilityZones[]", _AKS, allowed=("1", "2", "3"), words="write '1', '2' or '3'"),
    ValueRule(_POOL, "vmSize", _AKS, pattern=r"Standard_[A-Za-z0-9_]+|Basic_[A-Za-z0-9_]+"),
    ValueRule(_CLUSTER, "agentPoolProfiles[].name", _AKS, pattern=r"[a-z][a-z0-9]{0,11}"),
    ValueRule(_CLUSTER, "agentPoolProfiles[].vmSize", _AKS, pattern=r"Standard_[A-Za-z0-9_]+"),
    ValueRule(_CLUSTER, "agentPoolProfiles[].maxPods", _AKS, low=10, high=250),
    ValueRule(_CLUSTER, "dnsPrefix", _CLUSTERS, pattern=r"[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?"),
    ValueRule(_CLUSTER, "nodeResourceGroup", _CLUSTERS, shortest=1, longest=80),
    ValueRule(_CLUSTER, "kubernetesVersion", _CLUSTERS, pattern=r"1\.\d{2}(\.\d+)?"),
    ValueRule(_CLUSTER, "networkProfile.podCidr", _CLUSTERS, pattern=r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"),
    ValueRule(_CLUSTER, "networkProfile.serviceCidr", _CLUSTERS, pattern=r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}"),
    *(
        ValueRule(_APP, f"template.containers[].probes[].{name}", _PROBES, low=1, high=high)
        for name, high in (("failureThreshold", 240), ("periodSeconds", 240), ("timeoutSeconds", 240))
    ),
    ValueRule(_DEPLOYMENT, "sku.capacity", _AML, low=1, high=50),
    ValueRule(
        _DEPLOYMENT, "properties.requestSettings.requestTimeout", _AML, pattern=r"PT(1[0-7]\d|180|\d{1,2})S|PT[0-3]M"
    ),
    ValueRule(_DEPLOYMENT, "properties.dataCollector.collections", _AML, most=10),
    ValueRule(_ENDPOINT, "properties.description", _AML, longest=256),
    ValueRule("azure-native:keyvault:Vault", "properties.softDeleteRetentionInDays", _VAULT, low=7, high=90),
    ValueRule(
        "azure-native:keyvault:Vault",
        "properties.enablePurgeProtection",
        _VAULT,
        allowed=(True,),
        words="write True or omit it: the service refuses False",
    ),
    ValueRule(
        "azure-native:keyvault:Vault",
        "properties.accessPolicies",
        _LEARN + "azure/key-vault/general/service-limits",
        most=1024,
    ),
    ValueRule(_BLOB_SERVICE, "deleteRetentionPolicy.days", _BLOBS + "soft-delete-blob-overview", low=1, high=365),
    ValueRule(
        _BLOB_SERVICE, "containerDeleteRetentionPolicy.days", _BLOBS + "soft-delete-container-overview", low=1, high=365
    ),
    ValueRule(_BLOB_SERVICE, "restorePolicy.days", _BLOBS + "point-in-time-restore-overview", low=1, high=364),
    ValueRule(_BLOB_SERVICE, "blobServicesName", _LEARN + "rest/api/storagerp/blob-services", allowed=("default",)),
    ValueRule(
        "azure-native:storage:ManagementPolicy",
        "managementPolicyName",
        _BLOBS + "lifecycle-management-overview",
        allowed=("default",),
    ),
    ValueRule(
        "azure-native:storage:ManagementPolicy",
        "policy.rules",
        _BLOBS + "lifecycle-management-overview",
        fewest=1,
        most=100,
    ),
    ValueRule(
        "azure-native:storage:ManagementPolicy",
        "policy.rules[].name",
        _BLOBS + "lifecycle-management-overview",
        pattern=r"[A-Za-z0-9_-]{1,256}",
    ),
    ValueRule(
        "azure-native:storage:BlobContainerImmutabilityPolicy",
        "immutabilityPeriodSinceCreationInDays",
        _BLOBS + "immutable-time-based-retention-policy-overview",
        low=1,
        high=146000,
    ),
    ValueRule(
        "azure-native:operationalinsights:Workspace",
        "retentionInDays",
        _MONITOR + "logs/data-retention-configure",
        low=-1,
        high=730,
    ),
    ValueRule(
        _CLUSTER,
        "apiServerAccessProfile.authorizedIPRanges",
        _LEARN + "azure/aks/api-server-authorized-ip-ranges",
        most=200,
    ),
    ValueRule("azure-native:monitor:ActionGroup", "emailReceivers", _MONITOR + "service-limits", most=1000),
    ValueRule("azure-native:monitor:ActionGroup", "logicAppReceivers", _MONITOR + "service-limits", most=10),
    ValueRule("azure-native:monitor:ActionGroup", "webhookReceivers", _MONITOR + "service-limits", most=10),
    ValueRule(
        "azure-native:monitor:ActionGroup", "groupShortName", _MONITOR + "alerts/action-groups", shortest=1, longest=12
    ),
    ValueRule(_ALERT, "severity", _MONITOR + "alerts/alerts-overview", low=0, high=4),
    ValueRule(_ALERT, "windowSize", _MONITOR + "alerts/", pattern=_DURATION),
    ValueRule(_ALERT, "evaluationFrequency", _MONITOR + "alerts/", pattern=_DURATION),
    ValueRule(
        "azure-native:monitor:ScheduledQueryRule",
        "criteria.allOf[].operator",
        _LEARN + "azure/templates/microsoft.insights/scheduledqueryrules",
        allowed=("Equals", "GreaterThan", "GreaterThanOrEqual", "GreaterOrLessThan", "LessThan", "LessThanOrEqual"),
    ),
    ValueRule(
        "azure-native:monitor:ScheduledQueryRule", "severity", _MONITOR + "alerts/alerts-overview", low=0, high=4
    ),
    ValueRule(_RULES, "interval", _MONITOR + "essentials/prometheus-rule-groups", pattern=r"PT([1-9]|1[0-5])M"),
    ValueRule(_RULES, "rules", _MONITOR + "service-limits", fewest=1, most=20),
    ValueRule(
        _RULES,
        "rules[].for",
        _MONITOR + "essentials/prometheus-rule-groups",
        pattern=_DURATION,
        words="write an ISO 8601 duration: PT5M, not 5m",
    ),
    ValueRule(_RULES, "rules[].severity", _MONITOR + "alerts/alerts-overview", low=0, high=4),
    ValueRule(
        "azure-native:managedidentity:FederatedIdentityCredential",
        "audiences",
        _LEARN + "entra/workload-id/workload-identity-federation",
        fewest=1,
        most=1,
    ),
    ValueRule(
        "azure-native:authorization:RoleAssignment",
        "roleDefinitionId",
        _LEARN + "azure/role-based-access-control/",
        pattern=_ID,
    ),
    ValueRule(
        "azure-native:authorization:RoleAssignment",
        "scope",
        _LEARN + "azure/role-based-access-control/",
        pattern=r"/?(subscriptions|providers)/.+|/",
    ),
    ValueRule(_BUDGET, "notifications", _LEARN + "rest/api/consumption/budgets", most=5),
    ValueRule(_BUDGET, "amount", _LEARN + "rest/api/consumption/budgets", low=0),
    ValueRule(
        _BUDGET,
        "timePeriod.startDate",
        _LEARN + "rest/api/consumption/budgets",
        pattern=r"\d{4}-\d{2}-01(T00:00:00(\.0+)?Z)?",
        words="start on the first day of a month",
    ),
    ValueRule(
        "azure-native:network:VirtualNetwork",
        "addressSpace.addressPrefixes[]",
        _LEARN + "azure/virtual-network/",
        pattern=r"[0-9a-fA-F.:]+/\d{1,3}",
    ),
    ValueRule(
        "azure-native:network:Subnet",
        "addressPrefix",
        _LEARN + "azure/virtual-network/",
        pattern=r"[0-9a-fA-F.:]+/\d{1,3}",
    ),
    ValueRule("azure-native:storage:BlobContainerLegalHold", "tags[]", _BLOBS, pattern=r"[A-Za-z0-9]{3,23}"),
    ValueRule("azure-native:machinelearningservices:Schedule", "properties.displayName", _AML, longest=256),
)
