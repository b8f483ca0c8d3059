"""Volumes and claims, and the drivers that mount them."""

from __future__ import annotations

from tests.checks.cases.case import around, case

VOLUME, CLAIM = "kubernetes:core/v1:PersistentVolume", "kubernetes:core/v1:PersistentVolumeClaim"
ADDON = "aws:eks/addon:Addon"
_EKS = ("aws:eks/cluster:Cluster", "", {"name": "c"})
_MOUNTPOINT = (ADDON, "", {"addonName": "aws-mountpoint-s3-csi-driver"})


def _gke(driver: str, enabled: bool):
    return ("gcp:container/cluster:Cluster", "", {"addonsConfig": {driver: {"enabled": enabled}}})


def _aks(enabled: bool):
    profile = {"storageProfile": {"blobCSIDriver": {"enabled": enabled}}}
    return ("azure-native:containerservice:ManagedCluster", "", profile)


def _volume(driver: str, handle: str = "a", claim: str = "store-data", **attributes: str):
    source = {"driver": driver, "volumeHandle": handle, "volumeAttributes": attributes}
    kept = {"name": claim, "namespace": "training"} if claim else None
    return {
        "metadata": {"name": "training-data"},
        "spec": {"csi": source, "claimRef": kept, "accessModes": ["ReadOnlyMany"], "storageClassName": ""},
    }


def _claim(name: str = "store-data", mode: str = "ReadOnlyMany", **spec: object):
    wanted = {"volumeName": "training-data", "accessModes": [mode], "storageClassName": "", **spec}
    return {"metadata": {"name": name, "namespace": "training"}, "spec": wanted}


_S3 = _volume("s3.csi.aws.com", authenticationSource="pod")
_BLOB = _volume("blob.csi.azure.com", mountWithWorkloadIdentityToken="true")
_GCS = _volume("gcsfuse.csi.storage.gke.io")

_GPUS = {"mlplatform.dev/accelerator": "H100"}
_FSX, _LUSTRE, _AMLFS = (
    "aws:fsx/lustreFileSystem:LustreFileSystem",
    "gcp:lustre/instance:Instance",
    "azure-native:storagecache:AmlFilesystem",
)


def _group(subnet: str, **labels: str):
    return ("aws:eks/nodeGroup:NodeGroup", "", {"subnetIds": [subnet], "labels": {**_GPUS, **labels}})


def _node_pool(*zones: str, gpus: bool = True):
    config = {"labels": _GPUS if gpus else {}}
    return ("gcp:container/nodePool:NodePool", "", {"nodeLocations": list(zones), "nodeConfig": config})


def _agents(*zones: str, gpus: bool = True):
    inputs = {"availabilityZones": list(zones), "nodeLabels": _GPUS if gpus else {}}
    return ("azure-native:containerservice:AgentPool", "", inputs)


CASES = (
    case(
        "file-system-zone",
        _FSX,
        [{"subnetIds": "subnet-1"}, around({"subnetIds": "subnet-1"}, _group("subnet-1"))],
        around({"subnetIds": "subnet-1"}, _group("subnet-1"), _group("subnet-2")),
    ),
    case(
        "file-system-zone",
        _LUSTRE,
        [
            around({"location": "us-central1-a"}, _node_pool("us-central1-a")),
            around({"location": "us-central1-a"}, _node_pool("us-central1-b", gpus=False)),
        ],
        [
            around({"location": "us-central1-a"}, _node_pool("us-central1-b")),
            around({"location": "us-central1-a"}, _node_pool("us-central1-a", "us-central1-b")),
        ],
    ),
    case(
        "file-system-zone",
        _AMLFS,
        [around({"zones": ["1"]}, _agents("1")), around({}, _agents("1")), around({"zones": ["1"]}, _agents())],
        [around({"zones": ["1"]}, _agents("2")), around({"zones": ["1"]}, _agents("1", "2"))],
    ),
    case(
        "volume-claims",
        VOLUME,
        [
            around(_S3, _EKS, _MOUNTPOINT),
            around(_S3),
            around(_S3, (VOLUME, "", _volume("s3.csi.aws.com", "b", authenticationSource="pod"))),
            around(_BLOB, _aks(True)),
            around(_GCS, _gke("gcsFuseCsiDriverConfig", True)),
            around(_volume("lustre.csi.storage.gke.io"), _gke("lustreCsiDriverConfig", True)),
        ],
        [
            around(_S3, _EKS),
            around(_S3, _EKS, (ADDON, "", {"addonName": "aws-ebs-csi-driver"})),
            _volume("s3.csi.aws.com"),
            _volume("s3.csi.aws.com", authenticationSource="driver"),
            _volume("blob.csi.azure.com"),
            around(_BLOB, _aks(False)),
            around(_GCS, _gke("gcsFuseCsiDriverConfig", False)),
            around(_volume("lustre.csi.storage.gke.io"), _gke("gcsFuseCsiDriverConfig", True)),
            _volume("gcsfuse.csi.storage.gke.io", claim=""),
            around(_S3, (VOLUME, "", _S3)),
        ],
        {"metadata": {"name": "disk"}, "spec": {"nfs": {"server": "a"}}},
    ),
    case(
        "volume-claims",
        CLAIM,
        around(_claim(), (VOLUME, "", _S3)),
        [
            around(_claim(storageClassName=None), (VOLUME, "", _S3)),
            _claim(),
            around(_claim("other"), (VOLUME, "", _S3)),
            around(_claim(mode="ReadWriteMany"), (VOLUME, "", _S3)),
        ],
        _claim(volumeName=""),
    ),
    case(
        "volume-claims",
        ADDON,
        {**_MOUNTPOINT[2], "configurationValues": '{"node": {"tolerateAllTaints": true, "tolerations": []}}'},
        [_MOUNTPOINT[2], {**_MOUNTPOINT[2], "configurationValues": '{"node": {"tolerateAllTaints": false}}'}],
        {"addonName": "coredns"},
    ),
)
