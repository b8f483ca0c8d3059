"""Who administers clusters, stores, applications and the organisation, and whose identity services have."""

from __future__ import annotations

from .edit import REMOVED, Edit, more

RULE = "administration-widened"
SWAPPED = "identity-swapped"
EKS = "eks/cluster:Cluster"
GKE = "container/cluster:Cluster"
AKS = "ManagedCluster"
ROLE = "aws:iam/role:Role bounded"
BOUNDED = {"assumeRolePolicy": "{}", "permissionsBoundary": "arn:aws:iam::345678901234:policy/boundary"}
AUTH = {"metadata": {"name": "aws-auth", "namespace": "kube-system"}, "data": {"mapRoles": "- rolearn: a"}}
ACCOUNT = {
    "metadata": {"name": "jobs", "annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::345678901234:role/a"}}
}
APPLICATION = {
    "displayName": "a",
    "owners": ["ada"],
    "signInAudience": "AzureADMyOrg",
    "web": {"redirectUris": ["https://a/"]},
}
ENTITLEMENT = {"entitlementId": "e", "eligibleUsers": [{"principals": ["group:ml@acme.example"]}], "maxRequestDuration": "3600s",
               "approvalWorkflow": {"manualApprovals": {"steps": [{"approvalsNeeded": 1}]}}}  # fmt: skip
ADMIN_ROLE = "arn:aws:iam::345678901234:role/acme-ml-prod-operator"
OTHER_ROLE = "arn:aws:iam::999988887777:role/x"
DEFAULT = "345678901234-compute@developer.gserviceaccount.com"
IDENTITY = (
    "/subscriptions/22222222-3333-4444-8555-666666666666/resourceGroups/acme-ml-prod-rg/providers/"
    "Microsoft.ManagedIdentity/userAssignedIdentities/acme-ml-prod-operator"
)
PIM = "azure-native:authorization:RoleManagementPolicy"
RULES = {
    "rules": [
        {"id": "e", "isExpirationRequired": True, "maximumDuration": "PT8H"},
        {"id": "m", "enabledRules": ["Mfa"]},
    ]
}
CONDITIONAL = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy"
POLICY = {"displayName": "mfa", "state": "enabled", "conditions": {"users": {"includedUsers": ["All"], "excludedUsers": []}},
          "grantControls": {"builtInControls": ["mfa"], "operator": "OR"}}  # fmt: skip

