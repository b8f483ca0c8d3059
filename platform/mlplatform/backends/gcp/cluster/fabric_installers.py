"""What brings the fabric's libraries of NCCL to the nodes, which GKE's images lack: without it, jobs use TCP.

Our own objects: Google publishes no chart. An installer copies its libraries to the node when the node starts, and then
sleeps. https://github.com/GoogleCloudPlatform/container-engine-accelerators/tree/992db812 (read on 2026-11-29)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent

from mlplatform.catalog.machine import FabricKind
from mlplatform.cluster.daemons import on_pools
from mlplatform.cluster.facts import LayerContext, PoolNodes
from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import LabelSelector, Metadata, Toleration
from mlplatform.cluster.objects.containers import Container, ContainerSecurity, Mount, Resources
from mlplatform.cluster.objects.daemons import DaemonSet, DaemonSetSpec
from mlplatform.cluster.objects.pods import PodMetadata, PodSpec, PodTemplate
from mlplatform.cluster.objects.volumes import HostPath, Volume

_REGISTRY = "us-docker.pkg.dev/gce-ai-infra"
_TCPX = f"{_REGISTRY}/gpudirect-tcpx/nccl-plugin-gpudirecttcpx-dev:v3.1.9"
_TCPXO = f"{_REGISTRY}/gpudirect-tcpxo/nccl-plugin-gpudirecttcpx-dev:v1.0.15"
_GIB = f"{_REGISTRY}/gpudirect-gib/nccl-plugin-gib:v1.1.1"
_INJECTOR = (
    "gcr.io/gke-release/nri-device-injector@sha256:6e79483d52abdc28454bf186320b10a56b0f117a10e8d65d5c74dbb821a76970"
)
_PAUSE = "gke.gcr.io/pause:3.8@sha256:880e63f94b145e46f1b1082bb71b85e21f16b99b180b9996407d61240ceb9830"

_SHELL = "mirror.gcr.io/library/ubuntu:24.04"
"""An image with `nsenter`, from Google's copy of Docker Hub, which private nodes reach,
https://docs.cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images"""

_NAMESPACE = "kube-system"
"""GKE refuses pods of a node's own priority elsewhere, unless a quota allows them."""

_BIN = "/home/kubernetes/bin"

_PREPARE_TCPXO = dedent("""\
    set -eu
    /sbin/iptables -I INPUT -p tcp -m tcp -j ACCEPT
    modprobe import-helper
    mkdir -p /dev/aperture_devices
    lspci -nn -D | grep '1ae0:0084' | cut -d ' ' -f 1 | while read -r function; do
      place=/dev/aperture_devices/$function
      mkdir -p "$place"
      umount -R "$place" 2>/dev/null || true
      mount --bind "$(readlink -f "/sys/bus/pci/devices/$function")" "$place"
    done
    chmod -R a+r /dev/aperture_devices
    chmod a+rw /dev/aperture_devices/*/resource*
    """)
"""On the node itself: the NICs send to the host's own addresses, and their memory becomes readable for NCCL."""


def fabric_installers(layer: LayerContext) -> Iterator[LayerItem]:
    """The installer of each kind of fabric, and what gives a pod's daemon its devices without being privileged."""
    tcpx, tcpxo, roce = (_of(layer, kind) for kind in ("tcpx", "tcpxo", "roce"))
    if tcpx:
        yield _installer("nccl-tcpx-installer", tcpx, _TCPX, (_copy("tcpx"),), _LIBRARIES)
    if tcpxo:
        prepare = Container(
            name="prepare",
            image=_SHELL,
            command=("nsenter", "-at", "1", "--", "sh", "-c", _PREPARE_TCPXO),
            security_context=_PRIVILEGED,
        )
        copy = ("chmod 755 /scripts/container_entry.sh", _copy("tcpxo"))
        yield _installer("nccl-tcpxo-installer", tcpxo, _TCPXO, copy, _LIBRARIES, before=(prepare,))
    if roce:
        copy = (
            "/scripts/container_entry.sh install",
            "cp -r /var/lib/gib/lib64/. /host/lib64",
            "cp -r /var/lib/gib/. /host/gib",
        )
        folders = {"lib64": (f"{_BIN}/nvidia/lib64", "/host/lib64"), "gib": (f"{_BIN}/gib", "/host/gib")}
        yield _installer("nccl-rdma-installer", roce, _GIB, copy, folders)
    if tcpx or tcpxo:
        yield _injector([*tcpx, *tcpxo])


