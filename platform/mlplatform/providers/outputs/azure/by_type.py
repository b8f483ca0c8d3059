"""Outputs of single Azure types that programs read and that do not follow from a property's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlplatform.providers.outputs.generic import CREATED_AT, generic_text
from mlplatform.providers.outputs.subject import OutputSubject
from mlplatform.providers.wire import as_list, as_object, plain_value

_OutputsOfType = Callable[[OutputSubject, str], dict[str, object]]


def _storage(_subject: OutputSubject, id_: str) -> dict[str, object]:
    name = id_.rpartition("/")[2]
    parts = ("blob", "dfs", "file", "queue", "table")
    endpoints: dict[str, object] = {part: f"https://{name}.{part}.core.windows.net/" for part in parts}
    endpoints["web"] = f"https://{name}.z13.web.core.windows.net/"
    return {
        "primaryEndpoints": endpoints,
        "secondaryEndpoints": {},
        "secondaryLocation": "",
        "statusOfPrimary": "available",
        "statusOfSecondary": "",
        "keyCreationTime": {"key1": CREATED_AT, "key2": CREATED_AT},
        "creationTime": CREATED_AT,
    }


def _cluster(subject: OutputSubject, id_: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    prefix = subject.text("dnsPrefix") or id_.rpartition("/")[2]
    zone = f"{subject.hex(8)}.{region}.azmk8s.io"
    result: dict[str, object] = {
        "fqdn": f"{prefix}-{subject.hex(8)}.hcp.{region}.azmk8s.io",
        "privateFQDN": f"{prefix}-{subject.hex(8)}.{zone}",
        "azurePortalFQDN": f"{prefix}-{subject.hex(8)}.portal.hcp.{region}.azmk8s.io",
        "currentKubernetesVersion": subject.text("kubernetesVersion") or "1.33.5",
        "maxAgentPools": 100,
        "powerState": {"code": "Running"},
    }
    issuer = as_object(subject.inputs.get("oidcIssuerProfile"))
    if issuer is not None:
        url = f"https://{region}.oic.prod-aks.azure.com/{subject.account.tenant}/{subject.guid('oidc')}/"
        result["oidcIssuerProfile"] = {**issuer, "issuerURL": url}
    if subject.inputs.get("identityProfile") is None:
        group = subject.text("nodeResourceGroup") or f"MC_{prefix}"
        name = f"{id_.rpartition('/')[2]}-agentpool"
        kubelet = {
            "clientId": subject.guid("kubelet-client"),
            "objectId": subject.guid("kubelet-object"),
            "resourceId": f"/subscriptions/{subject.account.account}/resourceGroups/{group}/providers/"
            f"Microsoft.ManagedIdentity/userAssignedIdentities/{name}",
        }
        result["identityProfile"] = {"kubeletidentity": kubelet}
    return result


def _registry(_subject: OutputSubject, id_: str) -> dict[str, object]:
    return {"loginServer": f"{id_.rpartition('/')[2].lower()}.azurecr.io"}


def _vault(subject: OutputSubject, id_: str) -> dict[str, object]:
    properties = as_object(subject.inputs.get("properties")) or {}
    return {"properties": {**properties, "vaultUri": f"https://{id_.rpartition('/')[2]}.vault.azure.net/"}}


def _key(subject: OutputSubject, id_: str) -> dict[str, object]:
    vault = subject.text("vaultName") or "vault"
    uri = f"https://{vault}.vault.azure.net/keys/{id_.rpartition('/')[2]}"
    return {"keyUri": uri, "keyUriWithVersion": f"{uri}/{subject.hex(32)}"}


def _secret(subject: OutputSubject, id_: str) -> dict[str, object]:
    vault = subject.text("vaultName") or "vault"
    uri = f"https://{vault}.vault.azure.net/secrets/{id_.rpartition('/')[2]}"
    properties = as_object(subject.inputs.get("properties")) or {}
    return {"properties": {**properties, "secretUri": uri, "secretUriWithVersion": f"{uri}/{subject.hex(32)}"}}


def _workspace(subject: OutputSubject, id_: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    return {"mlFlowTrackingUri": f"azureml://{region}.api.azureml.ms/mlflow/v1.0{id_}"}


def _online_endpoint(subject: OutputSubject, id_: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    host = f"https://{id_.rpartition('/')[2]}.{region}.inference.ml.azure.com"
    properties = as_object(subject.inputs.get("properties")) or {}
    uris = {"scoringUri": f"{host}/score", "swaggerUri": f"{host}/swagger.json"}
    return {"properties": {**properties, **uris}}


def _grafana(subject: OutputSubject, id_: str) -> dict[str, object]:
    properties = as_object(subject.inputs.get("properties")) or {}
    region = subject.text("location") or subject.account.region
    host = f"https://{id_.rpartition('/')[2]}-{subject.hex(6)}.{region[:3]}.grafana.azure.com"
    return {"properties": {**properties, "endpoint": host, "provisioningState": "Succeeded"}}


def _prometheus(subject: OutputSubject, id_: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    host = f"https://{id_.rpartition('/')[2]}-{subject.hex(4)}.{region}.prometheus.monitor.azure.com"
    name = id_.rpartition("/")[2]
    managed = f"/subscriptions/{subject.account.account}/resourceGroups/MA_{name}_{region}_managed"
    collection = f"{managed}/providers/Microsoft.Insights/dataCollection"
    return {
        "metrics": {"prometheusQueryEndpoint": host, "internalId": f"mac_{subject.guid('internal')}"},
        "defaultIngestionSettings": {
            "dataCollectionEndpointResourceId": f"{collection}Endpoints/{name}",
            "dataCollectionRuleResourceId": f"{collection}Rules/{name}",
        },
    }


def _insights(subject: OutputSubject, _id: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    key = subject.guid("instrumentation")
    host = f"https://{region}.in.applicationinsights.azure.com/"
    return {"instrumentationKey": key, "connectionString": f"InstrumentationKey={key};IngestionEndpoint={host}"}


def _environment(subject: OutputSubject, _id: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    return {"defaultDomain": f"{subject.hex(10)}.{region}.azurecontainerapps.io", "staticIp": "10.0.16.10"}


def _container_app(subject: OutputSubject, id_: str) -> dict[str, object]:
    region = subject.text("location") or subject.account.region
    name = id_.rpartition("/")[2]
    host = f"{name}.{subject.hex(10)}.{region}.azurecontainerapps.io"
    return {"latestRevisionName": f"{name}--{subject.hex(7)}", "latestRevisionFqdn": host}


def _replication(subject: OutputSubject, _id: str) -> dict[str, object]:
    rules = [as_object(rule) or {} for rule in as_list(subject.inputs.get("rules")) or ()]
    ids = [{"ruleId": subject.guid(f"rule-{index}"), **rule} for index, rule in enumerate(rules)]
    return {"policyId": subject.guid("policy"), "rules": ids}


def _registry_task(subject: OutputSubject, _id: str) -> dict[str, object]:
    identity = as_object(subject.inputs.get("identity"))
    if identity is None:
        return {}
    known = {"principalId": subject.guid("principal"), "tenantId": subject.account.tenant}
    return {"identity": {**known, **identity}}


def _deployment(subject: OutputSubject, _id: str) -> dict[str, object]:
    properties = as_object(plain_value(subject.inputs.get("properties"))) or {}
    template = as_object(properties.get("template")) or {}
    outputs: dict[str, object] = {}
    for name, declared in (as_object(template.get("outputs")) or {}).items():
        output = as_object(declared) or {}
        value = output.get("value")
        # Template expressions stand in brackets; what they come to is only known to Azure.
        computed = value is None or (isinstance(value, str) and value.startswith("["))
        made_up = generic_text(subject, name, name) or subject.guid(name)
        outputs[name] = {"type": output.get("type", "String"), "value": made_up if computed else value}
    return {"properties": {**properties, "outputs": outputs, "provisioningState": "Succeeded"}}


def _public_ip(subject: OutputSubject, _id: str) -> dict[str, object]:
    return {"ipAddress": f"203.0.113.{int(subject.hex(2), 16) % 254 + 1}"}


def _lustre(subject: OutputSubject, _id: str) -> dict[str, object]:
    address = f"10.9.0.{int(subject.hex(2), 16) % 254 + 1}"
    return {
        "clientInfo": {
            "containerStorageInterface": {},
            "lustreVersion": "2.15.7",
            "mgsAddress": address,
            "mountCommand": f"mount -t lustre -o noatime,flock {address}@tcp:/lustrefs /lustre",
        }
    }


_BY_TYPE: Mapping[str, _OutputsOfType] = {
    "storage:StorageAccount": _storage,
    "storage:ObjectReplicationPolicy": _replication,
    "resources:Deployment": _deployment,
    "network:PublicIPAddress": _public_ip,
    "containerservice:ManagedCluster": _cluster,
    "containerregistry:Registry": _registry,
    "containerregistry:Task": _registry_task,
    "keyvault:Vault": _vault,
    "keyvault:Key": _key,
    "keyvault:Secret": _secret,
    "machinelearningservices:Workspace": _workspace,
    "machinelearningservices:OnlineEndpoint": _online_endpoint,
    "dashboard:Grafana": _grafana,
    "monitor:AzureMonitorWorkspace": _prometheus,
    "applicationinsights:Component": _insights,
    "app:ManagedEnvironment": _environment,
    "app:ContainerApp": _container_app,
    "storagecache:AmlFilesystem": _lustre,
}


def type_outputs(subject: OutputSubject, id_: str) -> dict[str, object]:
    """Outputs of a resource that follow from its type alone."""
    of_type = _BY_TYPE.get(subject.token.partition(":")[2])
    return of_type(subject, id_) if of_type is not None else {}
