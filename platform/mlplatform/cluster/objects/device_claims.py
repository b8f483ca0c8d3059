"""Templates of claims of devices: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/resource-claim-template-v1/"""

from __future__ import annotations

from typing import Literal

from mlplatform.cluster.objects.base import KubeObject, Metadata
from mlplatform.fast.record import record


@record(kw_only=True)
class ExactDevices:
    """A number of devices of a class."""

    device_class_name: str
    """The class."""

    count: int
    """How many."""

    allocation_mode: Literal["ExactCount"] = "ExactCount"
    """Exactly that many: Kueue can count no other mode."""


@record(kw_only=True)
class DeviceRequest:
    """Devices that a claim asks for."""

    name: str
    """Unique in the claim."""

    exactly: ExactDevices
    """The devices."""


@record(kw_only=True)
class DeviceRequests:
    """Everything that a claim asks for."""

    requests: tuple[DeviceRequest, ...]
    """One per kind of device."""


@record(kw_only=True)
class ClaimBody:
    """A claim."""

    devices: DeviceRequests
    """What it asks for."""


@record(kw_only=True)
class ClaimTemplateSpec:
    """What each claim of a template is."""

    spec: ClaimBody
    """The claim."""


@record(kw_only=True)
class ResourceClaimTemplate(KubeObject):
    """A template of claims, one for each pod that names it."""

    API = "resource.k8s.io/v1"
    KIND = "ResourceClaimTemplate"

    metadata: Metadata
    """Name and namespace."""

    spec: ClaimTemplateSpec
    """The claims; it cannot be changed."""
