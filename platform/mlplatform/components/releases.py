"""What is released of an endpoint: the record of releases applied to the spec, before any backend sees it.

A variant or shadow without a release is not deployed. A released variant takes over the share of those that wait, in
proportion; with no released variant that has traffic, the whole endpoint waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from mlplatform.components.backend import Backend
from mlplatform.fast.record import record
from mlplatform.spec.endpoints import EndpointSpec, ShadowSpec, VariantSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import (
    AwaitingEndpoint,
    FormerRelease,
    GateResult,
    Release,
    ReleaseRecord,
    split_model,
)

IMAGINED_DIGEST = f"sha256:{'0' * 64}"
"""Digest of an image of the platform's own that nobody has released yet, for estimates."""

_Served = VariantSpec | ShadowSpec
V = TypeVar("V", VariantSpec, ShadowSpec)


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
    """The command that releases it."""

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


def problems_once_released(spec: PlatformSpec, backend: Backend) -> tuple[Problem, ...]:
    """What a cloud refuses in what is released, beyond what it refuses in the spec as it is wanted.

    Pipelines are left out: a release changes none of them, and the endpoint whose released model they read may still
    wait, so that it seems to serve none.

    Args:
        spec: narrowed to one target, with its record.
        backend: the target's cloud.
    """
    return backend.problems(apply_record(spec, backend).model_copy(update={"pipelines": ()}))


def apply_releases(spec: PlatformSpec, endpoint: EndpointSpec, backend: Backend) -> AppliedEndpoint:
    """One endpoint with only what is released.

    Args:
        spec: the platform, narrowed to one target.
        endpoint: the endpoint as it is wanted.
        backend: the target's cloud.
    """
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
    shares = _shares([variant.traffic_percent for variant in variants])
    if not shares:
        return AppliedEndpoint(_waiting(endpoint), tuple(awaiting))
    served = tuple(
        variant if variant.traffic_percent == share else variant.overlay(traffic_percent=share)
        for variant, share in zip(variants, shares, strict=True)
    )
    return AppliedEndpoint(_with_variants(endpoint, served, shadow), tuple(awaiting))


def awaiting_releases(spec: PlatformSpec, backend: Backend) -> tuple[Awaiting, ...]:
    """Everything that waits for a release on one target.

    Args:
        spec: narrowed to that target.
        backend: the target's cloud.
    """
    return tuple(waiting for endpoint in spec.endpoints for waiting in apply_releases(spec, endpoint, backend).awaiting)


def releases_of(spec: PlatformSpec, endpoint: str) -> Mapping[str, Release]:
    """The releases of an endpoint by variant or shadow; the spec is narrowed to one target."""
    return spec.record.of(spec.targets[0].name, endpoint) if spec.record else {}


