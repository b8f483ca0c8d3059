"""What several tables of Azure name: types of resources, and pages."""

from __future__ import annotations

LEARN = "https://learn.microsoft.com/azure/"
REST = "https://learn.microsoft.com/rest/api/"
ENDPOINT = "azure-native:network:PrivateEndpoint"
CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
WORKSPACE = "azure-native:machinelearningservices:Workspace"
ONLINE = "azure-native:machinelearningservices:OnlineEndpoint"
ACCOUNT = "azure-native:storage:StorageAccount"
