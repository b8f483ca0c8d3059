"""How the files of a released model come to a replica: copied from the store, and held against the record's digests.

A copy belongs to one pod, or with `model_cache` to its node, where replicas that start later find it. KServe's cache
was the example: a folder of the node, led to by a claim, since the namespace admits no pod that names a folder of the
node itself. A volume of the cloud for each replica would not help a new one, and a shared file system knows no
identities. What is in the folder is checked at every start, and fetched again where it differs.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.cluster.items import LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.containers import (
    Capabilities,
    Container,
    ContainerSecurity,
    EnvVar,
    Mount,
    Resources,
    SeccompProfile,
)
from mlplatform.cluster.objects.storage import (
    ClaimReference,
    ClaimResources,
    PersistentVolume,
    PersistentVolumeClaim,
    PersistentVolumeClaimSpec,
    PersistentVolumeSpec,
)
from mlplatform.cluster.objects.volumes import ClaimVolume, ConfigMapVolume, EmptyDir, HostPath, Volume
from mlplatform.cluster.serving.pieces import endpoint_item, endpoint_metadata
from mlplatform.cluster.serving_facts import ModelAccess
from mlplatform.components.model_servers import ServerContainer
from mlplatform.components.names import short_hash
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import SERVING_NAMESPACE, EndpointSpec
from mlplatform.spec.releases import FormerRelease

FETCH_IMAGE = "rclone/rclone:1.73.0"
"""Copies from every store by the pod's identity, and compares digests: https://rclone.org/changelog/ (2026-01)"""

SUMS_FILE = "sha256sums"
"""Name of the file of digests in its ConfigMap."""

_REMOTE = "models"
_SUMS = "/etc/mlplatform/release"
_CACHE = "/cache"
_NODE_FOLDER = "/var/lib/kubelet/mlplatform-models"
"""Beside the pods' own disks: this part of a node is on its local NVMe disks where `local_nvme` says so, on every
cloud, and containers may write it on Bottlerocket too, whose label `local_t` it has:
https://github.com/bottlerocket-os/bottlerocket-core-kit/tree/develop/packages/selinux-policy"""

_SIZE = "1Pi"
"""Kubernetes wants a size; nothing looks at it."""

LOCKED = ContainerSecurity(
    allow_privilege_escalation=False,
    run_as_non_root=True,
    run_as_user=10001,
    capabilities=Capabilities(drop=("ALL",)),
    seccomp_profile=SeccompProfile(),
)
"""What the platform's own containers may do: nothing."""

_FOLDER_OWNER = ContainerSecurity(
    allow_privilege_escalation=False,
    run_as_user=0,
    capabilities=Capabilities(drop=("ALL",)),
    seccomp_profile=SeccompProfile(),
)
"""The same as the owner of a folder that Kubernetes made on the node: nobody else may write it."""


def sums_name(model: str, sums: str) -> str:
    """Name of the ConfigMap with the digests of a release. Another release has another one, so that replicas of the
    former one can still start."""
    return f"{model}-{short_hash(sums, 8)}"


def digests_text(release: FormerRelease) -> str:
    """The digests of a release, as `sha256sum` writes them; empty where the record has none."""
    return "".join(f"{digest.removeprefix('sha256:')}  {path}\n" for path, digest in sorted(release.digests.items()))


def cache_items(endpoint: EndpointSpec) -> Iterator[LayerItem]:
    """The way to the folder of an endpoint on each node of its pool; nothing without `model_cache`.

    The volume has one claim, so that no other namespace gets it, and every node has a folder of its own behind it.
    """
    if endpoint.model_cache == "none":
        return
    name = _claim_name(endpoint)
    volume = PersistentVolumeSpec(
        access_modes=("ReadWriteMany",),
        capacity={"storage": _SIZE},
        claim_ref=ClaimReference(name=name, namespace=SERVING_NAMESPACE),
        host_path=HostPath(path=f"{_NODE_FOLDER}/{endpoint.name}", type="DirectoryOrCreate"),
    )
    yield endpoint_item(
        "access", "cache-volume", endpoint.name, PersistentVolume(metadata=Metadata(name=name), spec=volume)
    )
    claim = PersistentVolumeClaimSpec(
        access_modes=("ReadWriteMany",), resources=ClaimResources(requests={"storage": _SIZE}), volume_name=name
    )
    yield endpoint_item(
        "access",
        "cache-claim",
        endpoint.name,
        PersistentVolumeClaim(metadata=endpoint_metadata(endpoint, name), spec=claim),
    )


