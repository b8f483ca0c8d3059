"""Who gains rights: policies with their conditions and exceptions, grants by fields, strangers."""

from __future__ import annotations

import json

from mlplatform.plan.model import UNKNOWN

from .edit import REMOVED, Edit, more, swapped

RULE = "access-widened"
BUCKET = "BucketPolicy *-store-*"
KEY = "kms/key:Key *-keys-monitoring"
TOPIC = "TopicPolicy"
RIGHTS = "RolePolicy *-telemetry-grafana-rights"
FIRST = ("policy", "Statement", 0)
STATEMENTS = ("policy", "Statement")
STRANGER = {"AWS": "arn:aws:iam::999988887777:root"}
OWN = {"AWS": "arn:aws:iam::345678901234:role/acme-ml-prod-auditor"}
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
ASSIGNMENT = "RoleAssignment *-rights"
GROUP = "/subscriptions/22222222-3333-4444-8555-666666666666"
BUCKET_MEMBER = "BucketIAMMember"
DEFINITION = "RoleDefinition *-cluster-commands"
ANYBODY = "user:eve@gmail.com"
OTHER = "serviceAccount:bot@evil-project.iam.gserviceaccount.com"


def allow(principal: object, action: str = "s3:GetObject", **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more}


def document(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def guarded(**condition: object) -> dict[str, object]:
    return {"role": "r", "policy": document(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme/*", "Condition": condition},
        {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"},
    )}  # fmt: skip


INLINE = "aws:iam/rolePolicy:RolePolicy made"
MFA = guarded(Bool={"aws:MultiFactorAuthPresent": "true"}, StringEquals={"aws:PrincipalOrgID": "o-abcdefghij"})
VAULT = {
    "vaultName": "v", "resourceGroupName": "g",
    "properties": {"accessPolicies": [
        {"tenantId": "t", "objectId": "one", "permissions": {"keys": ["get"], "secrets": ["get"]}},
    ]},
}  # fmt: skip
SHARED = {"projectId": "p", "accesses": [{"role": "READER", "groupByEmail": "ml@acme.example"}], "datasetId": "d"}

EDITS = (
    # policies of data, keys and messages
    Edit("a stranger", "aws", BUCKET, STATEMENTS, more(allow(STRANGER)), "critical", RULE),
    Edit("everybody", "aws", BUCKET, STATEMENTS, more(EVERYBODY), "critical", RULE),
    Edit("everybody, with a condition that leaves nobody out", "aws", BUCKET, STATEMENTS, more({**EVERYBODY, "Condition": {"StringLike": {"aws:PrincipalArn": "*"}}}), "critical", RULE),
    Edit("everybody where a key is missing", "aws", BUCKET, STATEMENTS, more({**EVERYBODY, "Condition": {"StringEqualsIfExists": {"aws:PrincipalAccount": "345678901234"}}}), "critical", RULE),
    Edit("everybody but one account", "aws", BUCKET, STATEMENTS, more({**EVERYBODY, "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "345678901234"}}}), "critical", RULE),
    Edit("everybody over TLS", "aws", BUCKET, STATEMENTS, more({**EVERYBODY, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}), "critical", RULE),
    Edit("everybody of another account", "aws", BUCKET, STATEMENTS, more({**EVERYBODY, "Condition": {"StringEquals": {"aws:PrincipalAccount": "999988887777"}}}), "critical", RULE),
    Edit("everybody by exception", "aws", BUCKET, STATEMENTS, more({"Effect": "Allow", "NotPrincipal": STRANGER, "Action": "s3:*", "Resource": "*"}), "critical", RULE),
    Edit("plain connections", "aws", BUCKET, FIRST, REMOVED, "high", RULE),
    Edit("a denial for one action only", "aws", BUCKET, (*FIRST, "Action"), "s3:PutObject", "high", RULE),
    Edit("a denial with an exception", "aws", BUCKET, FIRST, swapped('"Principal": {"AWS": "*"}', '"NotPrincipal": {"AWS": "x"}'), "high", RULE),
    Edit("a denial under one more condition", "aws", BUCKET, (*FIRST, "Condition", "StringEquals"), {"aws:PrincipalTag/a": "b"}, "high", RULE),
    Edit("the policy is deleted", "aws", BUCKET, "", REMOVED, "high", RULE),
    Edit("a stranger", "aws", KEY, STATEMENTS, more(allow(STRANGER, "kms:Decrypt")), "critical", RULE),
    Edit("an identity of the account", "aws", KEY, STATEMENTS, more(allow(OWN, "kms:Decrypt")), "medium", RULE),
    Edit("everybody by a service", "aws", KEY, STATEMENTS, more(allow("*", "kms:Decrypt", Condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}})), "critical", RULE),
    Edit("a service without its condition", "aws", KEY, ("policy", "Statement", 1, "Condition"), REMOVED, "high", RULE),
    Edit("a stranger may grant", "aws", "aws:kms/grant:Grant", "", {"keyId": "k", "granteePrincipal": STRANGER["AWS"], "operations": ["Decrypt"]}, "critical", RULE, {}),
    Edit("a stranger", "aws", TOPIC, STATEMENTS, more(allow(STRANGER, "sns:Subscribe")), "high", RULE),
    Edit("a stranger", "aws", "QueuePolicy", STATEMENTS, more(allow(STRANGER, "sqs:ReceiveMessage")), "critical", RULE),
    Edit("a stranger may pull", "aws", "aws:ecr/repositoryPolicy:RepositoryPolicy", "", {"repository": "r", "policy": document(allow(STRANGER, "ecr:BatchGetImage"))}, "critical", RULE, {}),
    Edit("a stranger reads a secret", "aws", "aws:secretsmanager/secret:Secret made", "policy", document(allow(STRANGER, "secretsmanager:GetSecretValue")), "critical", RULE, {"name": "s"}),
    Edit("everybody calls", "aws", "aws:lambda/permission:Permission", "", {"action": "lambda:InvokeFunction", "function": "f", "principal": "*"}, "critical", RULE, {}),
    Edit("a stranger calls", "aws", "aws:lambda/permission:Permission other", "", {"action": "lambda:InvokeFunction", "function": "f", "principal": "999988887777"}, "high", RULE, {}),
    Edit("shared with a stranger", "aws", "aws:rds/snapshotCopy:SnapshotCopy", "sharedAccounts", ["999988887777"], "critical", RULE, {"sourceDbSnapshotIdentifier": "a", "targetDbSnapshotIdentifier": "b"}),
    Edit("shared with a stranger", "aws", "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", "", {"snapshotId": "s", "accountId": "999988887777"}, "critical", RULE, {}),
    Edit("shared with a stranger", "aws", "aws:ram/principalAssociation:PrincipalAssociation", "", {"principal": "999988887777", "resourceShareArn": "a"}, "high", RULE, {}),
    Edit("a stranger in a lake", "aws", "aws:lakeformation/permissions:Permissions", "", {"principal": "999988887777", "permissions": ["SELECT"]}, "critical", RULE, {}),
    Edit("a stranger searches", "aws", "aws:opensearch/domain:Domain", "accessPolicies", document(allow(STRANGER, "es:*")), "critical", RULE, {"domainName": "d"}),
    Edit("a stranger puts events", "aws", "aws:cloudwatch/eventBusPolicy:EventBusPolicy", "policy", document(allow(STRANGER, "events:PutEvents")), "high", RULE, {"policy": document()}),
    Edit("a stranger reads models", "aws", "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy", "", {"modelPackageGroupName": "g", "resourcePolicy": document(allow(STRANGER, "sagemaker:DescribeModelPackage"))}, "high", RULE, {}),
    # policies of identities
    Edit("every action", "aws", RIGHTS, (*FIRST, "Action"), "*", "high", RULE),
    Edit("all actions but one", "aws", RIGHTS, FIRST, {"Effect": "Allow", "NotAction": "iam:CreateUser", "Resource": "*"}, "high", RULE),
    Edit("all but one resource", "aws", RIGHTS, ("policy", "Statement", 1), {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::x/*"}, "medium", RULE),
    Edit("every resource", "aws", RIGHTS, ("policy", "Statement", 1, "Resource"), "*", "medium", RULE),
    Edit("no condition", "aws", INLINE, (*FIRST, "Condition"), REMOVED, "high", RULE, MFA),
    Edit("no second factor", "aws", INLINE, (*FIRST, "Condition", "Bool"), REMOVED, "high", RULE, MFA),
    Edit("a second factor where there is one", "aws", INLINE, (*FIRST, "Condition"), swapped('"Bool"', '"BoolIfExists"'), "high", RULE, MFA),
    Edit("a second factor that is not there", "aws", INLINE, (*FIRST, "Condition", "Bool", "aws:MultiFactorAuthPresent"), "false", "high", RULE, MFA),
    Edit("another organisation", "aws", INLINE, (*FIRST, "Condition", "StringEquals", "aws:PrincipalOrgID"), "o-zzzzzzzzzz", "high", RULE, MFA),
    Edit("no denial", "aws", INLINE, ("policy", "Statement", 1), REMOVED, "high", RULE, MFA),
    Edit("any address", "aws", INLINE, (*FIRST, "Condition", "IpAddress", "aws:SourceIp"), "0.0.0.0/0", "high", RULE, guarded(IpAddress={"aws:SourceIp": "10.0.0.0/8"})),
    Edit("another tag", "aws", INLINE, (*FIRST, "Condition"), REMOVED, "medium", RULE, guarded(StringEquals={"s3:ExistingObjectTag/team": "ml"})),
    Edit("administrators' policy", "aws", "RolePolicyAttachment", "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess", "high", RULE),
    Edit("administrators' policy", "aws", "iam/role:Role *-pipelines-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"], "high", RULE),
    Edit("rights inside the role", "aws", "iam/role:Role *-pipelines-role", "inlinePolicies", [{"name": "x", "policy": document({"Effect": "Allow", "Action": "*", "Resource": "*"})}], "high", RULE),
    Edit("administrators of a set", "aws", "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", "managedPolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess", "high", RULE, {"instanceArn": "i", "permissionSetArn": "p", "managedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    Edit("everything in a set", "aws", "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy", document({"Effect": "Allow", "Action": "*", "Resource": "*"}), "high", RULE, {"instanceArn": "i", "permissionSetArn": "p", "inlinePolicy": document()}),
    Edit("another person in the account", "aws", "aws:ssoadmin/accountAssignment:AccountAssignment", "", {"principalId": "p", "permissionSetArn": "a", "targetId": "345678901234", "instanceArn": "i"}, "medium", RULE, {}),
    Edit("another member of a group", "aws", "aws:iam/groupMembership:GroupMembership", "users", more("eve"), "medium", RULE, {"group": "admins", "name": "m", "users": ["ada"]}),
    Edit("the view becomes administration", "aws", "AccessPolicyAssociation *-auditor-rights", "policyArn", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "high", RULE),
    Edit("masters of the cluster", "aws", "AccessEntry *-auditor", "kubernetesGroups", ["system:masters"], "high", RULE),
    Edit("a stranger in the cluster", "aws", "AccessEntry *-auditor", "principalArn", "arn:aws:iam::999988887777:role/x", "high"),
    Edit("anything through the endpoint", "aws", "VpcEndpoint *s3*", "policy", document({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}), "high", RULE),
    Edit("rights in a resource of Cloud Control", "aws", "aws:cloudcontrol/resource:Resource", "desiredState", json.dumps({"ResourcePolicy": {"Statement": [allow(STRANGER)]}}), "high", RULE, {"typeName": "AWS::SageMaker::ModelPackageGroup", "desiredState": "{}"}),
    # Google Cloud
    Edit("an owner", "gcp", "projects/iAMMember:IAMMember", "role", "roles/owner", "high", RULE),
    Edit("an address of anybody", "gcp", BUCKET_MEMBER, "member", ANYBODY, "critical", RULE),
    Edit("an account of another project", "gcp", BUCKET_MEMBER, "member", OTHER, "critical", RULE),
    Edit("everybody with an account", "gcp", BUCKET_MEMBER, "member", "allAuthenticatedUsers", "critical", RULE),
    Edit("a whole domain", "gcp", BUCKET_MEMBER, "member", "domain:evil.example", "critical", RULE),
    Edit("an agent of another project", "gcp", "CryptoKeyIAMMember", "member", "serviceAccount:service-999999999999@gcp-sa-aiplatform.iam.gserviceaccount.com", "critical", RULE),
    Edit("a stranger", "gcp", "SecretIamMember", "member", ANYBODY, "critical", RULE),
    Edit("everybody", "gcp", "ServiceIamMember", "member", "allUsers", "critical", RULE),
    Edit("no condition", "gcp", "gcp:projects/iAMMember:IAMMember made", "condition", REMOVED, "medium", RULE, {"project": "acme-ml-prod", "role": "roles/storage.objectViewer", "member": "group:ml@acme.example", "condition": {"title": "t", "expression": "request.time < timestamp('2027-01-01T00:00:00Z')"}}),
    Edit("a stranger in a binding", "gcp", "gcp:storage/bucketIAMBinding:BucketIAMBinding", "members", more(ANYBODY), "critical", RULE, {"bucket": "b", "role": "roles/storage.objectViewer", "members": ["group:ml@acme.example"]}),
    Edit("a stranger in a policy", "gcp", "gcp:projects/iAMPolicy:IAMPolicy", "policyData", json.dumps({"bindings": [{"role": "roles/viewer", "members": ["group:ml@acme.example", ANYBODY]}]}), "high", RULE, {"project": "p", "policyData": json.dumps({"bindings": [{"role": "roles/viewer", "members": ["group:ml@acme.example"]}]})}),
    Edit("one permission more", "gcp", "IAMCustomRole", "permissions", more("iam.serviceAccounts.getAccessToken"), "medium", RULE),
    Edit("an owner of the organisation", "gcp", "gcp:organizations/iAMMember:IAMMember", "", {"orgId": "1", "role": "roles/resourcemanager.organizationAdmin", "member": "group:ml@acme.example"}, "high", RULE, {}),
    Edit("everybody reads a data set", "gcp", "gcp:bigquery/dataset:Dataset", "accesses", more({"role": "READER", "specialGroup": "allAuthenticatedUsers"}), "critical", RULE, SHARED),
    Edit("a stranger reads a data set", "gcp", "gcp:bigquery/dataset:Dataset", "accesses", more({"role": "READER", "userByEmail": "eve@gmail.com"}), "critical", RULE, SHARED),
    Edit("everybody by a list", "gcp", "gcp:storage/bucketACL:BucketACL", "roleEntities", more("READER:allUsers"), "critical", RULE, {"bucket": "b", "roleEntities": ["OWNER:project-owners-1"]}),
    Edit("a member of a group", "gcp", "gcp:cloudidentity/groupMembership:GroupMembership", "", {"group": "groups/a", "preferredMemberKey": {"id": "eve@gmail.com"}, "roles": [{"name": "MEMBER"}]}, "high", RULE, {}),
    # Azure
    Edit("an owner", "azure", "RoleAssignment", "roleDefinitionId", f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "high", RULE),
    Edit("the whole subscription", "azure", "RoleAssignment", "scope", GROUP, "high", RULE),
    Edit("a management group", "azure", "RoleAssignment", "scope", "/providers/Microsoft.Management/managementGroups/root", "high", RULE),
    Edit("another principal", "azure", "RoleAssignment", "principalId", "99999999-0000-4000-8000-000000000000", "medium", RULE),
    Edit("a group of another tenant", "azure", "RoleAssignment", "", {"principalId": "9", "principalType": "ForeignGroup", "roleDefinitionId": "/x/acdd72a7-3385-48ef-bd42-f606fba81ae7", "scope": f"{GROUP}/resourceGroups/g"}, "high", RULE),
    Edit("no condition", "azure", "azure-native:authorization:RoleAssignment made", "condition", REMOVED, "medium", RULE, {"principalId": "9", "roleDefinitionId": "/x/acdd72a7-3385-48ef-bd42-f606fba81ae7", "scope": f"{GROUP}/resourceGroups/g", "condition": "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'a'"}),
    Edit("eligible for owner", "azure", "azure-native:authorization:PimRoleEligibilitySchedule", "", {"principalId": "9", "roleDefinitionId": "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "scope": GROUP}, "high", RULE, {}),
    Edit("every action", "azure", DEFINITION, ("permissions", 0, "actions"), ["*"], "high", RULE),
    Edit("one action more", "azure", DEFINITION, ("permissions", 0, "actions"), more("Microsoft.Authorization/roleAssignments/write"), "medium", RULE),
    Edit("no exception", "azure", "azure-native:authorization:RoleDefinition made", ("permissions", 0, "notActions"), [], "medium", RULE, {"permissions": [{"actions": ["Microsoft.Compute/virtualMachines/read"], "notActions": ["Microsoft.Compute/virtualMachines/read"]}], "scope": GROUP}),
    Edit("more scopes", "azure", DEFINITION, "assignableScopes", [GROUP], "high", RULE),
    Edit("another holder of a vault's keys", "azure", "azure-native:keyvault:Vault made", ("properties", "accessPolicies"), more({"tenantId": "t", "objectId": "two", "permissions": {"keys": ["all"]}}), "high", RULE, VAULT),
    Edit("more of a vault's secrets", "azure", "azure-native:keyvault:Vault other", ("properties", "accessPolicies", 0, "permissions", "secrets"), more("set"), "medium", RULE, VAULT),
    Edit("people of another tenant", "azure", "azure-native:managedservices:RegistrationDefinition", "", {"properties": {"managedByTenantId": "evil", "authorizations": [{"principalId": "9", "roleDefinitionId": "b24988ac-6180-42a0-ab88-20f7382dd24c"}]}}, "high", RULE, {}),
    Edit("an assignment in a template", "azure", "azure-native:resources:Deployment", "properties.template.resources", [{"type": "Microsoft.Authorization/roleAssignments", "properties": {"principalId": "9", "roleDefinitionId": "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}], "high", RULE, {"deploymentName": "d", "properties": {"mode": "Incremental", "template": {"resources": []}}}),
    Edit(
        "a named assignment in a template",
        "azure",
        "azure-native:resources:Deployment named",
        "properties.template.resources",
        {"a": {"type": "Microsoft.Authorization/roleAssignments", "properties": {"principalId": "9", "roleDefinitionId": "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}},
        "high",
        RULE,
        {"deploymentName": "d", "properties": {"mode": "Incremental", "template": {"languageVersion": "2.0", "resources": {}}}},
    ),
    Edit("a director of the tenant", "azure", "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment", "", {"principalObjectId": "9", "roleId": "62e90394-69f5-4237-9190-012177145e10"}, "high", RULE, {}),
    # clusters
    Edit("an administrator of the cluster", "gcp", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "", {"roleRef": {"name": "cluster-admin"}, "subjects": [{"kind": "User", "name": "eve"}]}, "high", RULE, {}),
    Edit("everybody in the cluster", "aws", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "", {"roleRef": {"name": "view"}, "subjects": [{"kind": "Group", "name": "system:unauthenticated"}]}, "critical", RULE, {}),
    Edit("every verb", "azure", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", ("rules", 0, "verbs"), ["*"], "medium", RULE, {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}),
    # what is known only after the `up` is not safe
    Edit("a policy that nobody knows yet", "aws", RIGHTS, "policy", UNKNOWN, "medium", RULE),
    Edit("trust that nobody knows yet", "aws", "iam/role:Role *-ci-role", "assumeRolePolicy", UNKNOWN, "medium", RULE),
    Edit("a member that nobody knows yet", "gcp", BUCKET_MEMBER, "member", UNKNOWN, "medium", RULE),
    Edit("a principal that nobody knows yet", "azure", "RoleAssignment", "principalId", UNKNOWN, "medium", RULE),
    # harmless
    Edit("one action less", "aws", RIGHTS, (*FIRST, "Action"), "cloudwatch:ListMetrics", None),
    Edit("the actions in another order", "aws", RIGHTS, (*FIRST, "Action"), ["cloudwatch:ListMetrics", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarmsForMetric"], None),
    Edit("one condition more", "aws", RIGHTS, (*FIRST, "Condition"), {"Bool": {"aws:SecureTransport": "true"}}, None),
    Edit("one resource of the pattern", "aws", RIGHTS, ("policy", "Statement", 1, "Resource"), "arn:aws:cloudwatch:us-east-1:345678901234:alarm:acme-*", None),
    Edit("another name of a statement", "aws", RIGHTS, (*FIRST, "Sid"), "Metrics", None),
    Edit("one denial more", "aws", BUCKET, STATEMENTS, more({"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}), None),
    Edit("a denial of more", "aws", BUCKET, ("policy", "Statement", 1, "Condition", "NumericLessThan", "s3:TlsVersion"), "1.3", None),
    Edit("everybody denied as a text", "aws", BUCKET, (*FIRST, "Principal"), "*", None),
    Edit("fewer addresses", "aws", INLINE, (*FIRST, "Condition", "IpAddress", "aws:SourceIp"), "10.1.0.0/16", None, "", guarded(IpAddress={"aws:SourceIp": "10.0.0.0/8"})),
    Edit("one service less", "aws", KEY, ("policy", "Statement", 2, "Principal", "Service"), "sns.amazonaws.com", None),
    Edit("less through the endpoint", "aws", "aws:ec2/vpcEndpoint:VpcEndpoint made", (*FIRST, "Action"), "s3:GetObject", None, "", {"vpcId": "v", "serviceName": "s", "policy": document(allow("*", "s3:*"))}),
    Edit("one member less", "gcp", "gcp:storage/bucketIAMBinding:BucketIAMBinding", "members", ["group:ml@acme.example"], None, "", {"bucket": "b", "role": "r", "members": ["group:ml@acme.example", "group:ops@acme.example"]}),
    Edit("one permission less", "gcp", "IAMCustomRole", ("permissions", 0), REMOVED, None),
    Edit("a narrower scope", "azure", "azure-native:authorization:RoleAssignment made", "scope", f"{GROUP}/resourceGroups/g", None, "", {"principalId": "9", "roleDefinitionId": "/x/acdd72a7-3385-48ef-bd42-f606fba81ae7", "scope": GROUP}),
    Edit("one action less", "azure", DEFINITION, ("permissions", 0, "actions", 2), REMOVED, None),
    Edit("another description", "azure", DEFINITION, "description", "Commands", None),
)  # fmt: skip
