"""Online endpoints of Azure Machine Learning: their deployments and traffic, which templates create too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rollouts.azure_endpoints import (
    DEPLOYMENT_TYPE,
    ENDPOINT_TYPE,
    EndpointKey,
    ServedEndpoint,
    endpoint_key,
    endpoint_key_of_id,
    template_contents,
    traffic_shares,
)
from mlplatform.mock_cloud.rollouts.azure_workspace import WorkspaceNetworks
from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts, Move, UndoneMove, as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import as_list, plain_value, value_at_path

_ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
_TEMPLATE = "azure-native:resources:Deployment"
_WORKFLOW = "azure-native:logic:Workflow"
_PAGE = "https://learn.microsoft.com/azure/machine-learning/"

_MISSING = CloudError(
    "BadRequest",
    "The traffic of endpoint {name} names deployment '{user}', which does not exist.",
    _PAGE + "how-to-deploy-online-endpoints#define-the-endpoint",
    "traffic can be set only once the deployments exist: whatever sets it must depend on what creates them",
)
_SUM = CloudError(
    "BadRequest",
    "The traffic of endpoint {name} adds up to {user} per cent: it must be 0 or 100.",
    _PAGE + "reference-yaml-endpoint-online",
)
_SERVES = CloudError(
    "BadRequest",
    "Deployment '{user}' of endpoint {name} has traffic and cannot be deleted: set its traffic to 0 first.",
    _PAGE + "how-to-safely-rollout-online-endpoints#delete-the-old-deployment",
    "move its traffic away before its deletion",
)


class OnlineEndpointRollouts(CloudRollouts):
    """The state of every endpoint, by workspace and name in lower case."""

    def __init__(self, all_held: AllHeld) -> None:
        super().__init__(all_held)
        self._endpoints: dict[EndpointKey, ServedEndpoint] = {}
        self._networks = WorkspaceNetworks()

    def copy(self) -> OnlineEndpointRollouts:
        """A copy with the same rollouts."""
        other = OnlineEndpointRollouts(self.all_held)
        other._endpoints = {key: replace(served) for key, served in self._endpoints.items()}
        other._networks = self._networks.copy()
        return other

    def served(self, workspace: str, endpoint: str) -> ServedEndpoint | None:
        """The state of an endpoint; None if it does not exist."""
        return self._endpoints.get(endpoint_key(workspace, endpoint))

    def apply(self, held: Held) -> None:
        """Take over an endpoint, a deployment, or a template with some of either."""
        self._networks.apply(held)
        if held.token not in (_ENDPOINT, _DEPLOYMENT, _TEMPLATE):
            return
        # all or nothing: a template may be refused half-way
        changed = {key: replace(served) for key, served in self._endpoints.items()}
        if held.token == _TEMPLATE:
            for content in template_contents(held.inputs.get("properties"), changed):
                if as_text(content.get("type")) == DEPLOYMENT_TYPE:
                    workspace, endpoint, *_ = as_text(content.get("name")).split("/")
                    self._networks.refuse_deployment(held, workspace, endpoint, self.all_held())
                _apply_content(held, content, changed)
        elif held.token == _DEPLOYMENT:
            key = _key_of(held)
            self._networks.refuse_deployment(held, *key, self.all_held())
            served = changed.setdefault(key, ServedEndpoint())
            served.deployments |= {as_text(held.inputs.get("deploymentName"))}
        else:
            key = _key_of(held)
            changed[key] = _with_traffic(held, changed.get(key, ServedEndpoint()), held.inputs.get("properties"))
        self._endpoints = changed

    def recycled(self, held: Held, inputs: Mapping[str, object]) -> str:
        """A template whose deployments differ starts others, or writes equal ones with their first count of instances.

        https://learn.microsoft.com/azure/machine-learning/how-to-deploy-online-endpoints
        """
        differ = held.token == _TEMPLATE and _deployments(held.inputs) != _deployments(inputs)
        return "the instances of its online deployments" if differ else ""

    def refuse_deletion(self, held: Held) -> None:
        """Raises CloudRefused for a deployment with live or mirrored traffic."""
        served, name = self._endpoints.get(_key_of(held)), as_text(held.inputs.get("deploymentName"))
        if held.token == _DEPLOYMENT and served is not None:
            _refuse_serving(held, served, name)

    def remove(self, held: Held) -> None:
        """Forget a deleted deployment, or an endpoint with its deployments."""
        self._networks.remove(held)
        if held.token == _ENDPOINT:
            self._endpoints.pop(_key_of(held), None)
        elif held.token == _DEPLOYMENT and _key_of(held) in self._endpoints:
            self._endpoints[_key_of(held)].deployments -= {as_text(held.inputs.get("deploymentName"))}

    def roll_out(self) -> list[Move]:
        """Logic apps move traffic and delete deployments, by their parameters `traffic` and `keep`."""
        for held in self.all_held():
            endpoint, keep = as_text(_parameter(held, "endpoint")), as_list(_parameter(held, "keep"))
            served = self._endpoints.get(endpoint_key_of_id(endpoint)) if held.token == _WORKFLOW else None
            if served is None or keep is None:
                continue
            target = traffic_shares(json.loads(as_text(_parameter(held, "traffic")) or "{}"))
            _refuse_missing(held, served, target)
            served.traffic = served.moved = target
            for name in sorted(served.deployments - {as_text(kept) for kept in keep}):
                _refuse_serving(held, served, name)
                served.deployments -= {name}
        return []

    def roll_back(self) -> list[Move]:
        """The logic app restores the former traffic; the new deployment stays, without any."""
        for served in self._endpoints.values():
            served.moved = served.traffic
        return []

    def undone(self) -> list[UndoneMove]:
        """Endpoints whose traffic differs from the one that rollouts set."""
        return [
            UndoneMove(f"{name} ({ENDPOINT_TYPE})", f"its traffic was {served.moved} and is {served.traffic}")
            for (_, name), served in sorted(self._endpoints.items())
            if served.moved is not None and served.moved != served.traffic
        ]


def _deployments(inputs: Mapping[str, object]) -> list[object]:
    resources = as_list(plain_value(value_at_path(inputs, "properties.template.resources"))) or ()
    return [item for item in resources if as_text(value_at_path(item, "type")) == DEPLOYMENT_TYPE]


def _apply_content(held: Held, content: Mapping[str, object], endpoints: dict[EndpointKey, ServedEndpoint]) -> None:
    names = as_text(content.get("name")).split("/")
    if len(names) < 2:
        return
    key = endpoint_key(names[0], names[1])
    known = endpoints.setdefault(key, ServedEndpoint())
    if as_text(content.get("type")) == DEPLOYMENT_TYPE:
        known.deployments |= {names[-1]}
    else:
        endpoints[key] = _with_traffic(held, known, content.get("properties"))


def _with_traffic(held: Held, known: ServedEndpoint, properties: object) -> ServedEndpoint:
    """The endpoint with other traffic. A PUT sets all of it: what it omits is 0 from then on."""
    traffic, mirrored = (
        traffic_shares(value_at_path(properties, "traffic")),
        traffic_shares(value_at_path(properties, "mirrorTraffic")),
    )
    _refuse_missing(held, known, {**traffic, **mirrored})
    if sum(traffic.values()) not in (0, 100):
        raise word_refusal(_SUM, held.token, held.name, held.id, str(sum(traffic.values())))
    return replace(known, traffic=traffic, mirrored=mirrored)


def _refuse_missing(held: Held, served: ServedEndpoint, shares: Mapping[str, int]) -> None:
    for name in shares:
        if name not in served.deployments:
            raise word_refusal(_MISSING, held.token, held.name, held.id, name)


def _refuse_serving(held: Held, served: ServedEndpoint, name: str) -> None:
    if served.traffic.get(name) or served.mirrored.get(name):
        raise word_refusal(_SERVES, held.token, held.name, held.id, name)


def _parameter(held: Held, name: str) -> object:
    return value_at_path(held.inputs, f"parameters.{name}.value")


def _key_of(held: Held) -> EndpointKey:
    return endpoint_key(as_text(held.inputs.get("workspaceName")), as_text(held.inputs.get("endpointName")))


ROLLOUTS = OnlineEndpointRollouts
