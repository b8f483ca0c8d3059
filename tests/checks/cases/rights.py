"""Rights, identities, secrets, logs and the rest."""

from __future__ import annotations

from tests.checks.cases.case import DEV, TAGS, Around, around, case, policy

POLICIES = (
    ("aws:iam/policy:Policy", "policy"),
    ("aws:iam/rolePolicy:RolePolicy", "policy"),
    ("aws:iam/userPolicy:UserPolicy", "policy"),
    ("aws:iam/groupPolicy:GroupPolicy", "policy"),
    ("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "inlinePolicy"),
)
ROLE, ASSIGNMENT = "aws:iam/role:Role", "azure-native:authorization:RoleAssignment"
MEMBER, BINDING = "gcp:projects/iAMMember:IAMMember", "gcp:projects/iAMBinding:IAMBinding"
GROUP = "/subscriptions/s/resourceGroups/g"
ONE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/a"
OWNER, CONTRIBUTOR = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"
SCIENTIST = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
"""AzureML Data Scientist."""
UPLOADS = "artifactregistry.repositories.uploadArtifacts"
OPERATOR = "f1a07417-d97a-45cb-824c-7a7467783830"
ACCOUNT, REGISTRY = "azure-native:storage:StorageAccount", "azure-native:containerregistry:Registry"
VAULT, WORKSPACE = "azure-native:keyvault:Vault", "azure-native:machinelearningservices:Workspace"
DIAGNOSED = (
    "azure-native:monitor:DiagnosticSetting",
    "resourceUri",
    {"logs": [{"category": "AuditEvent", "enabled": True}]},
)
SILENT = (
    "azure-native:monitor:DiagnosticSetting",
    "resourceUri",
    {"logs": [{"category": "AuditEvent", "enabled": False}]},
)
TRAIL = {
    "isMultiRegionTrail": True,
    "enableLogFileValidation": True,
    "cloudWatchLogsGroupArn": "arn:x",
    "kmsKeyId": "arn:k",
}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s3cret"}
SHORT = {"lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def _oidc(subject: str | None, audience: str | None = "sts.amazonaws.com"):
    issuer = "token.actions.githubusercontent.com"
    keys = {f"{issuer}:sub": subject, f"{issuer}:aud": audience}
    conditions = {key: value for key, value in keys.items() if value}
    principal = {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{issuer}"}
    return {
        "assumeRolePolicy": policy(
            Principal=principal, Action="sts:AssumeRoleWithWebIdentity", Condition={"StringLike": conditions}
        )
    }


def _trust(**statement: object):
    return {"assumeRolePolicy": policy(Action="sts:AssumeRole", **statement)}


def _assigned(role: str, scope: str):
    return {
        "roleDefinitionId": f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{role}",
        "scope": scope,
    }


def _env(path: str, *, listed: bool) -> tuple[list[object], list[object]]:
    """Inputs with harmless variables, and with secrets, at a path."""

    def put(variables: dict[str, object]) -> dict[str, object]:
        value: object = [{"name": name, "value": item} for name, item in variables.items()] if listed else variables
        for part in reversed(path.split(".")):
            value = {part[:-2]: [value]} if part.endswith("[]") else {part: value}
        assert isinstance(value, dict)
        return value

    good = put({"MODEL": "fraud", "MAX_TOKENS": "512", "DB_SECRET_NAME": "db", "HF_TOKEN_FILE": "/t", "TOKEN": ""})
    return [good, {}], [put({"DB_PASSWORD": "hunter2"}), put({"apiKey": "abc"}), put({"ANYTHING": SECRET})]


def _secrets(token: str, path: str, *, listed: bool):
    good, bad = _env(path, listed=listed)
    return case("plain-secrets", token, good, bad)


def _identity(token: str, path: str):
    def doc(**statement: object):
        return {path: policy(**statement)}

    narrow = doc(Action=["s3:GetObject", "s3:Get*"], Resource="arn:aws:s3:::b/*")
    return (
        case(
            "iam-action-wildcard",
            token,
            narrow,
            [
                doc(Action="*", Resource="arn:x"),
                doc(Action=["s3:*"], Resource="arn:x"),
                doc(NotAction="iam:*", Resource="arn:x"),
            ],
        ),
        case(
            "iam-resource-wildcard",
            token,
            [
                narrow,
                doc(Action=["ec2:DescribeVpcs", "ecr:GetAuthorizationToken"], Resource="*"),
                doc(Action="s3:GetObject", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}}),
                doc(Effect="Deny", Action="*", Resource="*"),
            ],
            [doc(Action="s3:GetObject", Resource="*"), doc(Action="kms:Decrypt", Resource=["*"])],
        ),
        case(
            "iam-impersonation",
            token,
            [narrow, doc(Action="iam:PassRole", Resource="arn:aws:iam::1:role/a")],
            [doc(Action="iam:PassRole", Resource="*"), doc(Action="sts:AssumeRole", Resource="arn:aws:iam::1:role/*")],
        ),
        case(
            "model-approval",
            token,
            [
                narrow,
                doc(Action="sagemaker:UpdateModelPackage", Resource="arn:x"),
                doc(
                    Action=["sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"],
                    Resource="arn:x",
                    Condition={"StringEqualsIfExists": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
                ),
            ],
            [
                doc(Action="sagemaker:CreateModelPackage", Resource="arn:x"),
                doc(Action="sagemaker:*", Resource="arn:x"),
                doc(
                    Action=["sagemaker:CreateModelPackage", "sagemaker:UpdateEndpoint"],
                    Resource="arn:x",
                    Condition={"StringEqualsIfExists": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
                ),
            ],
        ),
    )


def _open(token: str, path: str = "policy"):
    return case(
        "public-principals",
        token,
        [
            {path: policy(Principal={"AWS": "arn:aws:iam::1:root"}, Action="x:Y")},
            {path: policy(Principal="*", Action="x:Y", Condition={"StringEquals": {"AWS:SourceAccount": "1"}})},
            {path: policy(Effect="Deny", Principal="*", Action="x:Y")},
        ],
        [
            {path: policy(Principal="*", Action="x:Y")},
            {path: policy(Principal={"AWS": ["*"]}, Action="x:Y", Condition={"Bool": {"aws:SecureTransport": "true"}})},
        ],
    )


def _protected(token: str, tags: str = "tags"):
    return case("deletion-protection", token, Around({tags: TAGS}, protect=True), {tags: TAGS}, {tags: DEV})


def _switch(token: str, path: str, *, default: bool = False, tags: str = "tags"):
    return case(
        "deletion-protection",
        token,
        {} if default else {path: True},
        {path: False, tags: TAGS},
        {path: False, tags: DEV},
    )


CASES = (
    *(one for token, path in POLICIES for one in _identity(token, path)),
    case(
        "iam-action-wildcard",
        "azure-native:authorization:RoleDefinition",
        {
            "permissions": [
                {"actions": ["Microsoft.Storage/storageAccounts/read", "Microsoft.Storage/storageAccounts/*"]}
            ]
        },
        [{"permissions": [{"actions": ["*"]}]}, {"permissions": [{"dataActions": ["Microsoft.Storage/*"]}]}],
    ),
    *(
        case(
            "iam-broad-roles",
            f"aws:iam/{name[0].lower()}{name[1:]}:{name}",
            {"policyArn": "arn:aws:iam::aws:policy/SecurityAudit"},
            [
                {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
                {"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
            ],
        )
        for name in ("RolePolicyAttachment", "UserPolicyAttachment", "GroupPolicyAttachment", "PolicyAttachment")
    ),
    *(
        case(
            "iam-broad-roles", token, {"role": "roles/run.viewer"}, [{"role": "roles/editor"}, {"role": "roles/owner"}]
        )
        for token in (MEMBER, BINDING, "gcp:folder/iAMMember:IAMMember", "gcp:organizations/iAMMember:IAMMember")
    ),
    case(
        "iam-broad-roles",
        ASSIGNMENT,
        [_assigned(CONTRIBUTOR, ONE), _assigned("acdd72a7-3385-48ef-bd42-f606fba81ae7", GROUP)],
        [_assigned(OWNER, ONE), _assigned(CONTRIBUTOR, GROUP)],
    ),
    *(
        case(
            "iam-impersonation", token, {"role": "roles/run.invoker"}, {"role": "roles/iam.serviceAccountTokenCreator"}
        )
        for token in (MEMBER, BINDING)
    ),
    case(
        "iam-impersonation", ASSIGNMENT, [_assigned(OPERATOR, ONE), _assigned(OWNER, GROUP)], _assigned(OPERATOR, GROUP)
    ),
    *(
        case("model-approval", token, {"role": "roles/run.invoker"}, {"role": "roles/aiplatform.user"})
        for token in (MEMBER, BINDING)
    ),
    case(
        "model-approval",
        "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
        {"role": "projects/p/roles/acme_model_register"},
        {"role": "roles/artifactregistry.repoAdmin"},
    ),
    case(
        "model-approval",
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        [{"permissions": [UPLOADS]}, {"permissions": ["artifactregistry.versions.update"]}],
        {"permissions": [UPLOADS, "artifactregistry.versions.update"]},
    ),
    case(
        "model-approval",
        ASSIGNMENT,
        [
            _assigned(OPERATOR, ONE),
            _assigned(SCIENTIST, f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/e"),
        ],
        _assigned(SCIENTIST, ONE),
    ),
    case(
        "federation-conditions",
        ROLE,
        [
            _oidc("repo:acme/ml:ref:refs/heads/main"),
            _oidc("repo:acme/ml:*"),
            _trust(Principal={"Service": "ec2.amazonaws.com"}),
        ],
        [
            _oidc(None),
            _oidc("repo:acme/ml:*", None),
            _oidc("*"),
            _oidc("repo:*"),
            _oidc("repo:acme/*:ref:refs/heads/main"),
        ],
    ),
    case(
        "federation-conditions",
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        {"attributeCondition": "assertion.sub == 'x'"},
        {},
    ),
    case(
        "federation-conditions",
        "azure-native:managedidentity:FederatedIdentityCredential",
        {"subject": "repo:acme/ml:ref:refs/heads/main"},
        [{}, {"subject": "repo:acme/*"}],
    ),
    case(
        "trust-conditions",
        ROLE,
        [
            _trust(
                Principal={"Service": "sagemaker.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "1"}}
            ),
            _trust(Principal={"Service": "ec2.amazonaws.com"}),
        ],
        _trust(Principal={"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com"]}),
    ),
    _open("aws:s3/bucketPolicy:BucketPolicy"),
    _open("aws:sns/topicPolicy:TopicPolicy"),
    _open("aws:sqs/queuePolicy:QueuePolicy"),
    _open("aws:kms/key:Key"),
    _open("aws:ecr/repositoryPolicy:RepositoryPolicy"),
    _open("aws:secretsmanager/secretPolicy:SecretPolicy"),
    _open(ROLE, "assumeRolePolicy"),
    *(
        case(
            "public-principals",
            token,
            {"member": "group:a@acme.example"},
            [{"member": "allUsers"}, {"member": "allAuthenticatedUsers"}],
        )
        for token in ("gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:cloudrunv2/serviceIamMember:ServiceIamMember")
    ),
    *(
        case(
            "public-principals",
            token,
            {"members": ["group:a@acme.example"]},
            around({"members": ["x", "allUsers"]}, ("gcp:serviceaccount/account:Account", "<members", {})),
        )
        for token in (
            "gcp:storage/bucketIAMBinding:BucketIAMBinding",
            "gcp:cloudrunv2/serviceIamBinding:ServiceIamBinding",
        )
    ),
    case("long-lived-keys", "aws:iam/accessKey:AccessKey", None, {"user": "u"}, {"status": "Inactive"}),
    case("long-lived-keys", "aws:iam/userLoginProfile:UserLoginProfile", None, {"user": "u"}),
    case("long-lived-keys", "gcp:serviceaccount/key:Key", None, {"serviceAccountId": "s"}),
    case("long-lived-keys", "gcp:storage/hmacKey:HmacKey", None, {"serviceAccountEmail": "s"}, {"state": "INACTIVE"}),
    case(
        "shared-keys",
        ACCOUNT,
        {"allowSharedKeyAccess": False},
        [{}, {"allowSharedKeyAccess": False, "isLocalUserEnabled": True}],
    ),
    case(
        "shared-keys",
        REGISTRY,
        [{}, {"adminUserEnabled": False}],
        [{"adminUserEnabled": True}, {"anonymousPullEnabled": True}],
    ),
    case("shared-keys", "azure-native:cognitiveservices:Account", {"properties": {"disableLocalAuth": True}}, {}),
    case("shared-keys", "azure-native:operationalinsights:Workspace", {"features": {"disableLocalAuth": True}}, {}),
    *(
        case("shared-keys", f"azure-native:{name}", {"disableLocalAuth": True}, {})
        for name in (
            "servicebus:Namespace",
            "eventhub:Namespace",
            "eventgrid:Topic",
            "cosmosdb:DatabaseAccount",
            "search:Service",
        )
    ),
    case(
        "shared-keys",
        "azure-native:applicationinsights:Component",
        {"disableLocalAuth": True},
        {},
        around({}, (WORKSPACE, "applicationInsights", {})),
    ),
    case("shared-keys", "azure-native:redis:Redis", {"disableAccessKeyAuthentication": True}, {}),
    case(
        "shared-keys",
        "azure-native:dashboard:Grafana",
        [{}, {"properties": {"apiKey": "Disabled"}}],
        {"properties": {"apiKey": "Enabled"}},
    ),
    _secrets("aws:sagemaker/model:Model", "primaryContainer.environment", listed=False),
    _secrets("aws:sagemaker/model:Model", "containers[].environment", listed=False),
    _secrets("aws:lambda/function:Function", "environment.variables", listed=False),
    _secrets("gcp:cloudrunv2/service:Service", "template.containers[].envs", listed=True),
    _secrets("gcp:cloudrunv2/job:Job", "template.template.containers[].envs", listed=True),
    _secrets("gcp:cloudfunctionsv2/function:Function", "serviceConfig.environmentVariables", listed=False),
    _secrets("azure-native:app:ContainerApp", "template.containers[].env", listed=True),
    _secrets("azure-native:app:Job", "template.containers[].env", listed=True),
    _secrets("azure-native:machinelearningservices:OnlineDeployment", "properties.environmentVariables", listed=False),
    _secrets("azure-native:web:WebApp", "siteConfig.appSettings", listed=True),
    *(
        case(
            "captures-watched",
            token,
            [around(captures, ("mlplatform:index:ModelMonitor", "", {}))],
            [captures],
            [nothing, {**captures, name: DEV}],
        )
        for token, name, captures, nothing in (
            (
                "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
                "tags",
                {"dataCaptureConfig": {"enableCapture": True}, "tags": TAGS},
                {"dataCaptureConfig": {"enableCapture": False}, "tags": TAGS},
            ),
            (
                "gcp:cloudrunv2/service:Service",
                "labels",
                {"template": {"containers": [{"name": "router"}, {"name": "capture"}]}, "labels": TAGS},
                {"template": {"containers": [{"name": "router"}]}, "labels": TAGS},
            ),
            (
                "azure-native:machinelearningservices:OnlineDeployment",
                "tags",
                {"properties": {"dataCollector": {"collections": {"request": {}}}}, "tags": TAGS},
                {"properties": {}, "tags": TAGS},
            ),
            (
                "azure-native:resources:Deployment",
                "tags",
                {
                    "properties": {"template": {"resources": [{"properties": {"dataCollector": {"a": 1}}}]}},
                    "tags": TAGS,
                },
                {"properties": {"template": {"resources": [{"properties": {}}]}}, "tags": TAGS},
            ),
        )
    ),
    case(
        "log-retention",
        "aws:cloudwatch/logGroup:LogGroup",
        [{"retentionInDays": 365}, {}],
        {"retentionInDays": 30, "tags": TAGS},
        {"retentionInDays": 30, "tags": DEV},
    ),
    case(
        "log-retention",
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        {"retentionDays": 365},
        [{}, {"retentionDays": 30}],
        around({}, ("gcp:storage/bucket:Bucket", "", {"labels": DEV})),
    ),
    case("log-retention", "azure-native:operationalinsights:Workspace", {"retentionInDays": 365}, {}, {"tags": DEV}),
    case(
        "audit-trail",
        "aws:cloudtrail/trail:Trail",
        TRAIL,
        [{}, {**TRAIL, "isMultiRegionTrail": False}, {**TRAIL, "enableLogFileValidation": False}],
    ),
    *(
        case("service-audit-logs", token, around({}, DIAGNOSED), [{}, around({}, SILENT)])
        for token in (
            VAULT,
            REGISTRY,
            WORKSPACE,
            "azure-native:machinelearningservices:OnlineEndpoint",
            "azure-native:app:ManagedEnvironment",
        )
    ),
    _switch("aws:eks/cluster:Cluster", "deletionProtection"),
    _switch("aws:rds/instance:Instance", "deletionProtection"),
    _switch("aws:rds/cluster:Cluster", "deletionProtection"),
    _switch("aws:dynamodb/table:Table", "deletionProtectionEnabled"),
    _switch("gcp:container/cluster:Cluster", "deletionProtection", default=True, tags="resourceLabels"),
    case(
        "deletion-protection",
        "gcp:sql/databaseInstance:DatabaseInstance",
        {},
        {"deletionProtection": False},
        {"settings": {"userLabels": DEV}},
    ),
    _switch("gcp:bigquery/table:Table", "deletionProtection", default=True, tags="labels"),
    _protected("aws:kms/key:Key"),
    _protected("aws:ecr/repository:Repository"),
    _protected("gcp:kms/cryptoKey:CryptoKey", "labels"),
    *(
        _protected(token)
        for token in (
            ACCOUNT,
            VAULT,
            "azure-native:keyvault:Key",
            REGISTRY,
            "azure-native:containerservice:ManagedCluster",
            WORKSPACE,
            "azure-native:dbforpostgresql:Server",
        )
    ),
    case(
        "deletion-protection",
        "gcp:artifactregistry/repository:Repository",
        Around({"labels": TAGS}, protect=True),
        {"labels": TAGS},
        {"mode": "REMOTE_REPOSITORY"},
    ),
    _protected("aws:s3/bucket:Bucket"),
    case(
        "deletion-protection",
        "gcp:storage/bucket:Bucket",
        Around({"labels": TAGS}, protect=True),
        {"labels": TAGS},
        [{"labels": DEV}, SHORT],
    ),
    *(
        case("budget-present", "mlplatform:index:Platform", around({}, (token, "", {})), {})
        for token in ("aws:budgets/budget:Budget", "gcp:billing/budget:Budget", "azure-native:consumption:Budget")
    ),
    case(
        "budget-present",
        "aws:budgets/budget:Budget",
        {"notifications": [{"subscriberEmailAddresses": ["a@acme.example"]}]},
        {},
    ),
    case("budget-present", "gcp:billing/budget:Budget", {"allUpdatesRule": {"pubsubTopic": "t"}}, {}),
    case(
        "required-tags",
        "aws:s3/bucket:Bucket",
        [
            {"tags": TAGS},
            around(
                {},
                (
                    "pulumi:providers:aws",
                    "<provider",
                    {"defaultTags": '{"tags":{"owner":"a","environment":"b","cost_center":"c","data-class":"d"}}'},
                ),
            ),
        ],
        [{}, {"tags": {"owner": "a"}}],
    ),
    case("required-tags", "gcp:container/cluster:Cluster", {"resourceLabels": TAGS}, {}),
    case("required-tags", "azure-native:resources:ResourceGroup", {"tags": TAGS}, {}),
    case(
        "alert-receivers",
        ALARM,
        {"name": "a", "alarmActions": ["arn:x"]},
        [
            {"name": "a"},
            around({"name": "a"}, ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "", {"alarmRule": 'ALARM("b")'})),
        ],
        [
            around(
                {"name": "a"},
                ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "", {"alarmRule": 'ALARM("a") AND ALARM("b")'}),
            ),
            around(
                {"name": "a"},
                (
                    "aws:sagemaker/endpoint:Endpoint",
                    "",
                    {"deploymentConfig": {"autoRollbackConfiguration": {"alarms": [{"alarmName": "a"}]}}},
                ),
            ),
        ],
    ),
    case(
        "alert-receivers",
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        {"alarmActions": ["arn:x"]},
        [{}, {"alarmActions": ["arn:x"], "actionsEnabled": False}],
    ),
    case(
        "alert-receivers",
        "aws:sns/topic:Topic",
        [
            around(
                {"name": "t"},
                (ALARM, "alarmActions", {"name": "a"}),
                ("aws:sns/topicSubscription:TopicSubscription", "topic", {"protocol": "sqs"}),
            ),
            around(
                {"name": "t"},
                (ALARM, "alarmActions", {"name": "a"}),
                ("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "snsTopicArns", {}),
            ),
        ],
        around({"name": "t"}, (ALARM, "alarmActions", {"name": "a"})),
        {"name": "t"},
    ),
    case(
        "log-retention",
        "azure-native:network:FlowLog",
        [{}, {"retentionPolicy": {"enabled": True, "days": 90}}, {"retentionPolicy": {"enabled": True, "days": 0}}],
        {"retentionPolicy": {"enabled": True, "days": 30}},
        {"tags": DEV},
    ),
    case(
        "secret-rotation",
        "aws:secretsmanager/secret:Secret",
        around({}, ("aws:secretsmanager/secretRotation:SecretRotation", "secretId", {})),
        {"name": "db"},
        {"name": "ecr-pullthroughcache/hub"},
    ),
    case(
        "secret-rotation",
        "azure-native:keyvault:Secret",
        {"properties": {"attributes": {"expires": 1893456000}}},
        {"properties": {}},
        {"secretName": "docker-io-token", "properties": {}},
    ),
    case(
        "secret-rotation",
        "azure-native:containerservice:ManagedCluster",
        {
            "addonProfiles": {
                "azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}}
            }
        },
        {"addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": True}}},
        {},
    ),
    case(
        "iam-broad-roles",
        MEMBER,
        [],
        {"role": "roles/run.viewer", "member": "serviceAccount:1-compute@developer.gserviceaccount.com"},
    ),
    case("alert-receivers", "gcp:monitoring/alertPolicy:AlertPolicy", {"notificationChannels": ["c"]}, {}),
    case("alert-receivers", "azure-native:monitor:MetricAlert", {"actions": [{"actionGroupId": "/g"}]}, {}),
    case("alert-receivers", "azure-native:monitor:ScheduledQueryRule", {"actions": {"actionGroups": ["/g"]}}, {}),
)
