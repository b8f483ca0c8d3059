"""Keys and what they encrypt."""

from __future__ import annotations

from tests.checks.cases.case import around, case

KMS = "arn:aws:kms:us-east-1:123456789012:key/8874a053"
GKEY = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
AKS, POOL = "azure-native:containerservice:ManagedCluster", "azure-native:containerservice:AgentPool"


def _disk(**ebs: object):
    return {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": ebs}]}


def _variant(machine: str, **inputs: object):
    return {"productionVariants": [{"instanceType": machine, "modelName": "m"}], **inputs}


def _key(rule: str, token: str, path: str, value: str = KMS):
    """A type that names its key in one property; a key of AWS's own is none."""
    good: dict[str, object] = {}
    inner = good
    *outer, last = path.split(".")
    for part in outer:
        if part.endswith("[]"):
            inner[part[:-2]] = [{}]
            inner = inner[part[:-2]][0]  # type: ignore[index,assignment]
        else:
            inner[part] = {}
            inner = inner[part]  # type: ignore[assignment]
    inner[last] = value
    return case(rule, token, good, {})


_TODAY = 1795910400
"""2026-11-29, the day of all tests."""
_POLICY = {
    "attributes": {"expiryTime": "P455D"},
    "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P90D"}}],
}
_URI = "https://keys.vault.azure.net/keys/cluster"


def _version(path: tuple[str, ...], version: str, age: int | None, **dates: float):
    """What keeps a version of its key, and the newest version, `2`, with its age in days; None for no state."""
    inputs: dict[str, object] = {path[-1]: f"{_URI}/{version}"}
    for part in reversed(path[:-1]):
        inputs = {part: inputs}
    key = ("azure-native:keyvault:Key", "", {"keyName": "cluster", "properties": {"rotationPolicy": _POLICY}})
    if age is None:
        return around(inputs, key)
    attributes = {"created": _TODAY - age * 86400, **dates}
    return around(
        inputs,
        key,
        outputs={"it": {"id": "it"}, "other0": {"keyUriWithVersion": f"{_URI}/2", "attributes": attributes}},
    )


def _versions(token: str, *path: str):
    soon = _TODAY + 10 * 86400
    return case(
        "key-version",
        token,
        [_version(path, "2", 100), _version(path, "1", 1)],
        [
            _version(path, "2", 400),
            _version(path, "2", 500),
            _version(path, "2", 1, expires=soon),
            _version(path, "1", 300),
        ],
        _version(path, "2", None),
    )


