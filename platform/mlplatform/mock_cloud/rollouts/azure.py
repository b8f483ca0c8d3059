"""Machine learning endpoints: their deployments, and the traffic that goes to them; templates make both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts.azure_served import (
    DEPLOYMENT_TYPE,
    ENDPOINT_TYPE,
    Key,
    Served,
    by_id,
    contents,
    endpoint_key,
    shares,
)
from mlplatform.mock_cloud.rollouts.base import Move, Rollouts, SetBack, There, text
from mlplatform.mock_cloud.rules.base import Error
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.wire import as_list, within

_ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
_DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
_TEMPLATE = "azure-native:resources:Deployment"
_WORKFLOW = "azure-native:logic:Workflow"
_PAGE = "https://learn.microsoft.com/azure/machine-learning/"

_MISSING = Error(
    "BadRequest",
    "The traffic of endpoint {name} names deployment '{user}', which does not exist.",
    _PAGE + "how-to-deploy-online-endpoints#define-the-endpoint",
    "traffic can be set only once the deployments are there: what sets it must depend on what makes them",
)
_SUM = Error(
    "BadRequest",
    "The traffic of endpoint {name} adds up to {user} per cent: it must be 0 or 100.",
    _PAGE + "reference-yaml-endpoint-online",
)
_SERVES = Error(
    "BadRequest",
    "Deployment '{user}' of endpoint {name} has traffic and cannot be deleted: set its traffic to 0 first.",
    _PAGE + "how-to-safely-rollout-online-endpoints#delete-the-old-deployment",
    "what takes its traffic away must come before its deletion",
)


class AzureRollouts(Rollouts):
    """Every endpoint by workspace and name, in lower case."""

    def __init__(self, there: There) -> None:
        super().__init__(there)
        self._endpoints: dict[Key, Served] = {}

    def copy(self) -> AzureRollouts:
        """Another one that knows the same."""
        other = AzureRollouts(self.there)
        other._endpoints = {key: replace(served) for key, served in self._endpoints.items()}
        return other

    def served(self, workspace: str, endpoint: str) -> Served | None:
        """An endpoint as Azure knows it; None where there is none."""
        return self._endpoints.get(endpoint_key(workspace, endpoint))

    def put(self, held: Held) -> None:
        """An endpoint, a deployment, or a template with some of either."""
        if held.token not in (_ENDPOINT, _DEPLOYMENT, _TEMPLATE):
            return
        # all or nothing: a template may be refused half-way
        changed = {key: replace(served) for key, served in self._endpoints.items()}
        if held.token == _TEMPLATE:
            for content in contents(held.inputs.get("properties"), changed):
                _put_content(held, content, changed)
        elif held.token == _DEPLOYMENT:
            key = _of(held)
            served = changed.setdefault(key, Served())
            served.deployments |= {text(held.inputs.get("deploymentName"))}
        else:
            key = _of(held)
            changed[key] = _with_traffic(held, changed.get(key, Served()), held.inputs.get("properties"))
        self._endpoints = changed

    def refuse_gone(self, held: Held) -> None:
        """A deployment with traffic, live or mirrored, stays."""
        served, name = self._endpoints.get(_of(held)), text(held.inputs.get("deploymentName"))
        if held.token == _DEPLOYMENT and served is not None:
            _refuse_serving(held, served, name)

    def gone(self, held: Held) -> None:
        """An endpoint ends with its deployments."""
        if held.token == _ENDPOINT:
            self._endpoints.pop(_of(held), None)
        elif held.token == _DEPLOYMENT and _of(held) in self._endpoints:
            self._endpoints[_of(held)].deployments -= {text(held.inputs.get("deploymentName"))}

    def roll_out(self) -> list[Move]:
        """A logic app whose parameters say what an endpoint should serve, and which deployments stay, does its work."""
        for held in self.there():
            endpoint, keep = text(_parameter(held, "endpoint")), as_list(_parameter(held, "keep"))
            served = self._endpoints.get(by_id(endpoint)) if held.token == _WORKFLOW else None
            if served is None or keep is None:
                continue
            wanted = shares(json.loads(text(_parameter(held, "traffic")) or "{}"))
            _refuse_missing(held, served, wanted)
            served.traffic = served.moved = wanted
            for name in sorted(served.deployments - {text(kept) for kept in keep}):
                _refuse_serving(held, served, name)
                served.deployments -= {name}
        return []

    def take_back(self) -> list[Move]:
        """The logic app puts the traffic back where it was; the new deployment stays, without any."""
        for served in self._endpoints.values():
            served.moved = served.traffic
        return []

    def set_back(self) -> list[SetBack]:
        """Endpoints whose traffic is another than rollouts left it."""
        return [
            SetBack(f"{name} ({ENDPOINT_TYPE})", f"its traffic was {served.moved} and is {served.traffic}")
            for (_, name), served in sorted(self._endpoints.items())
            if served.moved is not None and served.moved != served.traffic
        ]


def _put_content(held: Held, content: Mapping[str, object], endpoints: dict[Key, Served]) -> None:
    names = text(content.get("name")).split("/")
    if len(names) < 2:
        return
    key = endpoint_key(names[0], names[1])
    known = endpoints.setdefault(key, Served())
    if text(content.get("type")) == DEPLOYMENT_TYPE:
        known.deployments |= {names[-1]}
    else:
        endpoints[key] = _with_traffic(held, known, content.get("properties"))


def _with_traffic(held: Held, known: Served, properties: object) -> Served:
    """A PUT sets all of it: what it leaves out is nothing from then on."""
    traffic, mirrored = shares(within(properties, "traffic")), shares(within(properties, "mirrorTraffic"))
    _refuse_missing(held, known, {**traffic, **mirrored})
    if sum(traffic.values()) not in (0, 100):
        raise refusal(_SUM, held.token, held.name, held.id, str(sum(traffic.values())))
    return replace(known, traffic=traffic, mirrored=mirrored)


def _refuse_missing(held: Held, served: Served, shares: Mapping[str, int]) -> None:
    for name in shares:
        if name not in served.deployments:
            raise refusal(_MISSING, held.token, held.name, held.id, name)


def _refuse_serving(held: Held, served: Served, name: str) -> None:
    if served.traffic.get(name) or served.mirrored.get(name):
        raise refusal(_SERVES, held.token, held.name, held.id, name)


def _parameter(held: Held, name: str) -> object:
    return within(held.inputs, f"parameters.{name}.value")


def _of(held: Held) -> Key:
    return endpoint_key(text(held.inputs.get("workspaceName")), text(held.inputs.get("endpointName")))


ROLLOUTS = AzureRollouts
