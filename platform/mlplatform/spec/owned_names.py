"""Names that the platform or a cloud sets itself: a user's value under the same name would be lost, or would win.

One rule for labels, taints and tags. Variables of servers are in the `serving` room of each cloud.
"""

from collections.abc import Iterable, Iterator, Mapping

from mlplatform.field_problem import FieldPath, FieldProblem

_KEY_OWNERS = {
    "mlplatform.dev": "this platform",
    "kubernetes.io": "Kubernetes",
    "k8s.io": "Kubernetes",
    "amazonaws.com": "AWS",
    "aws.amazon.com": "AWS",
    "karpenter.sh": "AWS",
    "cloud.google.com": "GKE",
    "gke.io": "GKE",
    "azure.com": "AKS",
    "azureml.com": "Azure ML",
}
"""Owner of label and taint keys, by DNS prefix; it owns all prefixes below too.

https://kubernetes.io/docs/reference/labels-annotations-taints/,
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/update-existing-nodepools,
https://learn.microsoft.com/azure/aks/use-labels#reserved-system-labels
"""

_DEVICE_KEYS = ("nvidia.com/gpu", "nvidia.com/device-plugin.config")
"""Single keys of the GPU vendors that backends set; other keys below `nvidia.com` are free."""

PLATFORM_TAGS = ("platform", "environment", "owner", "cost-center", "data-class", "capability", "managed-by")
"""Tags that every resource gets from the spec."""

_TAG_FIELDS = ("environment", "owner", "cost_center", "data_class")
"""Fields of the platform whose values are tags."""

_RESOURCE_TAGS = ("endpoint", "pool")
"""Tags that single resources get besides."""

_TAG_PREFIXES = {"goog": "Google Cloud", "microsoft": "Azure", "azure": "Azure", "windows": "Azure"}
"""Prefixes that no user may use; that of AWS, `aws:`, is no tag of a spec anyway.

https://docs.cloud.google.com/resource-manager/docs/best-practices-labels,
https://learn.microsoft.com/rest/api/resources/tags/create-or-update
"""


def owned_keys(keys: Mapping[FieldPath, str]) -> Iterator[FieldProblem]:
    """The keys of labels or taints that somebody else sets, given by their paths."""
    for path, key in keys.items():
        if owner := _owner(key):
            yield FieldProblem(
                path,
                f"a key that nobody else sets: this one belongs to {owner}",
                "use a prefix of your own, for example your domain",
                got=f"'{key}'",
            )


def _owner(key: str) -> str | None:
    if key in _DEVICE_KEYS:
        return "this platform"
    prefix = key.rpartition("/")[0]
    for owned, owner in _KEY_OWNERS.items():
        if prefix == owned or prefix.endswith(f".{owned}"):
            return owner
    return None


def owned_tags(field: str, keys: Iterable[str]) -> Iterator[FieldProblem]:
    """The tags that the platform sets, or whose prefix a cloud keeps for itself."""
    for key in keys:
        if reason := _tag_owner(key):
            own = key.replace("-", "_")
            fix = f"set {own} of the platform instead" if own in _TAG_FIELDS else "use another name"
            yield FieldProblem((field, key), f"a tag that nobody else sets: {reason}", fix, got=f"'{key}'")


def _tag_owner(key: str) -> str | None:
    if key in PLATFORM_TAGS or key in _RESOURCE_TAGS:
        return f"the platform sets {key}"
    for start, owner in _TAG_PREFIXES.items():
        if key.startswith(start):
            return f"{owner} keeps names that start with {start}"
    return None
