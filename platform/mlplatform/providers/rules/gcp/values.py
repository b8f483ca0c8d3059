"""Limits and documented values of GCP properties that the SDK types as plain strings and numbers."""

from __future__ import annotations

from mlplatform.providers.rules.base import ValueRule

_REF = "https://cloud.google.com/"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_NODE = _REF + "kubernetes-engine/docs/reference/rest/v1/NodeConfig"
_RUN = _REF + "run/docs/reference/rest/v2/projects.locations.services"
_STORAGE = _REF + "storage/docs/json_api/v1/buckets"
_MONITORING = _REF + "monitoring/api/ref_v3/rest/v3/"
_POOL = "gcp:container/nodePool:NodePool"
_CLUSTER = "gcp:container/cluster:Cluster"
_SERVICE = "gcp:cloudrunv2/service:Service"
_BUCKET = "gcp:storage/bucket:Bucket"
_KEY = "gcp:kms/cryptoKey:CryptoKey"
_BUDGET = "gcp:billing/budget:Budget"
_ALERT = "gcp:monitoring/alertPolicy:AlertPolicy"
_ACCELERATORS = "nodeConfig.guestAccelerators[]"
_LIFECYCLE_CLASSES = (
    *("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE"),
    "DURABLE_REDUCED_AVAILABILITY",
)


