"""Keys: switched off, exportable, weaker, held elsewhere, somebody else's; and what no longer uses them."""

from __future__ import annotations

from .edit import REMOVED, Edit, more

RULE = "key-weakened"
KMS = "kms/key:Key"
CRYPTO = "kms/cryptoKey:CryptoKey"
KEY = "keyvault:Key"
HSM_KEY = {"keyName": "k", "vaultName": "v", "properties": {
    "kty": "RSA-HSM", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"], "attributes": {"enabled": True},
    "rotationPolicy": {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"}}]}}}  # fmt: skip
MADE_KEY = "azure-native:keyvault:Key made"
FOREIGN = "arn:aws:kms:us-east-1:999988887777:key/8874a053-6ccd-56ec-955a-0e95dc271f78"
SSE = "BucketServerSideEncryptionConfiguration *-data-*"
DEFAULT = ("rules", 0, "applyServerSideEncryptionByDefault")
FOREIGN_PROJECT = "projects/evil-project/locations/us-central1/keyRings/r/cryptoKeys/k"
HSM = {"keyRing": "r", "name": "k", "rotationPeriod": "7776000s",
       "versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "HSM"}}  # fmt: skip
FOREIGN_VAULT = "https://evil-vault.vault.azure.net"

EDITS = (
    Edit("disabled", "aws", KMS, "isEnabled", False, "high", RULE),
    Edit("no rotation", "aws", KMS, "enableKeyRotation", False, "medium"),
    Edit("rotated after years", "aws", KMS, "rotationPeriodInDays", 2560, "medium", RULE),
    Edit("a shorter wait before it is gone", "aws", KMS, "deletionWindowInDays", 7, "high", "retention-shortened"),
    Edit("its policy may lock everybody out", "aws", KMS, "bypassPolicyLockoutSafetyCheck", True, "high", RULE),
    Edit("held by somebody else", "aws", KMS, "xksKeyId", "x", "high", RULE),
    Edit("no longer in hardware", "aws", "aws:kms/key:Key made", "customKeyStoreId", REMOVED, "high", RULE, {"customKeyStoreId": "cks-1"}),
    Edit("copied to other regions", "aws", KMS, "multiRegion", True, "medium"),
    Edit("other material", "aws", "aws:kms/externalKey:ExternalKey", "keyMaterialBase64", "Yg==", "high", RULE,
         {"keyMaterialBase64": "YQ=="}),
    Edit("another key under its name", "aws", "kms/alias:Alias", "targetKeyId", "11111111-2222-4333-8444-555555555555", "medium", RULE),
    Edit("a stranger's key for logs", "aws", "LogGroup", "kmsKeyId", FOREIGN, "high", RULE),
    Edit("a stranger's key for images", "aws", "ecr/repository:Repository", ("encryptionConfigurations", 0, "kmsKey"), FOREIGN, "high", RULE),
    Edit("a stranger's key for a bucket", "aws", SSE, (*DEFAULT, "kmsMasterKeyId"), FOREIGN, "high", RULE),
    Edit("a stranger's key for disks", "aws", "launchTemplate:LaunchTemplate", ("blockDeviceMappings", 0, "ebs", "kmsKeyId"), FOREIGN,
         "high", RULE),
    Edit("a stranger's key for secrets of the cluster", "aws", "eks/cluster:Cluster", "encryptionConfig.provider.keyArn", FOREIGN, "high",
         RULE),
    Edit("a stranger's key for a database", "aws", "aws:rds/instance:Instance", "kmsKeyId", FOREIGN, "high", RULE,
         {"instanceClass": "c", "kmsKeyId": FOREIGN.replace("999988887777", "345678901234")}),
    Edit("the cloud's key for a table", "aws", "aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn", REMOVED, "high", "",
         {"name": "t", "serverSideEncryption": {"enabled": True, "kmsKeyArn": FOREIGN}}),
    Edit("the cloud's key for a bucket", "aws", SSE, (*DEFAULT, "sseAlgorithm"), "AES256", "high", RULE),
    Edit("the cloud's key by its name", "aws", "LogGroup", "kmsKeyId", "arn:aws:kms:us-east-1:345678901234:alias/aws/logs", "high", RULE),
    Edit("the cloud's key for images", "aws", "ecr/repository:Repository", ("encryptionConfigurations", 0, "encryptionType"), "AES256",
         "high", RULE),
    Edit("a certificate that can be taken along", "aws", "aws:acm/certificate:Certificate", "options.export", "ENABLED", "high", RULE,
         {"domainName": "d", "options": {"export": "DISABLED"}}),
    Edit("disks without encryption", "aws", "aws:ebs/encryptionByDefault:EncryptionByDefault", "enabled", False, "high", "",
         {"enabled": True}),
    Edit("no default for disks", "aws", "aws:ebs/defaultKmsKey:DefaultKmsKey", "", REMOVED, "high", RULE, {"keyArn": "k"}),
    Edit("no rotation of a secret", "aws", "aws:secretsmanager/secretRotation:SecretRotation", "", REMOVED, "medium", RULE,
         {"secretId": "s", "rotationRules": {"automaticallyAfterDays": 30}}),
    # Google Cloud
    Edit("no longer in hardware", "gcp", "gcp:kms/cryptoKey:CryptoKey made", "versionTemplate.protectionLevel", "SOFTWARE", "high", RULE, HSM),
    Edit("held by somebody else", "gcp", "gcp:kms/cryptoKey:CryptoKey made", "versionTemplate.protectionLevel", "EXTERNAL", "high", RULE,
         HSM),
    Edit("no rotation", "gcp", CRYPTO, "rotationPeriod", REMOVED, "medium", ""),
    Edit("rotated after years", "gcp", CRYPTO, "rotationPeriod", "63072000s", "medium", RULE),
    Edit("imported material only", "gcp", CRYPTO, "importOnly", True, "high", RULE),
    Edit("another back end", "gcp", CRYPTO, "cryptoKeyBackend", "projects/p/locations/l/ekmConnections/e", "high", RULE),
    Edit("destroyed after a day", "gcp", CRYPTO, "destroyScheduledDuration", "86400s", "high"),
    Edit("disabled", "gcp", "gcp:kms/cryptoKeyVersion:CryptoKeyVersion", "state", "DISABLED", "high", RULE, {"cryptoKey": "k"}),
    Edit("a stranger's key for a bucket", "gcp", "storage/bucket:Bucket", "encryption.defaultKmsKeyName", FOREIGN_PROJECT, "high", RULE),
    Edit("a stranger's key for images", "gcp", "artifactregistry/repository:Repository", "kmsKeyName", FOREIGN_PROJECT, "high", RULE),
    Edit("a stranger's key for the cluster", "gcp", "container/cluster:Cluster", "databaseEncryption.keyName", FOREIGN_PROJECT, "high", RULE),
    Edit("a stranger's key for messages", "gcp", "pubsub/topic:Topic", "kmsKeyName", FOREIGN_PROJECT, "high", RULE),
    Edit("a stranger's key for a data set", "gcp", "gcp:bigquery/dataset:Dataset", "defaultEncryptionConfiguration.kmsKeyName",
         FOREIGN_PROJECT, "high", RULE, {"datasetId": "d", "project": "acme-ml-prod", "defaultEncryptionConfiguration": {
             "kmsKeyName": FOREIGN_PROJECT.replace("evil-project", "acme-ml-prod")}}),
    Edit("secrets of the cluster in the open", "gcp", "container/cluster:Cluster", "databaseEncryption.state", "DECRYPTED", "high", RULE),
    Edit("no key for a bucket", "gcp", "storage/bucket:Bucket", "encryption", REMOVED, "high"),
    Edit("a secret switched off", "gcp", "gcp:secretmanager/secretVersion:SecretVersion", "enabled", False, "high", RULE,
         {"secret": "s", "secretData": "x"}),
    # Azure
    Edit("disabled", "azure", KEY, "properties.attributes.enabled", False, "high", RULE),
    Edit("exportable", "azure", KEY, "properties.attributes.exportable", True, "high", RULE),
    Edit("released to machines", "azure", KEY, "properties.releasePolicy", {"data": "e30"}, "high", RULE),
    Edit("imported", "azure", KEY, "properties.keyOps", more("import"), "high", RULE),
    Edit("one operation more", "azure", KEY, "properties.keyOps", more("sign"), "medium", RULE),
    Edit("no longer in hardware", "azure", MADE_KEY, "properties.kty", "RSA", "high", RULE, HSM_KEY),
    Edit("a shorter key", "azure", MADE_KEY, "properties.keySize", 1024, "high", RULE, HSM_KEY),
    Edit("no rotation", "azure", MADE_KEY, "properties.rotationPolicy", REMOVED, "medium", RULE, HSM_KEY),
    Edit("it expires", "azure", MADE_KEY, "properties.attributes.expires", 1800000000, "medium", RULE, HSM_KEY),
    Edit("access policies count", "azure", "Vault", "properties.enableRbacAuthorization", False, "high", RULE),
    Edit("deployments fetch from it", "azure", "Vault", "properties.enabledForTemplateDeployment", True, "medium", RULE),
    Edit("people of another tenant", "azure", "Vault", "properties.tenantId", "99999999-0000-4000-8000-000000000000", "critical", RULE),
    Edit("it can be purged", "azure", "Vault", "properties.enablePurgeProtection", False, "high"),
    Edit("fewer days before it is gone", "azure", "azure-native:keyvault:Vault kept",
         "properties.softDeleteRetentionInDays", 7, "high", "", {"vaultName": "v", "properties": {"softDeleteRetentionInDays": 90}}),
    Edit("no hardware", "azure", "azure-native:keyvault:Vault made", "properties.sku.name", "standard", "high", RULE,
         {"vaultName": "v", "properties": {"sku": {"name": "premium", "family": "A"}}}),
    Edit("a stranger's vault for a store", "azure", "StorageAccount *-main", "encryption.keyVaultProperties.keyVaultUri", FOREIGN_VAULT,
         "high", RULE),
    Edit("a stranger's vault for images", "azure", "containerregistry:Registry", "encryption.keyVaultProperties.keyIdentifier",
         f"{FOREIGN_VAULT}/keys/registry", "high", RULE),
    Edit("a stranger's vault for disks", "azure", "azure-native:compute:DiskEncryptionSet made", "activeKey.keyUrl",
         f"{FOREIGN_VAULT}/keys/volumes/1", "high", RULE,
         {"diskEncryptionSetName": "d", "activeKey": {"keyUrl": "https://acme-vault.vault.azure.net/keys/volumes/1"}}),
    Edit("a stranger's vault for models", "azure", "machinelearningservices:Workspace", "encryption.keyVaultProperties.keyIdentifier",
         f"{FOREIGN_VAULT}/keys/serving/1", "high", RULE),
    Edit("the cloud's key for a store", "azure", "StorageAccount *-main", "encryption.keySource", "Microsoft.Storage", "high", RULE),
    Edit("encrypted once", "azure", "StorageAccount *-main", "encryption.requireInfrastructureEncryption", False, "high"),
    Edit("the cloud's key for disks", "azure", "DiskEncryptionSet", "encryptionType", "EncryptionAtRestWithPlatformKey", "high", RULE),
    Edit("an old version of the key", "azure", "DiskEncryptionSet", "rotationToLatestKeyVersionEnabled", False, "medium", RULE),
    Edit("keys of the store never expire", "azure", "StorageAccount *-main", "keyPolicy", REMOVED, "medium", RULE),
    Edit("secrets of the cluster with the cloud's key", "azure", "ManagedCluster", "securityProfile.azureKeyVaultKms.enabled", False, "high",
         RULE),
    Edit("plain database", "azure", "azure-native:sql:TransparentDataEncryption", "state", "Disabled", "high", RULE,
         {"state": "Enabled", "databaseName": "d", "serverName": "s"}),
    # harmless
    Edit("rotated more often", "aws", "aws:kms/key:Key made", "rotationPeriodInDays", 90, None, "",
         {"enableKeyRotation": True, "rotationPeriodInDays": 365, "policy": "{}"}),
    Edit("another description", "aws", KMS, "description", "Logs", None),
    Edit("another key of the platform", "aws", "LogGroup", "kmsKeyId",
         "arn:aws:kms:us-east-1:345678901234:key/11111111-2222-4333-8444-555555555555", None),
    Edit("twice encrypted", "aws", SSE, (*DEFAULT, "sseAlgorithm"), "aws:kms:dsse", None),
    Edit("rotated more often", "gcp", CRYPTO, "rotationPeriod", "2592000s", None),
    Edit("in hardware", "gcp", CRYPTO, "versionTemplate.protectionLevel", "HSM", None),
    Edit("another label", "gcp", CRYPTO, "labels.team", "ml", None),
    Edit("a longer key", "azure", MADE_KEY, "properties.keySize", 4096, None, "", HSM_KEY),
    Edit("one operation less", "azure", MADE_KEY, ("properties", "keyOps", 0), REMOVED, None, "", HSM_KEY),
    Edit("another version of the key", "azure", "azure-native:compute:DiskEncryptionSet made", "activeKey.keyUrl",
         "https://acme-vault.vault.azure.net/keys/volumes/2", None, "",
         {"diskEncryptionSetName": "d", "activeKey": {"keyUrl": "https://acme-vault.vault.azure.net/keys/volumes/1"}}),
    Edit("roles count", "azure", "azure-native:keyvault:Vault other", "properties.enableRbacAuthorization", True, None, "",
         {"vaultName": "v", "properties": {"enableRbacAuthorization": False}}),
)  # fmt: skip
