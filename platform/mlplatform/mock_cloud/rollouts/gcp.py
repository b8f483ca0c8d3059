"""Cloud Run: a service's revisions, which are what traffic goes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.mock_cloud.held import Held
from mlplatform.mock_cloud.rollouts.base import Move, Rollouts, There, text
from mlplatform.mock_cloud.rules.base import Error
from mlplatform.mock_cloud.wording import refusal
from mlplatform.providers.wire import as_list, as_object, bare, within

_SERVICE = "gcp:cloudrunv2/service:Service"
_PINNED = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"

_MISSING = Error(
    "FAILED_PRECONDITION",
    "Error waiting for Updating Service: Error code 13, message: Revision '{user}' does not exist or is deleted. "
    "Update all traffic to route to currently available revisions.",
    "https://github.com/terraform-google-modules/terraform-docs-samples/pull/269",
    "the provider sends the traffic that the state knows: let it be fresh (`refresh: always`), and name only revisions "
    "that this service has or makes",
)
_OTHER = Error(
    "ALREADY_EXISTS",
    "googleapi: Error 409: Revision named '{user}' with different configuration already exists.",
    "https://github.com/hashicorp/terraform-provider-google/issues/9438",
    "a revision never changes: whatever changes in the template must change its name",
)
_SERVES = Error(
    "FAILED_PRECONDITION",
    "googleapi: Error 400: Revision '{user}' cannot be deleted while traffic is routed to it.",
    "https://cloud.google.com/run/docs/managing/revisions#delete",
)


class GcpRollouts(Rollouts):
    """The revisions of each service, the newest last, each with its template."""

    def __init__(self, there: There) -> None:
        super().__init__(there)
        self._revisions: dict[str, dict[str, object]] = {}

    def copy(self) -> GcpRollouts:
        """Another one that knows the same."""
        other = GcpRollouts(self.there)
        other._revisions = {service: dict(found) for service, found in self._revisions.items()}
        return other

    def revisions(self, held: Held) -> tuple[str, ...]:
        """A service's revisions, the newest last."""
        return tuple(self._revisions.get(held.id, ()))

    def delete_revision(self, held: Held, name: str) -> None:
        """Remove one.

        Raises:
            CloudRefused: traffic goes to it, or would by being the newest.
        """
        known = self._revisions.get(held.id, {})
        if name in _named(held) or (name == next(reversed(known), "") and not _pinned(held)):
            raise refusal(_SERVES, held.token, held.name, held.id, name)
        known.pop(name, None)

    def put(self, held: Held) -> None:
        """A template makes a revision, unless it is one that is there; traffic goes to those that are there."""
        if held.token != _SERVICE:
            return
        known = dict(self._revisions.get(held.id, {}))
        template = as_object(bare(held.inputs.get("template"))) or {}
        name = text(template.get("revision")) or _made_up(held, template, known)
        if name in known and known[name] != template:
            raise refusal(_OTHER, held.token, held.name, held.id, name)
        # going back to one makes it the newest again
        known.pop(name, None)
        known[name] = template
        for wanted in _named(held):
            if wanted not in known:
                raise refusal(_MISSING, held.token, held.name, held.id, wanted)
        self._revisions[held.id] = known

    def gone(self, held: Held) -> None:
        """A service ends with its revisions."""
        if held.token == _SERVICE:
            self._revisions.pop(held.id, None)

    def roll_out(self) -> list[Move]:
        """Whatever rolls out gives the newest revision all traffic, and forgets those before the last two."""
        moves: list[Move] = []
        for held in self.there():
            known = list(self._revisions.get(held.id, ()))
            if held.token != _SERVICE or not _pinned(held):
                continue
            for name in known[:-2]:
                if name not in _named(held):
                    self.delete_revision(held, name)
            if _named(held) != [known[-1]]:
                moves.append(_all_to(held, known[-1]))
        return moves

    def take_back(self) -> list[Move]:
        """A revision that starts without traffic gets none: the former one has it all."""
        moves: list[Move] = []
        for held in self.there():
            known = list(self._revisions.get(held.id, ()))
            if held.token == _SERVICE and _pinned(held) and len(known) > 1 and known[-1] in _named(held):
                moves.append(_all_to(held, known[-2]))
        return moves


def _made_up(held: Held, template: Mapping[str, object], known: dict[str, object]) -> str:
    """Without a name of its own, a template that changed makes a revision of the next number."""
    last = next(reversed(known), "")
    return last if last and known[last] == template else f"{held.id.rpartition('/')[2]}-{len(known) + 1:05}"


def _targets(held: Held) -> Iterator[Mapping[str, object]]:
    for target in as_list(bare(held.inputs.get("traffics"))) or ():
        yield as_object(target) or {}


def _named(held: Held) -> list[str]:
    """Revisions that traffic names."""
    return [text(target["revision"]) for target in _targets(held) if target.get("revision")]


def _pinned(held: Held) -> bool:
    targets = list(_targets(held))
    return bool(targets) and all(target.get("type") == _PINNED for target in targets)


def _all_to(held: Held, revision: str) -> Move:
    first = cast("dict[str, object]", within(held.inputs, "traffics.0"))
    return Move(held, "traffics", [{**first, "type": _PINNED, "revision": revision, "percent": 100}])


ROLLOUTS = GcpRollouts
