"""A spec as if everything that it names was released: for estimates, and for tests of what it will become."""

from __future__ import annotations

from collections.abc import Sequence

from mlplatform.components.backend import Backend
from mlplatform.components.releases import Served, apply_record, awaiting_releases, own_image, variant_paths
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import BY_HAND, GateResult, Release, ReleaseRecord

IMAGINED_DIGEST = f"sha256:{'0' * 64}"
"""Digest of an image of the platform's own that nobody has released yet, for estimates."""


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


def _imagined(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> Release:
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
        gates=(GateResult(name=BY_HAND, by="nobody: an estimate"),),
        approver="nobody: an estimate",
    )


def _opened(spec: PlatformSpec, endpoint: EndpointSpec, variant: Served, backend: Backend) -> Release | None:
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
