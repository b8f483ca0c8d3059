"""Settings and resources that decide who administers a cluster, a store, an application or the organisation."""

from __future__ import annotations

from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import mapping
from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, Less, More, Off, On, Ranked
from mlplatform.risk.guards.rows import Guard, Opening, Row, Setting

_ADMINISTRATORS = "Others administer it"
_MORE = "More people or identities administer it"
_FALLBACK = "Rights in it no longer come from the cloud's own identities"
_CREDENTIAL = "A credential that does not expire opens it to whoever holds it"
_CEILING = "Nothing limits any more what this identity can be given"
_PASSWORD = "Passwords and keys are accepted beside identities"
_APPROVAL = "Rights are given without the approval, proof or end that they needed"
_APPLICATION = "The application can be used, or acted for, by others"
_EVERYTHING = "Its code can use everything that its identity may do"
_BACK = "A switched-off identity works again"

_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html"
_BOUNDARY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
_ACCESS_KEYS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html"
_GKE = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster"
_SA_KEYS = "https://docs.cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys"
_AKS = "https://learn.microsoft.com/azure/aks/concepts-identity"
_PIM = (
    "https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-how-to-change-default-settings"
)
_LIGHTHOUSE = "https://learn.microsoft.com/azure/lighthouse/concepts/tenants-users-roles"
_CLUSTER = "azure-native:containerservice:ManagedCluster"
_ANNOTATIONS = "annotations.*role-arn annotations.*gcp-service-account annotations.*client-id"


def _is_aws_auth(step: Step) -> bool:
    return mapping(step.inputs.get("metadata")).get("name") == "aws-auth"


def _is_admin_role(step: Step) -> bool:
    words = (str(step.inputs.get(key, "")).lower() for key in ("role", "grafanaRole"))
    return "admin" in words or mapping(step.inputs.get("role")).get("predefinedRole") == "ADMIN"