def unused_releases(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Places in the record that this spec has no endpoint, variant or shadow for, with what is missing."""
    if spec.record is None:
        return
    target = spec.targets[0].name
    known = {endpoint.name: endpoint for endpoint in spec.endpoints}
    for name, releases in sorted(spec.record.targets.get(target, {}).items()):
        endpoint = known.get(name)
        if endpoint is None:
            yield f"{target}.{name}", f"an endpoint '{name}'"
            continue
        names = {variant.name for variant in endpoint.all_variants()}
        names |= {endpoint.shadow.name} if endpoint.shadow else set()
        for variant in sorted(releases.keys() - names):
            yield f"{target}.{name}.{variant}", f"a variant or shadow '{variant}'"


def release_problems(spec: PlatformSpec, backend: Backend, *, own_store: bool = True) -> Iterator[Problem]:
    """Releases that contradict the spec of one target: another model, another pinned version, another image or store.

    Args:
        spec: narrowed to one target.
        backend: the target's cloud.
        own_store: whether the platform's own store holds the models. Omitted: it does.
    """
    for index, endpoint in enumerate(spec.endpoints):
        found = releases_of(spec, endpoint.name)
        for path, variant in variant_paths(endpoint):
            release = found.get(variant.name)
            if release:
                at = f"endpoints[{index}].{path}"
                yield from release_refusals(spec, endpoint, variant, release, at, backend, own_store=own_store)


def variant_paths(endpoint: EndpointSpec) -> Iterator[tuple[str, _Served]]:
    """Every variant and the shadow, with the field path of its model below the endpoint."""
    if not endpoint.variants:
        yield "model", endpoint.all_variants()[0]
    for at, variant in enumerate(endpoint.variants):
        yield f"variants[{at}].model", variant
    if endpoint.shadow:
        yield "shadow.model", endpoint.shadow


def release_refusals(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: _Served,
    release: FormerRelease,
    path: str,
    backend: Backend,
    *,
    own_store: bool = True,
) -> Iterator[Problem]:
    """Why one release cannot serve one variant.

    Args:
        spec: the platform, narrowed to one target.
        endpoint: the endpoint as it is wanted.
        variant: its variant or shadow.
        release: the release.
        path: field path of the variant's model in the spec.
        backend: the target's cloud.
        own_store: whether the platform's own store holds the models. Omitted: it does.
    """
    key = spec.targets[0].name
    if variant.model:
        name, version = split_model(variant.model)
        if (release.model, release.version) != (name, version or release.version):
            wanted = f"model {variant.model}" if version else f"a version of model {name}"
            yield backend.refuse(
                path,
                f"{variant.model} here, and {release.path or 'an image without a model'} in the record of {key}",
                f"the same in both: the record releases {wanted} where the spec names it",
                f"`{promote_command(spec, endpoint.name, variant)}`, or write "
                f"{release.path or 'no model'} here, or {name} to follow the record",
            )
    image = _plain_image(variant.image or endpoint.image)
    if image and release.image and _plain_image(release.image) != image:
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{image} here, and {release.image} in the record of {key}",
            "the same image in both",
            f"write {release.image} here, or release this one: `{promote_command(spec, endpoint.name, variant)}`",
        )
    pinned = (variant.image or endpoint.image or "").partition("@")[2]
    if pinned and release.image_digest and pinned != release.image_digest:
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{pinned} here, and {release.image_digest} in the record of {key}",
            "the same digest in both",
            "write the image without its digest here: the record has it",
        )
    if release.image_digest and not (release.image or image):
        yield backend.refuse(
            path.removesuffix("model") + "image",
            f"{release.image_digest} in the record of {key}, and no image",
            "the image that the digest belongs to",
            "name the image here, or release it with `--image`",
        )
    place = backend.models_uri(spec) if own_store else ""
    if release.artifact and place and not release.artifact.startswith(f"{place}/"):
        yield backend.refuse(
            path,
            f"{release.artifact} in the record of {key}",
            f"an artefact in this target's own store, {place}/: no identity of the endpoint may read another one",
            f"`{promote_command(spec, endpoint.name, variant)}` copies it there and records the address",
        )


def promote_command(spec: PlatformSpec, endpoint: str, variant: _Served) -> str:
    """The command that releases a variant, as far as the spec knows it."""
    model = variant.model or ""
    if model and split_model(model)[1] is None:
        model = f"{model}/VERSION"
    parts = ["mlplatform promote", model or "MODEL/VERSION", f"--endpoint {endpoint}", f"--to {spec.environment}"]
    if isinstance(variant, ShadowSpec):
        parts.append("--shadow")
    elif variant.name != "main":
        parts.append(f"--variant {variant.name}")
    return " ".join(parts)


def own_image(spec: PlatformSpec, endpoint: EndpointSpec, variant: _Served, backend: Backend) -> str | None:
    """The image of a variant where it is one of the platform's own registry, without tag or digest; else None."""
    image = _plain_image(variant.image or endpoint.image)
    own = backend.own_images(spec)
    return image if image and any(f"{image}/".startswith(f"{prefix}/") for prefix in own) else None


def _waits(spec: PlatformSpec, endpoint: EndpointSpec, variant: _Served, backend: Backend) -> bool:
    """Whether a variant needs something that this platform itself has to hold first."""
    if variant.model or endpoint.secrets or endpoint.server != "custom":
        return True
    return own_image(spec, endpoint, variant, backend) is not None


def _awaiting(spec: PlatformSpec, endpoint: EndpointSpec, variant: _Served, backend: Backend) -> Awaiting:
    command = promote_command(spec, endpoint.name, variant)
    if variant.model:
        reason = f"model {variant.model}"
    elif endpoint.server != "custom":
        reason = "its first model"
    elif image := own_image(spec, endpoint, variant, backend):
        reason = f"image {image}"
    else:
        reason = "its secrets"
    if endpoint.server == "custom" and not variant.model:
        command = command.replace(" MODEL/VERSION", "", 1)
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
    image = release.image or _plain_image(variant.image or endpoint.image)
    if release.image_digest and image:
        changes["image"] = f"{image}@{release.image_digest}"
    return variant.overlay(**changes) if changes else variant


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
    return endpoint.overlay(**changes) if changes else endpoint


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


def _plain_image(image: str | None) -> str | None:
    """An image without tag and digest."""
    if not image:
        return None
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    return f"{folder}{slash}{last.partition(':')[0]}"


def as_released(spec: PlatformSpec, targets: Sequence[str] | None = None, *, open_too: bool = False) -> PlatformSpec:
    """The spec as if everything that it names was released: for estimates and tests of what it will become.

    What its record releases stays; a model without a pinned version gets one that does not exist.

    Args:
        spec: the platform, with any number of targets.
        targets: names of the targets to release, or their clouds. Omitted: all.
        open_too: release variants too whose model the spec leaves open. Omitted: they wait.
    """
    from mlplatform import discovery

    former = spec.record or ReleaseRecord(platform=spec.name, environment=spec.environment)
    released = {key: dict(endpoints) for key, endpoints in former.targets.items()}
    for target in spec.targets:
        if targets and not {target.name, target.cloud} & set(targets):
            continue
        backend, narrowed = discovery.backend(target.cloud), spec.on(target.name)
        known = {endpoint.name: endpoint for endpoint in narrowed.endpoints}
        for waiting in awaiting_releases(narrowed, backend):
            endpoint = known[waiting.endpoint]
            variant = next(variant for _, variant in variant_paths(endpoint) if variant.name == waiting.variant)
            release = _imagined(narrowed, endpoint, variant, backend)
            if variant.model is None and endpoint.server != "custom":
                release = _opened(narrowed, endpoint, variant, backend) if open_too else None
            if release:
                endpoints = released.setdefault(target.name, {})
                endpoints[endpoint.name] = {**endpoints.get(endpoint.name, {}), variant.name: release}
    return spec.with_record(former.overlay(targets=released))


def _imagined(spec: PlatformSpec, endpoint: EndpointSpec, variant: _Served, backend: Backend) -> Release:
    """A release of exactly what the spec names."""
    name, version = split_model(variant.model) if variant.model else (None, None)
    version = (version or "unreleased") if name else None
    own = own_image(spec, endpoint, variant, backend)
    pinned = (variant.image or endpoint.image or "").partition("@")[2]
    return Release(
        model=name,
        version=version,
        artifact=f"{backend.models_uri(spec)}/{name}/{version}/" if name else None,
        image_digest=(pinned or IMAGINED_DIGEST) if own else None,
        gates=(GateResult(name="by hand", by="nobody: an estimate"),),
        approver="nobody: an estimate",
    )


def _opened(spec: PlatformSpec, endpoint: EndpointSpec, variant: _Served, backend: Backend) -> Release | None:
    """A release of a model that the spec leaves open; with an own image where the server has none on this cloud."""
    named = variant.overlay(model=f"{endpoint.name}/unreleased")
    release = _imagined(spec, endpoint, named, backend)
    own = backend.own_images(spec)
    for image in (None, *own[:1]):
        digest = IMAGINED_DIGEST if image else release.image_digest
        release = release.overlay(image=image, image_digest=digest)
        alone = spec.model_copy(update={"endpoints": (endpoint,)})
        found = ReleaseRecord(
            platform=spec.name,
            environment=spec.environment,
            targets={spec.targets[0].name: {endpoint.name: {variant.name: release}}},
        )
        # problems of anything else are not this release's
        problems = backend.problems(apply_record(alone.with_record(found), backend))
        if not any(problem.path.startswith("endpoints") for problem in problems):
            return release
    return None
