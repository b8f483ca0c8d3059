"""What Envoy keeps of requests and answers: a file of JSON per exchange, alike on every cloud that has its router.

Something else moves the files into the store: writing there itself would hold up other requests. Imports no SDK.
"""

from __future__ import annotations

from mlplatform.components.envoy import TYPES, Json
from mlplatform.spec.endpoints import EndpointSpec

MAX_BODY = 1024 * 1024
"""Bytes kept of a body; longer ones are cut and marked as cut."""

TAPS = "/taps"
"""Folder in memory that Envoy writes to."""

REDACTED = "/redacted"
"""Folder in memory with what is left once `redact` is honoured."""

REDACT = ("mlplatform-redact", TAPS, REDACTED)
"""Command of the container between the two folders. What moves files into the store sees the second one alone."""

REDACTION_VARIABLE = "MLPLATFORM_REDACTION"
"""Variable with what that program removes."""


def moved_folder(endpoint: EndpointSpec) -> str:
    """Folder whose files are moved into the store."""
    return REDACTED if endpoint.redact else TAPS


def redaction_rules(endpoint: EndpointSpec) -> str:
    """The document that the program is told.

    Raises:
        ValueError: nothing is removed.
    """
    from mlplatform.spec.redaction_job import redaction_job

    job = redaction_job(endpoint)
    if job is None:
        raise ValueError(f"endpoints[{endpoint.name}].redact: none")
    return job.model_dump_json(exclude_defaults=True)


def capture_folder(endpoint: EndpointSpec) -> str:
    """Folder of an endpoint in the store's `monitoring` place; year, month, day and hour follow."""
    return f"capture/{endpoint.name}"


def capture_filter(percent: int, skip_path: str) -> Json:
    """The filter that records a share of the requests, without probes."""
    tap: Json = {
        "@type": f"{TYPES}.extensions.filters.http.tap.v3.Tap",
        "common_config": {
            "static_config": {
                "match": {"any_match": True},
                "output_config": {
                    "max_buffered_rx_bytes": MAX_BODY,
                    "max_buffered_tx_bytes": MAX_BODY,
                    "sinks": [{"format": "JSON_BODY_AS_BYTES", "file_per_tap": {"path_prefix": f"{TAPS}/request"}}],
                },
            }
        },
        # when a request came, and how long its answer took
        "record_headers_received_time": True,
    }
    action: Json = {
        "@type": f"{TYPES}.extensions.filters.http.composite.v3.ExecuteFilterAction",
        "typed_config": {"name": "envoy.filters.http.tap", "typed_config": tap},
        "sample_percent": {"default_value": {"numerator": percent, "denominator": "HUNDRED"}},
    }
    path: Json = {
        "name": "path",
        "typed_config": {"@type": f"{TYPES}.type.matcher.v3.HttpRequestHeaderMatchInput", "header_name": ":path"},
    }
    is_probe: Json = {"single_predicate": {"input": path, "value_match": {"exact": skip_path}}}
    return {
        "name": "capture",
        "typed_config": {
            "@type": f"{TYPES}.extensions.common.matching.v3.ExtensionWithMatcher",
            "extension_config": {
                "name": "envoy.filters.http.composite",
                "typed_config": {"@type": f"{TYPES}.extensions.filters.http.composite.v3.Composite"},
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
