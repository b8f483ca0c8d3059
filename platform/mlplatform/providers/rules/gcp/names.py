"""Names of GCP resources, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.base import NameRule, NameScope

_REF = "https://cloud.google.com/"
_COMPUTE = _REF + "compute/docs/naming-resources"
_BUCKETS = _REF + "storage/docs/buckets#naming"
_RFC1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_RFC_WORDS = "lower-case letters, digits and hyphens, a letter first, no hyphen last"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_UNDERSCORED = r"[a-z_][a-z0-9_]*"
_FEATURES: tuple[tuple[str, NameScope], ...] = (
    ("AiFeatureOnlineStore", "region"),
    ("AiFeatureGroup", "region"),
    ("AiFeatureOnlineStoreFeatureview", ("featureOnlineStore",)),
    ("AiFeatureGroupFeature", ("featureGroup",)),
)
_MONITORING = _REF + "monitoring/api/ref_v3/rest/v3/"


def _rule(
    token: str,
    prop: str,
    longest: int,
    source: str,
    *,
    scope: NameScope = "region",
    pattern: str = _RFC1035,
    words: str = _RFC_WORDS,
    shortest: int = 1,
) -> NameRule:
    """A rule whose source may be a path below Google's documentation; without a pattern, RFC 1035's."""
    source = source if source.startswith("https") else _REF + source
    return NameRule(token, prop, pattern, shortest, longest, scope, source, words)


def _compute(kind: str, scope: NameScope) -> NameRule:
    token = f"gcp:compute/{kind[0].lower()}{kind[1:]}:{kind}"
    return _rule(token, "name", 63, _COMPUTE, scope=scope)


NAMES = (
    # storage, keys, identities, networks and machines
    *(
        _compute(kind, "account")
        for kind in (
            "Network",
            "Firewall",
            "GlobalAddress",
            "BackendService",
            "URLMap",
            "TargetHttpsProxy",
            "SecurityPolicy",
        )
    ),
    *(
        _compute(kind, "region")
        for kind in (
            "Subnetwork",
            "Router",
            "Address",
            "ForwardingRule",
            "ResourcePolicy",
            "RegionNetworkEndpointGroup",
            "RegionBackendService",
            "RegionUrlMap",
            "RegionTargetHttpProxy",
            "NetworkAttachment",
        )
    ),
    _rule(
        "gcp:lustre/instance:Instance",
        "instanceId",
        63,
        "https://docs.cloud.google.com/managed-lustre/docs/create-instance",
        scope=("location",),
    ),
    _compute("Reservation", ("zone",)),
    _compute("FutureReservation", ("zone",)),
    _rule("gcp:compute/routerNat:RouterNat", "name", 63, _COMPUTE, scope=("router", "region")),
    NameRule(
        "gcp:storage/bucket:Bucket",
        "name",
        r"(?!goog)(?!.*(google|g00gle))(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9._-]*[a-z0-9]",
        3,
        63,
        "global",
        _BUCKETS,
        "lower-case letters, digits and - _ ., letter or digit at both ends; no goog prefix, no google",
    ),
    _rule(
        "gcp:serviceaccount/account:Account",
        "accountId",
        30,
        "iam/docs/reference/rest/v1/projects.serviceAccounts/create",
        scope="account",
        pattern=r"[a-z]([-a-z0-9]*[a-z0-9])",
        shortest=6,
    ),
    _rule(
        "gcp:projects/iAMCustomRole:IAMCustomRole",
        "roleId",
        64,
        "iam/docs/reference/rest/v1/projects.roles/create",
        scope="account",
        pattern=r"[a-zA-Z0-9_.]+",
        words="letters, digits, _ and ., no hyphen",
        shortest=3,
    ),
    _rule(
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "workloadIdentityPoolId",
        32,
        "iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create",
        scope="account",
        pattern=r"(?!gcp-)[a-z0-9-]+",
        words="lower-case letters, digits and hyphens, no gcp- prefix",
        shortest=4,
    ),
    _rule(
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
        "workloadIdentityPoolProviderId",
        32,
        "iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers/create",
        scope=("project", "workloadIdentityPoolId"),
        pattern=r"(?!gcp-)[a-z0-9-]+",
        words="lower-case letters, digits and hyphens, no gcp- prefix",
        shortest=4,
    ),
    _rule(
        "gcp:kms/keyRing:KeyRing",
        "name",
        63,
        "kms/docs/reference/rest/v1/projects.locations.keyRings/create",
        pattern=r"[a-zA-Z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    _rule(
        "gcp:kms/cryptoKey:CryptoKey",
        "name",
        63,
        "kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/create",
        scope=("keyRing",),
        pattern=r"[a-zA-Z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    _rule(
        "gcp:bigquery/dataset:Dataset",
        "datasetId",
        1024,
        "bigquery/docs/datasets#dataset-naming",
        scope="account",
        pattern=r"[A-Za-z0-9_]+",
        words="letters, digits and _",
    ),
    _rule(
        "gcp:secretmanager/secret:Secret",
        "secretId",
        255,
        "secret-manager/docs/reference/rest/v1/projects.secrets/create",
        scope="account",
        pattern=r"[A-Za-z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    _rule("gcp:dns/managedZone:ManagedZone", "name", 63, "dns/docs/reference/rest/v1/managedZones", scope="account"),
    NameRule(
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        "name",
        _RFC1035,
        1,
        63,
        "account",
        _COMPUTE,
        _RFC_WORDS,
    ),
    # clusters, registries, models and endpoints
    _rule("gcp:container/cluster:Cluster", "name", 40, _GKE, pattern=r"[a-z]([a-z0-9-]*[a-z0-9])?"),
    _rule(
        "gcp:container/nodePool:NodePool",
        "name",
        40,
        _GKE + ".nodePools",
        scope=("cluster", "location"),
        pattern=r"[a-z]([a-z0-9-]*[a-z0-9])?",
    ),
    _rule(
        "gcp:artifactregistry/repository:Repository",
        "repositoryId",
        63,
        "artifact-registry/docs/reference/rest/v1/projects.locations.repositories/create",
    ),
    _rule("gcp:cloudrunv2/service:Service", "name", 49, "run/docs/reference/rest/v2/projects.locations.services"),
    _rule("gcp:cloudrunv2/job:Job", "name", 49, "run/docs/reference/rest/v2/projects.locations.jobs"),
    _rule(
        "gcp:vertex/aiEndpoint:AiEndpoint",
        "name",
        9,
        "vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create",
        pattern=r"[1-9][0-9]*",
        words="digits only, no leading zero",
    ),
    *(
        _rule(
            f"gcp:vertex/{kind[0].lower()}{kind[1:]}:{kind}",
            "name",
            60,
            "vertex-ai/docs/reference/rest/v1/projects.locations.featureOnlineStores/create",
            scope=scope,
            pattern=_UNDERSCORED,
            words="lower-case letters, digits and _",
        )
        for kind, scope in _FEATURES
    ),
    _rule(
        "gcp:composer/environment:Environment",
        "name",
        63,
        "composer/docs/reference/rest/v1/projects.locations.environments",
    ),
    # logs, alerts, events, dashboards and budgets
    *(
        _rule(
            f"gcp:pubsub/{kind.lower()}:{kind}",
            "name",
            255,
            "pubsub/docs/create-topic#resource_names",
            scope="account",
            pattern=r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]*",
            words="a letter first, then letters, digits and - . _ ~ + %, no goog prefix",
            shortest=3,
        )
        for kind in ("Topic", "Subscription")
    ),
    _rule(
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "bucketId",
        100,
        "logging/docs/reference/v2/rest/v2/projects.locations.buckets/create",
        scope=("project", "location"),
        pattern=r"[A-Za-z0-9_.-]+",
        words="letters, digits and _ . -",
    ),
    _rule(
        "gcp:logging/projectSink:ProjectSink",
        "name",
        100,
        "logging/docs/reference/v2/rest/v2/projects.sinks",
        scope="account",
        pattern=r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
        words="letters, digits and _ . -",
    ),
    _rule(
        "gcp:logging/metric:Metric",
        "name",
        100,
        "logging/docs/reference/v2/rest/v2/projects.metrics",
        scope="account",
        pattern=r"(?!/)[A-Za-z0-9_\-.,+!*',()%/]+",
        words="letters, digits and _ - . , + ! * ' ( ) % /",
    ),
    _rule(
        "gcp:workflows/workflow:Workflow", "name", 64, "workflows/docs/reference/rest/v1/projects.locations.workflows"
    ),
    _rule("gcp:eventarc/trigger:Trigger", "name", 63, "eventarc/docs/reference/rest/v1/projects.locations.triggers"),
    _rule(
        "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
        "name",
        63,
        "deploy/docs/api/reference/rest/v1/projects.locations.deliveryPipelines",
    ),
    _rule(
        "gcp:cloudscheduler/job:Job",
        "name",
        500,
        "scheduler/docs/reference/rest/v1/projects.locations.jobs",
        pattern=r"[A-Za-z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    _rule(
        "gcp:monitoring/customService:CustomService",
        "serviceId",
        63,
        _MONITORING + "services/create",
        scope="account",
        pattern=r"[a-z0-9-]+",
        words="lower-case letters, digits and -",
    ),
    _rule(
        "gcp:monitoring/slo:Slo",
        "sloId",
        63,
        _MONITORING + "services.serviceLevelObjectives/create",
        scope=("service",),
        pattern=r"[a-zA-Z0-9-:.]+",
        words="letters, digits and - : .",
    ),
    _rule(
        "gcp:firestore/database:Database",
        "name",
        63,
        "https://docs.cloud.google.com/datastore/docs/manage-databases#database_id",
        scope="account",
        pattern=r"\(default\)|(?![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z][a-z0-9-]*[a-z0-9]",
        words="lower-case letters, digits and hyphens, a letter first, no hyphen last, and no UUID",
        shortest=4,
    ),
)
