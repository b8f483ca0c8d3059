"""Models that move: the version that an endpoint serves before and after a change, and who watches the rollout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mlplatform.components.releases import releases_of
from mlplatform.review import Review
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.rollouts import BlueGreenRollout, CanaryRollout
from mlplatform.spec.variants import ShadowSpec, VariantSpec


@dataclass(frozen=True, slots=True)
class ModelMove:
    """One variant of an endpoint that serves another model."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow; empty for the only one."""

    before: str
    """What it served: a model with its version, or an image."""

    after: str
    """What it will serve."""

    watch: str
    """Who watches the rollout, as the end of a sentence."""

    stacks: tuple[str, ...]
    """The stacks in which it moves."""


def moved_models(reviews: Sequence[Review]) -> tuple[ModelMove, ...]:
    """Models that move, by endpoint and variant; what is the same in several stacks is told once."""
    stacks: dict[tuple[str, str, str, str, str], list[str]] = {}
    for review in reviews:
        before, after = (_narrowed(spec, review.diff.target) for spec in review.specs)
        if before is None or after is None:
            continue
        for key in _moves(before, after):
            stacks.setdefault(key, []).append(review.stack)
    return tuple(ModelMove(*key, stacks=tuple(names)) for key, names in sorted(stacks.items()))


def _narrowed(spec: PlatformSpec | None, target: str) -> PlatformSpec | None:
    return spec.on(target) if spec and any(target == each.name for each in spec.targets) else None


def _moves(before: PlatformSpec, after: PlatformSpec) -> Iterator[tuple[str, str, str, str, str]]:
    former = {endpoint.name: endpoint for endpoint in before.endpoints}
    for endpoint in after.endpoints:
        old = former.get(endpoint.name)
        if old is None:
            continue
        was, now = dict(_served(before, old)), dict(_served(after, endpoint))
        for variant, model in now.items():
            if variant in was and was[variant] != model and was[variant] and model:
                only = len(now) == 1
                yield (endpoint.name, "" if only else variant, was[variant], model, _watch(endpoint, variant))


def _served(spec: PlatformSpec, endpoint: EndpointSpec) -> Iterator[tuple[str, str]]:
    """What each variant, and the shadow, serves: what the record releases, else what the spec names."""
    releases = releases_of(spec, endpoint.name)
    variants: Iterable[VariantSpec | ShadowSpec] = (
        *endpoint.all_variants(),
        *([endpoint.shadow] if endpoint.shadow else []),
    )
    for variant in variants:
        release = releases.get(variant.name)
        model = (release.path if release else None) or variant.model or ""
        digest = release.image_digest if release else None
        image = digest[:19] if digest else "" if model else variant.image or endpoint.image or ""
        yield variant.name, " on ".join(part for part in (model, image) if part)


def _watch(endpoint: EndpointSpec, variant: str) -> str:
    if endpoint.shadow and endpoint.shadow.name == variant:
        return "as a shadow whose answers nobody sees"
    match endpoint.rollout:
        case CanaryRollout(steps=steps):
            shares = ", ".join(f"{step}" for step in steps)
            return f"as a canary with {shares} % first, watched by alarms"
        case BlueGreenRollout(bake_minutes=minutes):
            return f"without a canary; alarms watch it for {minutes} minutes"
        case _:
            return "without a canary, and no alarm watches it"
