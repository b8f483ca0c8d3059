"""What answers an endpoint of Cloud Run. Read only; imports no SDK.

A revision that was taken back is the newest one, and has no traffic; one that never became ready likewise.
https://docs.cloud.google.com/sdk/gcloud/reference/run/services/describe
"""

from __future__ import annotations

from mlplatform.backends.gcp.naming import WORKFLOW
from mlplatform.backends.gcp.serving.names import is_routed, served_models, service_name
from mlplatform.backends.gcp.serving.vertex.live import read_vertex
from mlplatform.backends.gcp.serving.vertex.names import is_on_vertex
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.live_traffic import Ask, LiveEndpoint, NotAnswered, fields_of, items_of, text_of
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.rollouts import AllAtOnce


def build(spec: PlatformSpec, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    """Ask Google about one endpoint.

    Raises:
        NotAnswered: there is no such service.
    """
    if is_on_vertex(endpoint):
        return read_vertex(spec, endpoint, ask)
    target = typed_target(spec.targets[0], GcpTarget)
    end = ("--region", target.region, "--project", target.project, "--format", "json")
    serving: dict[str, tuple[object, ...]] = {}
    tried: dict[str, tuple[object, ...]] = {}
    for model in served_models(endpoint):
        name = service_name(spec, endpoint.name, model.role if is_routed(endpoint) else None)
        service = fields_of(ask(("gcloud", "run", "services", "describe", name, *end)))
        status = fields_of(service.get("status"))
        if not status:
            raise NotAnswered(f"service {name} has no status")
        shares = items_of(status.get("traffic"))
        live = dict.fromkeys(text_of(each, "revisionName") for each in shares if each.get("percent"))
        newest = text_of(status, "latestCreatedRevisionName")
        revisions = {
            each: ask(("gcloud", "run", "revisions", "describe", each, *end)) for each in (*live, newest) if each
        }
        serving[model.role] = tuple(revisions[each] for each in live if each)
        tried[model.role] = () if newest in live or not newest else (revisions[newest],)
    watched = not isinstance(endpoint.rollout, AllAtOnce)
    moves = watched and is_running(spec, "rollout", target, ask)
    return LiveEndpoint(state="moving" if moves else "steady", serving=serving, tried=tried)


def is_running(spec: PlatformSpec, role: str, target: GcpTarget, ask: Ask) -> bool:
    """Whether a workflow of the platform is at work.

    https://docs.cloud.google.com/sdk/gcloud/reference/workflows/executions/list
    """
    name = physical_name(spec, role, WORKFLOW)
    where = ("--location", target.region, "--project", target.project, "--filter", "state=ACTIVE", "--format", "json")
    return bool(items_of(ask(("gcloud", "workflows", "executions", "list", name, *where))))
