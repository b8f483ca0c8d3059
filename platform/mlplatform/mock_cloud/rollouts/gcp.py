"""Cloud Run: traffic goes to the revisions of a service. Vertex AI's endpoints are beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.refusal import word_refusal
from mlplatform.mock_cloud.rollouts.base import AllHeld, CloudRollouts, Move, as_text
from mlplatform.mock_cloud.rollouts.gcp_vertex import VertexRollouts
from mlplatform.mock_cloud.rules.error import CloudError
from mlplatform.providers.wire import as_list, as_object, plain_value, value_at_path

_SERVICE = "gcp:cloudrunv2/service:Service"
_PINNED = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"

_MISSING = CloudError(
    "FAILED_PRECONDITION",
    "Error waiting for Updating Service: Error code 13, message: Revision '{user}' does not exist or is deleted. "
    "Update all traffic to route to currently available revisions.",
    "https://github.com/terraform-google-modules/terraform-docs-samples/pull/269",
    "the provider sends the traffic of the state: refresh it (`refresh: always`), and name only revisions that this "
    "service has or creates",
)
_OTHER = CloudError(
    "ALREADY_EXISTS",
    "googleapi: Error 409: Revision named '{user}' with different configuration already exists.",
    "https://github.com/hashicorp/terraform-provider-google/issues/9438",
    "a revision never changes: every change of the template needs another revision name",
)
_SERVES = CloudError(
    "FAILED_PRECONDITION",
    "googleapi: Error 400: Revision '{user}' cannot be deleted while traffic is routed to it.",
    "https://cloud.google.com/run/docs/managing/revisions#delete",
)


class CloudRunRollouts(CloudRollouts):
    """The revisions of each service, the newest last, each with its template."""

    def __init__(self, all_held: AllHeld) -> None:
        super().__init__(all_held)
        self._revisions: dict[str, dict[str, object]] = {}

    def copy(self) -> CloudRunRollouts:
        """A copy with the same rollouts."""
        other = CloudRunRollouts(self.all_held)
        other._revisions = {service: dict(revisions) for service, revisions in self._revisions.items()}
        return other

    def revisions(self, held: Held) -> tuple[str, ...]:
        """A service's revisions, the newest last."""
        return tuple(self._revisions.get(held.id, ()))

    def delete_revision(self, held: Held, name: str) -> None:
        """Delete a revision.

        Raises:
            CloudRefused: traffic goes to it, or would because it is the newest.
        """
        known = self._revisions.get(held.id, {})
        if name in _named(held) or (name == next(reversed(known), "") and not _pinned(held)):
            raise word_refusal(_SERVES, held.token, held.name, held.id, name)
        known.pop(name, None)

    def apply(self, held: Held) -> None:
        """A template creates a revision, unless it exists; traffic goes only to existing ones."""
        if held.token != _SERVICE:
            return
        known = dict(self._revisions.get(held.id, {}))
        template = as_object(plain_value(held.inputs.get("template"))) or {}
        name = as_text(template.get("revision")) or _generated_name(held, template, known)
        if name in known and known[name] != template:
            raise word_refusal(_OTHER, held.token, held.name, held.id, name)
        # returning to a revision makes it the newest again
        known.pop(name, None)
        known[name] = template
        for revision in _named(held):
            if revision not in known:
                raise word_refusal(_MISSING, held.token, held.name, held.id, revision)
        self._revisions[held.id] = known

    def remove(self, held: Held) -> None:
        """Forget the revisions of a deleted service."""
        if held.token == _SERVICE:
            self._revisions.pop(held.id, None)

    def roll_out(self) -> list[Move]:
        """A rollout gives the newest revision all traffic, and deletes those before the last two."""
        moves: list[Move] = []
        for held in self.all_held():
            known = list(self._revisions.get(held.id, ()))
            if held.token != _SERVICE or not _pinned(held):
                continue
            for name in known[:-2]:
                if name not in _named(held):
                    self.delete_revision(held, name)
            if _named(held) != [known[-1]]:
                moves.append(_all_to(held, known[-1]))
        return moves

    def roll_back(self) -> list[Move]:
        """The new revision loses its traffic: the former one has it all."""
        moves: list[Move] = []
        for held in self.all_held():
            known = list(self._revisions.get(held.id, ()))
            if held.token == _SERVICE and _pinned(held) and len(known) > 1 and known[-1] in _named(held):
                moves.append(_all_to(held, known[-2]))
        return moves


def _generated_name(held: Held, template: Mapping[str, object], known: dict[str, object]) -> str:
    """The name of a revision without one: a changed template gets the next number."""
    last = next(reversed(known), "")
    return last if last and known[last] == template else f"{held.id.rpartition('/')[2]}-{len(known) + 1:05}"


def _targets(held: Held) -> Iterator[Mapping[str, object]]:
    for target in as_list(plain_value(held.inputs.get("traffics"))) or ():
        yield as_object(target) or {}


def _named(held: Held) -> list[str]:
    """Revisions that the traffic names."""
    return [as_text(target["revision"]) for target in _targets(held) if target.get("revision")]


def _pinned(held: Held) -> bool:
    targets = list(_targets(held))
    return bool(targets) and all(target.get("type") == _PINNED for target in targets)


def _all_to(held: Held, revision: str) -> Move:
    first = cast("dict[str, object]", value_at_path(held.inputs, "traffics.0"))
    return Move(held, "traffics", [{**first, "type": _PINNED, "revision": revision, "percent": 100}])


class GcpRollouts(CloudRunRollouts):
    """The rollouts of both services."""

    def __init__(self, all_held: AllHeld) -> None:
        super().__init__(all_held)
        self.vertex = VertexRollouts(all_held)

    def copy(self) -> GcpRollouts:
        """A copy with the same rollouts."""
        other = GcpRollouts(self.all_held)
        other._revisions = super().copy()._revisions
        other.vertex = self.vertex.copy()
        return other

    def refuse_deletion(self, held: Held) -> None:
        """Raises CloudRefused if a resource still serves."""
        self.vertex.refuse_deletion(held)

    def remove(self, held: Held) -> None:
        """Remove a deleted resource."""
        super().remove(held)
        self.vertex.remove(held)

    def roll_out(self) -> list[Move]:
        """Finish the rollouts of both services."""
        return [*super().roll_out(), *self.vertex.roll_out()]

    def roll_back(self) -> list[Move]:
        """Take back the rollouts of both services."""
        return [*super().roll_back(), *self.vertex.roll_back()]

    def serving(self) -> tuple[Held, ...]:
        """Endpoints of Vertex AI with models, with their workflows."""
        return self.vertex.serving()

    def take_off(self) -> tuple[str, ...]:
        """Take the models off Vertex AI's endpoints."""
        return self.vertex.take_off()


ROLLOUTS = GcpRollouts
