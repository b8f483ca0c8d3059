"""What a job's pods need on the nodes of GKE."""

from __future__ import annotations

import json

from mlplatform.backends.gcp import addresses
from mlplatform.backends.gcp.cluster.fabric_networks import network_name
from mlplatform.backends.gcp.training.pool_nodes import FLEX_START_LABEL
from mlplatform.catalog.machine import Fabric
from mlplatform.cluster.facts import AnyNodes, CpuPoolNodes
from mlplatform.cluster.objects.containers import Capabilities, Container, ContainerSecurity, EnvVar, Mount
from mlplatform.cluster.objects.volumes import HostPath, Volume
from mlplatform.cluster.pod_facts import PodWiring
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.platform import PlatformSpec

_SPOT_SECONDS = 15
"""Of 30 seconds of notice, the second half is the system's own,
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms (2026-08)"""

_SECONDS = 600
"""For maintenance of a machine, of which GKE gives notice,
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/handle-disruption-gpu-tpu"""

_TCPX_DAEMON = "us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpx/tcpgpudmarxd-dev:v2.0.12"
"""https://github.com/GoogleCloudPlatform/container-engine-accelerators/blob/master/gpudirect-tcpx/nccl-test-latest.yaml"""

_TCPXO_DAEMON = "us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpxo/tcpgpudmarxd-dev:v1.0.21"
"""Goes with version 1.0.15 of the plugin that the layer's installer brings."""

_HOST = "/home/kubernetes/bin"
_NVIDIA = "/usr/local/nvidia"


def build(spec: PlatformSpec, nodes: AnyNodes) -> PodWiring:
    """The selectors of shared GPUs, and what each kind of fabric needs."""
    fabric = nodes.fabric
    plain = PodWiring(
        grace_seconds=_SPOT_SECONDS if nodes.pool.capacity == "spot" else _SECONDS,
        checkpoints=f"{addresses.place_uri(spec, 'pipelines')}/checkpoints",
        selector=_selector(nodes),
    )
    if fabric is None:
        return plain
    match fabric.kind:
        case "roce":
            return _roce(plain)
        case "tcpxo":
            return _tcpxo(plain, fabric)
        case "tcpx":
            return _tcpx(plain, fabric)
        case "efa" | "infiniband":
            raise ValueError(f"{fabric.kind} is no fabric of GKE")


def _selector(nodes: AnyNodes) -> dict[str, str] | None:
    """Labels beside the pool's own; the autoscaler starts a machine of flex-start only for pods that ask for one."""
    flex = {FLEX_START_LABEL: "true"} if nodes.pool.capacity == "flex-start" else None
    return flex or _shared(nodes)


def _shared(nodes: AnyNodes) -> dict[str, str] | None:
    """GKE's own labels, without which a pod is not counted as a client of a shared GPU,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/timesharing-gpus,
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi"""
    if isinstance(nodes, CpuPoolNodes):
        return None
    match nodes.pool.sharing:
        case TimeSlicing(clients=clients):
            return {
                "cloud.google.com/gke-gpu-sharing-strategy": "time-sharing",
                "cloud.google.com/gke-max-shared-clients-per-gpu": str(clients),
            }
        case Mig(profile=profile):
            return {"cloud.google.com/gke-gpu-partition-size": profile}
        case None:
            return None


def _roce(plain: PodWiring) -> PodWiring:
    """https://github.com/GoogleCloudPlatform/container-engine-accelerators/blob/master/gpudirect-rdma/nccl-test-managed-rdma.yaml"""
    return PodWiring(
        grace_seconds=plain.grace_seconds,
        checkpoints=plain.checkpoints,
        selector=plain.selector,
        env={"LD_LIBRARY_PATH": f"{_NVIDIA}/lib64"},
        profile="/usr/local/gib/scripts/set_nccl_env.sh",
        capabilities=("IPC_LOCK",),
        volumes=(_host("libraries", f"{_HOST}/nvidia"), _host("gib", f"{_HOST}/gib")),
        mounts=(
            Mount(name="libraries", mount_path=_NVIDIA, read_only=True),
            Mount(name="gib", mount_path="/usr/local/gib", read_only=True),
        ),
    )


def _tcpxo(plain: PodWiring, fabric: Fabric) -> PodWiring:
    """https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx"""
    daemon = _daemon(
        "tcpxo-daemon",
        _TCPXO_DAEMON,
        ("NET_ADMIN", "NET_BIND_SERVICE"),
        _NVIDIA,
        command=("/bin/sh", "-c"),
        args=(
            "set -ex; chmod 755 /fts/entrypoint_rxdm_container.sh; exec /fts/entrypoint_rxdm_container.sh "
            f"--num_hops=2 --num_nics={fabric.interfaces} --uid= --alsologtostderr",
        ),
    )
    return PodWiring(
        grace_seconds=plain.grace_seconds,
        checkpoints=plain.checkpoints,
        selector=plain.selector,
        annotations=_annotations("tcpxo-daemon", fabric, "/dev/dmabuf_import_helper"),
        env={
            "NCCL_FASTRAK_LLCM_DEVICE_DIRECTORY": "/dev/aperture_devices",
            "NCCL_LIB_DIR": f"{_NVIDIA}/lib64",
            "LD_LIBRARY_PATH": f"{_NVIDIA}/lib64",
        },
        profile=f"{_NVIDIA}/lib64/nccl-env-profile.sh",
        capabilities=("IPC_LOCK",),
        sidecars=(daemon,),
        volumes=(
            _host("libraries", f"{_HOST}/nvidia"),
            _host("sys", "/sys"),
            _host("proc-sys", "/proc/sys"),
            _host("aperture-devices", "/dev/aperture_devices"),
        ),
        mounts=(
            Mount(name="libraries", mount_path=_NVIDIA, read_only=True),
            Mount(name="aperture-devices", mount_path="/dev/aperture_devices"),
        ),
    )