ADMINISTRATORS: tuple[Row, ...] = (
    # lists of many types
    Setting("*", "admins adminUsers adminGroups administrators adminProGroups readOnlyAdmins delegatedAdministrators authorizedPrincipals clusterAdmins workspaceAdmins developerOwners operatorOwners businessOwners", Extra(), "high", _MORE),
    Setting("*", "isAdmin isDelegatedAdministratorEnabled adminEnabled apiEnableAdmin userEnabledAsLocalAdministrator", On(), "high", _MORE),
    # EKS
    Setting("aws:eks/cluster:Cluster", "accessConfig.authenticationMode", Ranked(("config_map", "api_and_config_map", "api")), "high", "Whoever changes one object in the cluster makes administrators", source=_EKS),
    Setting("aws:eks/cluster:Cluster", "bootstrapClusterCreatorAdminPermissions", On(default="true"), "high", "Whoever made the cluster administers it", source=_EKS),
    Setting("aws:eks/accessEntry:AccessEntry", "/userName", Differs(), "high", _ADMINISTRATORS, source=_EKS),
    Setting("aws:eks/accessEntry:AccessEntry", "/userName", Appears(), "high", _ADMINISTRATORS, source=_EKS),
    Setting("aws:eks/accessEntry:AccessEntry", "/type", Differs(), "medium", _ADMINISTRATORS, source=_EKS),
    Setting("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "accessScope.type", On(("cluster",)), "high", "Its rights hold in the whole cluster", source=_EKS),
    Setting("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "accessScope.namespaces", Extra(), "medium", "Its rights hold in more namespaces", source=_EKS),
    Setting("kubernetes:core/v1:ConfigMap*", "data.mapRoles data.mapUsers data.mapAccounts", Differs(), "high", _ADMINISTRATORS, source=_EKS, where=_is_aws_auth),
    Setting("kubernetes:core/v1:ConfigMap*", "data.mapRoles data.mapUsers data.mapAccounts", Appears(), "high", _ADMINISTRATORS, source=_EKS, where=_is_aws_auth),
    Setting("kubernetes:core/v1:ServiceAccount*", _ANNOTATIONS, Differs(), "high", "Its pods act as another identity of the cloud"),
    Setting("kubernetes:core/v1:ServiceAccount*", _ANNOTATIONS, Appears(), "medium", "Its pods act as an identity of the cloud"),
    # identities of AWS
    Setting("aws:iam/role:Role aws:iam/user:User", "/permissionsBoundary", Gone(), "high", _CEILING, source=_BOUNDARY),
    Setting("aws:iam/role:Role aws:iam/user:User", "/permissionsBoundary", Differs(), "high", "Something else limits what this identity can be given", source=_BOUNDARY),
    Guard("aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment aws:iam/rolePoliciesExclusive:RolePoliciesExclusive aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "high", _CEILING, source=_BOUNDARY),
    Opening("aws:iam/accessKey:AccessKey aws:iam/serviceSpecificCredential:ServiceSpecificCredential aws:iam/sshKey:SshKey aws:iam/signingCertificate:SigningCertificate aws:iam/userLoginProfile:UserLoginProfile", "high", _CREDENTIAL, source=_ACCESS_KEYS),
    Setting("aws:iam/accessKey:AccessKey", "/status", On(("active",), default="active"), "high", _BACK, source=_ACCESS_KEYS),
    Setting("aws:iam/*", "passwordResetRequired requireUppercaseCharacters requireLowercaseCharacters requireNumbers requireSymbols hardExpiry", Off(), "medium", "Weaker passwords are accepted"),
    Setting("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "/minimumPasswordLength /passwordReusePrevention", Less(6), "medium", "Weaker passwords are accepted"),
    Guard("aws:iam/accountPasswordPolicy:AccountPasswordPolicy aws:iam/virtualMfaDevice:VirtualMfaDevice", "high", "Weaker logins are accepted"),
    Opening("aws:organizations/delegatedAdministrator:DelegatedAdministrator aws:guardduty/organizationAdminAccount:OrganizationAdminAccount aws:securityhub/organizationAdminAccount:OrganizationAdminAccount aws:inspector2/delegatedAdminAccount:DelegatedAdminAccount aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount aws:macie2/organizationAdminAccount:OrganizationAdminAccount", "high", "Another account administers a service of the whole organisation"),
    Setting("aws:ssoadmin/permissionSet:PermissionSet", "/sessionDuration", More(1 / 24, times=2), "medium", "Sessions last much longer"),
    Setting("aws:lakeformation/dataLakeSettings:DataLakeSettings", "allowExternalDataFiltering allowFullTableExternalDataAccess", On(), "high", "Engines of other accounts read its data"),
    Setting("aws:lakeformation/dataLakeSettings:DataLakeSettings", "trustedResourceOwners externalDataFilteringAllowLists createTableDefaultPermissions createDatabaseDefaultPermissions", Extra(), "high", _MORE),
    Setting("aws:ram/resourceShare:ResourceShare", "/allowExternalPrincipals", On(), "high", "It can be shared with accounts outside the organisation"),
    # applications on AWS
    Setting("aws:grafana/roleAssociation:RoleAssociation", "/role", On(("admin",)), "high", _MORE),
    Setting("aws:grafana/roleAssociation:RoleAssociation", "/userIds /groupIds", Extra(), "high", _MORE, where=_is_admin_role),
    Opening("aws:grafana/roleAssociation:RoleAssociation aws:grafana/workspaceServiceAccount:WorkspaceServiceAccount", "high", _MORE, where=_is_admin_role),
    Opening("aws:grafana/workspaceApiKey:WorkspaceApiKey aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken", "medium", _CREDENTIAL),
    Setting("aws:grafana/*", "adminRoleValues editorRoleValues allowedOrganizations", Extra(), "high", _MORE),
    Setting("aws:grafana/workspace:Workspace", "/accountAccessType", On(("organization",)), "high", "It reads metrics and logs of other accounts"),
    Setting("aws:grafana/workspace:Workspace", "/permissionType", On(("service_managed",)), "medium", "The service widens the rights of the workspace by itself"),
    Setting("aws:opensearch/*", "masterUserOptions.masterUserArn masterUserOptions.masterUserName", Differs(), "high", _ADMINISTRATORS),
    Setting("aws:opensearch/*", "internalUserDatabaseEnabled", On(), "high", _PASSWORD),
    Setting("aws:opensearch/*", "advancedSecurityOptions.enabled", Off(), "high", "Everybody who reaches it may do everything in it"),
    Setting("aws:ecs/*", "enableExecuteCommand", On(), "medium", "Commands can be run in its containers from outside"),
    Setting("aws:quicksight/user:User", "/userRole", On(("admin", "admin_pro")), "high", _MORE),
    Setting("aws:rds/*", "/masterUsername /username", Differs(), "medium", _ADMINISTRATORS),
    Setting("aws:rds/*", "/manageMasterUserPassword", Gone(("", "false")), "medium", _PASSWORD),
    # GKE
    Setting("gcp:container/*", "authenticatorGroupsConfig.securityGroup", Differs(), "high", _ADMINISTRATORS, source=_GKE),
    Setting("gcp:container/*", "authenticatorGroupsConfig.securityGroup", Gone(), "medium", "Groups no longer have rights in it", source=_GKE),
    Setting("gcp:container/*", "issueClientCertificate", On(), "high", _CREDENTIAL, source=_GKE),
    Setting("gcp:container/*", "masterAuth.username masterAuth.password", Appears(), "high", _PASSWORD, source=_GKE),
    Setting("gcp:container/*", "enableLegacyAbac", On(), "high", _FALLBACK, source=_GKE),
    Setting("gcp:container/*", "enableInsecureBindingSystemAuthenticated enableInsecureBindingSystemUnauthenticated", On(), "high", "Everybody who reaches it can be given rights in it", source=_GKE),
    Setting("gcp:container/*", "rbacBindingConfig", Gone(), "medium", "Everybody who reaches it can be given rights in it", source=_GKE),
    Setting("gcp:container/*", "enableK8sTokensViaDns enableK8sCertsViaDns", On(), "high", "Keys and certificates open it from outside", source=_GKE),
    Setting("gcp:container/*", "identityServiceConfig.enabled", On(), "high", "Identities from outside the cloud can be let in"),
    Setting("gcp:container/*", "workloadIdentityConfig.workloadPool", Differs(), "high", _ADMINISTRATORS),
    Setting("gcp:container/*", "workloadIdentityConfig", Gone(), "high", "Pods act as their nodes"),
    Setting("gcp:container/*", "serviceAccountSigningKeys serviceAccountVerificationKeys", Extra(), "high", _ADMINISTRATORS),
    Setting("gcp:container/*", "userManagedKeysConfig.*", Differs(), "high", _ADMINISTRATORS),
    Setting("gcp:*", "oauthScopes serviceAccountScopes serviceAccount.scopes", Extra(), "medium", _EVERYTHING),
    Setting("gcp:gkehub/*RoleBinding:*", "role.predefinedRole", On(("admin",)), "high", _MORE),
    Opening("gcp:gkehub/scopeRbacRoleBinding:ScopeRbacRoleBinding gcp:gkehub/membershipRbacRoleBinding:MembershipRbacRoleBinding", "high", _MORE, where=_is_admin_role),
    # identities of Google Cloud
    Opening("gcp:serviceaccount/key:Key gcp:storage/hmacKey:HmacKey gcp:projects/apiKey:ApiKey", "high", _CREDENTIAL, source=_SA_KEYS),
    Setting("gcp:serviceaccount/account:Account", "/disabled", Off(), "high", _BACK),
    Setting("gcp:storage/hmacKey:HmacKey", "/state", On(("active",), default="active"), "high", _BACK),
    Setting("gcp:privilegedaccessmanager/*", "eligibleUsers.principals approvers.principals gcpIamAccess.roleBindings", Extra(), "high", _MORE),
    Setting("gcp:privilegedaccessmanager/*", "approvalWorkflow", Gone(), "high", _APPROVAL),
    Setting("gcp:privilegedaccessmanager/*", "requireApproverJustification", Off(), "medium", _APPROVAL),
    Setting("gcp:privilegedaccessmanager/*", "approvalsNeeded", Less(1), "high", _APPROVAL),
    Setting("gcp:privilegedaccessmanager/*", "maxRequestDuration", More(times=1.999), "medium", _APPROVAL),
    Guard("gcp:organizations/accessApprovalSettings:* gcp:projects/accessApprovalSettings:* gcp:folder/accessApprovalSettings:*", "high", _APPROVAL),
    Setting("gcp:workbench/*", "instanceOwners", Extra(), "medium", _MORE),
    Opening("gcp:sql/user:User gcp:alloydb/user:User", "medium", _MORE),
    Setting("gcp:alloydb/user:User", "/databaseRoles", Extra(), "high", _MORE),
    Opening("gcp:cloudbuild/workerPool:* gcp:cloudbuild/trigger:Trigger", "medium", "Code of a repository runs with the rights of the project"),
    # AKS
    Setting(_CLUSTER, "aadProfile.enableAzureRBAC", Off(), "high", _FALLBACK, source=_AKS),
    Setting(_CLUSTER, "aadProfile.managed", Off(), "high", _FALLBACK, source=_AKS),
    Setting(_CLUSTER, "aadProfile", Gone(), "high", _FALLBACK, source=_AKS),
    Setting(_CLUSTER, "aadProfile.adminGroupObjectIDs", Extra(), "high", _MORE, source=_AKS),
    Setting(_CLUSTER, "aadProfile.tenantID", Differs(), "high", "People of another tenant log in", source=_AKS),
    Setting(_CLUSTER, "/enableRBAC", Off(default="true"), "critical", "Everybody who reaches it administers it", source=_AKS),
    Setting(_CLUSTER, "disableRunCommand", Off(), "medium", "Commands can be run in it from outside its network"),
    Setting(_CLUSTER, "podIdentityProfile.enabled", On(), "high", "Pods can take identities of their nodes"),
    Setting(_CLUSTER, "workloadIdentity.enabled", Off(), "medium", "Pods act as their nodes"),
    Setting(_CLUSTER, "servicePrincipalProfile.clientId", Differs(), "high", "It acts as another identity"),
    Setting("azure-native:containerservice:* azure-native:compute:*", "ssh.publicKeys", Extra(), "high", "Another key opens its machines"),
    Setting("azure-native:containerservice:* azure-native:compute:*", "publicKeys.keyData", Differs(), "high", "Another key opens its machines"),
    Opening("azure-native:containerservice:TrustedAccessRoleBinding", "high", "Another service of Azure administers the cluster"),
    Setting("azure-native:containerservice:TrustedAccessRoleBinding", "roles", Extra(), "high", _MORE),
    # rights that are given for a time, and delegation
    Setting("azure-native:authorization:RoleManagementPolicy*", "isExpirationRequired isApprovalRequired isRequestorJustificationRequired isApprovalRequiredForExtension", Off(), "high", _APPROVAL, source=_PIM),
    Setting("azure-native:authorization:RoleManagementPolicy*", "enabledRules rules approvalStages primaryApprovers", Fewer(), "high", _APPROVAL, source=_PIM),
    Setting("azure-native:authorization:RoleManagementPolicy*", "maximumDuration", More(times=1.999), "high", _APPROVAL, source=_PIM),
    Opening("azure-native:managedservices:RegistrationAssignment", "critical", "People of another tenant get rights in the subscription", source=_LIGHTHOUSE),
    Guard("azure-native:authorization:*AccessReview*", "high", "Rights are no longer reviewed"),
    # databases and applications on Azure
    Opening("azure-native:sql:ServerAzureADAdministrator azure-native:sql:ManagedInstanceAdministrator azure-native:dbforpostgresql:Administrator* azure-native:dbformysql:AzureADAdministrator", "high", _ADMINISTRATORS),
    Setting("azure-native:sql:* azure-native:dbforpostgresql:* azure-native:dbformysql:* azure-native:synapse:*", "/sid administrators.sid /login administrators.login /administratorLogin", Differs(), "high", _ADMINISTRATORS),
    Setting("azure-native:sql:* azure-native:synapse:*", "azureADOnlyAuthentication", Off(), "high", _PASSWORD),
    Setting("azure-native:dbforpostgresql:*", "authConfig.passwordAuth", On(), "high", _PASSWORD),
    Setting("azure-native:dbforpostgresql:*", "authConfig.activeDirectoryAuth", Off(), "high", _FALLBACK),
    Setting("azure-native:dashboard:Grafana", "apiKey", On(), "high", _CREDENTIAL),
    Setting("azure-native:dashboard:Grafana", "creatorCanAdmin", On(), "high", _MORE),
    Setting("azure-native:dashboard:Grafana", "roleAttributePath orgRoleAttributePath", Differs(), "high", _ADMINISTRATORS),
    Setting("azure-native:kusto:*PrincipalAssignment", "role", Differs(), "high", _ADMINISTRATORS),
    Setting("azure-native:eventhub:* azure-native:servicebus:* azure-native:relay:*", "/rights", Extra(("manage", "send", "listen")), "high", "Holders of its key may do more"),
    Opening("azure-native:storage:LocalUser azure-native:containerregistry:Token azure-native:eventhub:*AuthorizationRule azure-native:servicebus:*AuthorizationRule", "high", _CREDENTIAL),
    Setting("azure-native:containerregistry:ScopeMap", "/actions", Extra(), "high", "Holders of its tokens may do more"),
    Setting("azure-native:containerregistry:Token", "/status", On(), "high", _BACK),
    Setting("azure-native:storage:LocalUser", "hasSharedKey hasSshKey hasSshPassword", On(), "high", _CREDENTIAL),
    Setting("azure-native:storage:LocalUser", "permissionScopes permissionScopes.permissions", Extra(), "high", "Holders of its key may do more"),
    Setting("azure-native:machinelearningservices:*", "assignedUser.objectId personalComputeInstanceSettings.assignedUser.objectId", Differs(), "medium", _ADMINISTRATORS),
    # applications in Entra ID: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs
    Opening("azuread:*Password azuread:*Certificate azuread:*TokenSigningCertificate", "high", _CREDENTIAL),
    Opening("azuread:*Invitation azuread:*ServicePrincipalDelegatedPermissionGrant azuread:*DirectoryRoleEligibilityScheduleRequest", "high", "Somebody from outside, or an application, acts in the directory"),
    Setting("azuread:*", "/owners ownerObjectIds", Extra(), "high", _MORE),
    Setting("azuread:*:Group", "/members", Extra(), "high", "More people have the rights of the group"),
    Setting("azuread:*", "requiredResourceAccesses resourceAccesses", Extra(), "high", "The application may ask for more of the directory"),
    Setting("azuread:*", "signInAudience", Off(("azureadmyorg",), default="azureadmyorg"), "high", "People of other tenants log in to the application"),
    Setting("azuread:*", "redirectUris", Extra(), "high", _APPLICATION),
    Setting("azuread:*", "fallbackPublicClientEnabled oauth2AllowIdTokenImplicitFlow accessTokenIssuanceEnabled", On(), "medium", _APPLICATION),
    Setting("azuread:*", "appRoleAssignmentRequired", Off(), "high", "Everybody of the tenant may use the application"),
    Setting("azuread:*ConditionalAccessPolicy", "/state", Off(("enabled",)), "high", _APPROVAL),
    Setting("azuread:*ConditionalAccessPolicy", "excludedUsers excludedGroups excludedRoles excludedApplications excludedLocations", Extra(), "high", _APPROVAL),
    Setting("azuread:*ConditionalAccessPolicy", "builtInControls includedUsers includedApplications", Fewer(), "high", _APPROVAL),
    Guard("azuread:*ConditionalAccessPolicy", "high", _APPROVAL),
)  # fmt: skip
