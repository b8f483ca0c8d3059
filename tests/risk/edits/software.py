"""Images, packages, models and versions that go elsewhere or back, what checks them, and the provider itself."""

from __future__ import annotations

from .edit import REMOVED, Edit, more, swapped

MOVED = "software-moved"
OLDER = "version-lowered"
PROVIDER = "provider-moved"
MODEL = "sagemaker/model:Model *fraud-scorer*main*"
IMAGE = "primaryContainer.image"
URI = ("primaryContainer", "modelDataSource", "s3DataSources", 0, "s3Uri")
APP = "ContainerApp"
CONTAINER = ("template", "containers", 0, "image")
SERVICE = "cloudrunv2/service:Service"
GKE = "container/cluster:Cluster"
AKS = "ManagedCluster"
DIGEST = "sha256:" + "0a1b2c3d" * 8
PINNED = {
    "template": {"containers": [{"image": f"us-central1-docker.pkg.dev/acme-ml-prod/serving/app:1.4@{DIGEST}"}]},
    "location": "l",
}
RUN = "gcp:cloudrunv2/service:Service pinned"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
POD = "kubernetes:apps/v1:Deployment"
WORKLOAD = {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "ghcr.io/acme/app:v2.3.0"}]}}}}
AUTHORIZATION = "gcp:binaryauthorization/policy:Policy"
ADMITTED = {"defaultAdmissionRule": {"evaluationMode": "REQUIRE_ATTESTATION", "enforcementMode": "ENFORCED_BLOCK_AND_AUDIT_LOG",
                                     "requireAttestationsBies": ["a"]}}  # fmt: skip
LAMBDA = "aws:lambda/function:Function"
FUNCTION = {"role": "r", "runtime": "python3.13", "codeSigningConfigArn": "arn:aws:lambda:us-east-1:345678901234:code-signing-config:c",
            "imageUri": "345678901234.dkr.ecr.us-east-1.amazonaws.com/app:7"}  # fmt: skip
REPOSITORY = "gcp:artifactregistry/repository:Repository made"
DOCKER = {"format": "DOCKER", "repositoryId": "r", "dockerConfig": {"immutableTags": True},
          "vulnerabilityScanningConfig": {"enablementConfig": "INHERITED"}}  # fmt: skip
DATABASE = "aws:rds/instance:Instance"
SQL = "gcp:sql/databaseInstance:DatabaseInstance"
AWS = "pulumi:providers:aws"
GCP = "pulumi:providers:gcp"
AZURE = "pulumi:providers:azure-native made"
ACCOUNT = {
    "subscriptionId": "22222222-3333-4444-8555-666666666666",
    "tenantId": "5",
    "location": "westus3",
    "environment": "public",
}