def _tcpx(plain: PodWiring, fabric: Fabric) -> PodWiring:
    """https://github.com/GoogleCloudPlatform/container-engine-accelerators/blob/master/gpudirect-tcpx/nccl-config-latest.yaml"""
    daemon = _daemon(
        "tcpx-daemon",
        _TCPX_DAEMON,
        ("NET_ADMIN",),
        f"{_NVIDIA}/lib64",
        command=("/tcpgpudmarxd/build/app/tcpgpudmarxd",),
        args=(
            *("--gpu_nic_preset", "a3vm", "--gpu_shmem_type", "fd", "--uds_path", "/run/tcpx"),
            *("--setup_param", "--verbose 128 2 0"),
        ),
        mounts=(Mount(name="tcpx-socket", mount_path="/run/tcpx"),),
    )
    names = ",".join(f"eth{number}" for number in range(1, fabric.interfaces + 1))
    return PodWiring(
        grace_seconds=plain.grace_seconds,
        checkpoints=plain.checkpoints,
        selector=plain.selector,
        annotations=_annotations("tcpx-daemon", fabric),
        env={
            "LD_LIBRARY_PATH": f"{_NVIDIA}/lib64",
            "NCCL_GPUDIRECTTCPX_SOCKET_IFNAME": names,
            "NCCL_GPUDIRECTTCPX_CTRL_DEV": "eth0",
            "NCCL_GPUDIRECTTCPX_UNIX_CLIENT_PREFIX": "/run/tcpx",
            "NCCL_GPUDIRECTTCPX_FORCE_ACK": "0",
            "NCCL_GPUDIRECTTCPX_TX_COMPLETION_NANOSLEEP": "1000",
            "NCCL_GPUDIRECTTCPX_PROGRAM_FLOW_STEERING_WAIT_MICROS": "1000000",
            "NCCL_GPUDIRECTTCPX_TX_BINDINGS": _cpus(("8-21,112-125", "60-73,164-177")),
            "NCCL_GPUDIRECTTCPX_RX_BINDINGS": _cpus(("22-35,124-139", "74-87,178-191")),
            "NCCL_SOCKET_IFNAME": "eth0",
            "NCCL_CROSS_NIC": "0",
            "NCCL_ALGO": "Ring",
            "NCCL_PROTO": "Simple",
            "NCCL_NSOCKS_PERTHREAD": "4",
            "NCCL_SOCKET_NTHREADS": "1",
            "NCCL_MAX_NCHANNELS": "8",
            "NCCL_MIN_NCHANNELS": "8",
            "NCCL_DYNAMIC_CHUNK_SIZE": "524288",
            "NCCL_P2P_NET_CHUNKSIZE": "524288",
            "NCCL_P2P_PCI_CHUNKSIZE": "524288",
            "NCCL_P2P_NVL_CHUNKSIZE": "1048576",
            "NCCL_NET_GDR_LEVEL": "PIX",
            "NCCL_P2P_PXN_LEVEL": "0",
        },
        capabilities=("IPC_LOCK",),
        sidecars=(daemon,),
        volumes=(
            _host("libraries", f"{_HOST}/nvidia/lib64"),
            _host("sys", "/sys"),
            _host("proc-sys", "/proc/sys"),
            _host("tcpx-socket", "/run/tcpx"),
        ),
        mounts=(
            Mount(name="libraries", mount_path=f"{_NVIDIA}/lib64", read_only=True),
            Mount(name="tcpx-socket", mount_path="/run/tcpx"),
        ),
    )


def _cpus(halves: tuple[str, str]) -> str:
    """The CPUs that send or receive for each interface: two of them are at each half of the machine."""
    return ";".join(f"eth{number}:{halves[(number - 1) // 2]}" for number in range(1, 5))


def _daemon(
    name: str,
    image: str,
    rights: tuple[str, ...],
    libraries: str,
    *,
    command: tuple[str, ...],
    args: tuple[str, ...],
    mounts: tuple[Mount, ...] = (),
) -> Container:
    """The daemon that receives for NCCL; as a sidecar it starts before and ends after the job's container."""
    return Container(
        name=name,
        image=image,
        restart_policy="Always",
        command=command,
        args=args,
        env=(EnvVar(name="LD_LIBRARY_PATH", value=f"{_NVIDIA}/lib64"),),
        security_context=ContainerSecurity(capabilities=Capabilities(add=rights)),
        volume_mounts=(
            Mount(name="libraries", mount_path=libraries, read_only=True),
            Mount(name="sys", mount_path="/hostsysfs"),
            Mount(name="proc-sys", mount_path="/hostprocsysfs"),
            *mounts,
        ),
    )


def _annotations(daemon: str, fabric: Fabric, *more: str) -> dict[str, str]:
    """The fabric's networks, and the devices that the daemon gets without being privileged."""
    devices = [f"/dev/nvidia{number}" for number in range(8)] + ["/dev/nvidiactl", "/dev/nvidia-uvm", *more]
    interfaces = [{"interfaceName": "eth0", "network": "default"}]
    interfaces += [
        {"interfaceName": f"eth{number}", "network": network_name(number)} for number in range(1, fabric.interfaces + 1)
    ]
    return {
        f"devices.gke.io/container.{daemon}": "".join(f"- path: {device}\n" for device in devices),
        "networking.gke.io/default-interface": "eth0",
        "networking.gke.io/interfaces": json.dumps(interfaces),
    }


def _host(name: str, path: str) -> Volume:
    return Volume(name=name, host_path=HostPath(path=path))
