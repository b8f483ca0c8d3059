"""Refusals, leftovers and durations of Google Cloud."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.base import (
    AutoscaledCount,
    CloudError,
    CloudRules,
    ControlPlaneRule,
    DurationRule,
    EffectRule,
    InUseRule,
    LeftoverRule,
    PropagationRule,
    RecyclingRule,
    guarded,
    refused_full,
)

_LIFT = "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy"
_REF = "https://docs.cloud.google.com/"
_COMPUTE = _REF + "vpc/docs/create-modify-vpc-networks#delete"
_NETWORK = "gcp:compute/network:Network"
_SUBNET = "gcp:compute/subnetwork:Subnetwork"
_CLUSTER = "gcp:container/cluster:Cluster"
_POOL = "gcp:container/nodePool:NodePool"
_RUN = "gcp:cloudrunv2/service:Service"
_LOGS = "gcp:logging/projectBucketConfig:ProjectBucketConfig"
_ACCOUNT = "gcp:serviceaccount/account:Account"


def _used(token: str, *by: str) -> InUseRule:
    error = CloudError(
        "resourceInUseByAnotherResource",
        "googleapi: Error 400: The {words} resource '{id}' is already being used by '{user}'",
        _COMPUTE,
    )
    return InUseRule(token, by, error)


def _member(module: str, *kinds: str) -> set[str]:
    return {f"gcp:{module}/{kind[0].lower()}{kind[1:]}:{kind}" for kind in kinds}


_EARLY_TRIGGER = CloudError(
    "invalidArgument",
    "googleapi: Error 400: Invalid resource state for '': Permission denied while using the Eventarc Service Agent. If "
    "you recently started to use Eventarc, it may take a few minutes before all necessary permissions are propagated "
    "to the Service Agent.",
    "https://github.com/pulumi/pulumi-gcp/issues/1290",
)
_EARLY_SENDER = CloudError(
    "invalidArgument",
    "googleapi: Error 400: The service account of Cloud Storage does not have permission to publish messages to {user}",
    _REF + "storage/docs/reporting-changes#prereqs",
)
_EARLY_KEY = CloudError(
    "forbidden",
    "googleapi: Error 403: Permission denied on Cloud KMS key {user}. Please ensure that your service account has been "
    "authorized to use this key.",
    _REF + "kms/docs/troubleshooting",
)
_EARLY_SERVICE = CloudError(
    "accessNotConfigured",
    "googleapi: Error 403: {user} has not been used in the project before or it is disabled. If you enabled this API "
    "recently, wait a few minutes for the action to propagate to our systems and retry.",
    _REF + "service-usage/docs/enable-disable",
)
_SERVED = {
    "artifactregistry": "gcp:artifactregistry/",
    "cloudkms": "gcp:kms/keyRing:",
    "cloudscheduler": "gcp:cloudscheduler/",
    "container": "gcp:container/",
    "eventarc": "gcp:eventarc/",
    "pubsub": "gcp:pubsub/",
    "run": "gcp:cloudrunv2/",
    "secretmanager": "gcp:secretmanager/",
    "workflows": "gcp:workflows/",
}
"""Resources of each service."""


def _agent(domain: str) -> str:
    return rf"serviceAccount:[a-z-]*p?\d+@{domain}\.iam\.gserviceaccount\.com"


_KEY_AGENTS = {
    "gcp:artifactregistry/repository:Repository": _agent("gcp-sa-artifactregistry"),
    "gcp:firestore/database:Database": _agent("gcp-sa-firestore"),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": _agent("gcp-sa-logging"),
    "gcp:pubsub/topic:Topic": _agent("gcp-sa-pubsub"),
    "gcp:secretmanager/secret:Secret": _agent("gcp-sa-secretmanager"),
    "gcp:sql/databaseInstance:DatabaseInstance": _agent("gcp-sa-cloud-sql"),
    "gcp:storage/bucket:Bucket": _agent("gs-project-accounts"),
    "gcp:workflows/workflow:Workflow": _agent("gcp-sa-workflows"),
    "gcp:cloudrunv2/job:Job": _agent("serverless-robot-prod"),
    _RUN: _agent("serverless-robot-prod"),
    # its disks are Compute Engine's
    _CLUSTER: _agent("(container-engine-robot|compute-system)"),
    _POOL: _agent("(container-engine-robot|compute-system)"),
}
"""What is encrypted with a key of the platform, and whose account encrypts it,
https://docs.cloud.google.com/iam/docs/service-agents"""

