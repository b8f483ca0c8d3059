"""What a change releases: the results of the gates, and what the former release had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlplatform.components.releases import releases_of
from mlplatform.review import Review
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import FormerRelease, GateResult, Release


@dataclass(frozen=True, slots=True)
class ReleaseMove:
    """One new release of a variant or shadow."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow."""

    before: Release | None
    """What was released; None: nothing."""

    after: Release
    """What is released now."""

    stacks: tuple[str, ...]
    """The stacks in which it is so."""


def moved_releases(reviews: Sequence[Review]) -> tuple[ReleaseMove, ...]:
    """New releases, by endpoint and variant; what is the same in several stacks is told once."""
    moves: list[ReleaseMove] = []
    for review in reviews:
        for move in _moves(review):
            same = next((each for each in moves if _served(each) == _served(move)), None)
            if same is None:
                moves.append(move)
            else:
                stacks = (*same.stacks, *move.stacks)
                moves[moves.index(same)] = ReleaseMove(same.endpoint, same.variant, same.before, same.after, stacks)
    return tuple(sorted(moves, key=lambda move: (move.endpoint, move.variant)))


def released_value(gate: GateResult, former: FormerRelease | None) -> float | None:
    """The released model's value on the same rows or, where none was measured, what its own release has."""
    if gate.released is not None or former is None:
        return gate.released
    return next((each.value for each in former.gates if each.name == gate.name), None)


def _moves(review: Review) -> Iterator[ReleaseMove]:
    target = review.diff.target
    before, after = (_narrowed(spec, target) for spec in review.specs)
    if after is None:
        return
    for endpoint in after.endpoints:
        was = releases_of(before, endpoint.name) if before else dict[str, Release]()
        for variant, release in releases_of(after, endpoint.name).items():
            old = was.get(variant)
            if old is None or (old.path, old.image_digest, old.gates) != (
                release.path,
                release.image_digest,
                release.gates,
            ):
                yield ReleaseMove(endpoint.name, variant, old, release, (review.stack,))


def _narrowed(spec: PlatformSpec | None, target: str) -> PlatformSpec | None:
    return spec.on(target) if spec and any(target == each.name for each in spec.targets) else None


def _served(move: ReleaseMove) -> tuple[object, ...]:
    """Stores differ by target, what they hold does not."""
    return (
        move.endpoint,
        move.variant,
        *((each.path, each.image_digest, each.gates) if each else None for each in (move.before, move.after)),
    )
