"""Names of GCP clusters, registries, models and endpoints, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.base import Scope
from mlplatform.providers.rules.gcp_names import name

_REF = "https://cloud.google.com/"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_UNDERSCORED = r"[a-z_][a-z0-9_]*"
_FEATURES: tuple[tuple[str, Scope], ...] = (
    ("AiFeatureOnlineStore", "region"),
    ("AiFeatureGroup", "region"),
    ("AiFeatureOnlineStoreFeatureview", ("featureOnlineStore",)),
    ("AiFeatureGroupFeature", ("featureGroup",)),
)
NAMES = (
    name("gcp:container/cluster:Cluster", "name", 40, _GKE, pattern=r"[a-z]([a-z0-9-]*[a-z0-9])?"),
    name(
        "gcp:container/nodePool:NodePool",
        "name",
        40,
        _GKE + ".nodePools",
        scope=("cluster", "location"),
        pattern=r"[a-z]([a-z0-9-]*[a-z0-9])?",
    ),
    name(
        "gcp:artifactregistry/repository:Repository",
        "repositoryId",
        63,
        "artifact-registry/docs/reference/rest/v1/projects.locations.repositories/create",
    ),
    name("gcp:cloudrunv2/service:Service", "name", 49, "run/docs/reference/rest/v2/projects.locations.services"),
    name("gcp:cloudrunv2/job:Job", "name", 49, "run/docs/reference/rest/v2/projects.locations.jobs"),
    name(
        "gcp:vertex/aiEndpoint:AiEndpoint",
        "name",
        10,
        "vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/create",
        pattern=r"[1-9][0-9]*",
        words="digits only, no leading zero",
    ),
    *(
        name(
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
    name(
        "gcp:composer/environment:Environment",
        "name",
        63,
        "composer/docs/reference/rest/v1/projects.locations.environments",
    ),
)