EDITS = (
    # clusters of AWS
    Edit("objects in the cluster decide", "aws", EKS, "accessConfig.authenticationMode", "API_AND_CONFIG_MAP", "high", RULE),
    Edit("its maker administers it", "aws", EKS, "accessConfig.bootstrapClusterCreatorAdminPermissions", True, "high", RULE),
    Edit("its maker, by default", "aws", EKS, "accessConfig.bootstrapClusterCreatorAdminPermissions", REMOVED, "high", RULE),
    Edit("another name in the cluster", "aws", "AccessEntry *-auditor", "userName", "system:node:eve", "high", RULE),
    Edit("the whole cluster", "aws", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation made", "accessScope.type", "cluster",
         "high", RULE, {"clusterName": "c", "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
                        "principalArn": ADMIN_ROLE, "accessScope": {"type": "namespace", "namespaces": ["a"]}}),
    Edit("administrators in an object", "aws", "kubernetes:core/v1:ConfigMap", "data.mapRoles", "- rolearn: b", "high", RULE, AUTH),
    Edit("users in an object", "aws", "kubernetes:core/v1:ConfigMap users", "data.mapUsers", "- userarn: b", "high", RULE, AUTH),
    Edit("another role for pods", "aws", "kubernetes:core/v1:ServiceAccount",
         ("metadata", "annotations", "eks.amazonaws.com/role-arn"), ADMIN_ROLE, "high", RULE, ACCOUNT),
    # identities of AWS
    Edit("no boundary", "aws", ROLE, "permissionsBoundary", REMOVED, "high", RULE, BOUNDED),
    Edit("another boundary", "aws", ROLE, "permissionsBoundary", "arn:aws:iam::aws:policy/AdministratorAccess", "high", RULE, BOUNDED),
    Edit("no boundary of a set", "aws", "aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment", "", REMOVED, "high",
         RULE, {"permissionSetArn": "p", "instanceArn": "i"}),
    Edit("a key of a user", "aws", "aws:iam/accessKey:AccessKey", "", {"user": "eve"}, "high", RULE, {}),
    Edit("a password of a user", "aws", "aws:iam/userLoginProfile:UserLoginProfile", "", {"user": "eve"}, "high", RULE, {}),
    Edit("an old key again", "aws", "aws:iam/accessKey:AccessKey old", "status", "Active", "high", RULE,
         {"user": "eve", "status": "Inactive"}),
    Edit("an administrator of the organisation", "aws", "aws:organizations/delegatedAdministrator:DelegatedAdministrator", "",
         {"accountId": "999988887777", "servicePrincipal": "sso.amazonaws.com"}, "high", RULE, {}),
    Edit("another administrator of a lake", "aws", "aws:lakeformation/dataLakeSettings:DataLakeSettings", "admins", more(ADMIN_ROLE),
         "high", RULE, {"admins": ["arn:aws:iam::345678901234:role/a"]}),
    Edit("shared outside the organisation", "aws", "aws:ram/resourceShare:ResourceShare", "allowExternalPrincipals", True, "high", RULE,
         {"name": "s", "allowExternalPrincipals": False}),
    Edit("metrics of other accounts", "aws", "grafana/workspace:Workspace", "accountAccessType", "ORGANIZATION", "high", RULE),
    Edit("an administrator of the dashboards", "aws", "aws:grafana/roleAssociation:RoleAssociation", "",
         {"role": "ADMIN", "userIds": ["eve"], "workspaceId": "w"}, "high", RULE, {}),
    Edit("a token of the dashboards", "aws", "aws:grafana/workspaceApiKey:WorkspaceApiKey", "",
         {"keyName": "k", "keyRole": "ADMIN", "secondsToLive": 1, "workspaceId": "w"}, "medium", RULE, {}),
    Edit("another master", "aws", "aws:opensearch/domain:Domain", "advancedSecurityOptions.masterUserOptions.masterUserArn", OTHER_ROLE,
         "high", RULE, {"domainName": "d", "advancedSecurityOptions": {"enabled": True, "masterUserOptions": {"masterUserArn": "a"}}}),
    # identities of services and nodes
    Edit("the operator's role for nodes", "aws", "eks/nodeGroup:NodeGroup", "nodeRoleArn", ADMIN_ROLE, "high", SWAPPED),
    Edit("the operator's role for a model", "aws", "sagemaker/model:Model", "executionRoleArn", ADMIN_ROLE, "high", SWAPPED),
    Edit("a stranger's role for a model", "aws", "sagemaker/model:Model", "executionRoleArn", OTHER_ROLE, "high", SWAPPED),
    Edit("the operator's role for pods", "aws", "PodIdentityAssociation", "roleArn", ADMIN_ROLE, "high", SWAPPED),
    Edit("the operator's role for a pipe", "aws", "pipes/pipe:Pipe", "roleArn", ADMIN_ROLE, "high", SWAPPED),
    Edit("another role for a function", "aws", "aws:lambda/function:Function", "role", ADMIN_ROLE, "high", SWAPPED,
         {"role": "arn:aws:iam::345678901234:role/a", "code": "x"}),
    Edit("another role for a task", "aws", "aws:ecs/taskDefinition:TaskDefinition", "taskRoleArn", ADMIN_ROLE, "high", SWAPPED,
         {"family": "f", "taskRoleArn": "arn:aws:iam::345678901234:role/a", "containerDefinitions": "[]"}),
    Edit("the default account for nodes", "gcp", "container/nodePool:NodePool", "nodeConfig.serviceAccount", DEFAULT, "high", SWAPPED),
    Edit("no account for nodes", "gcp", "container/nodePool:NodePool", "nodeConfig.serviceAccount", REMOVED, "high", SWAPPED),
    Edit("another account for an endpoint", "gcp", "cloudrunv2/service:Service", "template.serviceAccount",
         "acme-ml-prod-ci@acme-ml-prod.iam.gserviceaccount.com", "high", SWAPPED),
    Edit("a stranger's account for an endpoint", "gcp", "cloudrunv2/service:Service", "template.serviceAccount",
         "x@evil-project.iam.gserviceaccount.com", "high", SWAPPED),
    Edit("another account for a workflow", "gcp", "workflows/workflow:Workflow", "serviceAccount",
         "projects/acme-ml-prod/serviceAccounts/acme-ml-prod-ci@acme-ml-prod.iam.gserviceaccount.com", "high", SWAPPED),
    Edit("another identity for an endpoint", "azure", "azure-native:machinelearningservices:OnlineEndpoint made",
         "identity.userAssignedIdentities", more(IDENTITY), "high", SWAPPED,
         {"endpointName": "e", "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY.replace("operator", "own")]}}),
    Edit("another identity for an application", "azure", "ContainerApp", "identity.userAssignedIdentities", more(IDENTITY), "high",
         SWAPPED),
    # GKE
    Edit("another group", "gcp", GKE, "authenticatorGroupsConfig.securityGroup", "gke-security-groups@evil.example", "high", RULE),
    Edit("certificates of clients", "gcp", GKE, "masterAuth", {"clientCertificateConfig": {"issueClientCertificate": True}}, "high", RULE),
    Edit("rights of old", "gcp", GKE, "enableLegacyAbac", True, "high", RULE),
    Edit("rights for everybody", "gcp", GKE, "rbacBindingConfig.enableInsecureBindingSystemUnauthenticated", True, "high", RULE),
    Edit("tokens over DNS", "gcp", GKE, "controlPlaneEndpointsConfig.dnsEndpointConfig.enableK8sTokensViaDns", True, "high", RULE),
    Edit("certificates over DNS", "gcp", GKE, "controlPlaneEndpointsConfig.dnsEndpointConfig.enableK8sCertsViaDns", True, "high", RULE),
    Edit("no identity for pods", "gcp", GKE, "workloadIdentityConfig", REMOVED, "high", RULE),
    Edit("identities of another project", "gcp", GKE, "workloadIdentityConfig.workloadPool", "evil.svc.id.goog", "high", RULE),
    Edit("every scope", "gcp", "container/nodePool:NodePool", "nodeConfig.oauthScopes",
         more("https://www.googleapis.com/auth/compute"), "medium", RULE),
    Edit("a key of an account", "gcp", "gcp:serviceaccount/key:Key", "", {"serviceAccountId": "a"}, "high", RULE, {}),
    Edit("a key for a store", "gcp", "gcp:storage/hmacKey:HmacKey", "", {"serviceAccountEmail": "a@b"}, "high", RULE, {}),
    Edit("a disabled account is back", "gcp", "gcp:serviceaccount/account:Account", "disabled", False, "high", RULE,
         {"accountId": "a", "disabled": True}),
    Edit("more who may ask", "gcp", "gcp:privilegedaccessmanager/entitlement:entitlement",
         ("eligibleUsers", 0, "principals"), more("user:eve@gmail.com"), "high", RULE, ENTITLEMENT),
    Edit("no approval", "gcp", "gcp:privilegedaccessmanager/entitlement:entitlement", "approvalWorkflow", REMOVED, "high", RULE,
         ENTITLEMENT),
    Edit("rights for days", "gcp", "gcp:privilegedaccessmanager/entitlement:entitlement", "maxRequestDuration", "604800s", "medium", RULE,
         ENTITLEMENT),
    Edit("an administrator by the fleet", "gcp", "gcp:gkehub/scopeRbacRoleBinding:ScopeRbacRoleBinding", "",
         {"role": {"predefinedRole": "ADMIN"}, "user": "eve@acme.example", "scopeId": "s", "scopeRbacRoleBindingId": "b"}, "high", RULE, {}),
    # AKS
    Edit("rights of Azure are off", "azure", AKS, "aadProfile.enableAzureRBAC", False, "high", RULE),
    Edit("no identities of the tenant", "azure", AKS, "aadProfile", REMOVED, "high", RULE),
    Edit("another tenant", "azure", AKS, "aadProfile.tenantID", "99999999-0000-4000-8000-000000000000", "high", RULE),
    Edit("a group of administrators", "azure", AKS, "aadProfile.adminGroupObjectIDs", ["9"], "high", RULE),
    Edit("local accounts", "azure", AKS, "disableLocalAccounts", False, "high"),
    Edit("no rights at all", "azure", AKS, "enableRBAC", False, "critical", RULE),
    Edit("no identity for pods", "azure", AKS, "securityProfile.workloadIdentity.enabled", False, "medium", RULE),
    Edit("identities of nodes for pods", "azure", AKS, "podIdentityProfile", {"enabled": True}, "high", RULE),
    Edit("another key for the nodes", "azure", "azure-native:containerservice:ManagedCluster made", "linuxProfile.ssh.publicKeys",
         more({"keyData": "b"}), "high", RULE, {"linuxProfile": {"adminUsername": "a", "ssh": {"publicKeys": [{"keyData": "a"}]}}}),
    Edit("a service administers it", "azure", "azure-native:containerservice:TrustedAccessRoleBinding", "",
         {"roles": ["Microsoft.MachineLearningServices/workspaces/mlworkload"], "sourceResourceId": "x"}, "high", RULE, {}),
    # Azure and its directory
    Edit("rights that do not end", "azure", PIM, ("rules", 0, "isExpirationRequired"), False, "high", RULE, RULES),
    Edit("no second factor", "azure", PIM, ("rules", 1, "enabledRules"), [], "high", RULE, RULES),
    Edit("rights for a month", "azure", PIM, ("rules", 0, "maximumDuration"), "P30D", "high", RULE, RULES),
    Edit("another tenant", "azure", "azure-native:managedservices:RegistrationAssignment", "",
         {"scope": "/subscriptions/s", "properties": {"registrationDefinitionId": "d"}}, "critical", RULE, {}),
    Edit("another administrator", "azure", "azure-native:sql:ServerAzureADAdministrator", "sid", "9", "high", RULE,
         {"sid": "8", "login": "dba", "serverName": "s", "tenantId": "t"}),
    Edit("passwords beside identities", "azure", "azure-native:sql:ServerAzureADOnlyAuthentication", "azureADOnlyAuthentication", False,
         "high", "", {"azureADOnlyAuthentication": True, "serverName": "s"}),
    Edit("keys for the dashboards", "azure", "Grafana", "properties.apiKey", "Enabled", "high", RULE),
    Edit("a token for images", "azure", "azure-native:containerregistry:Token", "", {"registryName": "r", "scopeMapId": "m"}, "high",
         RULE, {}),
    Edit("an owner of an application", "azure", "azuread:index/application:Application", "owners", more("eve"), "high", RULE, APPLICATION),
    Edit("other tenants log in", "azure", "azuread:index/application:Application", "signInAudience", "AzureADMultipleOrgs", "high", RULE,
         APPLICATION),
    Edit("another page gets the tokens", "azure", "azuread:index/application:Application", "web.redirectUris", more("https://evil/"),
         "high", RULE, APPLICATION),
    Edit("a password of an application", "azure", "azuread:index/applicationPassword:ApplicationPassword", "",
         {"applicationId": "a"}, "high", RULE, {}),
    Edit("a guest", "azure", "azuread:index/invitation:Invitation", "", {"userEmailAddress": "eve@gmail.com"}, "high", RULE, {}),
    Edit("another member", "azure", "azuread:index/group:Group", "members", more("eve"), "high", RULE,
         {"displayName": "g", "members": ["ada"]}),
    Edit("only reported", "azure", CONDITIONAL, "state", "enabledForReportingButNotEnforced", "high", RULE, POLICY),
    Edit("one person is left out", "azure", CONDITIONAL, "conditions.users.excludedUsers", more("eve"), "high", RULE, POLICY),
    Edit("the policy is deleted", "azure", CONDITIONAL, "", REMOVED, "high", RULE, POLICY),
    # harmless
    Edit("the API decides alone", "aws", "aws:eks/cluster:Cluster made", "accessConfig.authenticationMode", "API", None, "",
         {"name": "c", "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"}, "version": "1.35", "roleArn": "r"}),
    Edit("a boundary", "aws", "iam/role:Role *-pipelines-role", "permissionsBoundary", "arn:aws:iam::345678901234:policy/b", None),
    Edit("another object", "aws", "kubernetes:core/v1:ConfigMap app", "data.mapRoles", "b", None, "",
         {"metadata": {"name": "app"}, "data": {"mapRoles": "a"}}),
    Edit("no outside sharing", "aws", "aws:ram/resourceShare:ResourceShare", "allowExternalPrincipals", False, None, "",
         {"name": "s", "allowExternalPrincipals": True}),
    Edit("an administrator less", "aws", "aws:lakeformation/dataLakeSettings:DataLakeSettings", ("admins", 0), REMOVED, None, "",
         {"admins": ["a", "b"]}),
    Edit("fewer scopes", "gcp", "container/nodePool:NodePool", "nodeConfig.labels", {"a": "b"}, None),
    Edit("an account is disabled", "gcp", "serviceaccount/account:Account", "disabled", True, None),
    Edit("shorter rights", "gcp", "gcp:privilegedaccessmanager/entitlement:entitlement", "maxRequestDuration", "1800s", None, "",
         ENTITLEMENT),
    Edit("a group less", "azure", "azure-native:containerservice:ManagedCluster made", "aadProfile.adminGroupObjectIDs", ["a"], None, "",
         {"aadProfile": {"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": ["a", "b"]}}),
    Edit("shorter rights", "azure", PIM, ("rules", 0, "maximumDuration"), "PT1H", None, "", RULES),
    Edit("an owner less", "azure", "azuread:index/application:Application", "owners", [], None, "", APPLICATION),
    Edit("an identity less", "azure", "OnlineEndpoint", "tags.team", "ml", None),
)  # fmt: skip
