"""Azure's workspace: a deployment needs its network and its storage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.mock_cloud import Cloud, CloudRefused

MakeCloud = Callable[[str], Cloud]
ML = "azure-native:machinelearningservices"
READER = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
STORAGE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
NETWORK = {"isolationMode": "AllowOnlyApprovedOutbound"}
PLACE = {"resourceGroupName": "rg", "workspaceName": "ws"}


def _workspace(azure: Cloud, *, provision: bool) -> str:
    inputs = {**PLACE, "managedNetwork": NETWORK, "storageAccount": STORAGE, "provisionNetworkNow": provision}
    return azure.create(f"{ML}:Workspace", "workspace", inputs).id


def _endpoint(azure: Cloud, *, reads: bool = True) -> None:
    account = {"resourceGroupName": "rg", "resourceName": "id"}
    identity = azure.create("azure-native:managedidentity:UserAssignedIdentity", "identity", account)
    if reads:
        role = {"scope": STORAGE, "roleDefinitionId": READER, "principalId": identity.outputs["principalId"]}
        azure.create("azure-native:authorization:RoleAssignment", "reads", {**role, "roleAssignmentName": "guid"})
    azure.run()
    by = {"identity": {"type": "UserAssigned", "userAssignedIdentities": [identity.id]}}
    azure.create(f"{ML}:OnlineEndpoint", "endpoint", {**PLACE, **by, "endpointName": "ep"})


def _deploy(azure: Cloud) -> None:
    azure.create(f"{ML}:OnlineDeployment", "main", {**PLACE, "endpointName": "ep", "deploymentName": "main-1"})


def test_a_deployment_needs_a_provisioned_network(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    id_ = _workspace(azure, provision=False)
    _endpoint(azure)
    with pytest.raises(CloudRefused, match="managed network of workspace ws is not provisioned"):
        _deploy(azure)
    # an existing workspace does not hear the switch
    held = azure.read(f"{ML}:Workspace", id_)
    assert held
    azure.update(f"{ML}:Workspace", id_, {**held.inputs, "provisionNetworkNow": True})
    with pytest.raises(CloudRefused, match="not provisioned"):
        _deploy(azure)
    azure.create(f"{ML}:Compute", "builder", {**PLACE, "computeName": "image-build"})
    _deploy(azure)


def test_a_new_workspace_hears_the_switch(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    _workspace(azure, provision=True)
    _endpoint(azure)
    _deploy(azure)


def test_the_endpoints_identity_reads_the_workspaces_storage(cloud: MakeCloud) -> None:
    azure = cloud("azure")
    _workspace(azure, provision=True)
    _endpoint(azure, reads=False)
    with pytest.raises(CloudRefused, match="Storage Blob Data Reader is missing"):
        _deploy(azure)