_LUSTRE = "gcp:lustre/instance:Instance"
_LUSTRE_DOC = "https://docs.cloud.google.com/managed-lustre/docs/"
VALUES = (
    ValueRule(
        _POOL,
        "nodeConfig.maxRunDuration",
        "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/dws",
        # up to seven days, 604800 seconds
        pattern=r"([1-9][0-9]{0,4}|[1-5][0-9]{5}|60[0-3][0-9]{3}|604[0-7][0-9]{2}|604800)s",
        words="write at most seven days in seconds: 604800s",
    ),
    ValueRule(_BUCKET, "publicAccessPrevention", _STORAGE, allowed=("inherited", "enforced")),
    ValueRule(_BUCKET, "storageClass", _STORAGE, allowed=_LIFECYCLE_CLASSES),
    ValueRule(_BUCKET, "rpo", _STORAGE, allowed=("DEFAULT", "ASYNC_TURBO")),
    ValueRule(
        _BUCKET,
        "lifecycleRules[].action.type",
        _REF + "storage/docs/lifecycle",
        allowed=("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
    ),
    ValueRule(
        _BUCKET,
        "lifecycleRules[].condition.withState",
        _REF + "storage/docs/lifecycle",
        allowed=("LIVE", "ARCHIVED", "ANY"),
    ),
    ValueRule(_BUCKET, "lifecycleRules", _REF + "storage/quotas", most=100),
    ValueRule(
        _BUCKET, "softDeletePolicy.retentionDurationSeconds", _REF + "storage/docs/soft-delete", low=0, high=7776000
    ),
    ValueRule(_KEY, "rotationPeriod", _REF + "kms/docs/key-rotation", pattern=r"\d+(\.\d{1,9})?s"),
    ValueRule(
        _KEY,
        "versionTemplate.protectionLevel",
        _REF + "kms/docs/reference/rest/v1/ProtectionLevel",
        allowed=("SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC", "HSM_SINGLE_TENANT"),
    ),
    ValueRule(_CLUSTER, "networkingMode", _GKE, allowed=("VPC_NATIVE", "ROUTES")),
    ValueRule(
        _CLUSTER,
        "datapathProvider",
        _GKE,
        allowed=("DATAPATH_PROVIDER_UNSPECIFIED", "LEGACY_DATAPATH", "ADVANCED_DATAPATH"),
    ),
    ValueRule(
        _CLUSTER, "releaseChannel.channel", _GKE, allowed=("UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED")
    ),
    ValueRule(
        _CLUSTER, "databaseEncryption.state", _GKE, allowed=("ENCRYPTED", "DECRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED")
    ),
    ValueRule(_CLUSTER, "defaultMaxPodsPerNode", _GKE, low=8, high=256),
    ValueRule(
        _CLUSTER,
        "workloadIdentityConfig.workloadPool",
        _GKE,
        pattern=r".+\.svc\.id\.goog",
        words="write <project>.svc.id.goog",
    ),
    ValueRule(
        _POOL,
        f"{_ACCELERATORS}.gpuDriverInstallationConfig.gpuDriverVersion",
        _NODE,
        allowed=("GPU_DRIVER_VERSION_UNSPECIFIED", "INSTALLATION_DISABLED", "DEFAULT", "LATEST"),
    ),
    ValueRule(
        _POOL,
        f"{_ACCELERATORS}.gpuSharingConfig.gpuSharingStrategy",
        _NODE,
        allowed=("GPU_SHARING_STRATEGY_UNSPECIFIED", "TIME_SHARING", "MPS"),
    ),
    ValueRule(_POOL, f"{_ACCELERATORS}.gpuSharingConfig.maxSharedClientsPerGpu", _NODE, low=2, high=48),
    ValueRule(_POOL, f"{_ACCELERATORS}.count", _NODE, low=1, high=16),
    ValueRule(_POOL, f"{_ACCELERATORS}.type", _NODE, pattern=r"[a-z0-9-]+"),
    ValueRule(
        _POOL,
        "nodeConfig.reservationAffinity.consumeReservationType",
        _NODE,
        allowed=("UNSPECIFIED", "NO_RESERVATION", "ANY_RESERVATION", "SPECIFIC_RESERVATION"),
    ),
    ValueRule(_POOL, "nodeConfig.taints[].effect", _NODE, allowed=("NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE")),
    ValueRule(
        _POOL,
        "nodeConfig.workloadMetadataConfig.mode",
        _NODE,
        allowed=("MODE_UNSPECIFIED", "GCE_METADATA", "GKE_METADATA"),
    ),
    ValueRule(
        _POOL,
        "nodeConfig.imageType",
        _NODE,
        allowed=(
            "COS_CONTAINERD",
            "UBUNTU_CONTAINERD",
            "WINDOWS_LTSC_CONTAINERD",
            "WINDOWS_SAC_CONTAINERD",
            "COS_ARM64_CONTAINERD",
        ),
    ),
    ValueRule(_POOL, "nodeConfig.diskSizeGb", _NODE, low=10),
    ValueRule(
        _POOL,
        "nodeConfig.diskType",
        _NODE,
        allowed=(
            "pd-standard",
            "pd-ssd",
            "pd-balanced",
            "hyperdisk-balanced",
            "hyperdisk-throughput",
            "hyperdisk-extreme",
        ),
    ),
    ValueRule(_POOL, "nodeConfig.maxRunDuration", _NODE, pattern=r"\d+s"),
    ValueRule(_LUSTRE, "filesystem", _LUSTRE_DOC + "create-instance", pattern=r"[a-z][a-z0-9]{0,7}"),
    ValueRule(
        _LUSTRE, "perUnitStorageThroughput", _LUSTRE_DOC + "performance-tiers", allowed=("125", "250", "500", "1000")
    ),
    ValueRule(_POOL, "autoscaling.locationPolicy", _GKE + ".nodePools", allowed=("BALANCED", "ANY")),
    ValueRule(_POOL, "placementPolicy.type", _GKE + ".nodePools", allowed=("TYPE_UNSPECIFIED", "COMPACT")),
    ValueRule(_POOL, "maxPodsPerNode", _GKE + ".nodePools", low=8, high=256),
    ValueRule(_POOL, "autoscaling.totalMinNodeCount", _GKE + ".nodePools", low=0),
    ValueRule(_POOL, "autoscaling.totalMaxNodeCount", _GKE + ".nodePools", low=1),
    ValueRule(
        _SERVICE,
        "ingress",
        _RUN,
        allowed=(
            "INGRESS_TRAFFIC_ALL",
            "INGRESS_TRAFFIC_INTERNAL_ONLY",
            "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
            "INGRESS_TRAFFIC_NONE",
        ),
    ),
    ValueRule(_SERVICE, "template.maxInstanceRequestConcurrency", _RUN, low=0, high=1000),
    ValueRule(_SERVICE, "template.timeout", _RUN, pattern=r"(\d{1,3}|[12]\d{3}|3[0-5]\d{2}|3600)(\.\d+)?s"),
    ValueRule(_SERVICE, "template.revision", _RUN, shortest=1, longest=63),
    ValueRule(_SERVICE, "template.nodeSelector.accelerator", _RUN, allowed=("nvidia-l4", "nvidia-rtx-pro-6000")),
    ValueRule(_SERVICE, "traffics[].percent", _RUN, low=0, high=100),
    ValueRule(
        "gcp:artifactregistry/repository:Repository",
        "format",
        _REF + "artifact-registry/docs/reference/rest/v1/projects.locations.repositories",
        allowed=("DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "KFP", "GO", "GENERIC", "GOOGET", "RUBY"),
    ),
    ValueRule(
        "gcp:artifactregistry/repository:Repository",
        "mode",
        _REF + "artifact-registry/docs/reference/rest/v1/projects.locations.repositories",
        allowed=("STANDARD_REPOSITORY", "VIRTUAL_REPOSITORY", "REMOTE_REPOSITORY"),
    ),
    ValueRule(_BUDGET, "displayName", _REF + "billing/docs/reference/budget/rest", longest=60),
    ValueRule(_BUDGET, "thresholdRules[].thresholdPercent", _REF + "billing/docs/reference/budget/rest", low=0),
    ValueRule(
        _BUDGET, "allUpdatesRule.monitoringNotificationChannels", _REF + "billing/docs/reference/budget/rest", most=5
    ),
    ValueRule(
        _BUDGET,
        "amount.specifiedAmount.units",
        _REF + "billing/docs/reference/budget/rest",
        pattern=r"\d+",
        words="write whole units as a string of digits",
    ),
    ValueRule(
        _ALERT, "combiner", _MONITORING + "projects.alertPolicies", allowed=("AND", "OR", "AND_WITH_MATCHING_RESOURCE")
    ),
    ValueRule(_ALERT, "severity", _MONITORING + "projects.alertPolicies", allowed=("CRITICAL", "ERROR", "WARNING")),
    ValueRule(_ALERT, "conditions", _MONITORING + "projects.alertPolicies", fewest=1, most=6),
    ValueRule(_ALERT, "notificationChannels", _REF + "monitoring/quotas", most=16),
    ValueRule(
        "gcp:monitoring/notificationChannel:NotificationChannel",
        "type",
        _MONITORING + "projects.notificationChannelDescriptors",
        allowed=(
            *("email", "slack", "pagerduty", "pubsub", "webhook_tokenauth", "webhook_basicauth"),
            *("sms", "google_chat", "campfire", "hipchat", "mobile"),
        ),
    ),
    ValueRule(
        "gcp:monitoring/dashboard:Dashboard", "dashboardJson", _MONITORING + "projects.dashboards", document="json"
    ),
    ValueRule("gcp:monitoring/slo:Slo", "goal", _MONITORING + "services.serviceLevelObjectives", low=0, high=0.9999),
    ValueRule(
        "gcp:monitoring/slo:Slo", "rollingPeriodDays", _MONITORING + "services.serviceLevelObjectives", low=1, high=30
    ),
    ValueRule(
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "retentionDays",
        _REF + "logging/docs/reference/v2/rest/v2/projects.locations.buckets",
        low=1,
        high=3650,
    ),
    ValueRule(
        "gcp:pubsub/subscription:Subscription",
        "deadLetterPolicy.maxDeliveryAttempts",
        _REF + "pubsub/docs/handling-failures",
        low=5,
        high=100,
    ),
    ValueRule("gcp:pubsub/subscription:Subscription", "ackDeadlineSeconds", _REF + "pubsub/docs", low=10, high=600),
    ValueRule("gcp:workflows/workflow:Workflow", "sourceContents", _REF + "workflows/quotas", longest=131072),
    ValueRule(
        "gcp:projects/service:Service", "service", _REF + "service-usage/docs", pattern=r"[a-z0-9-]+\.googleapis\.com"
    ),
    ValueRule("gcp:vertex/aiEndpoint:AiEndpoint", "displayName", _REF + "vertex-ai/docs/reference/rest", longest=128),
    ValueRule("gcp:compute/network:Network", "mtu", _REF + "vpc/docs/mtu", low=1300, high=8896),
    ValueRule("gcp:compute/network:Network", "routingMode", _REF + "vpc/docs/vpc", allowed=("REGIONAL", "GLOBAL")),
    ValueRule(
        "gcp:compute/subnetwork:Subnetwork",
        "ipCidrRange",
        _REF + "vpc/docs/subnets",
        pattern=r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}",
    ),
    # ten values of a list, twelve operators between them
    *(
        ValueRule(token, "condition.expression", _REF + page, pattern=pattern, words=words)
        for token in ("gcp:projects/iAMMember:IAMMember", "gcp:storage/bucketIAMMember:BucketIAMMember")
        for page, pattern, words in (
            (
                "iam/docs/setting-limits-on-granting-roles",
                r"(?!.*hasOnly\(\[([^\],]*,){10})[\s\S]+",
                "join several lists of at most ten values by ||",
            ),
            ("iam/quotas", r"(?!(.*?(\|\||&&)){13})[\s\S]+", "use at most twelve logical operators"),
        )
    ),
    *(
        ValueRule(
            token,
            "member",
            _REF + "iam/docs/principal-identifiers",
            pattern=r"(user|serviceAccount|group|domain|principal|principalSet|projectOwner|projectEditor|"
            r"projectViewer|deleted|iamMember)(:|Set:).+|principal(Set)?://.+|allUsers|allAuthenticatedUsers",
            words="write the kind of member first: serviceAccount:<e-mail>, principal://…",
        )
        for token in (
            "gcp:projects/iAMMember:IAMMember",
            "gcp:storage/bucketIAMMember:BucketIAMMember",
            "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
            "gcp:serviceaccount/iAMMember:IAMMember",
            "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
            "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
            "gcp:secretmanager/secretIamMember:SecretIamMember",
        )
    ),
)
