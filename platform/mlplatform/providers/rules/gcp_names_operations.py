"""Names of GCP logs, alerts, events, dashboards and budgets, as their APIs publish them."""

from __future__ import annotations

from mlplatform.providers.rules.gcp_names import name

_REF = "https://cloud.google.com/"
_MONITORING = _REF + "monitoring/api/ref_v3/rest/v3/"
NAMES = (
    *(
        name(
            f"gcp:pubsub/{kind.lower()}:{kind}",
            "name",
            255,
            "pubsub/docs/create-topic#resource_names",
            scope="account",
            pattern=r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]*",
            words="a letter first, then letters, digits and - . _ ~ + %, no goog prefix",
            shortest=3,
        )
        for kind in ("Topic", "Subscription")
    ),
    name(
        "gcp:logging/projectBucketConfig:ProjectBucketConfig",
        "bucketId",
        100,
        "logging/docs/reference/v2/rest/v2/projects.locations.buckets/create",
        scope=("project", "location"),
        pattern=r"[A-Za-z0-9_.-]+",
        words="letters, digits and _ . -",
    ),
    name(
        "gcp:logging/projectSink:ProjectSink",
        "name",
        100,
        "logging/docs/reference/v2/rest/v2/projects.sinks",
        scope="account",
        pattern=r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
        words="letters, digits and _ . -",
    ),
    name(
        "gcp:logging/metric:Metric",
        "name",
        100,
        "logging/docs/reference/v2/rest/v2/projects.metrics",
        scope="account",
        pattern=r"(?!/)[A-Za-z0-9_\-.,+!*',()%/]+",
        words="letters, digits and _ - . , + ! * ' ( ) % /",
    ),
    name(
        "gcp:workflows/workflow:Workflow", "name", 64, "workflows/docs/reference/rest/v1/projects.locations.workflows"
    ),
    name("gcp:eventarc/trigger:Trigger", "name", 63, "eventarc/docs/reference/rest/v1/projects.locations.triggers"),
    name(
        "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
        "name",
        63,
        "deploy/docs/api/reference/rest/v1/projects.locations.deliveryPipelines",
    ),
    name(
        "gcp:cloudscheduler/job:Job",
        "name",
        500,
        "scheduler/docs/reference/rest/v1/projects.locations.jobs",
        pattern=r"[A-Za-z0-9_-]+",
        words="letters, digits, _ and -",
    ),
    name(
        "gcp:monitoring/customService:CustomService",
        "serviceId",
        63,
        _MONITORING + "services/create",
        scope="account",
        pattern=r"[a-z0-9-]+",
        words="lower-case letters, digits and -",
    ),
    name(
        "gcp:monitoring/slo:Slo",
        "sloId",
        63,
        _MONITORING + "services.serviceLevelObjectives/create",
        scope=("service",),
        pattern=r"[a-zA-Z0-9-:.]+",
        words="letters, digits and - : .",
    ),
)
