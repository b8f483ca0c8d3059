"""Settings of trust that are no rights by themselves: keys and metadata of issuers, guests, audiences."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.risk.guards.directions import Appears, Differs, Extra, Gone, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_SIGNED = "Whoever holds other keys can sign tokens that are accepted"
_ISSUER = "Another issuer says who somebody is"
_MORE = "Tokens of more issuers or callers are accepted"
_GUESTS = "Callers that do not log in get an identity"
_UNASKED = "Callers are no longer asked who they are"
_SWAPPED = "Those who log in act as another identity"
_WEAKER = "A weaker login is enough"

_OIDC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html"
_ANYWHERE = "https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html"
_POOLS = "https://docs.cloud.google.com/iam/docs/workload-identity-federation"
_AUTH = "https://learn.microsoft.com/azure/container-apps/authentication"
_APPS = "azure-native:app:ContainerAppsAuthConfig azure-native:web:WebAppAuthSettings*"


def _is_setting(step: Step) -> bool:
    """Whether issuer and audience are no part of a right, which the rule compares as a whole."""
    return not step.type.startswith("pulumi:") and not any(name in step.type for name in _RIGHTS)


_RIGHTS = ("FederatedIdentityCredential", "PoolProvider:", "OpenIdConnectProvider")

LOGINS: tuple[Row, ...] = (
    # inputs of many types
    Setting("*", "issuer issuerUri issuerUrl issuerIdentifier jwksUri jwksUrl jwksEndpoint jwksJson jwks openIdIssuer wellKnownOpenIdConfiguration openIdConnectUrl", Differs(), "high", _ISSUER, where=_is_setting),
    Setting("*", "audiences allowedAudiences authorizedAudiencesLists customAudiences allowedIssuers tokenSigningPublicKeys trustedTokenIssuers authorizedDomains", Extra(), "high", _MORE, where=_is_setting),
    # AWS
    Setting("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "/thumbprintLists", Extra(), "medium", _SIGNED, source=_OIDC),
    Setting("aws:iam/samlProvider:SamlProvider", "/samlMetadataDocument", Differs(), "high", _ISSUER),
    Opening("aws:iam/samlProvider:SamlProvider aws:iam/openIdConnectProvider:OpenIdConnectProvider aws:rolesanywhere/trustAnchor:TrustAnchor aws:ssoadmin/trustedTokenIssuer:TrustedTokenIssuer aws:eks/identityProviderConfig:IdentityProviderConfig", "medium", _MORE),
    Setting("aws:rolesanywhere/trustAnchor:TrustAnchor", "source.sourceType source.sourceData.x509CertificateData source.sourceData.acmPcaArn", Differs(), "high", _SIGNED, source=_ANYWHERE),
    Setting("aws:rolesanywhere/*", "/enabled", On(), "high", _MORE, source=_ANYWHERE),
    Setting("aws:rolesanywhere/profile:Profile", "/roleArns", Extra(), "high", _SWAPPED, source=_ANYWHERE),
    Setting("aws:rolesanywhere/profile:Profile", "/sessionPolicy /managedPolicyArns", Gone(), "high", _SWAPPED, source=_ANYWHERE),
    Setting("aws:eks/identityProviderConfig:IdentityProviderConfig", "oidc.issuerUrl oidc.clientId oidc.groupsClaim oidc.usernameClaim oidc.groupsPrefix oidc.usernamePrefix", Differs(), "high", _ISSUER),
    Setting("aws:eks/identityProviderConfig:IdentityProviderConfig", "oidc.requiredClaims oidc.requiredClaims.*", Gone(), "high", _MORE),
    Setting("aws:eks/podIdentityAssociation:PodIdentityAssociation", "/namespace /serviceAccount", Differs(), "medium", "Other pods get the identity"),
    Setting("aws:eks/podIdentityAssociation:PodIdentityAssociation", "/targetRoleArn", Appears(), "high", _SWAPPED),
    Setting("aws:eks/podIdentityAssociation:PodIdentityAssociation", "/targetRoleArn", Differs(), "high", _SWAPPED),
    Setting("aws:cognito/identityPool:IdentityPool", "/allowUnauthenticatedIdentities", On(), "high", _GUESTS),
    Setting("aws:cognito/identityPool:IdentityPool", "/allowClassicFlow", On(), "medium", _WEAKER),
    Setting("aws:cognito/identityPool:IdentityPool", "/openidConnectProviderArns /samlProviderArns /cognitoIdentityProviders", Extra(), "high", _MORE),
    Setting("aws:cognito/identityPool:IdentityPool", "supportedLoginProviders.*", Differs(), "high", _ISSUER),
    Setting("aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment", "roles.*", Differs(), "high", _SWAPPED),
    Setting("aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment", "roles.unauthenticated", Appears(), "high", _GUESTS),
    Setting("aws:cognito/userPool:UserPool", "/mfaConfiguration", Ranked(("off", "optional", "on"), default="off"), "high", _WEAKER),
    Setting("aws:cognito/userPool:UserPool", "allowAdminCreateUserOnly", Off(), "high", "Everybody can register"),
    Setting("aws:cognito/*", "callbackUrls allowedOauthFlows explicitAuthFlows supportedIdentityProviders", Extra(), "medium", _MORE),
    Setting("aws:cognito/identityProvider:IdentityProvider", "providerDetails.*", Differs(), "high", _ISSUER),
    Setting("aws:grafana/workspace:Workspace", "/authenticationProviders", Extra(), "high", _MORE),
    Setting("aws:grafana/*", "idpMetadataUrl idpMetadataXml", Differs(), "high", _ISSUER),
    Setting("aws:opensearch/*", "idp.entityId idp.metadataContent", Differs(), "high", _ISSUER),
    Setting("aws:apigatewayv2/authorizer:Authorizer", "jwtConfiguration.issuer authorizerUri", Differs(), "high", _ISSUER),
    Setting("aws:apigatewayv2/authorizer:Authorizer", "jwtConfiguration.audiences", Extra(), "high", _MORE),
    Setting("aws:apigateway/authorizer:Authorizer", "/providerArns", Extra(), "high", _MORE),
    Setting("aws:apigateway/authorizer:Authorizer", "/authorizerUri", Differs(), "high", _ISSUER),
    Setting("aws:lb/*", "authenticateOidc authenticateCognito jwtValidation", Gone(), "high", _UNASKED),
    Setting("aws:lb/*", "authenticateOidc.issuer authenticateOidc.tokenEndpoint jwtValidation.issuer jwtValidation.jwksEndpoint", Differs(), "high", _ISSUER),
    Setting("aws:lb/*", "onUnauthenticatedRequest", On(("allow",)), "high", _UNASKED),
    Setting("aws:ssoadmin/trustedTokenIssuer:TrustedTokenIssuer", "issuerUrl identityStoreAttributePath claimAttributePath", Differs(), "high", _ISSUER),
    # Google Cloud
    Setting("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider gcp:iam/workforcePoolProvider:WorkforcePoolProvider", "oidc.jwksJson", Appears(), "high", _SIGNED, source=_POOLS),
    Setting("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider gcp:iam/workforcePoolProvider:WorkforcePoolProvider", "oidc.jwksJson oidc.clientId", Differs(), "high", _SIGNED, source=_POOLS),
    Setting("gcp:iam/*", "trustStore.trustAnchors trustStore.intermediateCas", Extra(), "high", _SIGNED, source=_POOLS),
    Setting("gcp:iam/workloadIdentityPool:WorkloadIdentityPool gcp:iam/workforcePool:WorkforcePool", "/disabled", Off(), "high", _MORE, source=_POOLS),
    Setting("gcp:iam/*", "attestationRules", Extra(), "high", _MORE, source=_POOLS),
    Setting("gcp:iam/*", "inlineTrustConfig.additionalTrustBundles", Extra(), "high", _SIGNED, source=_POOLS),
    Setting("gcp:iam/workforcePool:WorkforcePool", "accessRestrictions", Gone(), "high", _MORE),
    Setting("gcp:identityplatform/*", "anonymous.enabled", On(), "high", _GUESTS),
    Setting("gcp:identityplatform/*", "authorizedDomains", Extra(), "high", _MORE),
    Setting("gcp:identityplatform/*", "issuer clientId idpConfig.ssoUrl idpConfig.idpEntityId", Differs(), "high", _ISSUER),
    Setting("gcp:identityplatform/*", "mfa.state", Ranked(("disabled", "enabled", "mandatory")), "high", _WEAKER),
    Setting("gcp:iap/*", "allowedDomainsSettings.domains oauthSettings.programmaticClients workforceIdentitySettings.workforcePools", Extra(), "high", _MORE),
    Setting("gcp:iap/*", "allowedDomainsSettings.enable", Off(), "high", _MORE),
    Setting("gcp:iap/*", "reauthSettings", Gone(), "medium", _WEAKER),
    # Azure
    Setting(_APPS, "registration.openIdIssuer registration.clientId wellKnownOpenIdConfiguration", Differs(), "high", _ISSUER, source=_AUTH),
    Setting(_APPS, "customOpenIdConnectProviders", Appears(), "high", _MORE, source=_AUTH),
    Setting(_APPS, "allowedAudiences allowedApplications allowedPrincipals.identities allowedPrincipals.groups allowedClientApplications allowedGroups", Extra(), "high", _MORE, source=_AUTH),
    Setting(_APPS, "allowedAudiences allowedApplications allowedPrincipals defaultAuthorizationPolicy jwtClaimChecks validation", Gone(), "high", _MORE, source=_AUTH),
    Setting(_APPS, "google.enabled gitHub.enabled facebook.enabled twitter.enabled apple.enabled", On(), "high", _MORE, source=_AUTH),
    Setting("azure-native:containerregistry:Registry", "azureADAuthenticationAsArmPolicy.status", On(), "medium", "Tokens for other services of Azure open it too"),
    Guard("azure-native:app:ContainerAppsAuthConfig azure-native:web:WebAppAuthSettings*", "high", _UNASKED, source=_AUTH),
)  # fmt: skip
