"""Capture: the router samples requests and responses into the store's `monitoring` place.

Envoy writes each captured exchange into memory, and a second container moves complete files into the bucket, below
`capture/<endpoint>/<year>/<month>/<day>/<hour>/`: writing to the bucket itself would hold up other requests.
"""

from __future__ import annotations

from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.components.envoy_capture import TAPS, capture_folder
from mlplatform.spec.endpoints import EndpointSpec

_PLACE = "/monitoring"


def capture_script(endpoint: EndpointSpec) -> str:
    """Shell script that moves complete captures into the bucket, the last ones when the instance stops."""
    # backquotes: Cloud Run reads a dollar sign with a parenthesis as its own variable
    return "\n".join(
        (
            "move() {",
            f"  find {TAPS} -type f -name '*.json' ! -newermt \"$1\" | while read -r file; do",
            f"    folder={_PLACE}/{capture_folder(endpoint)}/`date -u +%Y/%m/%d/%H`",
            '    mkdir -p "$folder" && cp "$file" "$folder/" && rm -f "$file"',
            "  done",
            "}",
            "trap 'move now; exit 0' TERM",
            "while :; do move '-5 seconds'; sleep 5 & wait $!; done",
        )
    )


def capture_container(endpoint: EndpointSpec, image: str) -> cloudrunv2.ServiceTemplateContainerArgs:
    """The container that moves captures into the bucket."""
    return cloudrunv2.ServiceTemplateContainerArgs(
        name="capture",
        image=image,
        commands=["/bin/sh", "-c"],
        args=[capture_script(endpoint)],
        resources=cloudrunv2.ServiceTemplateContainerResourcesArgs(
            limits={"cpu": "1", "memory": "512Mi"}, cpu_idle=False
        ),
        volume_mounts=[
            *capture_mounts(),
            cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="place", mount_path=_PLACE),
        ],
    )


def capture_mounts() -> list[cloudrunv2.ServiceTemplateContainerVolumeMountArgs]:
    """Mount of the memory that the router writes captures to."""
    return [cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="taps", mount_path=TAPS)]


def capture_volumes(store: GcpStore) -> list[cloudrunv2.ServiceTemplateVolumeArgs]:
    """The memory between the two containers, and the bucket."""
    bucket = cloudrunv2.ServiceTemplateVolumeGcsArgs(
        bucket=store.buckets["monitoring"].name, mount_options=["implicit-dirs"]
    )
    memory = cloudrunv2.ServiceTemplateVolumeEmptyDirArgs(medium="MEMORY", size_limit="512Mi")
    return [
        cloudrunv2.ServiceTemplateVolumeArgs(name="taps", empty_dir=memory),
        cloudrunv2.ServiceTemplateVolumeArgs(name="place", gcs=bucket),
    ]
