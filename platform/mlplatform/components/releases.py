"""What is released of an endpoint: the record of releases applied to the spec, before any backend sees it.

A variant or shadow without a release is not deployed. A released variant takes over the share of those that wait, in
proportion; with no released variant that has traffic, the whole endpoint waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from mlplatform.components.backend import Backend
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import AwaitingEndpoint, FormerRelease, Release
from mlplatform.spec.variants import ShadowSpec, VariantSpec

Served = VariantSpec | ShadowSpec
"""What a release is of."""
V = TypeVar("V", VariantSpec, ShadowSpec)
_WITH_WORD = re.compile(r"/.*[A-Za-z]{3}")


@record()
class Awaiting:
    """A variant or shadow that waits for its release."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow."""

    model: str | None
    """The model as the spec names it; None where the spec leaves it open, or the image holds it."""

    reason: str
    """What it waits for, for people: `model fraud/7`."""

    command: str
    """The command that releases it, on every target with the endpoint."""

    def __str__(self) -> str:
        return f"awaiting {self.reason}: `{self.command}`"


@record()
class AppliedEndpoint:
    """An endpoint with the record applied."""

    spec: EndpointSpec
    """What backends build: released variants only."""

    awaiting: tuple[Awaiting, ...]
    """Variants, then the shadow, that wait."""


def apply_record(spec: PlatformSpec, backend: Backend) -> PlatformSpec:
    """A spec narrowed to one target, with only what is released in its endpoints.

    Args:
        spec: narrowed to one target, with its record.
        backend: the target's cloud.
    """
    if not spec.endpoints:
        return spec
    applied = [apply_releases(spec, endpoint, backend).spec for endpoint in spec.endpoints]
    return spec.model_copy(update={"endpoints": tuple(applied)})


def apply_releases(spec: PlatformSpec, endpoint: EndpointSpec, backend: Backend) -> AppliedEndpoint:
    """One endpoint with only what is released.

    Args:
        spec: the platform, narrowed to one target.
        endpoint: the endpoint as it is wanted.
        backend: the target's cloud.
    """
    variants, shadow, awaiting = _split(spec, endpoint, backend)
    shares = _shares([variant.traffic_percent for variant in variants])
    if not shares:
        return AppliedEndpoint(_waiting(endpoint), tuple(awaiting))
    served = tuple(
        variant if variant.traffic_percent == share else variant.overlay(traffic_percent=share)
        for variant, share in zip(variants, shares, strict=True)
    )
    return AppliedEndpoint(_with_variants(endpoint, served, shadow), tuple(awaiting))


def _split(
    spec: PlatformSpec, endpoint: EndpointSpec, backend: Backend
) -> tuple[list[VariantSpec], ShadowSpec | None, list[Awaiting]]:
    """What is served of an endpoint: variants and shadow, as released; and what waits."""
    found = releases_of(spec, endpoint.name)
    variants: list[VariantSpec] = []
    awaiting: list[Awaiting] = []
    for variant in endpoint.all_variants():
        release = found.get(variant.name)
        if release:
            variants.append(_released(endpoint, variant, release))
        elif _waits(spec, endpoint, variant, backend):
            awaiting.append(_awaiting(spec, endpoint, variant, backend))
        else:
            variants.append(variant)
    shadow = endpoint.shadow
    if shadow:
        release = found.get(shadow.name)
        if release:
            shadow = _released(endpoint, shadow, release)
        else:
            awaiting.append(_awaiting(spec, endpoint, shadow, backend))
            shadow = None
    return variants, shadow, awaiting


def awaiting_releases(spec: PlatformSpec, backend: Backend) -> tuple[Awaiting, ...]:
    """Everything that waits for a release on one target.

    Args:
        spec: narrowed to that target.
        backend: the target's cloud.
    """
    # without the endpoints themselves, which nobody asks for here
    return tuple(waiting for endpoint in spec.endpoints for waiting in _split(spec, endpoint, backend)[2])


def releases_of(spec: PlatformSpec, endpoint: str) -> Mapping[str, Release]:
    """The releases of an endpoint by variant or shadow; the spec is narrowed to one target."""
    return spec.record.of(spec.targets[0].name, endpoint) if spec.record else {}


def variant_paths(endpoint: EndpointSpec) -> Iterator[tuple[str, Served]]:
    """Every variant and the shadow, with the field path of its model below the endpoint."""
    if not endpoint.variants:
        yield "model", endpoint.all_variants()[0]
    for at, variant in enumerate(endpoint.variants):
        yield f"variants[{at}].model", variant
    if endpoint.shadow:
        yield "shadow.model", endpoint.shadow