CASES = (
    _versions(AKS, "securityProfile", "azureKeyVaultKms", "keyId"),
    _versions("azure-native:storagecache:AmlFilesystem", "encryptionSettings", "keyEncryptionKey", "keyUrl"),
    _versions("azure-native:machinelearningservices:Workspace", "encryption", "keyVaultProperties", "keyIdentifier"),
    case(
        "volume-encryption",
        "aws:ec2/launchTemplate:LaunchTemplate",
        _disk(encrypted="true", kmsKeyId=KMS),
        [_disk(encrypted="true"), _disk(kmsKeyId=KMS), _disk(encrypted="false", kmsKeyId=KMS)],
    ),
    case("volume-encryption", "aws:ebs/volume:Volume", {"encrypted": True, "kmsKeyId": KMS}, [{}, {"encrypted": True}]),
    case(
        "volume-encryption",
        "aws:efs/fileSystem:FileSystem",
        {"encrypted": True, "kmsKeyId": KMS},
        [{}, {"encrypted": True}],
    ),
    _key("volume-encryption", "aws:fsx/lustreFileSystem:LustreFileSystem", "kmsKeyId"),
    _key("volume-encryption", "gcp:lustre/instance:Instance", "kmsKey", GKEY),
    _key(
        "volume-encryption",
        "azure-native:storagecache:AmlFilesystem",
        "encryptionSettings.keyEncryptionKey.keyUrl",
        "https://files.vault.azure.net/keys/files/1",
    ),
    _key("volume-encryption", "gcp:container/nodePool:NodePool", "nodeConfig.bootDiskKmsKey", GKEY),
    _key("volume-encryption", "gcp:compute/disk:Disk", "diskEncryptionKey.kmsKeySelfLink", GKEY),
    _key("volume-encryption", AKS, "diskEncryptionSetID", "/subscriptions/s/d"),
    case(
        "volume-encryption",
        POOL,
        [{}, around({}, (AKS, "<resourceName", {"diskEncryptionSetID": "/d"}))],
        around({}, (AKS, "<resourceName", {})),
    ),
    _key("volume-encryption", "azure-native:compute:Disk", "encryption.diskEncryptionSetId", "/d"),
    case("host-encryption", POOL, {"enableEncryptionAtHost": True}, {}),
    case(
        "host-encryption",
        AKS,
        {"agentPoolProfiles": [{"name": "a", "enableEncryptionAtHost": True}]},
        {"agentPoolProfiles": [{"name": "a"}]},
    ),
    case(
        "cluster-secrets-encryption",
        "aws:eks/cluster:Cluster",
        {"encryptionConfig": {"provider": {"keyArn": KMS}, "resources": ["secrets"]}},
        {},
    ),
    case(
        "cluster-secrets-encryption",
        "gcp:container/cluster:Cluster",
        {"databaseEncryption": {"state": "ENCRYPTED", "keyName": GKEY}},
        [{}, {"databaseEncryption": {"state": "DECRYPTED"}}],
    ),
    case(
        "cluster-secrets-encryption",
        AKS,
        {"securityProfile": {"azureKeyVaultKms": {"enabled": True, "keyId": "https://k"}}},
        [{}, {"securityProfile": {"azureKeyVaultKms": {"enabled": False, "keyId": "https://k"}}}],
    ),
    _key("registry-encryption", "aws:ecr/repository:Repository", "encryptionConfigurations[].kmsKey"),
    _key(
        "registry-encryption",
        "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        "encryptionConfigurations[].kmsKey",
    ),
    _key("registry-encryption", "gcp:artifactregistry/repository:Repository", "kmsKeyName", GKEY),
    case(
        "registry-encryption",
        "azure-native:containerregistry:Registry",
        {"encryption": {"keyVaultProperties": {"keyIdentifier": "https://k"}}},
        {},
    ),
    _key("log-encryption", "aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"),
    _key("log-encryption", "aws:amp/workspace:Workspace", "kmsKeyArn"),
    _key("log-encryption", "aws:grafana/workspace:Workspace", "kmsKeyId"),
    _key("log-encryption", "gcp:logging/projectBucketConfig:ProjectBucketConfig", "cmekSettings.kmsKeyName", GKEY),
    case(
        "message-encryption", "aws:sns/topic:Topic", {"kmsMasterKeyId": KMS}, [{}, {"kmsMasterKeyId": "alias/aws/sns"}]
    ),
    _key("message-encryption", "aws:sqs/queue:Queue", "kmsMasterKeyId"),
    _key("message-encryption", "gcp:pubsub/topic:Topic", "kmsKeyName", GKEY),
    _key("message-encryption", "azure-native:servicebus:Namespace", "encryption.keyVaultProperties[].keyName", "k"),
    _key("message-encryption", "azure-native:eventhub:Namespace", "encryption.keyVaultProperties[].keyName", "k"),
    case(
        "serving-encryption",
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        _variant("ml.m6i.large", kmsKeyArn=KMS),
        [_variant("ml.m6i.large"), _variant("ml.p3.2xlarge")],
        [_variant("ml.g5.xlarge"), _variant("ml.p5.48xlarge"), _variant("ml.m5d.large"), _variant("ml.c6gd.large")],
    ),
    _key("serving-encryption", "gcp:cloudrunv2/service:Service", "template.encryptionKey", GKEY),
    _key("serving-encryption", "gcp:cloudrunv2/job:Job", "template.template.encryptionKey", GKEY),
    _key("serving-encryption", "gcp:vertex/aiEndpoint:AiEndpoint", "encryptionSpec.kmsKeyName", GKEY),
    case(
        "serving-encryption",
        "azure-native:machinelearningservices:Workspace",
        {
            "encryption": {
                "status": "Enabled",
                "keyVaultProperties": {"keyIdentifier": "https://k", "keyVaultArmId": "/v"},
            }
        },
        {},
    ),
    case(
        "serving-encryption",
        "azure-native:cognitiveservices:Account",
        {"properties": {"encryption": {"keyVaultProperties": {"keyName": "k"}}}},
        {"properties": {}},
    ),
    case(
        "database-encryption",
        "aws:rds/instance:Instance",
        {"storageEncrypted": True, "kmsKeyId": KMS},
        [{}, {"storageEncrypted": True}],
    ),
    case("database-encryption", "aws:rds/cluster:Cluster", {"storageEncrypted": True, "kmsKeyId": KMS}, {}),
    _key("database-encryption", "aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn"),
    case(
        "database-encryption",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {"atRestEncryptionEnabled": True, "kmsKeyId": KMS},
        {},
    ),
    _key("database-encryption", "gcp:sql/databaseInstance:DatabaseInstance", "encryptionKeyName", GKEY),
    _key("database-encryption", "gcp:bigquery/dataset:Dataset", "defaultEncryptionConfiguration.kmsKeyName", GKEY),
    _key("database-encryption", "gcp:redis/instance:Instance", "customerManagedKey", GKEY),
    case(
        "database-encryption",
        "azure-native:dbforpostgresql:Server",
        {"dataEncryption": {"type": "AzureKeyVault"}},
        [{}, {"dataEncryption": {"type": "SystemAssigned"}}],
    ),
    _key("database-encryption", "azure-native:cosmosdb:DatabaseAccount", "keyVaultKeyUri", "https://k"),
    case(
        "secret-encryption",
        "aws:secretsmanager/secret:Secret",
        {"kmsKeyId": KMS},
        {"name": "db"},
        {"name": "ecr-pullthroughcache/hub"},
    ),
    case(
        "secret-encryption",
        "gcp:secretmanager/secret:Secret",
        {
            "replication": {
                "userManaged": {"replicas": [{"location": "l", "customerManagedEncryption": {"kmsKeyName": GKEY}}]}
            }
        },
        {"replication": {"userManaged": {"replicas": [{"location": "l"}]}}},
    ),
    case(
        "secret-encryption",
        "gcp:secretmanager/regionalSecret:RegionalSecret",
        {"customerManagedEncryption": {"kmsKeyName": GKEY}},
        {},
    ),
    _key("automation-encryption", "aws:sfn/stateMachine:StateMachine", "encryptionConfiguration.kmsKeyId"),
    _key("automation-encryption", "aws:scheduler/schedule:Schedule", "kmsKeyArn"),
    _key("automation-encryption", "aws:lambda/function:Function", "kmsKeyArn"),
    _key("automation-encryption", "gcp:workflows/workflow:Workflow", "cryptoKeyName", GKEY),
    case("key-rotation", "aws:kms/key:Key", {"enableKeyRotation": True}, {}, {"customerMasterKeySpec": "RSA_2048"}),
    case(
        "key-rotation",
        "gcp:kms/cryptoKey:CryptoKey",
        {"rotationPeriod": "7776000s"},
        [{}, {"rotationPeriod": "31536000s"}],
        {"purpose": "ASYMMETRIC_SIGN"},
    ),
    case(
        "key-rotation",
        "azure-native:keyvault:Key",
        {"properties": {"rotationPolicy": {"lifetimeActions": [{"action": {"type": "rotate"}}]}}},
        [{"properties": {}}, {"properties": {"rotationPolicy": {"lifetimeActions": [{"action": {"type": "notify"}}]}}}],
    ),
    case("key-deletion", "aws:kms/key:Key", [{}, {"deletionWindowInDays": 7}], {"deletionWindowInDays": 3}),
    case(
        "key-deletion",
        "gcp:kms/cryptoKey:CryptoKey",
        [{}, {"destroyScheduledDuration": "604800s"}],
        {"destroyScheduledDuration": "86400s"},
    ),
    case(
        "key-deletion",
        "azure-native:keyvault:Vault",
        {"properties": {"enablePurgeProtection": True}},
        [{"properties": {}}, {"properties": {"enablePurgeProtection": True, "enableSoftDelete": False}}],
    ),
    case(
        "vault-roles",
        "azure-native:keyvault:Vault",
        {"properties": {"enableRbacAuthorization": True}},
        {"properties": {}},
    ),
)
