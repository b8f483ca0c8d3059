"""What answers an endpoint of Vertex AI. Read only; imports no SDK.

The workflow that deploys marks what it took back on the version of the model, with the label `mlplatform-verdict`.
https://docs.cloud.google.com/sdk/gcloud/reference/ai/endpoints/describe
"""

from __future__ import annotations

from mlplatform.backends.gcp.naming import WORKFLOW
from mlplatform.backends.gcp.serving.names import served_models
from mlplatform.backends.gcp.serving.vertex.names import endpoint_id, model_id
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.live_traffic import Ask, LiveEndpoint, fields_of, items_of, text_of
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_REFUSED = ("taken-back", "failed")


def read_vertex(spec: PlatformSpec, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    """Ask Google about one endpoint.

    Raises:
        NotAnswered: there is no such endpoint.
    """
    target = typed_target(spec.targets[0], GcpTarget)
    end = ("--region", target.region, "--project", target.project, "--format", "json")
    found = fields_of(ask(("gcloud", "ai", "endpoints", "describe", endpoint_id(spec, target, endpoint), *end)))
    split = fields_of(found.get("trafficSplit"))
    deployed = items_of(found.get("deployedModels"))
    shadow = endpoint.shadow.name if endpoint.shadow else ""
    serving: dict[str, tuple[object, ...]] = {}
    tried: dict[str, tuple[object, ...]] = {}
    for model in served_models(endpoint):
        own = model_id(spec, endpoint.name, model.role)
        live = [
            each
            for each in deployed
            if text_of(each, "model").partition("@")[0].endswith(f"/models/{own}")
            and (split.get(text_of(each, "id")) or model.role == shadow)
        ]
        serving[model.role] = tuple(
            ask(("gcloud", "ai", "models", "describe", f"{own}@{text_of(each, 'modelVersionId')}", *end))
            for each in live
        )
        versions = items_of(ask(("gcloud", "ai", "models", "list-version", own, *end)))
        tried[model.role] = tuple(
            each for each in versions if text_of(each, "labels", "mlplatform-verdict") in _REFUSED
        )
    name = physical_name(spec, f"{endpoint.name}-deploy", WORKFLOW)
    where = ("--location", target.region, "--project", target.project, "--filter", "state=ACTIVE", "--format", "json")
    moves = bool(items_of(ask(("gcloud", "workflows", "executions", "list", name, *where))))
    return LiveEndpoint(state="moving" if moves else "steady", serving=serving, tried=tried)
