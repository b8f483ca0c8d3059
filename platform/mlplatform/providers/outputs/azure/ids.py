"""Ids, types and names of Azure resources.

Source: https://learn.microsoft.com/azure/templates/ (one page per resource type). The SDK names the
properties that fill the braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from mlplatform.providers.outputs.subject import OutputSubject

_STORAGE = "Microsoft.Storage/storageAccounts/{accountName}"
_BLOBS = _STORAGE + "/blobServices/default"
_NETWORK = "Microsoft.Network/"
_AML = "Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_AKS = "Microsoft.ContainerService/managedClusters/{resourceName}"
_ACR = "Microsoft.ContainerRegistry/registries/{registryName}"
_UAI = "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
_BUS = "Microsoft.ServiceBus/namespaces/{namespaceName}"
_TOPIC = "Microsoft.EventGrid/systemTopics/{systemTopicName}"
_GROUP = "Microsoft.Compute/capacityReservationGroups/{capacityReservationGroupName}"
_INSIGHTS = "Microsoft.Insights/"

_TEMPLATES: Mapping[str, str] = {
    "storage:StorageAccount": _STORAGE,
    "storage:BlobContainer": _BLOBS + "/containers/{containerName}",
    "storage:BlobServiceProperties": _BLOBS,
    "storage:BlobContainerImmutabilityPolicy": (_BLOBS + "/containers/{containerName}/immutabilityPolicies/default"),
    "storage:ManagementPolicy": _STORAGE + "/managementPolicies/default",
    "storage:ObjectReplicationPolicy": _STORAGE + "/objectReplicationPolicies/{objectReplicationPolicyId}",
    "storage:EncryptionScope": _STORAGE + "/encryptionScopes/{encryptionScopeName}",
    "storage:Queue": _STORAGE + "/queueServices/default/queues/{queueName}",
    "storage:QueueServiceProperties": _STORAGE + "/queueServices/default",
    "storage:FileServiceProperties": _STORAGE + "/fileServices/default",
    "storage:TableServiceProperties": _STORAGE + "/tableServices/default",
    "storage:FileShare": _STORAGE + "/fileServices/default/shares/{shareName}",
    "network:VirtualNetwork": _NETWORK + "virtualNetworks/{virtualNetworkName}",
    "network:Subnet": _NETWORK + "virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
    "network:NetworkSecurityGroup": _NETWORK + "networkSecurityGroups/{networkSecurityGroupName}",
    "network:SecurityRule": (
        _NETWORK + "networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}"
    ),
    "network:PublicIPAddress": _NETWORK + "publicIPAddresses/{publicIpAddressName}",
    "network:NatGateway": _NETWORK + "natGateways/{natGatewayName}",
    "network:RouteTable": _NETWORK + "routeTables/{routeTableName}",
    "network:PrivateEndpoint": _NETWORK + "privateEndpoints/{privateEndpointName}",
    "network:PrivateDnsZoneGroup": (
        _NETWORK + "privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}"
    ),
    "network:FlowLog": _NETWORK + "networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}",
    "privatedns:PrivateZone": _NETWORK + "privateDnsZones/{privateZoneName}",
    "privatedns:VirtualNetworkLink": (
        _NETWORK + "privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}"
    ),
    "privatedns:PrivateRecordSet": _NETWORK + "privateDnsZones/{privateZoneName}/{recordType}/{relativeRecordSetName}",
    "containerservice:ManagedCluster": _AKS,
    "containerservice:AgentPool": _AKS + "/agentPools/{agentPoolName}",
    "containerservice:MaintenanceConfiguration": _AKS + "/maintenanceConfigurations/{configName}",
    "containerservice:TrustedAccessRoleBinding": (_AKS + "/trustedAccessRoleBindings/{trustedAccessRoleBindingName}"),
    "containerregistry:Registry": _ACR,
    "containerregistry:Replication": _ACR + "/replications/{replicationName}",
    "containerregistry:CacheRule": _ACR + "/cacheRules/{cacheRuleName}",
    "containerregistry:Task": _ACR + "/tasks/{taskName}",
    "containerregistry:CredentialSet": _ACR + "/credentialSets/{credentialSetName}",
    "machinelearningservices:Workspace": _AML,
    "machinelearningservices:OnlineEndpoint": _AML + "/onlineEndpoints/{endpointName}",
    "machinelearningservices:OnlineDeployment": (_AML + "/onlineEndpoints/{endpointName}/deployments/{deploymentName}"),
    "machinelearningservices:BatchEndpoint": _AML + "/batchEndpoints/{endpointName}",
    "machinelearningservices:ModelContainer": _AML + "/models/{name}",
    "machinelearningservices:ModelVersion": _AML + "/models/{name}/versions/{version}",
    "machinelearningservices:EnvironmentContainer": _AML + "/environments/{name}",
    "machinelearningservices:EnvironmentVersion": _AML + "/environments/{name}/versions/{version}",
    "machinelearningservices:DataContainer": _AML + "/data/{name}",
    "machinelearningservices:DataVersion": _AML + "/data/{name}/versions/{version}",
    "machinelearningservices:Datastore": _AML + "/datastores/{name}",
    "machinelearningservices:Compute": _AML + "/computes/{computeName}",
    "machinelearningservices:Schedule": _AML + "/schedules/{name}",
    "machinelearningservices:Registry": "Microsoft.MachineLearningServices/registries/{registryName}",
    "keyvault:Vault": "Microsoft.KeyVault/vaults/{vaultName}",
    "keyvault:Key": "Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}",
    "keyvault:Secret": "Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
    "managedidentity:UserAssignedIdentity": _UAI,
    "managedidentity:FederatedIdentityCredential": (
        _UAI + "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"
    ),
    "authorization:RoleAssignment": "Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    "authorization:RoleDefinition": "Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
    "authorization:ManagementLockByScope": "Microsoft.Authorization/locks/{lockName}",
    "authorization:PolicyAssignment": "Microsoft.Authorization/policyAssignments/{policyAssignmentName}",
    "monitor:ActionGroup": _INSIGHTS + "actionGroups/{actionGroupName}",
    "monitor:MetricAlert": _INSIGHTS + "metricAlerts/{ruleName}",
    "monitor:ScheduledQueryRule": _INSIGHTS + "scheduledQueryRules/{ruleName}",
    "monitor:ActivityLogAlert": _INSIGHTS + "activityLogAlerts/{activityLogAlertName}",
    "monitor:AutoscaleSetting": _INSIGHTS + "autoscaleSettings/{autoscaleSettingName}",
    "monitor:DiagnosticSetting": _INSIGHTS + "diagnosticSettings/{name}",
    "monitor:DataCollectionRule": _INSIGHTS + "dataCollectionRules/{dataCollectionRuleName}",
    "monitor:DataCollectionEndpoint": _INSIGHTS + "dataCollectionEndpoints/{dataCollectionEndpointName}",
    "monitor:DataCollectionRuleAssociation": (_INSIGHTS + "dataCollectionRuleAssociations/{associationName}"),
    "monitor:AzureMonitorWorkspace": "Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}",
    "applicationinsights:Component": _INSIGHTS + "components/{resourceName}",
    "applicationinsights:Workbook": _INSIGHTS + "workbooks/{resourceName}",
    "alertsmanagement:PrometheusRuleGroup": ("Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}"),
    "alertsmanagement:AlertProcessingRuleByName": ("Microsoft.AlertsManagement/actionRules/{alertProcessingRuleName}"),
    "dashboard:Grafana": "Microsoft.Dashboard/grafana/{workspaceName}",
    "dashboard:Dashboard": "Microsoft.Dashboard/dashboards/{dashboardName}",
    "portal:Dashboard": "Microsoft.Portal/dashboards/{dashboardName}",
    "operationalinsights:Workspace": "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    "consumption:Budget": "Microsoft.Consumption/budgets/{budgetName}",
    "resources:Deployment": "Microsoft.Resources/deployments/{deploymentName}",
    "app:ManagedEnvironment": "Microsoft.App/managedEnvironments/{environmentName}",
    "app:ContainerApp": "Microsoft.App/containerApps/{containerAppName}",
    "app:ContainerAppsAuthConfig": "Microsoft.App/containerApps/{containerAppName}/authConfigs/{authConfigName}",
    "app:Job": "Microsoft.App/jobs/{jobName}",
    "logic:Workflow": "Microsoft.Logic/workflows/{workflowName}",
    "compute:DiskEncryptionSet": "Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}",
    "compute:CapacityReservationGroup": _GROUP,
    "compute:CapacityReservation": _GROUP + "/capacityReservations/{capacityReservationName}",
    "compute:ProximityPlacementGroup": ("Microsoft.Compute/proximityPlacementGroups/{proximityPlacementGroupName}"),
    "eventgrid:SystemTopic": _TOPIC,
    "eventgrid:SystemTopicEventSubscription": _TOPIC + "/eventSubscriptions/{eventSubscriptionName}",
    "servicebus:Namespace": _BUS,
    "servicebus:Queue": _BUS + "/queues/{queueName}",
    "kubernetesconfiguration:Extension": "Microsoft.KubernetesConfiguration/extensions/{extensionName}",
    "storagecache:AmlFilesystem": "Microsoft.StorageCache/amlFilesystems/{amlFilesystemName}",
}


def resource_id(subject: OutputSubject) -> str:
    """The Azure resource id."""
    group = subject.text("resourceGroupName")
    subscription = f"/subscriptions/{subject.account.account}"
    if subject.kind == "ResourceGroup":
        return f"{subscription}/resourceGroups/{group or subject.autoname()}"
    scope = subject.text("scope", "resourceUri") or (
        f"{subscription}/resourceGroups/{group}" if group else subscription
    )
    if not scope.startswith("/"):
        scope = f"/{scope}"
    return f"{scope}/providers/{_fill(_template(subject), subject)}"


def resource_type(subject: OutputSubject) -> str:
    """The ARM type: `Microsoft.Storage/storageAccounts`."""
    namespace, *parts = _template(subject).split("/")
    return "/".join([namespace, *parts[0::2]])


def physical_name(subject: OutputSubject) -> str:
    """The last name in the resource id."""
    return resource_id(subject).rpartition("/")[2]


def _template(subject: OutputSubject) -> str:
    known = _TEMPLATES.get(f"{subject.module}:{subject.kind}")
    if known is not None:
        return known
    kind = subject.kind[0].lower() + subject.kind[1:]
    plural = kind[:-1] + "ies" if kind.endswith("y") else kind if kind.endswith("s") else f"{kind}s"
    return f"Microsoft.{subject.module.title()}/{plural}/{{{kind}Name}}"


def _fill(template: str, subject: OutputSubject) -> str:
    def value(match: re.Match[str]) -> str:
        return subject.text(match.group(1), "name", "resourceName") or subject.autoname()

    return re.sub(r"\{(\w+)\}", value, template)
