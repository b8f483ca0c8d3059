"""The rules of GCP, put together, with its labels and what may exist once."""

from __future__ import annotations

from mlplatform.providers.rules import gcp_names, gcp_names_ml, gcp_names_operations
from mlplatform.providers.rules.base import MapRule, Rules, UniqueRule
from mlplatform.providers.rules.gcp_relations import CONFLICTS, WHEN
from mlplatform.providers.rules.gcp_values import VALUES

_REF = "https://cloud.google.com/"
_GKE = _REF + "kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
_LABELS = _REF + "resource-manager/docs/labels-overview"
_GRANT = "one grant of a role to a member; the second would take the first with it when it is removed"


def _grant(token: str, *owner: str) -> UniqueRule:
    return UniqueRule(token, (*owner, "role", "member"), _REF + "iam/docs/reference/rest/v1/Policy", _GRANT)


UNIQUE = (
    # no rule for APIs: one that is enabled already is taken as it is, so two platforms can share a project
    _grant("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId"),
    _grant("gcp:serviceaccount/iAMMember:IAMMember", "serviceAccountId"),
    _grant("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "repository"),
)


MAPS = (
    MapRule(
        properties=("labels", "userLabels", "resourceLabels"),
        most=64,
        key=r"[a-z][a-z0-9_-]{0,62}",
        value=r"[a-z0-9_-]{0,63}",
        words="keys [a-z][a-z0-9_-]*, values [a-z0-9_-]*, 63 characters each",
        source=_LABELS,
        nested=(
            ("gcp:container/nodePool:NodePool", "nodeConfig.resourceLabels"),
            ("gcp:container/cluster:Cluster", "nodeConfig.resourceLabels"),
            ("gcp:sql/databaseInstance:DatabaseInstance", "settings.userLabels"),
        ),
        except_tokens=("gcp:monitoring/notificationChannel:NotificationChannel",),
    ),
    MapRule(
        properties=(),
        most=100,
        key=r"([a-z0-9A-Z.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?",
        value=r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?",
        words="Kubernetes label syntax",
        source=_GKE + ".nodePools",
        nested=(("gcp:container/nodePool:NodePool", "nodeConfig.labels"),),
    ),
)


_NAMES = (*gcp_names.NAMES, *gcp_names_ml.NAMES, *gcp_names_operations.NAMES)
RULES = Rules(names=_NAMES, values=VALUES, conflicts=CONFLICTS, when=WHEN, maps=MAPS, unique=UNIQUE)
