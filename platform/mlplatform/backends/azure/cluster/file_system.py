"""Azure Managed Lustre on AKS, by Microsoft's driver, which AKS does not bring.

Our own objects: for version 0.4.0 there are manifests and no chart.
https://github.com/kubernetes-sigs/azurelustre-csi-driver/tree/v0.4.0/deploy (read on 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.backends.azure.training.file_system_names import content_hash
from mlplatform.backends.azure.training.file_system_sizes import TIERS
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import FromCloud, LabelSelector, Metadata, Text, Toleration
from mlplatform.cluster.objects.containers import (
    Container,
    ContainerSecurity,
    EnvSource,
    EnvVar,
    FieldRef,
    Mount,
    Resources,
)
from mlplatform.cluster.objects.core import ServiceAccount
from mlplatform.cluster.objects.daemons import DaemonSet, DaemonSetSpec
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.rbac import ClusterRole, ClusterRoleBinding, PolicyRule, RoleRef, Subject
from mlplatform.cluster.objects.storage import CsiDriver, CsiDriverSpec, CsiSource
from mlplatform.cluster.objects.volumes import HostPath, Volume
from mlplatform.cluster.parts.base import namespace as namespace_item
from mlplatform.cluster.volume_facts import SharedVolume
from mlplatform.components.file_system_sizes import (
    capacity_taken,
    created_file_system,
    mounts_file_system,
    zone_number,
)
from mlplatform.components.narrowed import target_of
from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

DRIVER = "azurelustre.csi.azure.com"
NAMESPACE = "lustre"
_NAME = "azurelustre-node"
_IMAGE = "mcr.microsoft.com/oss/v2/kubernetes-csi/azurelustre-csi:v0.4.0"
_REGISTRAR = "mcr.microsoft.com/oss/kubernetes-csi/csi-node-driver-registrar:v2.13.0"
_KUBELET = "/var/lib/kubelet"


@record(kw_only=True)
class _Ubuntu:
    """A release of Ubuntu, and the client of Lustre for its kernels."""

    code: str
    nodes: str
    client: str
    build: str


_UBUNTU = (
    _Ubuntu(code="jammy", nodes="Ubuntu2204", client="2.15.7", build="33-g79ddf99"),
    _Ubuntu(code="noble", nodes="Ubuntu2404", client="2.16.1", build="14-gbc76088"),
)
_OS_LABEL = "kubernetes.azure.com/os-sku-effective"


def build(spec: PlatformSpec, namespace: str) -> SharedVolume | None:
    """The file system that the target names, or the one that the platform makes,
    https://github.com/kubernetes-sigs/azurelustre-csi-driver/blob/v0.4.0/docs/static-provisioning.md"""
    target = target_of(spec, AzureTarget)
    named, wanted = target.shared_file_system, created_file_system(spec)
    address: Text
    if named:
        handle, address = named.address, named.address
    elif wanted:
        zones = zones_in_use(spec)
        zone = zones[zone_number(spec, target, zones) - 1] if zones else ""
        # another one is another volume
        handle = f"shared-{content_hash(wanted, capacity_taken(wanted, TIERS), zone)}"
        address = FromCloud("layer.fileSystem.address")
    else:
        return None
    return SharedVolume(
        source=CsiSource(
            driver=DRIVER, volume_handle=f"{handle}-{namespace}", volume_attributes={"mgs-ip-address": address}
        ),
        options=("flock", "noatime"),
        owner=""
        if wanted
        else "nodes reach TCP 988 and 1018 to 1023 of its subnet; put it into the zone of the pools that use it. The "
        "driver installs Lustre's client on each node from packages.microsoft.com when the node starts",
        # the client's modules for Ubuntu are not signed, and CPU pools have secure boot:
        # https://learn.microsoft.com/azure/azure-managed-lustre/client-install-plan
        gpu_nodes_only=True,
    )


