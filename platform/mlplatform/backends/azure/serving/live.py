"""What answers an endpoint of Azure Machine Learning, or a Container App. Read only; imports no SDK.

The logic app that moves traffic marks the endpoint with the release that it took back, and works only every quarter of
an hour: a release that is neither marked nor served is still on its way.
https://learn.microsoft.com/cli/azure/reference-index#az-rest
"""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.backends.azure.naming import physical_name
from mlplatform.backends.azure.serving.rollout_actions import RELEASE_TAG, TAKEN_BACK_TAG
from mlplatform.backends.azure.target import AzureTarget
from mlplatform.components.live_traffic import Ask, LiveEndpoint, NotAnswered, fields_of, items_of, text_of
from mlplatform.components.narrowed import typed_target
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec

_ML_API = "2025-12-01"
_APP_API = "2025-01-01"
_MANAGEMENT = "https://management.azure.com"


def build(spec: PlatformSpec, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    """Ask Azure about one endpoint.

    Raises:
        NotAnswered: there is no such endpoint.
    """
    target = typed_target(spec.targets[0], AzureTarget)
    group = physical_name(spec, "resource-group", "rg")
    if endpoint.sleeps:
        name = physical_name(spec, "app", endpoint.name)
        return _container_app(target.resource(group, "Microsoft.App/containerApps", name), endpoint, ask)
    workspace = physical_name(spec, "ml-workspace", "ml")
    kind = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
    name = physical_name(spec, "ml-endpoint", endpoint.name)
    return _online_endpoint(target.resource(group, kind, workspace, name), endpoint, ask)


def _online_endpoint(identifier: str, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    found = _get(identifier, _ML_API, ask)
    properties = fields_of(found.get("properties"))
    shares = {**fields_of(properties.get("mirrorTraffic")), **fields_of(properties.get("traffic"))}
    release, refused = text_of(found, "tags", RELEASE_TAG), text_of(found, "tags", TAKEN_BACK_TAG)
    listed = items_of(_get(f"{identifier}/deployments", _ML_API, ask).get("value"))
    variants = [each.name for each in endpoint.all_variants()] + ([endpoint.shadow.name] if endpoint.shadow else [])
    serving: dict[str, tuple[object, ...]] = {}
    tried: dict[str, tuple[object, ...]] = {}
    waits = False
    for role in variants:
        own = [each for each in listed if text_of(each, "name").rpartition("-")[0] == role]
        live = [each for each in own if shares.get(text_of(each, "name"))]
        idle = [each for each in own if each not in live]
        serving[role] = tuple(_released(each, ask) for each in live)
        tried[role] = tuple(_released(each, ask) for each in idle) if release and release == refused else ()
        waits = waits or (bool(idle) and release != refused)
    busy = text_of(properties, "provisioningState") not in ("Succeeded", "")
    return LiveEndpoint(state="moving" if busy or waits else "steady", serving=serving, tried=tried)


def _released(deployment: Mapping[str, object], ask: Ask) -> object:
    """A deployment with the address of its model's files, or with its image."""
    model, image = (text_of(deployment, "properties", key) for key in ("model", "environmentId"))
    return {each: _get(each, _ML_API, ask) for each in (model, image) if each}


def _container_app(identifier: str, endpoint: EndpointSpec, ask: Ask) -> LiveEndpoint:
    found = fields_of(_get(identifier, _APP_API, ask).get("properties"))
    ready, latest = text_of(found, "latestReadyRevisionName"), text_of(found, "latestRevisionName")
    role = endpoint.all_variants()[0].name
    busy = text_of(found, "provisioningState") == "InProgress"
    if not ready:
        return LiveEndpoint(state="moving" if busy else "steady", serving={role: ()}, tried={role: (found,)})
    served = _get(f"{identifier}/revisions/{ready}", _APP_API, ask)
    return LiveEndpoint(
        state="moving" if busy else "steady",
        serving={role: (fields_of(fields_of(served).get("properties")).get("template"),)},
        tried={role: () if latest == ready else (found.get("template"),)},
    )


def _get(identifier: str, api: str, ask: Ask) -> Mapping[str, object]:
    address = f"{_MANAGEMENT}{identifier}?api-version={api}"
    answer = ask(("az", "rest", "--method", "get", "--url", address, "--output", "json"))
    if not isinstance(answer, dict):
        raise NotAnswered(f"`az rest` answered no object for {identifier.rpartition('/')[2]}")
    return answer  # pyright: ignore[reportUnknownVariableType]
