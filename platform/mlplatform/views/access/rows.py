"""What a plan's grants say, as rows: each holder with its people, and each place with those who reach it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mlplatform.components.granted import GrantNote, Right
from mlplatform.fast.record import record
from mlplatform.plan.model import Plan
from mlplatform.spec.access import ROLES
from mlplatform.spec.artifact_store import PLACES, Place
from mlplatform.spec.platform import PlatformSpec


@record(kw_only=True)
class AccessTarget:
    """Who may do what on one target."""

    platform: str
    """Name of the platform."""

    environment: str
    """Its environment."""

    target: str
    """Name of the target."""

    data_class: str
    """Class of the platform's data."""

    people: Mapping[str, tuple[str, ...]]
    """Who holds each role, and who is in each team, by the name of the holder."""

    grants: tuple[GrantNote, ...]
    """Every grant once: people first, then programs by name, each in the order of what it is about."""

    def held_by(self, holder: str) -> tuple[GrantNote, ...]:
        """The grants of one holder."""
        return tuple(each for each in self.grants if each.holder == holder)

    @property
    def holders(self) -> tuple[str, ...]:
        """Roles and teams that somebody holds, also without a grant, then programs."""
        return tuple(dict.fromkeys((*self.people, *(each.holder for each in self.grants))))

    def reaching(self, place: Place) -> tuple[GrantNote, ...]:
        """The grants on one place, those that write first."""
        found = [each for each in self.grants if each.on == place]
        return tuple(sorted(found, key=lambda each: (_MOST.index(each.right), each.part != "")))


def access_of(plan: Plan, spec: PlatformSpec) -> AccessTarget:
    """The rows of one target.

    Args:
        plan: what its program granted.
        spec: the platform.
    """
    target = spec.on(plan.target).targets[0]
    people = {role: tuple(target.people[role]) for role in ROLES if target.people.get(role)}
    teams = spec.cluster.teams if spec.cluster else ()
    people |= {f"{each.namespace}-members": tuple(target.members.get(each.name, ())) for each in teams}
    people = {holder: members for holder, members in people.items() if members}
    return AccessTarget(
        platform=spec.name,
        environment=spec.environment,
        target=plan.target,
        data_class=spec.data_class,
        people=people,
        grants=_once(plan.grants, tuple(people)),
    )


def _once(grants: Iterable[GrantNote], people: Sequence[str]) -> tuple[GrantNote, ...]:
    """Each grant once. Who may write may read too, and who pushes pulls: the lesser one says nothing more."""
    order = {holder: number for number, holder in enumerate(people)}
    found = dict.fromkeys(grants)
    more = {(each.holder, each.on, each.part, each.right) for each in found}
    kept = [
        each
        for each in found
        if not any((each.holder, each.on, "", right) in more for right in _MORE.get(each.right, ()))
        and (not each.part or (each.holder, each.on, "", each.right) not in more)
    ]
    return tuple(
        sorted(kept, key=lambda each: (order.get(each.holder, len(order)), each.holder, _PLACE[each.on], each.part))
    )


_MORE: Mapping[Right, tuple[Right, ...]] = {"read": ("write",), "add": ("write",), "pull": ("push",)}
_MOST: tuple[Right, ...] = ("write", "add", "read")
"""Rights on a place, the strongest first."""
_THINGS = ("registry", "jobs", "door", "tracking", "airflow", "online-features", "images", "endpoints", "cluster")
_PLACE = {thing: number for number, thing in enumerate((*PLACES, *_THINGS))}
