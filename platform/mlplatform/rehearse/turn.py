"""One turn of a typical change, and how a change is made from a spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlplatform.mock_cloud.movements import Drift
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a change: the new spec, and what the cloud does by itself before and after it."""

    spec: PlatformSpec
    """The spec after this turn."""

    title: str = ""
    """Title for people; empty if the change has only one turn."""

    before: Drift | None = None
    """Change of the cloud by itself before it, of which a preview must show nothing."""

    after: Drift = "rolled out"
    """End of the rollouts that it begins."""

    quiet: bool = False
    """True if it may replace nothing that runs: neither nodes nor instances of an endpoint."""

    may_be_refused: bool = False
    """True if a cloud may refuse the update: then `mlplatform risk` must say so beforehand, and the next turn does not
    happen."""


TypicalChange = Callable[[PlatformSpec], tuple[Turn, ...]]
"""A spec to its turns; none if the spec has nothing to change."""

ADDED = "rehearsal"
"""Name of everything that a rehearsal adds."""


def goes(spec: PlatformSpec, present: PlatformSpec, title: str, *, held: bool) -> Iterator[Turn]:
    """Something goes, quietly. Where it keeps something, and such places are protected, the protection is taken away
    before, and is there again after it.

    Args:
        spec: the spec without it.
        present: the spec with it.
        title: what goes.
        held: whether what goes keeps something.
    """
    if not spec.defaults.protected or not held:
        yield Turn(spec, title, quiet=True)
        return
    yield Turn(present.overlay(deletion_protection=False), "no protection", quiet=True)
    yield Turn(spec.overlay(deletion_protection=False), title, quiet=True)
    yield Turn(spec, "protected again", quiet=True)


def with_endpoint(spec: PlatformSpec, index: int, changed: EndpointSpec) -> PlatformSpec:
    """The spec with one endpoint changed."""
    return spec.overlay(endpoints=(*spec.endpoints[:index], changed, *spec.endpoints[index + 1 :]))


def newer_model(spec: PlatformSpec, *, managed: bool = False) -> tuple[int, str] | None:
    """The first endpoint with one model whose version is a number, and the next version; of those that a cloud's
    service runs and watches, if asked for."""
    for index, endpoint in enumerate(spec.endpoints):
        if managed and endpoint.on == "cluster":
            continue
        name, _, version = (endpoint.model or "").rpartition("/")
        if name and version.isdigit() and not endpoint.variants:
            shadow = endpoint.shadow.model if endpoint.shadow else ""
            newer = int(version) + 1
            newer += f"{name}/{newer}" == shadow
            return index, f"{name}/{newer}"
    return None