@record(kw_only=True)
class Weights:
    """The files of a released model in a pod."""

    endpoint: EndpointSpec
    """The endpoint."""

    variant: str
    """The variant or shadow."""

    server: ServerContainer
    """The server that reads them."""

    artifact: str
    """Where they are in the store."""

    sums: str | None
    """The ConfigMap with their digests. None: the record has none."""

    @property
    def _cached(self) -> bool:
        return self.endpoint.model_cache == "node"

    @property
    def folder(self) -> str:
        """The folder of this release in the cache; another release, or other digests, have another one."""
        return f"{self.variant}/{short_hash(f'{self.artifact} {self.sums}', 16)}"

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """Volumes of the pod."""
        claim = ClaimVolume(claim_name=_claim_name(self.endpoint))
        model = (
            Volume(name="model", persistent_volume_claim=claim)
            if self._cached
            else Volume(name="model", empty_dir=EmptyDir())
        )
        return (model, *((Volume(name="release", config_map=ConfigMapVolume(name=self.sums)),) if self.sums else ()))

    @property
    def mount(self) -> Mount:
        """Where the server finds them; it cannot write."""
        return Mount(
            name="model",
            mount_path=self.server.mount,
            sub_path=self.folder if self._cached else None,
            read_only=True,
        )

    def containers(self, access: ModelAccess) -> tuple[Container, ...]:
        """What copies the released folder before the server starts, and lets no other files through.

        Args:
            access: how pods read the store.
        """
        settings = {f"RCLONE_CONFIG_{_REMOTE.upper()}_{key.upper()}": value for key, value in access.settings.items()}
        env = tuple(EnvVar(name=name, value=value) for name, value in sorted(settings.items()))
        place = self.artifact.removeprefix(access.address).rstrip("/")
        # checks of a few hundred files of the record need little; the copy has buffers for eight files at a time
        resources = Resources(requests={"cpu": "500m", "memory": "512Mi"}, limits={"memory": "1Gi"})
        sums = (Mount(name="release", mount_path=_SUMS, read_only=True),) if self.sums else ()
        if self._cached:
            fetch = Container(
                name="fetch",
                image=FETCH_IMAGE,
                command=("/bin/sh", "-c"),
                args=(self.cache_script(place),),
                env=env,
                resources=resources,
                security_context=_FOLDER_OWNER,
                volume_mounts=(Mount(name="model", mount_path=_CACHE), *sums),
            )
            return (fetch,)
        model = Mount(name="model", mount_path=self.server.mount)
        copy = Container(
            name="fetch",
            image=FETCH_IMAGE,
            args=("copy", f"{_REMOTE}:{place}", self.server.mount, "--transfers=8", "--config="),
            env=env,
            resources=resources,
            security_context=LOCKED,
            volume_mounts=(model,),
        )
        if not sums:
            return (copy,)
        check = Container(
            name="verify",
            image=FETCH_IMAGE,
            args=("checksum", "sha256", f"{_SUMS}/{SUMS_FILE}", self.server.mount, "--config="),
            resources=resources,
            security_context=LOCKED,
            volume_mounts=(model, *sums),
        )
        return (copy, check)

    def cache_script(self, place: str, cache: str = _CACHE) -> str:
        """The shell script that fills the cache of a node, once at a time for each variant.

        It keeps the release and the one that was used before it, whose replicas may still run; what was half copied is
        not taken for a copy, and a copy that differs from the record is deleted, so that the next start fetches it.

        Args:
            place: the released folder, as `rclone` spells it.
            cache: where the endpoint's folder of the node is.
        """
        variant, _, release = self.folder.partition("/")
        folder = f"{cache}/{variant}"
        check = f"rclone checksum sha256 {_SUMS}/{SUMS_FILE} {release} --config="
        return "\n".join(
            (
                "set -eu",
                f"mkdir -p {folder}",
                f"cd {folder}",
                "exec 9>>.lock",
                "flock 9",
                f'ls -1t | grep -vx {release} | tail -n +2 | while read -r old; do rm -rf "./$old"; done',
                f"if [ ! -d {release} ]; then",
                "  rm -rf .part",
                f"  rclone copy {_REMOTE}:{place} .part --transfers=8 --config=",
                f"  mv .part {release}",
                "fi",
                *((f"{check} || {{ rm -rf {release}; exit 1; }}",) if self.sums else ()),
                f"touch {release}",
            )
        )


def _claim_name(endpoint: EndpointSpec) -> str:
    """Name of the volume and the claim of an endpoint's cache; no place of the store has two hyphens in its name."""
    return f"{endpoint.name}--models"