def promote_command(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> str:
    """The command that releases a variant, as far as the spec knows it; what a person fills in is in capitals.

    Args:
        spec: the platform, narrowed to one target.
        endpoint: the endpoint as it is wanted.
        variant: its variant or shadow.
        backend: the target's cloud.
    """
    parts = ["mlplatform promote"]
    name, version = split_model(variant.model) if variant.model else (None, None)
    serves = name is not None or endpoint.server != "custom"
    # a shadow answers nobody, and needs no gate
    gated = isinstance(variant, VariantSpec) and name in spec.gated_models
    if serves and not gated:
        parts.append(f"{name or 'MODEL'}/{version or 'VERSION'}")
    parts += [f"--endpoint {endpoint.name}", f"--to {spec.environment}"]
    if isinstance(variant, ShadowSpec):
        parts.append("--shadow")
    elif endpoint.variants:
        parts.append(f"--variant {variant.name}")
    if serves:
        parts.append("--candidate FILE" if gated else "--artifact FOLDER")
    if gated:
        parts += [f"--signed-off {role}=NAME" for role in spec.gated_models[name or ""]]
    pinned = "@" in (variant.image or endpoint.image or "")
    if not pinned and own_image(spec, endpoint, variant, backend):
        parts.append("--image-digest DIGEST")
    return " ".join((*parts, "--by NAME"))


def own_image(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> str | None:
    """The image of a variant where it is one of the platform's own registry, without tag or digest; else None."""
    image = plain_image(variant.image or endpoint.image)
    own = backend.own_images(spec)
    return image if image and any(f"{image}/".startswith(f"{prefix}/") for prefix in own) else None


def _waits(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> bool:
    """Whether a variant needs something that this platform itself has to hold first."""
    if variant.model or endpoint.secret_names or endpoint.server != "custom":
        return True
    return own_image(spec, endpoint, variant, backend) is not None


def _published(model: str) -> bool:
    """Whether a model and its version look like an owner and a name at Hugging Face: the second has a word in it."""
    return _WITH_WORD.search(model) is not None


def _awaiting(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> Awaiting:
    command = promote_command(spec, endpoint, variant, backend)
    if variant.model:
        reason = f"model {variant.model}"
        if endpoint.server == "vllm" and _published(variant.model):
            reason += (
                " of the store (if that is its name at Hugging Face: mlplatform import-model pins and fetches it, and "
                "--artifact names its folder)"
            )
    elif endpoint.server != "custom":
        reason = "its first model"
    elif image := own_image(spec, endpoint, variant, backend):
        reason = f"image {image}"
    else:
        reason = "its secrets"
    if isinstance(variant, ShadowSpec):
        reason += f" for the shadow '{variant.name}'"
    elif endpoint.variants:
        reason += f" for variant '{variant.name}'"
    return Awaiting(endpoint.name, variant.name, variant.model, reason, command)


def _released(endpoint: EndpointSpec, variant: V, release: FormerRelease) -> V:
    """The variant with exactly what was released."""
    changes: dict[str, object] = {}
    if release.path and release.path != variant.model:
        changes["model"] = release.path
    image = release.image or plain_image(variant.image or endpoint.image)
    if release.image_digest and image:
        changes["image"] = f"{image}@{release.image_digest}"
    return variant.overlaid(changes) if changes else variant


def _with_variants(
    endpoint: EndpointSpec, variants: tuple[VariantSpec, ...], shadow: ShadowSpec | None
) -> EndpointSpec:
    changes: dict[str, object] = {}
    if endpoint.variants:
        changes["variants"] = variants
    else:
        if variants[0].model != endpoint.model:
            changes["model"] = variants[0].model
        if variants[0].image:
            changes["image"] = variants[0].image
            if shadow and not shadow.image and endpoint.image:
                # the shadow's own, not the digest of the live variant
                shadow = shadow.overlay(image=endpoint.image)
    if shadow is not endpoint.shadow:
        changes["shadow"] = shadow
    return endpoint.overlaid(changes) if changes else endpoint


def _waiting(endpoint: EndpointSpec) -> EndpointSpec:
    """The endpoint without any model; all its other fields stay."""
    fields = {name: getattr(endpoint, name) for name in endpoint.model_fields_set}
    variants = tuple(
        variant.overlay(model=None) if variant.model else variant for variant in fields.get("variants") or ()
    )
    changed = {**fields, "model": None, "shadow": None, **({"variants": variants} if variants else {})}
    return AwaitingEndpoint.model_construct(_fields_set=set(fields), **changed)


def _shares(shares: Sequence[int]) -> list[int]:
    """Whole percentages in the same proportions that sum to 100, by largest remainder; none where nothing has any."""
    total = sum(shares)
    if not total:
        return []
    exact = [share * 100 / total for share in shares]
    whole = [int(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def plain_image(image: str | None) -> str | None:
    """An image without tag and digest."""
    if not image:
        return None
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"