RULES = CloudRules(
    denied=CloudError(
        "403",
        "Permission '{user}' denied on resource '{id}' (or it may not exist).",
        "https://docs.cloud.google.com/iam/docs/troubleshoot-policies",
        "the identity that runs `up` lacks a right: `mlplatform bootstrap` derives all that the plan takes",
    ),
    exists=CloudError(
        "alreadyExists",
        "googleapi: Error 409: The resource '{id}' already exists",
        "https://cloud.google.com/apis/design/errors#handling_errors",
        "a resource of that name exists and is not in the stack's state: import it, or delete it if nothing needs it",
    ),
    missing=CloudError(
        "notFound",
        "googleapi: Error 404: The resource '{id}' was not found",
        "https://cloud.google.com/apis/design/errors#handling_errors",
    ),
    throttled=CloudError(
        "rateLimitExceeded",
        "googleapi: Error 429: Quota exceeded for quota metric",
        _REF + "docs/quotas/troubleshoot",
    ),
    # adding a member to a policy or enabling a service succeeds if it is done already
    upserts=frozenset(
        {
            *_member("artifactregistry", "RepositoryIamMember"),
            *_member("bigquery", "DatasetIamMember"),
            *_member("cloudrunv2", "JobIamMember", "ServiceIamMember"),
            *_member("iap", "WebCloudRunServiceIamMember"),
            *_member("kms", "CryptoKeyIAMMember"),
            *_member("logging", "LogViewIamMember"),
            *_member("projects", "IAMMember", "Service", "ServiceIdentity"),
            *_member("pubsub", "SubscriptionIAMMember", "TopicIAMMember"),
            *_member("secretmanager", "SecretIamMember"),
            *_member("serviceaccount", "IAMMember"),
            *_member("storage", "BucketIAMMember"),
            *_member("vertex", "AiEndpointIamMember"),
        }
    ),
    in_use=(
        _used(
            _NETWORK,
            f"{_SUBNET}#network",
            f"{_CLUSTER}#network",
            "gcp:compute/firewall:Firewall#network",
            "gcp:compute/route:Route#network",
            "gcp:compute/router:Router#network",
            "gcp:compute/globalAddress:GlobalAddress#network",
            "gcp:lustre/instance:Instance#network",
        ),
        _used(
            _SUBNET,
            f"{_CLUSTER}#subnetwork",
            f"{_POOL}#networkConfig",
            f"{_RUN}#template",
            "gcp:compute/address:Address#subnetwork",
            "gcp:compute/networkAttachment:NetworkAttachment#subnetworks",
        ),
        InUseRule(
            "gcp:dns/managedZone:ManagedZone",
            ("gcp:dns/recordSet:RecordSet",),
            CloudError(
                "containerNotEmpty",
                "googleapi: Error 400: The resource named '{name}' cannot be deleted because it contains one or more "
                "'resource records'.",
                _REF + "dns/docs/zones#delete_a_zone",
            ),
        ),
        InUseRule(
            "gcp:monitoring/notificationChannel:NotificationChannel",
            ("gcp:monitoring/alertPolicy:AlertPolicy",),
            CloudError(
                "FAILED_PRECONDITION",
                "googleapi: Error 400: Cannot delete notification channel '{id}': it is used by '{user}'",
                _REF + "monitoring/alerts/using-channels-api#api-delete-channel",
            ),
        ),
    ),
    # the provider refuses most of them, by its own state
    protected=(
        guarded(
            "gcp:container/cluster:Cluster",
            CloudError(
                "deletion_protection",
                "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with "
                "cluster deletion.",
                "https://www.pulumi.com/registry/packages/gcp/api-docs/container/cluster/#deletionprotection_yaml",
                _LIFT,
            ),
        ),
        guarded(
            "gcp:firestore/database:Database",
            CloudError(
                "FAILED_PRECONDITION",
                "googleapi: Error 400: Database {name} has delete protection enabled.",
                "https://docs.cloud.google.com/datastore/docs/manage-databases#delete_protection",
                _LIFT,
            ),
        ),
        guarded(
            "gcp:lustre/instance:Instance",
            CloudError(
                "deletion_policy",
                'cannot destroy {name} while its deletion_policy is "PREVENT"',
                "https://www.pulumi.com/registry/packages/gcp/api-docs/lustre/instance/#deletionpolicy_yaml",
                _LIFT,
            ),
        ),
        guarded(
            "gcp:kms/cryptoKey:CryptoKey",
            CloudError(
                "deletion_policy",
                'cannot destroy {name} while its deletion_policy is "PREVENT"',
                "https://www.pulumi.com/registry/packages/gcp/api-docs/kms/cryptokey/#deletionpolicy_yaml",
                _LIFT,
            ),
        ),
    ),
    non_empty=(
        refused_full(
            "gcp:storage/bucket:Bucket",
            CloudError(
                "conflict",
                "googleapi: Error 409: The bucket you tried to delete is not empty.",
                _REF + "storage/docs/deleting-buckets",
                "the bucket holds data: empty it, or keep it",
            ),
        ),
    ),
    leftovers=(
        LeftoverRule(
            "gcp:kms/keyRing:KeyRing",
            0,
            "key rings are never deleted; it costs nothing",
            CloudError(
                "alreadyExists",
                "googleapi: Error 409: KeyRing {id} already exists.",
                _REF + "kms/docs/faq#cannot_delete",
                "the key ring of a former platform of this name still exists: import it, or choose another name",
            ),
        ),
        LeftoverRule(
            "gcp:kms/cryptoKey:CryptoKey",
            0,
            "keys are never deleted; their versions are destroyed and cost nothing",
            CloudError(
                "alreadyExists",
                "googleapi: Error 409: CryptoKey {id} already exists.",
                _REF + "kms/docs/faq#cannot_delete",
                "the key of a former platform of this name still exists: import it, or choose another name",
            ),
        ),
        LeftoverRule(
            "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
            30,
            "the pool can be undeleted for 30 days",
            CloudError(
                "alreadyExists",
                "googleapi: Error 409: Requested entity already exists: {id}",
                _REF + "iam/docs/manage-workload-identity-pools-providers#delete-pool",
                "undelete it and import it, or choose another name",
            ),
        ),
        LeftoverRule(
            "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
            30,
            "the provider can be undeleted for 30 days",
            CloudError(
                "alreadyExists",
                "googleapi: Error 409: Requested entity already exists: {id}",
                _REF + "iam/docs/manage-workload-identity-pools-providers#delete-provider",
                "undelete it and import it, or choose another name",
            ),
        ),
        LeftoverRule(
            _LOGS,
            DELETIONS[_LOGS].days,
            "the log bucket is deleted after 7 days",
            CloudError(
                "failedPrecondition",
                "googleapi: Error 400: Bucket {id} is in state DELETE_REQUESTED",
                _REF + "logging/docs/buckets#delete-bucket",
                "undelete it and import it, or wait",
            ),
        ),
        LeftoverRule(
            _ACCOUNT,
            30,
            "the account can be undeleted for 30 days; a new one of the name is a different account",
        ),
        # the provider does not disable what others in the project may use
        LeftoverRule("gcp:projects/service:Service", 0, "the API stays enabled in the project"),
        LeftoverRule("gcp:projects/serviceIdentity:ServiceIdentity", 0, "Google's own service agent stays"),
    ),
    # the provider reads a new account until it is found, and retries bindings of one that is not found
    propagation=(
        PropagationRule(
            _ACCOUNT,
            10,
            (),
            True,
            CloudError(
                "badRequest",
                "googleapi: Error 400: Service account {id} does not exist.",
                _REF + "iam/docs/service-accounts-create#creating",
            ),
        ),
    ),
    effects=(
        EffectRule(
            "gcp:projects/iAMMember:IAMMember",
            ("role", r"roles/eventarc\.(serviceAgent|eventReceiver)"),
            ("gcp:eventarc/trigger:Trigger",),
            _EARLY_TRIGGER,
        ),
        EffectRule(
            "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
            ("role", r"roles/cloudkms\.cryptoKeyEncrypterDecrypter"),
            tuple(_KEY_AGENTS),
            _EARLY_KEY,
            on="cryptoKeyId",
            agents=("member", tuple(_KEY_AGENTS.items())),
        ),
        EffectRule(
            "gcp:pubsub/topicIAMMember:TopicIAMMember",
            ("member", r"serviceAccount:service-\d+@gs-project-accounts\.iam\.gserviceaccount\.com"),
            ("gcp:storage/notification:Notification",),
            _EARLY_SENDER,
        ),
        *(
            EffectRule(
                "gcp:projects/service:Service", ("service", rf"{service}\.googleapis\.com"), (users,), _EARLY_SERVICE
            )
            for service, users in _SERVED.items()
        ),
    ),
    durations=(
        DurationRule(_CLUSTER, 480, 300, _REF + "kubernetes-engine/docs/how-to/creating-a-regional-cluster"),
        DurationRule(_POOL, 120, 180, _REF + "kubernetes-engine/docs/how-to/node-pools"),
        DurationRule(_RUN, 30, 10, _REF + "run/docs/deploying"),
        DurationRule(_NETWORK, 40, 40, _REF + "vpc/docs/create-modify-vpc-networks"),
        DurationRule(_SUBNET, 25, 25, _REF + "vpc/docs/create-modify-vpc-networks"),
        DurationRule("gcp:projects/service:Service", 20, 2, _REF + "service-usage/docs/enable-disable"),
    ),
    # the provider's page says that a resize of the pool may change this, and that the next `up` then replaces the pool
    autoscaled=(
        AutoscaledCount(
            _POOL,
            "initialNodeCount",
            "autoscaling.totalMaxNodeCount",
            "https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_node_pool",
            only_if="autoscaling",
        ),
    ),
    control_planes=(
        ControlPlaneRule(
            _CLUSTER,
            "minMasterVersion",
            CloudError(
                "badRequest",
                "googleapi: Error 400: Master cannot be upgraded from {id} to {user}: cannot upgrade the master more "
                "than a minor version at a time.",
                _REF + "kubernetes-engine/docs/how-to/upgrading-a-cluster",
                "a control plane is upgraded one minor version at a time: one `up` for each",
            ),
            None,  # the provider asks only for a version above the present one
        ),
    ),
    recycling=(
        RecyclingRule(
            _POOL,
            ("nodeConfig", "version"),
            "its nodes",
            _REF + "kubernetes-engine/docs/concepts/node-pool-upgrade-strategies",
            quiet=("nodeConfig.labels", "nodeConfig.taints", "nodeConfig.resourceLabels", "nodeConfig.tags"),
        ),
        RecyclingRule(_RUN, ("template",), "its instances", _REF + "run/docs/managing/revisions"),
    ),
)
