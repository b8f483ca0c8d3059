"""Capture: the router samples requests and responses into the store's `monitoring` place.

Envoy writes each captured exchange into memory, and a second container moves complete files into the bucket, below
`capture/<endpoint>/<year>/<month>/<day>/<hour>/`: writing to the bucket itself would hold up other requests. Where the
endpoint has `redact`, a third one stands between both, and what it removes never leaves the memory.
"""

from __future__ import annotations

from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.components.envoy_capture import (
    REDACT,
    REDACTED,
    REDACTION_VARIABLE,
    TAPS,
    capture_folder,
    moved_folder,
    redaction_rules,
)
from mlplatform.spec.endpoints import EndpointSpec

_PLACE = "/monitoring"

_REDACT_SECONDS = 4
"""Seconds that the last files have to be redacted, when an instance stops: it has ten,
https://docs.cloud.google.com/run/docs/container-contract#instance-shutdown"""


def capture_script(endpoint: EndpointSpec) -> str:
    """Shell script that moves complete captures into the bucket, the last ones when the instance stops."""
    # all containers are told to stop at once
    wait = f"sleep {_REDACT_SECONDS}; " if endpoint.redact else ""
    # backquotes: Cloud Run reads a dollar sign with a parenthesis as its own variable
    return "\n".join(
        (
            "move() {",
            f"  find {moved_folder(endpoint)} -type f -name '*.json' ! -newermt \"$1\" | while read -r file; do",
            f"    folder={_PLACE}/{capture_folder(endpoint)}/`date -u +%Y/%m/%d/%H`",
            '    mkdir -p "$folder" && cp "$file" "$folder/" && rm -f "$file"',
            "  done",
            "}",
            f"trap '{wait}move now; exit 0' TERM",
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
            *(_redacted_mounts() if endpoint.redact else capture_mounts()),
            cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="place", mount_path=_PLACE),
        ],
    )


def redaction_container(endpoint: EndpointSpec, image: str) -> cloudrunv2.ServiceTemplateContainerArgs:
    """The container that hands on captures without what `redact` names."""
    return cloudrunv2.ServiceTemplateContainerArgs(
        name="redaction",
        image=image,
        commands=list(REDACT[:1]),
        args=list(REDACT[1:]),
        envs=[
            cloudrunv2.ServiceTemplateContainerEnvArgs(name=REDACTION_VARIABLE, value=redaction_rules(endpoint)),
        ],
        resources=cloudrunv2.ServiceTemplateContainerResourcesArgs(
            limits={"cpu": "1", "memory": "1Gi"}, cpu_idle=False
        ),
        volume_mounts=[*capture_mounts(), *_redacted_mounts()],
    )


def capture_mounts() -> list[cloudrunv2.ServiceTemplateContainerVolumeMountArgs]:
    """Mount of the memory that the router writes captures to."""
    return [cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="taps", mount_path=TAPS)]


def _redacted_mounts() -> list[cloudrunv2.ServiceTemplateContainerVolumeMountArgs]:
    return [cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="redacted", mount_path=REDACTED)]


def capture_volumes(endpoint: EndpointSpec, store: GcpStore) -> list[cloudrunv2.ServiceTemplateVolumeArgs]:
    """The memory between the containers, and the bucket."""
    bucket = cloudrunv2.ServiceTemplateVolumeGcsArgs(
        bucket=store.buckets["monitoring"].name, mount_options=["implicit-dirs"]
    )
    return [
        *(
            cloudrunv2.ServiceTemplateVolumeArgs(
                name=name,
                empty_dir=cloudrunv2.ServiceTemplateVolumeEmptyDirArgs(medium="MEMORY", size_limit="512Mi"),
            )
            for name in ("taps", *(("redacted",) if endpoint.redact else ()))
        ),
        cloudrunv2.ServiceTemplateVolumeArgs(name="place", gcs=bucket),
    ]
