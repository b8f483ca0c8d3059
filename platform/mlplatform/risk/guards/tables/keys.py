"""Settings of keys and of what uses them, and resources that protect keys."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Differs, Earlier, Extra, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_OFF = "What it encrypts can no longer be read or written"
_LEAVES = "The key can leave the cloud's vault"
_SOFTWARE = "The key is no longer held in hardware"
_ELSEWHERE = "The key is held somewhere else, by somebody else"
_OLD = "The key grows old: whoever learned it once can read on"
_OWN = "The cloud's key takes the place of the platform's own: nobody here can revoke it"
_POLICIES = "Access policies count instead of roles, and whoever may change the vault can give himself its keys"
_RECORDS = "The key's own record of rights can be lost, with nobody left to repair it"
_SHORT = "A weaker key encrypts from now on"
_SOURCES = "Other services can fetch from the vault"

_KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
_LEVELS = "https://docs.cloud.google.com/kms/docs/protection-levels"
_RBAC = "https://learn.microsoft.com/azure/key-vault/general/rbac-guide"
_KEY = "azure-native:keyvault:Key"
_VAULT = "azure-native:keyvault:Vault azure-native:keyvault:ManagedHsm"

KEYS: tuple[Row, ...] = (
    # AWS
    Setting("aws:kms/*", "/isEnabled /enabled", Off(default="true"), "high", _OFF),
    Setting("aws:kms/*", "/enableKeyRotation", Off(), "medium", _OLD),
    Setting("aws:kms/*", "/rotationPeriodInDays", More(365, times=1.999), "medium", _OLD),
    Setting("aws:kms/*", "/bypassPolicyLockoutSafetyCheck", On(), "high", _RECORDS, source=_KMS),
    Setting("aws:kms/*", "/customKeyStoreId /xksKeyId", Differs(), "high", _ELSEWHERE),
    Setting("aws:kms/*", "/xksKeyId", Appears(), "high", _ELSEWHERE),
    Setting("aws:kms/*", "/customKeyStoreId", Gone(), "high", _SOFTWARE),
    Setting("aws:kms/*", "/multiRegion", On(), "medium", "The key can be copied to other regions"),
    Setting("aws:kms/externalKey:ExternalKey", "/keyMaterialBase64", Differs(), "high", _ELSEWHERE),
    Setting("aws:kms/externalKey:ExternalKey", "/validTo", Earlier(), "high", _OFF),
    Setting("aws:kms/alias:Alias", "/targetKeyId", Differs(), "medium", "Everything that uses the name encrypts with another key"),
    Opening("aws:kms/externalKey:ExternalKey gcp:kms/keyRingImportJob:KeyRingImportJob gcp:kms/ekmConnection:EkmConnection", "medium", _ELSEWHERE),
    Opening("aws:kms/replicaKey:ReplicaKey", "medium", "The key is copied to another region"),
    Guard("aws:ebs/encryptionByDefault:EncryptionByDefault aws:ebs/defaultKmsKey:DefaultKmsKey", "high", _OWN),
    Setting("aws:ebs/encryptionByDefault:EncryptionByDefault", "/enabled", Off(default="true"), "high", "New volumes are no longer encrypted by themselves"),
    Guard("aws:secretsmanager/secretRotation:SecretRotation", "medium", _OLD),
    Setting("aws:secretsmanager/secretRotation:SecretRotation", "automaticallyAfterDays", More(times=1.999), "medium", _OLD),
    Setting("aws:acm/certificate:Certificate", "options.export", On(), "high", _LEAVES),
    Setting("aws:*", "sseAlgorithm", Ranked(("none", "aes256", "aws:kms", "aws:kms:dsse")), "high", _OWN),
    Setting("aws:*", "encryptionType", Ranked(("none", "default", "aes256", "aws_owned_key", "aws_owned_kms_key", "kms", "kms_dsse", "customer_managed_key", "customer_managed_kms_key")), "high", _OWN),
    Setting("aws:*", "encryptionMode encryptionOption s3EncryptionMode catalogEncryptionMode", Ranked(("disabled", "none", "sse-s3", "sse_s3", "sse-kms", "sse_kms", "cse_kms", "cse-kms")), "high", _OWN),
    Setting("aws:sqs/queue:Queue", "/kmsDataKeyReusePeriodSeconds", More(1 / 288, times=10), "low", _OLD),
    # Google Cloud
    Setting("gcp:kms/*", "protectionLevel", Ranked(("external", "external_vpc", "software", "hsm", "hsm_single_tenant"), default="software"), "high", _SOFTWARE, source=_LEVELS),
    Setting("gcp:kms/cryptoKey:CryptoKey", "/importOnly", On(), "high", _ELSEWHERE),
    Setting("gcp:kms/*", "/cryptoKeyBackend externalProtectionLevelOptions.* ekmConnectionKeyPath", Differs(), "high", _ELSEWHERE),
    Setting("gcp:kms/*", "/cryptoKeyBackend externalProtectionLevelOptions", Appears(), "high", _ELSEWHERE),
    Setting("gcp:kms/cryptoKey:CryptoKey", "/rotationPeriod", Gone(), "medium", _OLD),
    Setting("gcp:kms/cryptoKey:CryptoKey", "/rotationPeriod", More(times=1.999), "medium", _OLD),
    Setting("gcp:kms/cryptoKeyVersion:CryptoKeyVersion", "/state", Off(("enabled",), default="enabled"), "high", _OFF),
    Setting("gcp:kms/cryptoKey:CryptoKey", "versionTemplate.algorithm", Differs(), "medium", _SHORT),
    Setting("gcp:kms/ekmConnection:EkmConnection", "hostname serviceResolvers.hostname keyManagementMode", Differs(), "high", _ELSEWHERE),
    Setting("gcp:secretmanager/*", "/rotation rotation.rotationPeriod", Gone(), "medium", _OLD),
    Setting("gcp:secretmanager/*", "/enabled", Off(default="true"), "high", "What needs the secret can no longer read it"),
    Setting("gcp:container/*", "databaseEncryption.state", Off(("encrypted", "all_objects_encryption_enabled")), "high", _OWN),
    Setting("gcp:sql/*", "settings.sqlServerAuditConfig.*", Gone(), "medium", _RECORDS),
    # Azure
    Setting(_VAULT, "enableRbacAuthorization", Off(), "high", _POLICIES, source=_RBAC),
    Setting(_VAULT, "enabledForDeployment enabledForTemplateDeployment enabledForDiskEncryption", On(), "medium", _SOURCES, source=_RBAC),
    Setting(_VAULT, "sku.name", Ranked(("standard", "premium")), "high", _SOFTWARE),
    Setting(_VAULT, "tenantId", Differs(), "critical", "People of another tenant open the vault"),
    Setting(_KEY, "attributes.enabled", Off(default="true"), "high", _OFF),
    Setting(_KEY, "attributes.exportable", On(), "high", _LEAVES),
    Setting(_KEY, "releasePolicy", Appears(), "high", _LEAVES),
    Setting(_KEY, "releasePolicy.*", Differs(), "high", _LEAVES),
    Setting(_KEY, "keyOps", Extra(("import", "release", "export")), "high", _LEAVES),
    Setting(_KEY, "keyOps", Extra(), "medium", "The key may be used for more"),
    Setting(_KEY, "kty", Off(("rsa-hsm", "ec-hsm", "oct-hsm")), "high", _SOFTWARE),
    Setting(_KEY, "keySize", Less(2048), "high", _SHORT),
    Setting(_KEY, "curveName", Differs(), "medium", _SHORT),
    Setting(_KEY, "attributes.expires", Less(None), "high", _OFF),
    Setting(_KEY, "attributes.expires", Appears(), "medium", _OFF),
    Setting(_KEY, "attributes.notBefore", More(0), "high", _OFF),
    Setting(_KEY, "rotationPolicy", Gone(), "medium", _OLD),
    Setting(_KEY, "rotationPolicy.attributes.expiryTime timeAfterCreate", More(times=1.999), "medium", _OLD),
    Setting("azure-native:keyvault:Secret", "attributes.enabled", Off(default="true"), "high", "What needs the secret can no longer read it"),
    Setting("azure-native:compute:DiskEncryptionSet", "rotationToLatestKeyVersionEnabled", Off(), "medium", _OLD),
    Setting("azure-native:compute:*", "encryptionType", Ranked(("encryptionatrestwithplatformkey", "encryptionatrestwithcustomerkey", "encryptionatrestwithplatformandcustomerkeys")), "high", _OWN),
    Setting("azure-native:storage:*", "keySource", Off(("microsoft.keyvault",)), "high", _OWN),
    Setting("azure-native:storage:*", "requireInfrastructureEncryption", Off(), "high", "Data is encrypted once instead of twice"),
    Setting("azure-native:storage:*", "keyPolicy.keyExpirationPeriodInDays sasPolicy.sasExpirationPeriod", More(times=1.999), "medium", _OLD),
    Setting("azure-native:storage:*", "keyPolicy sasPolicy", Gone(), "medium", _OLD),
    Setting("azure-native:containerservice:*", "azureKeyVaultKms.enabled", Off(), "high", _OWN),
    Setting("azure-native:containerservice:*", "azureKeyVaultKms", Gone(), "high", _OWN),
    Setting("azure-native:containerservice:*", "keyVaultNetworkAccess", On(("public",)), "high", "The key's vault has to be reachable from outside"),
    Setting("azure-native:containerservice:*", "enableSecretRotation", Off(), "medium", _OLD),
    Setting("azure-native:sql:*", "serverKeyType", Off(("azurekeyvault",)), "high", _OWN),
    Setting("azure-native:sql:*TransparentDataEncryption", "state", Off(("enabled",)), "high", "Data is no longer encrypted"),
    Setting("azure-native:machinelearningservices:*", "hbiWorkspace", Off(), "medium", "More about the data is collected by the service"),
    Setting("azure-native:*", "autoRotationEnabled isAutoKeyRotationEnabled", Off(), "medium", _OLD),
)  # fmt: skip