EDITS = (
    # where images come from
    Edit("another account's image", "aws", MODEL, IMAGE, swapped("763104351884", "999988887777"), "high", MOVED),
    Edit("an image of anybody", "aws", MODEL, IMAGE, "docker.io/evil/serve:26.05", "high", MOVED),
    Edit("an older image", "aws", MODEL, IMAGE, swapped("26.05", "24.01"), "medium", OLDER),
    Edit("a tag that moves", "aws", MODEL, IMAGE, swapped("26.05-py3-cpu", "latest"), "medium", MOVED),
    Edit("a model of somebody else", "aws", MODEL, URI, "s3://evil-models/fraud/7/", "high", MOVED),
    Edit("a model from the internet", "aws", MODEL, URI, "https://evil.example/fraud.tar.gz", "high", MOVED),
    Edit("a model in the environment", "aws", "aws:sagemaker/model:Model made", ("primaryContainer", "environment", "HF_MODEL_ID"),
         "hf://evil/model", "high", MOVED, {"executionRoleArn": "r", "primaryContainer": {"environment": {"HF_MODEL_ID": "s3://acme/m"}}}),
    Edit("another account's image", "aws", LAMBDA, "imageUri", swapped("345678901234", "999988887777"), "high", MOVED, FUNCTION),
    Edit("another registry in a task", "aws", TASK, "containerDefinitions", '[{"name": "a", "image": "quay.io/evil/a:1"}]', "high", MOVED,
         {"family": "f", "containerDefinitions": '[{"name": "a", "image": "345678901234.dkr.ecr.us-east-1.amazonaws.com/a:1"}]'}),
    Edit("another project's image", "gcp", RUN, CONTAINER, swapped("/acme-ml-prod/", "/evil-project/"), "high", MOVED, PINNED),
    Edit("no digest", "gcp", RUN, CONTAINER, swapped(f"@{DIGEST}", ""), "high", MOVED, PINNED),
    Edit("another registry", "gcp", SERVICE, CONTAINER, "quay.io/evil/serve:1.0", "high", MOVED),
    Edit("another registry", "azure", APP, CONTAINER, "evil.azurecr.io/docker-io/vllm/vllm-openai:v0.11.0", "high", MOVED),
    Edit("an image of anybody", "azure", APP, CONTAINER, "vllm/vllm-openai:v0.11.0", "high", MOVED),
    Edit("another owner", "aws", POD, ("spec", "template", "spec", "containers", 0, "image"), "ghcr.io/evil/app:v2.3.0", "high", MOVED,
         WORKLOAD),
    Edit("an older image", "gcp", POD, ("spec", "template", "spec", "containers", 0, "image"), "ghcr.io/acme/app:v2.1.9", "medium", OLDER,
         WORKLOAD),
    Edit("a tag that moves", "azure", POD, ("spec", "template", "spec", "containers", 0, "image"), "ghcr.io/acme/app", "medium", MOVED,
         WORKLOAD),
    Edit("another source of the cache", "aws", "PullThroughCacheRule", "upstreamRegistryUrl", "evil.example", "high", MOVED),
    Edit("another source of the cache", "azure", "CacheRule", "sourceRepository", "evil.example/*", "high", MOVED),
    Edit("another source of the cache", "gcp", "gcp:artifactregistry/repository:Repository cache",
         "remoteRepositoryConfig.dockerRepository.customRepository.uri", "https://evil.example", "high", MOVED,
         {"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": {"dockerRepository": {"customRepository": {"uri": "https://a.example"}}}}),
    Edit("one more source of packages", "gcp", "gcp:artifactregistry/repository:Repository all", "virtualRepositoryConfig.upstreamPolicies",
         more({"id": "b", "repository": "evil", "priority": 100}), "high", MOVED,
         {"mode": "VIRTUAL_REPOSITORY", "virtualRepositoryConfig": {"upstreamPolicies": [{"id": "a", "repository": "r", "priority": 1}]}}),
    Edit("other code is built", "gcp", "gcp:cloudbuild/trigger:Trigger", "github.owner", "evil", "high", MOVED,
         {"github": {"owner": "acme", "name": "ml", "push": {"branch": "main"}}}),
    Edit("other code is built", "azure", "containerregistry:Task", "step.encodedTaskContent", "ZXZpbA==", "medium", MOVED),
    # what checks them
    Edit("every image", "gcp", GKE, "binaryAuthorization.evaluationMode", "DISABLED", "high", MOVED),
    Edit("every image", "gcp", SERVICE, "binaryAuthorization", REMOVED, "high", MOVED),
    Edit("for an emergency", "gcp", "gcp:cloudrunv2/service:Service broken", "binaryAuthorization.breakglassJustification", "again", "high",
         MOVED, {"binaryAuthorization": {"breakglassJustification": "once"}, "location": "l"}),
    Edit("every image", "gcp", AUTHORIZATION, "defaultAdmissionRule.evaluationMode", "ALWAYS_ALLOW", "high", MOVED, ADMITTED),
    Edit("only reported", "gcp", AUTHORIZATION, "defaultAdmissionRule.enforcementMode", "DRYRUN_AUDIT_LOG_ONLY", "high", MOVED, ADMITTED),
    Edit("a pattern of images", "gcp", AUTHORIZATION, "admissionWhitelistPatterns", [{"namePattern": "*"}], "high", MOVED, ADMITTED),
    Edit("the policy is deleted", "gcp", AUTHORIZATION, "", REMOVED, "high", MOVED, ADMITTED),
    Edit("no policy of Azure", "azure", AKS, "addonProfiles.azurepolicy.enabled", False, "high"),
    Edit("no scan", "aws", "ecr/repository:Repository", "imageScanningConfiguration.scanOnPush", False, "high"),
    Edit("tags can be overwritten", "aws", "ecr/repository:Repository", "imageTagMutability", "MUTABLE", "high", MOVED),
    Edit("no scan", "gcp", REPOSITORY, "vulnerabilityScanningConfig.enablementConfig", "DISABLED", "high", MOVED, DOCKER),
    Edit("tags can be overwritten", "gcp", REPOSITORY, "dockerConfig.immutableTags", False, "high", MOVED, DOCKER),
    Edit("no quarantine", "azure", "azure-native:containerregistry:Registry made", "policies.quarantinePolicy.status", "disabled", "high",
         MOVED, {"policies": {"quarantinePolicy": {"status": "enabled"}}, "registryName": "r"}),
    Edit("unsigned code", "aws", LAMBDA, "codeSigningConfigArn", REMOVED, "high", MOVED, FUNCTION),
    Edit("unsigned code is only reported", "aws", "aws:lambda/codeSigningConfig:CodeSigningConfig", "policies.untrustedArtifactOnDeployment",
         "Warn", "high", MOVED, {"policies": {"untrustedArtifactOnDeployment": "Enforce"}, "allowedPublishers": {}}),
    # versions
    Edit("an older cluster", "aws", "eks/cluster:Cluster", "version", "1.33", "medium"),
    Edit("older nodes", "aws", "eks/nodeGroup:NodeGroup", "version", "1.34", "medium", OLDER),
    Edit("an older add-on", "aws", "eks/addon:Addon", "addonVersion", "v1.2.0-eksbuild.1", "medium", OLDER),
    Edit("an older runtime", "aws", LAMBDA, "runtime", "python3.9", "medium", OLDER, FUNCTION),
    Edit("an older engine", "aws", DATABASE, "engineVersion", "15.4", "medium", OLDER, {"instanceClass": "c", "engineVersion": "16.3"}),
    Edit("no corrections", "aws", DATABASE, "autoMinorVersionUpgrade", False, "medium", OLDER, {"instanceClass": "c"}),
    Edit("an older image of machines", "aws", "aws:ec2/launchTemplate:LaunchTemplate made", "imageId", "ami-00000000000000001", "medium",
         MOVED, {"imageId": "ami-00000000000000002"}),
    Edit("an older cluster", "gcp", GKE, "minMasterVersion", "1.33", "medium"),
    Edit("no channel", "gcp", GKE, "releaseChannel.channel", "UNSPECIFIED", "medium"),
    Edit("no upgrades of nodes", "gcp", "gcp:container/nodePool:NodePool made", "management.autoUpgrade", False, "medium", "",
         {"cluster": "c", "management": {"autoRepair": True, "autoUpgrade": True}}),
    Edit("an older engine", "gcp", SQL, "databaseVersion", "POSTGRES_14", "medium", OLDER, {"databaseVersion": "POSTGRES_16"}),
    Edit("an older cluster", "azure", AKS, "kubernetesVersion", "1.33", "medium"),
    Edit("older nodes", "azure", "AgentPool", "orchestratorVersion", "1.34", "medium", OLDER),
    Edit("no upgrades", "azure", "azure-native:containerservice:ManagedCluster made", "autoUpgradeProfile.upgradeChannel", "none", "medium",
         OLDER, {"autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}}),
    Edit("no corrections of nodes", "azure", "azure-native:containerservice:ManagedCluster made2", "autoUpgradeProfile.nodeOSUpgradeChannel",
         "None", "medium", "", {"autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}}),
    # the provider
    Edit("another region", "aws", AWS, "region", "eu-west-1", "high", PROVIDER),
    Edit("another account", "aws", AWS, "allowedAccountIds", '["999988887777"]', "high", PROVIDER),
    Edit("any account", "aws", AWS, "allowedAccountIds", REMOVED, "high", PROVIDER),
    Edit("other servers", "aws", AWS, "endpoints", '[{"s3": "https://evil.example"}]', "high", PROVIDER),
    Edit("another role", "aws", AWS, "assumeRoles", '[{"roleArn": "arn:aws:iam::999988887777:role/x"}]', "high", PROVIDER),
    Edit("another profile", "aws", AWS, "profile", "evil", "high", PROVIDER),
    Edit("nothing is checked", "aws", AWS, "skipCredentialsValidation", "true", "high", PROVIDER),
    Edit("any certificate", "aws", AWS, "insecure", "true", "high", PROVIDER),
    Edit("a key in the program", "aws", AWS, "accessKey", "AKIAIOSFODNN7EXAMPLE", "high", PROVIDER),
    Edit("one resource in another region", "aws", "LogGroup", "region", "eu-west-1", "medium", PROVIDER),
    Edit("another project", "gcp", GCP, "project", "evil-project", "high", PROVIDER),
    Edit("another project pays", "gcp", GCP, "billingProject", "evil-project", "high", PROVIDER),
    Edit("another region", "gcp", GCP, "region", "europe-west4", "high", PROVIDER),
    Edit("another account", "gcp", GCP, "impersonateServiceAccount", "x@evil-project.iam.gserviceaccount.com", "high", PROVIDER),
    Edit("other servers", "gcp", GCP, "storageCustomEndpoint", "https://evil.example/", "high", PROVIDER),
    Edit("another cloud", "gcp", GCP, "universeDomain", "evil.example", "high", PROVIDER),
    Edit("another subscription", "azure", AZURE, "subscriptionId", "99999999-0000-4000-8000-000000000000", "high", PROVIDER, ACCOUNT),
    Edit("another tenant", "azure", AZURE, "tenantId", "9", "high", PROVIDER, ACCOUNT),
    Edit("another tenant too", "azure", AZURE, "auxiliaryTenantIds", '["9"]', "high", PROVIDER, ACCOUNT),
    Edit("another cloud", "azure", AZURE, "environment", "china", "high", PROVIDER, ACCOUNT),
    Edit("other servers", "azure", AZURE, "metadataHost", "evil.example", "high", PROVIDER, ACCOUNT),
    Edit("another region", "azure", AZURE, "location", "eastus", "high", PROVIDER, ACCOUNT),
    # harmless
    Edit("a newer image", "aws", MODEL, IMAGE, swapped("26.05", "26.09"), None),
    Edit("the next model", "aws", MODEL, URI, swapped("/fraud/7/", "/fraud/8/"), None),
    Edit("a digest", "gcp", "gcp:cloudrunv2/service:Service made", CONTAINER,
         f"us-central1-docker.pkg.dev/acme-ml-prod/serving/app:1.4@{DIGEST}", None, "",
         {"template": {"containers": [{"image": "us-central1-docker.pkg.dev/acme-ml-prod/serving/app:1.4"}]}, "location": "l"}),
    Edit("another digest", "gcp", RUN, CONTAINER, swapped("0a1b2c3d", "9a1b2c3d"), None, "", PINNED),
    Edit("a newer image", "aws", POD, ("spec", "template", "spec", "containers", 0, "image"), "ghcr.io/acme/app:v2.10.0", None, "", WORKLOAD),
    Edit("a tag of another form", "gcp", POD, ("spec", "template", "spec", "containers", 0, "image"), "ghcr.io/acme/app:2026-11-29", None, "",
         WORKLOAD),
    Edit("tags are fixed", "aws", "aws:ecr/repository:Repository made", "imageTagMutability", "IMMUTABLE", None, "",
         {"imageTagMutability": "MUTABLE", "name": "r", "forceDelete": False, "imageScanningConfiguration": {"scanOnPush": True}}),
    Edit("a newer add-on", "aws", "eks/addon:Addon", "addonVersion", "v1.4.0-eksbuild.1", None),
    Edit("a newer runtime", "aws", LAMBDA, "runtime", "python3.14", None, "", FUNCTION),
    Edit("attested images only", "gcp", "gcp:binaryauthorization/policy:Policy made", "defaultAdmissionRule.evaluationMode",
         "ALWAYS_DENY", None, "", ADMITTED),
    Edit("checked again", "aws", "pulumi:providers:aws made", "skipRegionValidation", "false", None, "", {"skipRegionValidation": "true"}),
    Edit("no labels of Pulumi", "gcp", GCP, "addPulumiAttributionLabel", "true", None),
)  # fmt: skip
