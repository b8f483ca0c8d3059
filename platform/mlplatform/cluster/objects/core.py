"""Namespaces, service accounts and limits of counts: https://kubernetes.io/docs/reference/kubernetes-api/"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata, Text
from mlplatform.fast.record import record


@record(kw_only=True)
class Namespace(KubeObject):
    """A namespace."""

    API = "v1"
    KIND = "Namespace"

    metadata: Metadata
    """Name and labels."""


@record(kw_only=True)
class ServiceAccount(KubeObject):
    """The account of pods, which a cloud's identity trusts."""

    API = "v1"
    KIND = "ServiceAccount"

    metadata: Metadata
    """Name, namespace and the annotation that binds a cloud's identity."""

    automount_service_account_token: bool | None = None
    """Whether pods get a token of the cluster's API. Omitted: they do."""


@record(kw_only=True)
class Secret(KubeObject):
    """A token of a service account, which Kubernetes fills in. No value of a secret is in a plan."""

    API = "v1"
    KIND = "Secret"

    metadata: Metadata
    """Name, namespace, and the annotation that names the account."""

    type: Literal["kubernetes.io/service-account-token"]
    """Kind of secret."""


@record(kw_only=True)
class ConfigMap(KubeObject):
    """Texts for pods."""

    API = "v1"
    KIND = "ConfigMap"

    metadata: Metadata
    """Name and namespace."""

    data: Mapping[str, Text]
    """Text by file name."""


@record(kw_only=True)
class ScopeRequirement:
    """The objects that a quota counts, by one property."""

    scope_name: str
    """The property, for example `PriorityClass`."""

    operator: str
    """`In`, `NotIn`, `Exists` or `DoesNotExist`."""

    values: tuple[str, ...] | None = None
    """Values for `In` and `NotIn`."""


@record(kw_only=True)
class ScopeSelector:
    """The objects that a quota counts."""

    match_expressions: tuple[ScopeRequirement, ...]
    """Conditions; all must hold."""


@record(kw_only=True)
class ResourceQuotaSpec:
    """The limits of a quota."""

    hard: Mapping[str, str]
    """Most of each thing: `count/jobs.batch`, `pods`."""

    scope_selector: ScopeSelector | None = None
    """The objects that count. Omitted: all."""


@record(kw_only=True)
class ResourceQuota(KubeObject):
    """Limits of a namespace. GPUs are Kueue's matter: a quota on them refuses pods that Kueue has admitted."""

    API = "v1"
    KIND = "ResourceQuota"

    metadata: Metadata
    """Name and namespace."""

    spec: ResourceQuotaSpec
    """The limits."""


@record(kw_only=True)
class LimitRangeItem:
    """What containers or pods of a namespace get where they say nothing."""

    type: Literal["Container", "Pod"]
    """What it is about."""

    default_request: Mapping[str, str] | None = None
    """Requests of those that name none."""


@record(kw_only=True)
class LimitRangeSpec:
    """All of them."""

    limits: tuple[LimitRangeItem, ...]
    """One for each type."""


@record(kw_only=True)
class LimitRange(KubeObject):
    """Defaults of a namespace."""

    API = "v1"
    KIND = "LimitRange"

    metadata: Metadata
    """Name and namespace."""

    spec: LimitRangeSpec
    """The defaults."""
