"""Volumes of a driver that the cluster has, each opened by the identity of its pods, and bound to one claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

VOLUME = "kubernetes:core/v1:PersistentVolume"
CLAIM = "kubernetes:core/v1:PersistentVolumeClaim"
_LINK = "https://kubernetes.io/docs/concepts/storage/persistent-volumes/"
_ADDON = "aws:eks/addon:Addon"


def _addon(name: str) -> Callable[[Resource], bool]:
    return lambda addon: addon.text("addonName") == name


def _switched(path: str) -> Callable[[Resource], bool]:
    return lambda cluster: cluster.true(path)


_DRIVERS: Mapping[str, tuple[str, str, Callable[[Resource], bool]]] = {
    "s3.csi.aws.com": ("aws:eks/cluster:Cluster", _ADDON, _addon("aws-mountpoint-s3-csi-driver")),
    "fsx.csi.aws.com": ("aws:eks/cluster:Cluster", _ADDON, _addon("aws-fsx-csi-driver")),
    "gcsfuse.csi.storage.gke.io": (
        "gcp:container/cluster:Cluster",
        "gcp:container/cluster:Cluster",
        _switched("addonsConfig.gcsFuseCsiDriverConfig.enabled"),
    ),
    "lustre.csi.storage.gke.io": (
        "gcp:container/cluster:Cluster",
        "gcp:container/cluster:Cluster",
        _switched("addonsConfig.lustreCsiDriverConfig.enabled"),
    ),
    "blob.csi.azure.com": (
        "azure-native:containerservice:ManagedCluster",
        "azure-native:containerservice:ManagedCluster",
        _switched("storageProfile.blobCSIDriver.enabled"),
    ),
    "azurelustre.csi.azure.com": (
        "azure-native:containerservice:ManagedCluster",
        "kubernetes:storage.k8s.io/v1:CSIDriver",
        lambda driver: driver.text("metadata.name") == "azurelustre.csi.azure.com",
    ),
}
"""By driver: the cluster that must have it, the resource that brings it, and whether that one does."""

_POD_IDENTITY: Mapping[str, tuple[str, str]] = {
    "s3.csi.aws.com": ("authenticationSource", "pod"),
    "blob.csi.azure.com": ("mountWithWorkloadIdentityToken", "true"),
}
"""By driver: the attribute with which it takes the identity of each pod, not its own or the account's key. GKE's takes
no other."""


def _volume(volume: Resource) -> list[CheckFault]:
    driver, faults = volume.text("spec.csi.driver"), list[CheckFault]()
    if known := _DRIVERS.get(driver):
        cluster, maker, brings = known
        clusters = volume.index.of_type(cluster)
        if clusters and not any(brings(each) for each in volume.index.of_type(maker)):
            faults.append(
                CheckFault(f"Nothing installs {shown(driver)} in the cluster: its pods never start.", "spec.csi.driver")
            )
    if identity := _POD_IDENTITY.get(driver):
        name, wanted = identity
        if volume.text(f"spec.csi.volumeAttributes.{name}") != wanted:
            faults.append(
                CheckFault(
                    f"It is not opened by the identity of its pods: {name} is not {shown(wanted)}.",
                    f"spec.csi.volumeAttributes.{name}",
                )
            )
    if not volume.text("spec.claimRef.name") or not volume.text("spec.claimRef.namespace"):
        faults.append(CheckFault("It is kept for no claim, so any namespace can take it.", "spec.claimRef"))
    handle = volume.text("spec.csi.volumeHandle")
    for other in volume.index.of_type(VOLUME):
        same = (other.text("spec.csi.driver"), other.text("spec.csi.volumeHandle")) == (driver, handle)
        if same and handle and other.step.urn != volume.step.urn:
            faults.append(
                CheckFault(
                    f"{shown(other.text('metadata.name'))} has the same handle, and a node mounts one of them alone.",
                    "spec.csi.volumeHandle",
                )
            )
    return faults


def _claim(claim: Resource) -> list[CheckFault]:
    name = claim.text("spec.volumeName")
    faults: list[CheckFault] = []
    if claim.get("spec.storageClassName") is None:
        faults.append(
            CheckFault(
                "Without a class it gets the default one, and then its volume never fits.", "spec.storageClassName"
            )
        )
    volume = next(
        (each for each in claim.index.of_type(VOLUME) if each.text("metadata.name") == name),
        None,
    )
    own = (claim.text("metadata.namespace"), claim.text("metadata.name"))
    if volume is None:
        faults.append(CheckFault(f"There is no volume {shown(name)}.", "spec.volumeName"))
        return faults
    kept = (volume.text("spec.claimRef.namespace"), volume.text("spec.claimRef.name"))
    if all(kept) and kept != own:
        faults.append(CheckFault(f"The volume {shown(name)} is kept for {shown('/'.join(kept))}.", "spec.volumeName"))
    modes, offered = claim.texts("spec.accessModes[]"), volume.texts("spec.accessModes[]")
    if not set(modes) <= set(offered):
        faults.append(
            CheckFault(
                f"It asks for {shown(', '.join(modes))}, and the volume offers {shown(', '.join(offered))}.",
                "spec.accessModes",
            )
        )
    return faults


def _reaches_pools(addon: Resource) -> list[CheckFault]:
    node = addon.document("configurationValues").get("node")
    if isinstance(node, Mapping) and cast("Mapping[str, object]", node).get("tolerateAllTaints") is True:
        return []
    return [
        CheckFault(
            "Its pods do not tolerate the taints of pools, and jobs there wait for the driver for ever.",
            "configurationValues",
        )
    ]


RULE = CheckRule(
    id="volume-claims",
    level="high",
    topic="cluster",
    title="Volumes have a driver, the identity of their pods, and one claim",
    why="A pod whose volume cannot be mounted waits for ever and holds its GPUs; a volume that is opened with the "
    "driver's own rights gives every pod what one of them may read.",
    fix="Install the driver with the cluster, let pods open the volume by their own identity, and name claim and "
    "volume in each other, with an empty class.",
    entries=(
        Entry((VOLUME,), _volume, link=_LINK, when=lambda volume: volume.get("spec.csi") is not None, siblings=True),
        Entry((CLAIM,), _claim, link=_LINK, when=lambda claim: bool(claim.text("spec.volumeName")), siblings=True),
        Entry(
            (_ADDON,),
            _reaches_pools,
            link="https://docs.aws.amazon.com/eks/latest/userguide/s3-csi.html",
            when=lambda addon: addon.text("addonName") == "aws-mountpoint-s3-csi-driver",
        ),
    ),
)