_PRIVILEGED = ContainerSecurity(privileged=True)
_LIBRARIES = {"var-lib": ("/var/lib", "/var/lib"), "bin": (_BIN, "/usr/local")}
_SMALL = Resources(requests={"cpu": "150m", "memory": "64Mi"})


def _of(layer: LayerContext, kind: FabricKind) -> list[PoolNodes]:
    return [nodes for nodes in layer.pools if (fabric := nodes.fabric) and fabric.kind == kind]


def _copy(folder: str) -> str:
    return (
        "/scripts/container_entry.sh install --install-nccl && mkdir -p /usr/local/nvidia/lib64 "
        f"&& cp -r /var/lib/{folder}/lib64/. /usr/local/nvidia/lib64"
    )


def _installer(
    name: str,
    pools: Sequence[PoolNodes],
    image: str,
    commands: Sequence[str],
    folders: Mapping[str, tuple[str, str]],
    before: tuple[Container, ...] = (),
) -> LayerItem:
    """A daemon that copies once, as init containers, and then waits.

    Args:
        name: its name.
        pools: where it runs.
        image: what it copies from.
        commands: how it copies.
        folders: by name, a folder of the node and its place in the container.
        before: what runs before.
    """
    install = Container(
        name="install",
        image=image,
        command=("/bin/sh", "-c"),
        args=(" && ".join(("set -ex", *commands)),),
        resources=_SMALL,
        security_context=_PRIVILEGED,
        volume_mounts=tuple(Mount(name=key, mount_path=inside) for key, (_, inside) in folders.items()),
    )
    volumes = tuple(
        Volume(name=key, host_path=HostPath(path=path, type="DirectoryOrCreate")) for key, (path, _) in folders.items()
    )
    pause = Container(name="pause", image=_PAUSE)
    return _daemon(name, pools, containers=(pause,), init=(*before, install), volumes=volumes)


def _injector(pools: Sequence[PoolNodes]) -> LayerItem:
    """https://github.com/GoogleCloudPlatform/container-engine-accelerators/tree/992db812/nri_device_injector"""
    folders = {"dev": "/dev", "nri": "/var/run/nri"}
    container = Container(
        name="device-injector",
        image=_INJECTOR,
        resources=_SMALL,
        security_context=_PRIVILEGED,
        volume_mounts=tuple(Mount(name=name, mount_path=path) for name, path in folders.items()),
    )
    volumes = tuple(Volume(name=name, host_path=HostPath(path=path)) for name, path in folders.items())
    return _daemon("device-injector", pools, containers=(container,), volumes=volumes)


def _daemon(
    name: str,
    pools: Sequence[PoolNodes],
    *,
    containers: tuple[Container, ...],
    volumes: tuple[Volume, ...],
    init: tuple[Container, ...] | None = None,
) -> LayerItem:
    labels = {"k8s-app": name}
    pod = PodSpec(
        containers=containers,
        init_containers=init,
        volumes=volumes,
        affinity=on_pools(pools),
        tolerations=(Toleration(),),
        priority_class_name="system-node-critical",
        host_network=True,
        host_pid=True,
        automount_service_account_token=False,
    )
    return LayerItem(
        role=f"daemon-{name}",
        stage="devices",
        body=DaemonSet(
            metadata=Metadata(name=name, namespace=_NAMESPACE, labels=labels),
            spec=DaemonSetSpec(
                selector=LabelSelector(match_labels=labels),
                template=PodTemplate(metadata=PodMetadata(labels=labels), spec=pod),
            ),
        ),
    )
