"""Capture: the router samples requests and responses into the store's `monitoring` place.

Envoy writes each captured exchange into memory, and a second container moves complete files into the bucket, below
`capture/<endpoint>/<year>/<month>/<day>/<hour>/`: writing to the bucket itself would hold up other requests.
"""

from __future__ import annotations

from pulumi_gcp import cloudrunv2

from mlplatform.backends.gcp.artifact_store.parts import GcpStore
from mlplatform.spec.endpoints import EndpointSpec

Json = dict[str, object]

MAX_BODY = 1024 * 1024
"""Bytes kept of a body; longer ones are cut and marked as cut."""

_TAPS = "/taps"
_PLACE = "/monitoring"
_TYPES = "type.googleapis.com/envoy"


def capture_filter(percent: int, skip_path: str) -> Json:
    """The filter that records a share of the requests, without probes."""
    tap: Json = {
        "@type": f"{_TYPES}.extensions.filters.http.tap.v3.Tap",
        "common_config": {
            "static_config": {
                "match": {"any_match": True},
                "output_config": {
                    "max_buffered_rx_bytes": MAX_BODY,
                    "max_buffered_tx_bytes": MAX_BODY,
                    "sinks": [{"format": "JSON_BODY_AS_BYTES", "file_per_tap": {"path_prefix": f"{_TAPS}/request"}}],
                },
            }
        },
    }
    action: Json = {
        "@type": f"{_TYPES}.extensions.filters.http.composite.v3.ExecuteFilterAction",
        "typed_config": {"name": "envoy.filters.http.tap", "typed_config": tap},
        "sample_percent": {"default_value": {"numerator": percent, "denominator": "HUNDRED"}},
    }
    path: Json = {
        "name": "path",
        "typed_config": {"@type": f"{_TYPES}.type.matcher.v3.HttpRequestHeaderMatchInput", "header_name": ":path"},
    }
    is_probe: Json = {"single_predicate": {"input": path, "value_match": {"exact": skip_path}}}
    return {
        "name": "capture",
        "typed_config": {
            "@type": f"{_TYPES}.extensions.common.matching.v3.ExtensionWithMatcher",
            "extension_config": {
                "name": "envoy.filters.http.composite",
                "typed_config": {"@type": f"{_TYPES}.extensions.filters.http.composite.v3.Composite"},
            },
            "xds_matcher": {
                "matcher_list": {
                    "matchers": [
                        {
                            "predicate": {"not_matcher": is_probe},
                            "on_match": {"action": {"name": "capture", "typed_config": action}},
                        }
                    ]
                }
            },
        },
    }


def capture_script(endpoint: EndpointSpec) -> str:
    """Shell script that moves complete captures into the bucket, the last ones when the instance stops."""
    # backquotes: Cloud Run reads a dollar sign with a parenthesis as its own variable
    return "\n".join(
        (
            "move() {",
            f"  find {_TAPS} -type f -name '*.json' ! -newermt \"$1\" | while read -r file; do",
            f"    folder={_PLACE}/capture/{endpoint.name}/`date -u +%Y/%m/%d/%H`",
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
    return [cloudrunv2.ServiceTemplateContainerVolumeMountArgs(name="taps", mount_path=_TAPS)]


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