def lustre_driver(layer: LayerContext) -> Iterator[LayerItem]:
    """The driver on every node, where the target names a file system."""
    if not mounts_file_system(layer.spec):
        return
    yield namespace_item(NAMESPACE, "privileged")
    yield LayerItem(
        role="csi-azurelustre",
        stage="devices",
        body=CsiDriver(
            metadata=Metadata(name=DRIVER),
            spec=CsiDriverSpec(attach_required=False, pod_info_on_mount=True, fs_group_policy="File"),
        ),
    )
    account = ServiceAccount(metadata=Metadata(name=_NAME, namespace=NAMESPACE))
    # of the manifests' rights those on secrets are left out: this file system needs none
    role = ClusterRole(
        metadata=Metadata(name=_NAME),
        rules=(PolicyRule(api_groups=("",), resources=("nodes",), verbs=("get", "patch")),),
    )
    binding = ClusterRoleBinding(
        metadata=Metadata(name=_NAME),
        role_ref=RoleRef(name=_NAME),
        subjects=(Subject(kind="ServiceAccount", name=_NAME, namespace=NAMESPACE, api_group=""),),
    )
    yield LayerItem(role=f"account-{_NAME}", stage="devices", body=account)
    yield LayerItem(role=f"role-{_NAME}", stage="devices", body=role)
    yield LayerItem(role=f"binding-{_NAME}", stage="devices", body=binding)
    for ubuntu in _UBUNTU:
        yield LayerItem(role=f"daemon-azurelustre-{ubuntu.code}", stage="devices", body=_daemon(ubuntu))


def _daemon(ubuntu: _Ubuntu) -> DaemonSet:
    name = f"azurelustre-{ubuntu.code}"
    labels = {"app": name}
    wanted = {"matchExpressions": [{"key": _OS_LABEL, "operator": "In", "values": [ubuntu.nodes]}]}
    terms = {"nodeSelectorTerms": [wanted]}
    return DaemonSet(
        metadata=Metadata(name=name, namespace=NAMESPACE),
        spec=DaemonSetSpec(
            selector=LabelSelector(match_labels=labels),
            template=PodTemplate(
                metadata=PodMetadata(labels=labels),
                spec=PodSpec(
                    host_network=True,
                    service_account_name=_NAME,
                    priority_class_name="system-node-critical",
                    affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}},
                    tolerations=(Toleration(),),
                    containers=(_registrar(), _driver(ubuntu)),
                    volumes=(
                        _host("socket", f"{_KUBELET}/plugins/{DRIVER}", "DirectoryOrCreate"),
                        _host("registration", f"{_KUBELET}/plugins_registry", "Directory"),
                        _host("kubelet", _KUBELET, "Directory"),
                        _host("cloud", "/etc/kubernetes", "DirectoryOrCreate"),
                        _host("dev", "/dev", "Directory"),
                        _host("release", "/etc/os-release", "File"),
                    ),
                ),
            ),
        ),
    )


def _registrar() -> Container:
    """Tells the node's kubelet where the driver answers."""
    return Container(
        name="registrar",
        image=_REGISTRAR,
        args=(
            "--csi-address=/csi/csi.sock",
            f"--kubelet-registration-path={_KUBELET}/plugins/{DRIVER}/csi.sock",
            "--v=2",
        ),
        resources=_SMALL,
        volume_mounts=(
            Mount(name="socket", mount_path="/csi"),
            Mount(name="registration", mount_path="/registration"),
        ),
    )


def _driver(ubuntu: _Ubuntu) -> Container:
    """Installs the client, whose modules the node's kernel loads, and mounts."""
    return Container(
        name="azurelustre",
        image=f"{_IMAGE}-{ubuntu.code}",
        args=("-v=5", "--endpoint=unix:///csi/csi.sock", "--nodeid=$(KUBE_NODE_NAME)"),
        env=(
            EnvVar(name="AZURELUSTRE_CSI_INSTALL_LUSTRE_CLIENT", value="yes"),
            EnvVar(name="LUSTRE_VERSION", value=ubuntu.client),
            EnvVar(name="CLIENT_SHA_SUFFIX", value=ubuntu.build),
            EnvVar(name="KUBE_NODE_NAME", value_from=EnvSource(field_ref=FieldRef(field_path="spec.nodeName"))),
        ),
        resources=_SMALL,
        security_context=ContainerSecurity(privileged=True),
        volume_mounts=(
            Mount(name="socket", mount_path="/csi"),
            Mount(name="kubelet", mount_path=_KUBELET, mount_propagation="Bidirectional"),
            Mount(name="cloud", mount_path="/etc/kubernetes"),
            Mount(name="dev", mount_path="/dev"),
            Mount(name="release", mount_path="/etc/host-os-release"),
        ),
    )


_SMALL = Resources(requests={"cpu": "10m", "memory": "20Mi"}, limits={"memory": "200Mi"})


def _host(name: str, path: str, kind: Literal["Directory", "DirectoryOrCreate", "File"]) -> Volume:
    return Volume(name=name, host_path=HostPath(path=path, type=kind))
