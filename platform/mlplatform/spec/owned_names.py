"""Names that the platform or a cloud sets itself: a user's value under the same name would be lost, or would win.

One rule for labels, taints and tags. Variables of servers are in the `serving` room of each cloud.
"""

from collections.abc import Iterable, Iterator

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


def owned_keys(field: str, keys: Iterable[str]) -> Iterator[str]:
    """The problem of a field's label or taint keys that somebody else sets; nothing where there are none."""
    owned = {key: owner for key in keys if (owner := _owner(key))}
    if owned:
        owners = " and ".join(sorted(set(owned.values())))
        yield (
            f"{field}: got {', '.join(owned)}, expected keys that nobody else sets: these belong to {owners}; "
            "use a prefix of your own, for example your domain"
        )


def _owner(key: str) -> str | None:
    if key in _DEVICE_KEYS:
        return "this platform"
    prefix = key.rpartition("/")[0]
    for owned, owner in _KEY_OWNERS.items():
        if prefix == owned or prefix.endswith(f".{owned}"):
            return owner
    return None


def owned_tags(field: str, keys: Iterable[str]) -> Iterator[str]:
    """The problem of tags that the platform sets, or whose prefix a cloud keeps for itself; nothing without any."""
    owned = {key: reason for key in keys if (reason := _tag_owner(key))}
    if owned:
        fields = [key.replace("-", "_") for key in owned if key.replace("-", "_") in _TAG_FIELDS]
        fix = f"set {', '.join(fields)} of the platform, and " if fields else ""
        yield (
            f"{field}: got {', '.join(owned)}, expected tags that nobody else sets: {', '.join(owned.values())}; "
            f"{fix}use other names"
        )


def _tag_owner(key: str) -> str | None:
    if key in PLATFORM_TAGS or key in _RESOURCE_TAGS:
        return f"the platform sets {key}"
    for start, owner in _TAG_PREFIXES.items():
        if key.startswith(start):
            return f"{owner} keeps names that start with {start}"
    return None
