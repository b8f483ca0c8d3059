"""The provider's own inputs: which account, region and servers everything goes to."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Differs, Extra, Gone, On
from mlplatform.risk.guards.rows import Row, Setting

_ACCOUNT = "Everything goes to another account"
_REGION = "Everything is made in another region"
_SERVERS = "Requests, with their credentials, go to other servers"
_IDENTITY = "Everything is done by another identity"
_UNCHECKED = "Nothing checks any more that it is the right account"
_SECRET = "A credential stands in the program"

_TYPES = "pulumi:providers:*"
_AWS = "https://www.pulumi.com/registry/packages/aws/api-docs/provider/"
_GCP = "https://www.pulumi.com/registry/packages/gcp/api-docs/provider/"
_AZURE = "https://www.pulumi.com/registry/packages/azure-native/api-docs/provider/"

PROVIDERS: tuple[Row, ...] = (
    Setting(_TYPES, "allowedAccountIds", Gone(("", "[]")), "high", _UNCHECKED, source=_AWS),
    Setting(_TYPES, "allowedAccountIds", Extra(), "high", _UNCHECKED, source=_AWS),
    Setting(_TYPES, "allowedAccountIds forbiddenAccountIds", Differs(), "high", _ACCOUNT, source=_AWS),
    Setting(_TYPES, "forbiddenAccountIds", Gone(("", "[]")), "high", _UNCHECKED, source=_AWS),
    Setting(_TYPES, "project billingProject", Differs(), "high", _ACCOUNT, source=_GCP),
    Setting(_TYPES, "subscriptionId tenantId", Differs(), "high", _ACCOUNT, source=_AZURE),
    Setting(_TYPES, "auxiliaryTenantIds", Extra(), "high", "It acts in another tenant too", source=_AZURE),
    Setting(_TYPES, "auxiliaryTenantIds", Appears(("", "[]")), "high", "It acts in another tenant too", source=_AZURE),
    Setting(_TYPES, "region zone location universeDomain s3UsEast1RegionalEndpoint", Differs(), "high", _REGION),
    Setting(_TYPES, "universeDomain", Appears(("", "googleapis.com")), "high", _SERVERS, source=_GCP),
    Setting(_TYPES, "environment cloud metadataHost", Differs(), "high", _SERVERS, source=_AZURE),
    Setting(_TYPES, "endpoints *Endpoint endpoints.* ec2MetadataServiceEndpoint metadataHost httpProxy httpsProxy stsRegion msiEndpoint oidcRequestUrl tokenUrl", Appears(("", "[]", "{}")), "high", _SERVERS, on_create=True),
    Setting(_TYPES, "endpoints *Endpoint endpoints.* ec2MetadataServiceEndpoint metadataHost httpProxy httpsProxy stsRegion msiEndpoint oidcRequestUrl tokenUrl", Differs(), "high", _SERVERS),
    Setting(_TYPES, "endpoints", Extra(), "high", _SERVERS),
    Setting(_TYPES, "insecure", On(), "high", "It does not check which server answers", source=_AWS),
    Setting(_TYPES, "skipCredentialsValidation skipRequestingAccountId skipMetadataApiCheck skipRegionValidation skipProviderRegistration", On(), "high", _UNCHECKED, source=_AWS),
    Setting(_TYPES, "assumeRoles assumeRole assumeRoleWithWebIdentity assumeRoleWithWebIdentities impersonateServiceAccount impersonateServiceAccountDelegates profile clientId msiObjectId partnerId sharedCredentialsFiles sharedConfigFiles kubeconfig cluster context", Differs(), "high", _IDENTITY),
    Setting(_TYPES, "assumeRoles assumeRole assumeRoleWithWebIdentity assumeRoleWithWebIdentities impersonateServiceAccount profile clientId sharedCredentialsFiles", Appears(("", "[]", "{}")), "high", _IDENTITY),
    Setting(_TYPES, "assumeRoles assumeRole assumeRoleWithWebIdentity impersonateServiceAccount", Gone(("", "[]", "{}")), "high", _IDENTITY),
    Setting(_TYPES, "roleArn sessionPolicy policy externalId", Differs(), "high", _IDENTITY),
    Setting(_TYPES, "accessKey secretKey token accessToken credentials clientSecret clientCertificate clientCertificatePath clientCertificatePassword oidcToken password", Appears(), "high", _SECRET),
    Setting(_TYPES, "accessKey secretKey token accessToken credentials clientSecret clientCertificate clientCertificatePath oidcToken password", Differs(), "high", _IDENTITY),
    Setting(_TYPES, "useOidc useMsi useCli", On(), "medium", _IDENTITY, source=_AZURE),
    Setting(_TYPES, "userProjectOverride disableCorrelationRequestId", Differs(), "medium", "Quotas and bills of another project count", source=_GCP),
    Setting("aws:*", "/region", Differs(), "high", "It is made in another region", source="https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/"),
    Setting("aws:*", "/region", Appears(), "medium", "It is made in another region than the rest", source="https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/"),
)  # fmt: skip
