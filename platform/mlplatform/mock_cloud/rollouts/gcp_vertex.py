"""Vertex AI: what is deployed to an endpoint is in no resource; a workflow of the program deploys it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.json_text import parse_document
from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts, Move, as_text
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import as_list, as_object, plain_value

ENDPOINT = "gcp:vertex/aiEndpoint:AiEndpoint"
_WORKFLOW = "gcp:workflows/workflow:Workflow"
_VARIANT = "VARIANT_"
_REF = "https://docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints/"

_SERVES = CloudError(
    "FAILED_PRECONDITION",
    "googleapi: Error 400: The Endpoint '{id}' has deployed or being-deployed DeployedModel(s) with ID(s): [{user}]. "
    "Please undeploy the Model(s) before deleting the Endpoint.",
    _REF + "delete",
    "run the endpoint's workflow with {\"undeploy\": true} first; the plan's notes have the command",
)


class VertexRollouts(CloudRollouts):
    """The models that are deployed to each endpoint, and those before the last release."""

    def __init__(self, all_held: AllHeld) -> None:
        super().__init__(all_held)
        self._deployed: dict[str, tuple[str, ...]] = {}
        self._taken_back: set[str] = set()

    def copy(self) -> VertexRollouts:
        """A copy with the same deployments."""
        other = VertexRollouts(self.all_held)
        other._deployed = dict(self._deployed)
        other._taken_back = set(self._taken_back)
        return other

    def deployed(self, endpoint: str) -> tuple[str, ...]:
        """Ids of the models that are deployed to an endpoint, by the endpoint's number."""
        return self._deployed.get(endpoint, ())

    def refuse_deletion(self, held: Held) -> None:
        """Raises CloudRefused if models are deployed to an endpoint."""
        if held.token == ENDPOINT and (ids := self.deployed(_number(held))):
            raise word_refusal(_SERVES, held.token, held.name, held.id, ", ".join(ids))

    def remove(self, held: Held) -> None:
        """Forget a deleted endpoint."""
        if held.token == ENDPOINT:
            self._deployed.pop(_number(held), None)

    def roll_out(self) -> list[Move]:
        """Each workflow deploys what it declares, and takes off what it does not, unless it was taken back before."""
        there = {_number(held) for held in self.all_held() if held.token == ENDPOINT}
        for endpoint, ids in self._declared():
            if endpoint in there and not self._taken_back & set(ids):
                self._deployed[endpoint] = ids
        return []

    def roll_back(self) -> list[Move]:
        """What is declared and not yet deployed is taken back, and is not tried again."""
        for endpoint, ids in self._declared():
            before = self.deployed(endpoint)
            if before:
                self._taken_back |= set(ids) - set(before)
        return []

    def serving(self) -> tuple[Held, ...]:
        """Endpoints with deployed models, with their workflows."""
        full = {endpoint for endpoint, ids in self._deployed.items() if ids}
        return tuple(
            held
            for held in self.all_held()
            if (held.token == ENDPOINT and _number(held) in full) or _endpoint_of(held) in full
        )

    def take_off(self) -> tuple[str, ...]:
        """The workflows undeploy everything, as before a destroy."""
        emptied = tuple(endpoint for endpoint, ids in self._deployed.items() if ids)
        self._deployed = dict.fromkeys(self._deployed, ())
        return emptied

    def _declared(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each workflow's endpoint, and the ids of what it shall deploy."""
        for held in self.all_held():
            if endpoint := _endpoint_of(held):
                yield endpoint, tuple(as_text(wanted.get("id")) for _, wanted in wanted_of(held))


def wanted_of(held: Held) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The endpoint's number and each deployment that a workflow shall make; nothing for other resources."""
    variables = _variables(held)
    for name in as_list(parse_document(as_text(variables.get("VARIANTS")))) or ():
        wanted = as_object(parse_document(as_text(variables.get(f"{_VARIANT}{name}"))))
        yield _endpoint_of(held), wanted or {}


def _variables(held: Held) -> Mapping[str, object]:
    return (as_object(plain_value(held.inputs.get("userEnvVars"))) or {}) if held.token == _WORKFLOW else {}


def _endpoint_of(held: Held) -> str:
    return as_text(_variables(held).get("ENDPOINT")).rpartition("/")[2]


def _number(held: Held) -> str:
    return as_text(held.inputs.get("name"))
