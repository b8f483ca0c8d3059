"""Outputs look like the clouds' own, and are the same in every run."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mlplatform.providers.accounts import Account
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.schema import resource_schema

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

AWS = Account("aws", "210987654321", "eu-west-1")
GCP = Account("gcp", "acme-ml", "europe-west4", number="445566778899")
AZURE = Account("azure", "99999999-0000-4000-8000-000000000000", "westeurope")
GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
GROUP = "/subscriptions/99999999-0000-4000-8000-000000000000/resourceGroups/acme"


def _at(outputs: Any, path: str) -> Any:  # noqa: ANN401
    for part in path.split("."):
        outputs = outputs[int(part)] if part.isdigit() else outputs[part]
    return outputs


@pytest.mark.parametrize(
    ("account", "token", "inputs", "id_", "expected"),
    [
        (
            AWS,
            "aws:s3/bucket:Bucket",
            {"bucket": "models", "tags": {"a": "b"}},
            "models",
            {
                "arn": "arn:aws:s3:::models",
                "bucketRegionalDomainName": r"models\.s3\.eu-west-1\.amazonaws\.com",
                "tagsAll.a": "b",
            },
        ),
        (
            AWS,
            "aws:eks/cluster:Cluster",
            {"name": "prod", "roleArn": "r", "vpcConfig": {"subnetIds": ["a", "b"]}},
            "prod",
            {
                "arn": "arn:aws:eks:eu-west-1:210987654321:cluster/prod",
                "identities.0.oidcs.0.issuer": r"https://oidc\.eks\.eu-west-1\.amazonaws\.com/id/[0-9A-F]{32}",
                "certificateAuthority.data": r"LS0tLS1CRUdJTi.+",
                "vpcConfig.clusterSecurityGroupId": r"sg-[0-9a-f]{17}",
                "vpcConfig.subnetIds.1": "b",
            },
        ),
        (
            AWS,
            "aws:eks/nodeGroup:NodeGroup",
            {"clusterName": "prod", "nodeGroupName": "l4"},
            "prod:l4",
            {
                "arn": rf"arn:aws:eks:eu-west-1:210987654321:nodegroup/prod/l4/{GUID}",
                "resources.0.autoscalingGroups.0.name": rf"eks-l4-{GUID}",
            },
        ),
        (
            AWS,
            "aws:iam/role:Role",
            {"name": "train", "path": "/ml/", "assumeRolePolicy": "{}"},
            "train",
            {"arn": "arn:aws:iam::210987654321:role/ml/train", "uniqueId": "AROA[0-9A-F]{17}"},
        ),
        (
            AWS,
            "aws:kms/replicaKey:ReplicaKey",
            {"primaryKeyArn": "x", "region": "eu-central-1"},
            GUID,
            {"arn": rf"arn:aws:kms:eu-central-1:210987654321:key/{GUID}", "keyId": GUID},
        ),
        (AWS, "aws:sns/topic:Topic", {"name": "t"}, "arn:aws:sns:eu-west-1:210987654321:t", {"name": "t"}),
        (AWS, "aws:ec2/subnet:Subnet", {"vpcId": "vpc-1"}, r"subnet-[0-9a-f]{17}", {"availabilityZone": "eu-west-1a"}),
        (
            AWS,
            "aws:ecr/repository:Repository",
            {"name": "acme/train"},
            "acme/train",
            {"repositoryUrl": r"210987654321\.dkr\.ecr\.eu-west-1\.amazonaws\.com/acme/train"},
        ),
        (AWS, "aws:ec2/launchTemplate:LaunchTemplate", {"name": "lt1"}, r"lt-[0-9a-f]{17}", {"latestVersion": "1"}),
        (
            GCP,
            "gcp:storage/bucket:Bucket",
            {"name": "models", "location": "EU"},
            "models",
            {"url": "gs://models", "selfLink": r"https://www\.googleapis\.com/storage/v1/b/models"},
        ),
        (
            GCP,
            "gcp:compute/network:Network",
            {"name": "vpc"},
            "projects/acme-ml/global/networks/vpc",
            {"selfLink": r"https://www\.googleapis\.com/compute/v1/projects/acme-ml/global/networks/vpc"},
        ),
        (
            GCP,
            "gcp:container/cluster:Cluster",
            {"name": "prod", "location": "europe-west4"},
            "projects/acme-ml/locations/europe-west4/clusters/prod",
            {"endpoint": r"[\d.]+", "masterAuth.clusterCaCertificate": r"LS0tLS1CRUdJTi.+"},
        ),
        (
            GCP,
            "gcp:container/nodePool:NodePool",
            {"name": "l4", "cluster": "prod", "location": "europe-west4"},
            "projects/acme-ml/locations/europe-west4/clusters/prod/nodePools/l4",
            {"name": "l4"},
        ),
        (
            GCP,
            "gcp:dns/recordSet:RecordSet",
            {"name": "gcr.io.", "managedZone": "gcr", "type": "A"},
            r"projects/acme-ml/managedZones/gcr/rrsets/gcr\.io\./A",
            {"name": r"gcr\.io\."},
        ),
        (
            GCP,
            "gcp:serviceaccount/account:Account",
            {"accountId": "train-sa"},
            r"projects/acme-ml/serviceAccounts/train-sa@acme-ml\.iam\.gserviceaccount\.com",
            {"member": r"serviceAccount:train-sa@acme-ml\.iam\.gserviceaccount\.com"},
        ),
        (
            GCP,
            "gcp:projects/serviceIdentity:ServiceIdentity",
            {"service": "container.googleapis.com"},
            ".+",
            {"email": r"service-445566778899@container-engine-robot\.iam\.gserviceaccount\.com"},
        ),
        (
            GCP,
            "gcp:kms/cryptoKey:CryptoKey",
            {"name": "k", "keyRing": "projects/p/locations/eu/keyRings/r"},
            "projects/p/locations/eu/keyRings/r/cryptoKeys/k",
            {"name": "k"},
        ),
        (
            GCP,
            "gcp:cloudrunv2/service:Service",
            {"name": "fraud", "location": "europe-west4"},
            "projects/acme-ml/locations/europe-west4/services/fraud",
            {"uri": r"https://fraud-445566778899\.europe-west4\.run\.app"},
        ),
        (
            AZURE,
            "azure-native:storage:StorageAccount",
            {"accountName": "acme", "resourceGroupName": "acme", "identity": {"type": "SystemAssigned"}},
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acme",
            {
                "primaryEndpoints.blob": r"https://acme\.blob\.core\.windows\.net/",
                "identity.principalId": GUID,
                "type": "Microsoft.Storage/storageAccounts",
                "location": "westeurope",
            },
        ),
        (
            AZURE,
            "azure-native:storage:BlobContainer",
            {"accountName": "acme", "resourceGroupName": "acme", "containerName": "models"},
            f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acme/blobServices/default/containers/models",
            {"name": "models"},
        ),
        (
            AZURE,
            "azure-native:containerservice:ManagedCluster",
            {
                "resourceName": "aks",
                "resourceGroupName": "acme",
                "oidcIssuerProfile": {"enabled": True},
                "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/subscriptions/x/id"]},
            },
            f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks",
            {
                "oidcIssuerProfile.issuerURL": r"https://westeurope\.oic\.prod-aks\.azure\.com/.+/",
                "identityProfile.kubeletidentity.objectId": GUID,
                "identity.userAssignedIdentities./subscriptions/x/id.clientId": GUID,
            },
        ),
        (
            AZURE,
            "azure-native:managedidentity:UserAssignedIdentity",
            {"resourceName": "train", "resourceGroupName": "acme"},
            f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/train",
            {"principalId": GUID, "clientId": GUID, "tenantId": GUID},
        ),
        (
            AZURE,
            "azure-native:keyvault:Key",
            {"vaultName": "v", "keyName": "k", "resourceGroupName": "acme"},
            f"{GROUP}/providers/Microsoft.KeyVault/vaults/v/keys/k",
            {"keyUriWithVersion": r"https://v\.vault\.azure\.net/keys/k/[0-9a-f]{32}"},
        ),
        (
            AZURE,
            "azure-native:resources:Deployment",
            {
                "deploymentName": "d",
                "resourceGroupName": "acme",
                "properties": {
                    "mode": "Incremental",
                    "template": {"outputs": {"appId": {"type": "String", "value": "[reference('a').appId]"}}},
                },
            },
            f"{GROUP}/providers/Microsoft.Resources/deployments/d",
            {"properties.outputs.appId.value": ".+", "properties.outputs.appId.type": "String"},
        ),
        (
            AZURE,
            "azure-native:authorization:RoleAssignment",
            {"scope": f"{GROUP}/providers/X/y/z", "roleAssignmentName": "1"},
            f"{GROUP}/providers/X/y/z/providers/Microsoft.Authorization/roleAssignments/1",
            {"name": "1"},
        ),
        (
            AZURE,
            "azure-native:machinelearningservices:OnlineEndpoint",
            {"endpointName": "fraud", "workspaceName": "w", "resourceGroupName": "acme", "properties": {}},
            ".+/workspaces/w/onlineEndpoints/fraud",
            {"properties.scoringUri": r"https://fraud\.westeurope\.inference\.ml\.azure\.com/score"},
        ),
    ],
)
def test_realistic(account: Account, token: str, inputs: dict[str, Any], id_: str, expected: dict[str, str]) -> None:
    found, outputs = provider_outputs(token, "thing", inputs, account)
    assert re.fullmatch(id_, found), found
    for path, pattern in expected.items():
        assert re.fullmatch(pattern, str(_at(outputs, path) if "/" not in path else _map(outputs, path))), path
    schema = resource_schema(token)
    assert schema is not None
    assert set(outputs) <= set(schema.outputs.properties)


def _map(outputs: Any, path: str) -> Any:  # noqa: ANN401
    head, _, rest = path.partition("./")
    key, _, last = rest.rpartition(".")
    return _at(outputs, head)[f"/{key}"][last]


def test_the_same_in_every_run_and_different_between_resources() -> None:
    token = "aws:ec2/vpc:Vpc"
    once = provider_outputs(token, "a", {"cidrBlock": "10.0.0.0/16"}, AWS)
    assert once == provider_outputs(token, "a", {"cidrBlock": "10.0.0.0/16"}, AWS)
    assert once[0] != provider_outputs(token, "b", {"cidrBlock": "10.0.0.0/16"}, AWS)[0]


def test_omitted_names_are_generated() -> None:
    _, outputs = provider_outputs("aws:s3/bucket:Bucket", "store", {}, AWS)
    assert re.fullmatch("store-[0-9a-f]{7}", str(outputs["bucket"]))


@pytest.mark.parametrize(
    ("account", "token", "inputs", "prefix"),
    [
        (AWS, "aws:sagemaker/endpointConfiguration:EndpointConfiguration", {"namePrefix": "fraud-"}, "fraud-"),
        (AWS, "aws:eks/nodeGroup:NodeGroup", {"clusterName": "prod", "nodeGroupNamePrefix": "l4-"}, "l4-"),
        (AWS, "aws:s3/bucket:Bucket", {"bucketPrefix": "models-"}, "models-"),
        (GCP, "gcp:container/nodePool:NodePool", {"cluster": "prod", "namePrefix": "l4-"}, "l4-"),
    ],
)
def test_a_prefix_gets_the_suffix_of_the_provider(
    account: Account, token: str, inputs: dict[str, Any], prefix: str
) -> None:
    _, outputs = provider_outputs(token, "logical", inputs, account)
    names = [value for value in outputs.values() if re.fullmatch(rf"{prefix}[0-9]{{18}}[0-9a-f]{{8}}", str(value))]
    assert names, outputs
    assert provider_outputs(token, "other", inputs, account)[1] != outputs


def test_defaults_are_not_guessed() -> None:
    _, outputs = provider_outputs("aws:s3/bucket:Bucket", "store", {}, AWS)
    assert "logging" not in outputs
    assert "policy" not in outputs


def test_secrets_stay_in_their_envelopes() -> None:
    secret = {SIGNATURE: SECRET, "value": "s3cr3t"}
    inputs = {"secretId": "arn", "secretString": secret}
    _, outputs = provider_outputs("aws:secretsmanager/secretVersion:SecretVersion", "v", inputs, AWS)
    assert outputs["secretString"] == secret


def test_types_without_schema_return_their_inputs() -> None:
    id_, outputs = provider_outputs("pulumi:providers:aws", "p", {"region": "eu-west-1"}, AWS)
    assert re.fullmatch(GUID, id_)
    assert outputs == {"region": "eu-west-1"}


@pytest.mark.parametrize("cloud", ["aws", "gcp", "azure", "fake"])
def test_sample_accounts(cloud: str) -> None:
    account = Account.sample(cloud)
    assert account.cloud == cloud
    assert account.account
    assert account.region
