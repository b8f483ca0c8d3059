"""GCP properties that exclude or imply others."""

from __future__ import annotations

from mlplatform.providers.rules.base import ConflictRule, ProductRule, WhenRule

_REF = "https://cloud.google.com/"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_NODE = _REF + "kubernetes-engine/docs/reference/rest/v1/NodeConfig"
_POOL = "gcp:container/nodePool:NodePool"
_FLEX_START = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest"
_CLUSTER = "gcp:container/cluster:Cluster"
_SERVICE = "gcp:cloudrunv2/service:Service"
_AFFINITY = "nodeConfig.reservationAffinity"
_REPOSITORY = "gcp:artifactregistry/repository:Repository"
_REPOSITORIES = _REF + "artifact-registry/docs/reference/rest/v1/projects.locations.repositories"
CONFLICTS = (
    ConflictRule(_POOL, "autoscaling.minNodeCount", "autoscaling.totalMinNodeCount", _GKE + ".nodePools"),
    ConflictRule(_POOL, "autoscaling.maxNodeCount", "autoscaling.totalMaxNodeCount", _GKE + ".nodePools"),
    ConflictRule(_POOL, "name", "namePrefix", _GKE + ".nodePools"),
    *(
        ConflictRule(
            "gcp:vertex/aiEndpoint:AiEndpoint",
            first,
            second,
            _REF + "vertex-ai/docs/reference/rest/v1/projects.locations.endpoints",
        )
        for first, second in (
            ("network", "privateServiceConnectConfig"),
            ("dedicatedEndpointEnabled", "privateServiceConnectConfig"),
            ("dedicatedEndpointEnabled", "network"),
        )
    ),
)


_LUSTRE = "gcp:lustre/instance:Instance"
_LUSTRE_TIERS = "https://docs.cloud.google.com/managed-lustre/docs/performance-tiers"

WHEN = (
    *(
        WhenRule(
            _LUSTRE,
            "perUnitStorageThroughput",
            throughput,
            "capacityGib",
            _LUSTRE_TIERS,
            f"a multiple of {step} up to {170 * step}, above that of {8 * step}",
            allowed=(
                *map(str, range(step, 170 * step + 1, step)),
                *map(str, range(22 * 8 * step, most + 1, 8 * step)),
            ),
        )
        for throughput, step, most in (
            ("1000", 9_000, 10_008_000),
            ("500", 18_000, 20_016_000),
            ("250", 36_000, 40_032_000),
            ("125", 72_000, 12_240_000),
        )
    ),
    WhenRule(
        _POOL,
        f"{_AFFINITY}.consumeReservationType",
        "SPECIFIC_RESERVATION",
        f"{_AFFINITY}.values",
        _NODE,
        "the reservation's name",
    ),
    WhenRule(
        _POOL,
        f"{_AFFINITY}.consumeReservationType",
        "SPECIFIC_RESERVATION",
        f"{_AFFINITY}.key",
        _NODE,
        "the key compute.googleapis.com/reservation-name",
        allowed=("compute.googleapis.com/reservation-name",),
    ),
    WhenRule(
        _POOL, "nodeConfig.flexStart", True, "nodeConfig.spot", _NODE, "flex-start excludes spot", allowed=(False,)
    ),
    # https://docs.cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest (2026-04),
    # https://github.com/GoogleCloudPlatform/cluster-toolkit/blob/v1.95.0/modules/compute/gke-node-pool/main.tf
    *(
        WhenRule(_POOL, when, True, path, _FLEX_START, words, allowed=allowed)
        for when in ("nodeConfig.flexStart", "queuedProvisioning.enabled")
        for path, allowed, words in (
            ("management.autoRepair", (False,), "machines that are waited for are not repaired (autoRepair false)"),
            ("autoscaling.totalMinNodeCount", (0,), "machines that are waited for start from zero"),
            ("autoscaling.minNodeCount", (0,), "machines that are waited for start from zero"),
            (f"{_AFFINITY}.consumeReservationType", ("NO_RESERVATION",), "machines that are waited for take none"),
        )
    ),
    *(
        WhenRule(_POOL, when, True, f"{_AFFINITY}.consumeReservationType", _FLEX_START, "NO_RESERVATION")
        for when in ("nodeConfig.flexStart", "queuedProvisioning.enabled")
    ),
    WhenRule(
        _POOL,
        "queuedProvisioning.enabled",
        True,
        "placementPolicy.type",
        _FLEX_START,
        "GPUs for a request of the queue have no compact placement",
        allowed=("TYPE_UNSPECIFIED",),
    ),
    WhenRule(
        _REPOSITORY, "mode", "REMOTE_REPOSITORY", "remoteRepositoryConfig", _REPOSITORIES, "the upstream registry"
    ),
    WhenRule(
        _REPOSITORY, "mode", "VIRTUAL_REPOSITORY", "virtualRepositoryConfig", _REPOSITORIES, "the upstream policies"
    ),
    *(
        WhenRule(
            _SERVICE,
            "template.nodeSelector.accelerator",
            accelerator,
            "template.containers[].resources.cpuIdle",
            _REF + "run/docs/configuring/services/gpu",
            "GPU services keep their CPU allocated (cpuIdle false)",
            allowed=(False,),
        )
        for accelerator in ("nvidia-l4", "nvidia-rtx-pro-6000")
    ),
    WhenRule(
        _CLUSTER,
        "databaseEncryption.state",
        "ENCRYPTED",
        "databaseEncryption.keyName",
        _GKE,
        "the key that encrypts the secrets",
    ),
)


PRODUCTS = (
    ProductRule(
        _SERVICE,
        "template.containers[].startupProbe",
        ("failureThreshold", "periodSeconds"),
        600,
        "https://docs.cloud.google.com/run/docs/configuring/healthchecks",
        "the longest start of a container in seconds, 1800 with a GPU",
        raised=("template.nodeSelector.accelerator", 1800),
    ),
    ProductRule(
        _POOL,
        "nodeConfig.guestAccelerators[]",
        ("count", "gpuSharingConfig.maxSharedClientsPerGpu"),
        "maxPodsPerNode",
        "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr",
        "clients of all GPUs that find no place among the pods of a node never start",
    ),
)
