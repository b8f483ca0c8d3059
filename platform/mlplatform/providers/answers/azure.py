"""Azure functions: the client's own ids and the credentials of clusters, accounts and endpoints."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.generic import CREATED_AT, certificate, generic_text
from mlplatform.providers.outputs.subject import OutputSubject

_Answer = Callable[[OutputSubject], dict[str, object]]


def text_of(subject: OutputSubject, path: str, name: str) -> str | None:
    """A text of a result by its name."""
    return generic_text(subject, path, name)


def _client(subject: OutputSubject) -> dict[str, object]:
    return {
        "clientId": subject.guid("client"),
        "objectId": subject.guid("object"),
        "subscriptionId": subject.account.account,
        "tenantId": subject.account.tenant,
    }


def _credentials(subject: OutputSubject) -> dict[str, object]:
    name = subject.text("resourceName") or "cluster"
    server = f"https://{name}-{subject.hex(8)}.hcp.{subject.account.region}.azmk8s.io:443"
    cluster = {"server": server, "certificate-authority-data": certificate(subject)}
    login = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", "--server-id", subject.guid("server"), "--login", "azurecli"],
    }
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": "clusterUser", "user": {"exec": login}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": "clusterUser"}}],
    }
    value = base64.b64encode(json.dumps(config).encode()).decode()
    return {"kubeconfigs": [{"name": "clusterUser", "value": value}]}


def _storage_keys(subject: OutputSubject) -> dict[str, object]:
    keys = [
        {
            "keyName": f"key{number}",
            "value": base64.b64encode(bytes.fromhex(subject.hex(64, str(number)))).decode(),
            "permissions": "FULL",
            "creationTime": CREATED_AT,
        }
        for number in (1, 2)
    ]
    return {"keys": keys}


def _endpoint_keys(subject: OutputSubject) -> dict[str, object]:
    return {"primaryKey": subject.hex(32, "1"), "secondaryKey": subject.hex(32, "2")}


def _group(subject: OutputSubject) -> dict[str, object]:
    name = subject.text("resourceGroupName") or "group"
    return {
        "id": f"/subscriptions/{subject.account.account}/resourceGroups/{name}",
        "name": name,
        "location": subject.account.region,
        "type": "Microsoft.Resources/resourceGroups",
        "properties": {"provisioningState": "Succeeded"},
    }


def _callback(subject: OutputSubject) -> dict[str, object]:
    host = f"https://prod-01.{subject.account.region}.logic.azure.com:443/workflows/{subject.hex(32)}"
    path = f"/triggers/{subject.text('triggerName') or 'manual'}/paths/invoke"
    return {
        "basePath": f"{host}{path}",
        "method": "POST",
        "relativePath": "",
        "relativePathParameters": [],
        "value": f"{host}{path}?api-version=2016-10-01&sig={subject.hex(32, 'signature')}",
    }


def _cluster(subject: OutputSubject) -> dict[str, object]:
    name, group = subject.text("resourceName") or "cluster", subject.text("resourceGroupName") or "group"
    path = f"/subscriptions/{subject.account.account}/resourceGroups/{group}"
    issuer = (
        f"https://{subject.account.region}.oic.prod-aks.azure.com/{subject.account.tenant}/{subject.guid('issuer')}/"
    )
    return {
        "id": f"{path}/providers/Microsoft.ContainerService/managedClusters/{name}",
        "name": name,
        "location": subject.account.region,
        "type": "Microsoft.ContainerService/ManagedClusters",
        "oidcIssuerProfile": {"enabled": True, "issuerURL": issuer},
    }


def _key(subject: OutputSubject) -> dict[str, object]:
    name, vault = subject.text("keyName") or "key", subject.text("vaultName") or "vault"
    group = subject.text("resourceGroupName") or "group"
    path = (
        f"/subscriptions/{subject.account.account}/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}"
    )
    uri = f"https://{vault}.vault.azure.net/keys/{name}"
    return {
        "id": f"{path}/vaults/{vault}/keys/{name}",
        "name": name,
        "location": subject.account.region,
        "type": "Microsoft.KeyVault/vaults/keys",
        "keyUri": uri,
        "keyUriWithVersion": f"{uri}/{subject.hex(32)}",
    }


def _identity(subject: OutputSubject) -> dict[str, object]:
    name, group = subject.text("resourceName") or "identity", subject.text("resourceGroupName") or "group"
    path = f"/subscriptions/{subject.account.account}/resourceGroups/{group}"
    return {
        "id": f"{path}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
        "name": name,
        "location": subject.account.region,
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
        "clientId": subject.guid("client"),
        "principalId": subject.guid("principal"),
        "tenantId": subject.account.tenant,
    }


ANSWERS: Mapping[str, _Answer] = {
    "azure-native:authorization:getClientConfig": _client,
    "azure-native:containerservice:listManagedClusterUserCredentials": _credentials,
    "azure-native:containerservice:listManagedClusterAdminCredentials": _credentials,
    "azure-native:containerservice:getManagedCluster": _cluster,
    "azure-native:keyvault:getKey": _key,
    "azure-native:managedidentity:getUserAssignedIdentity": _identity,
    "azure-native:storage:listStorageAccountKeys": _storage_keys,
    "azure-native:machinelearningservices:listOnlineEndpointKeys": _endpoint_keys,
    "azure-native:logic:listWorkflowTriggerCallbackUrl": _callback,
    "azure-native:resources:getResourceGroup": _group,
}
