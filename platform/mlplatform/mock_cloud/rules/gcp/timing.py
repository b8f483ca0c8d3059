"""How long changes take on Google Cloud, and what is in effect only some time after its creation."""

from __future__ import annotations

from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.mock_cloud.rules.gcp.tokens import ACCOUNT, CLUSTER, NETWORK, POOL, REF, RUN, SUBNET
from mlplatform.mock_cloud.rules.timing import DurationRule, EffectRule, PropagationRule

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
    REF + "storage/docs/reporting-changes#prereqs",
)

_EARLY_KEY = CloudError(
    "forbidden",
    "googleapi: Error 403: Permission denied on Cloud KMS key {user}. Please ensure that your service account has been "
    "authorized to use this key.",
    REF + "kms/docs/troubleshooting",
)

_EARLY_SERVICE = CloudError(
    "accessNotConfigured",
    "googleapi: Error 403: {user} has not been used in the project before or it is disabled. If you enabled this API "
    "recently, wait a few minutes for the action to propagate to our systems and retry.",
    REF + "service-usage/docs/enable-disable",
)

_SERVED = {
    "aiplatform": "gcp:vertex/",
    "artifactregistry": "gcp:artifactregistry/",
    "bigquery": "gcp:bigquery/",
    "cloudkms": "gcp:kms/keyRing:",
    "cloudscheduler": "gcp:cloudscheduler/",
    "composer": "gcp:composer/",
    "compute": "gcp:compute/",
    "container": "gcp:container/",
    "dns": "gcp:dns/",
    "eventarc": "gcp:eventarc/",
    "firestore": "gcp:firestore/",
    "lustre": "gcp:lustre/",
    "networkconnectivity": "gcp:networkconnectivity/",
    "pubsub": "gcp:pubsub/",
    "run": "gcp:cloudrunv2/",
    "secretmanager": "gcp:secretmanager/",
    "servicenetworking": "gcp:servicenetworking/",
    "sqladmin": "gcp:sql/",
    "storagetransfer": "gcp:storage/transferJob:",
    "workflows": "gcp:workflows/",
}

"""Resources of each service."""


def _agent(domain: str) -> str:
    return rf"serviceAccount:[a-z-]*p?\d+@{domain}\.iam\.gserviceaccount\.com"


_KEY_AGENTS = {
    "gcp:artifactregistry/repository:Repository": _agent("gcp-sa-artifactregistry"),
    "gcp:bigquery/dataset:Dataset": _agent("bigquery-encryption"),
    "gcp:bigquery/table:Table": _agent("bigquery-encryption"),
    "gcp:composer/environment:Environment": _agent("cloudcomposer-accounts"),
    "gcp:firestore/database:Database": _agent("gcp-sa-firestore"),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": _agent("gcp-sa-logging"),
    "gcp:pubsub/topic:Topic": _agent("gcp-sa-pubsub"),
    "gcp:secretmanager/secret:Secret": _agent("gcp-sa-secretmanager"),
    "gcp:sql/databaseInstance:DatabaseInstance": _agent("gcp-sa-cloud-sql"),
    "gcp:storage/bucket:Bucket": _agent("gs-project-accounts"),
    "gcp:vertex/aiFeatureOnlineStore:AiFeatureOnlineStore": _agent("gcp-sa-aiplatform"),
    "gcp:workflows/workflow:Workflow": _agent("gcp-sa-workflows"),
    "gcp:cloudrunv2/job:Job": _agent("serverless-robot-prod"),
    RUN: _agent("serverless-robot-prod"),
    # its disks are Compute Engine's
    CLUSTER: _agent("(container-engine-robot|compute-system)"),
    POOL: _agent("(container-engine-robot|compute-system)"),
}

"""What is encrypted with a key of the platform, and whose account encrypts it,
https://docs.cloud.google.com/iam/docs/service-agents"""


# the provider reads a new account until it is found, and retries bindings of one that is not found
PROPAGATION = (
    PropagationRule(
        ACCOUNT,
        10,
        (),
        True,
        CloudError(
            "badRequest",
            "googleapi: Error 400: Service account {id} does not exist.",
            REF + "iam/docs/service-accounts-create#creating",
        ),
    ),
)

_EARLY_AGENT = CloudError(
    "failedPrecondition",
    "googleapi: Error 400: The service agent of {user} does not have the required permissions in the project: grant it "
    "the role, and wait until it is in effect.",
    REF + "composer/docs/composer-3/troubleshooting-environment-creation",
)

EFFECTS = (
    *(
        EffectRule("gcp:projects/iAMMember:IAMMember", ("role", rf"roles/{service}\.{role}"), users, _EARLY_AGENT)
        for service, role, users in (
            ("composer", "(serviceAgent|worker)", ("gcp:composer/environment:Environment",)),
            ("aiplatform", "serviceAgent", ("gcp:vertex/aiFeatureGroup:AiFeatureGroup",)),
        )
    ),
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
)

DURATIONS = (
    DurationRule(CLUSTER, 480, 300, REF + "kubernetes-engine/docs/how-to/creating-a-regional-cluster"),
    DurationRule(POOL, 120, 180, REF + "kubernetes-engine/docs/how-to/node-pools"),
    DurationRule(RUN, 30, 10, REF + "run/docs/deploying"),
    DurationRule(NETWORK, 40, 40, REF + "vpc/docs/create-modify-vpc-networks"),
    DurationRule(SUBNET, 25, 25, REF + "vpc/docs/create-modify-vpc-networks"),
    DurationRule("gcp:projects/service:Service", 20, 2, REF + "service-usage/docs/enable-disable"),
)
