"""What Google Cloud refuses to delete, and what a deletion leaves."""

from __future__ import annotations

from mlplatform.catalog.deletion import DELETIONS
from mlplatform.mock_cloud.rules.deletion import InUseRule, LeftoverRule, guarded, refused_full
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.gcp.tokens import ACCOUNT, CLUSTER, NETWORK, POOL, REF, RUN, SUBNET

_LIFT = "set `deletion_protection` to false in the spec and run `pulumi up` before the destroy"
_COMPUTE = REF + "vpc/docs/create-modify-vpc-networks#delete"
_LOGS = "gcp:logging/projectBucketConfig:ProjectBucketConfig"


def _used(token: str, *by: str) -> InUseRule:
    error = CloudError(
        "resourceInUseByAnotherResource",
        "googleapi: Error 400: The {words} resource '{id}' is already being used by '{user}'",
        _COMPUTE,
    )
    return InUseRule(token, by, error)


IN_USE = (
    _used(
        NETWORK,
        f"{SUBNET}#network",
        f"{CLUSTER}#network",
        "gcp:compute/firewall:Firewall#network",
        "gcp:compute/route:Route#network",
        "gcp:compute/router:Router#network",
        "gcp:compute/globalAddress:GlobalAddress#network",
        "gcp:lustre/instance:Instance#network",
    ),
    _used(
        SUBNET,
        f"{CLUSTER}#subnetwork",
        f"{POOL}#networkConfig",
        f"{RUN}#template",
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
            REF + "dns/docs/zones#delete_a_zone",
        ),
    ),
    InUseRule(
        "gcp:monitoring/notificationChannel:NotificationChannel",
        ("gcp:monitoring/alertPolicy:AlertPolicy",),
        CloudError(
            "FAILED_PRECONDITION",
            "googleapi: Error 400: Cannot delete notification channel '{id}': it is used by '{user}'",
            REF + "monitoring/alerts/using-channels-api#api-delete-channel",
        ),
    ),
)

# the provider refuses most of them, by its own state
PROTECTED = (
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
)

NON_EMPTY = (
    refused_full(
        "gcp:storage/bucket:Bucket",
        CloudError(
            "conflict",
            "googleapi: Error 409: The bucket you tried to delete is not empty.",
            REF + "storage/docs/deleting-buckets",
            "the bucket holds data: empty it, or keep it",
        ),
    ),
)

LEFTOVERS = (
    LeftoverRule(
        "gcp:kms/keyRing:KeyRing",
        0,
        "key rings are never deleted; it costs nothing",
        CloudError(
            "alreadyExists",
            "googleapi: Error 409: KeyRing {id} already exists.",
            REF + "kms/docs/faq#cannot_delete",
            "in a platform that runs: take the key ring over; before its first `up`: another `incarnation`",
        ),
    ),
    LeftoverRule(
        "gcp:kms/cryptoKey:CryptoKey",
        0,
        "keys are never deleted; their versions are destroyed and cost nothing",
        CloudError(
            "alreadyExists",
            "googleapi: Error 409: CryptoKey {id} already exists.",
            REF + "kms/docs/faq#cannot_delete",
            "in a platform that runs: take the key over; before its first `up`: another `incarnation`",
        ),
    ),
    LeftoverRule(
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        30,
        "the pool can be undeleted for 30 days",
        CloudError(
            "alreadyExists",
            "googleapi: Error 409: Requested entity already exists: {id}",
            REF + "iam/docs/manage-workload-identity-pools-providers#delete-pool",
            "in a platform that runs: undelete it and take it over; before its first `up`: another `incarnation`",
        ),
    ),
    LeftoverRule(
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        30,
        "the provider can be undeleted for 30 days",
        CloudError(
            "alreadyExists",
            "googleapi: Error 409: Requested entity already exists: {id}",
            REF + "iam/docs/manage-workload-identity-pools-providers#delete-provider",
            "in a platform that runs: undelete it and take it over; before its first `up`: another `incarnation`",
        ),
    ),
    LeftoverRule(
        _LOGS,
        DELETIONS[_LOGS].days,
        "the log bucket is deleted after 7 days",
        CloudError(
            "failedPrecondition",
            "googleapi: Error 400: Bucket {id} is in state DELETE_REQUESTED",
            REF + "logging/docs/buckets#delete-bucket",
            "undelete it and import it, or wait",
        ),
    ),
    LeftoverRule(
        ACCOUNT,
        30,
        "the account can be undeleted for 30 days; a new one of the name is a different account",
    ),
    # the provider does not disable what others in the project may use
    LeftoverRule("gcp:projects/service:Service", 0, "the API stays enabled in the project"),
    LeftoverRule("gcp:projects/serviceIdentity:ServiceIdentity", 0, "Google's own service agent stays"),
)
