"""From a request to the new record and the commands that must succeed before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.artefacts import Transfer
from mlplatform.components.backend import Backend
from mlplatform.components.releases import own_image, problems_once_released, release_refusals
from mlplatform.promote.comparison import held_against
from mlplatform.promote.digests import compute_digests
from mlplatform.promote.request import PromotionRequest
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.endpoints import EndpointSpec, ShadowSpec, VariantSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import FormerRelease, GateResult, Release, ReleaseRecord, split_model
from mlplatform.spec.target import Target

BY_HAND = "by hand"
"""Name of the gate of a release that no pipeline decided."""

_PART = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._/-]*/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")


@dataclass(frozen=True, slots=True)
class TargetRelease:
    """The release on one target, and what must be there for it."""

    target: str
    """Name of the target."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow."""

    release: Release
    """The new entry of the record."""

    transfer: Transfer | None
    """Commands for its artefact; None where the image holds the model."""

    looks: tuple[tuple[str, tuple[str, ...]], ...]
    """Other things that must be there: what it is, and the command that looks for it."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """A checked request."""

    record: ReleaseRecord
    """The whole new record."""

    releases: tuple[TargetRelease, ...]
    """The releases, by target in the order of the spec."""

    copies: bool
    """Whether the artefact is copied; otherwise it is only looked for."""


def plan_promotion(spec: PlatformSpec, request: PromotionRequest) -> Promotion:
    """Check a request, and compose the new record.

    Args:
        spec: the platform, with its present record.
        request: what to release.

    Raises:
        Unacceptable: it is refused; every problem is in it.
    """
    problems = [*_request_problems(spec, request)]
    chosen, refused = _targets(spec, request)
    problems += refused
    releases: list[TargetRelease] = []
    digests = dict(request.digests)
    if request.artifact and request.artifact.exists():
        digests = compute_digests(request.artifact)
    for narrowed, endpoint, variant in chosen:
        try:
            releases.append(_release(narrowed, endpoint, variant, request, digests))
        except Unacceptable as error:
            problems += error.problems
    if problems:
        raise Unacceptable(*dict.fromkeys(problems))
    record = _with_releases(spec, releases)
    problems += _result_problems(spec.with_record(record), [narrowed for narrowed, _, _ in chosen])
    if problems:
        raise Unacceptable(*dict.fromkeys(problems))
    return Promotion(record, tuple(releases), copies=not request.check and request.artifact is not None)


def _request_problems(spec: PlatformSpec, request: PromotionRequest) -> Iterator[Problem]:
    if not (request.approver or "").strip():
        yield Problem("--by", "nothing", "the name of the person who releases it", "add --by NAME")
    if request.variant and request.shadow:
        yield Problem("--shadow", f"--variant {request.variant} too", "one of the two", "leave one out")
    for name in request.targets:
        if name not in {target.name for target in spec.targets}:
            known = ", ".join(target.name for target in spec.targets)
            yield Problem("--target", name, f"one of the spec's targets: {known}", "use one of these names")
    if request.endpoint not in {endpoint.name for endpoint in spec.endpoints}:
        known = ", ".join(endpoint.name for endpoint in spec.endpoints) or "none"
        yield Problem("--endpoint", request.endpoint, f"one of the spec's endpoints: {known}", "use one of these names")
    if request.back:
        given = [name for name in ("model", "artifact", "image", "image_digest") if getattr(request, name)]
        if given:
            named = ", ".join(given)
            yield Problem("--back", f"{named} too", "nothing else: the record has the former release", f"omit {named}")
        return
    if request.model is not None and not _PART.match(request.model):
        yield Problem("MODEL/VERSION", request.model, "a model and its version", "write for example fraud/7")
    if request.artifact and not request.artifact.exists():
        yield Problem("--artifact", str(request.artifact), "a file or folder that exists", "check the path")
    elif request.artifact and request.artifact.is_dir() and not any(p.is_file() for p in request.artifact.rglob("*")):
        yield Problem("--artifact", f"{request.artifact}, which has no files", "the model's files", "check the path")
    if request.model and not request.artifact and not request.digests:
        yield Problem(
            "--artifact",
            "nothing",
            "the model's files, of which the record keeps the digests",
            "add --artifact PATH; if they are in the store already, add --check too, or --check --digests FILE with "
            "the output of sha256sum",
        )
    if request.digests and not request.check:
        yield Problem("--digests", "no --check", "--check: without it the files are copied", "add --check")


def _targets(
    spec: PlatformSpec, request: PromotionRequest
) -> tuple[list[tuple[PlatformSpec, EndpointSpec, VariantSpec | ShadowSpec]], list[Problem]]:
    """The targets of a request with their specs, endpoints and variants."""
    chosen: list[tuple[PlatformSpec, EndpointSpec, VariantSpec | ShadowSpec]] = []
    problems: list[Problem] = []
    for target in spec.targets:
        if request.targets and target.name not in request.targets:
            continue
        narrowed = spec.on(target.name)
        endpoint = next((each for each in narrowed.endpoints if each.name == request.endpoint), None)
        if endpoint is None:
            if request.targets and request.endpoint in {each.name for each in spec.endpoints}:
                got = f"{target.name}, which leaves '{request.endpoint}' out"
                problems.append(Problem("--target", got, "a target with the endpoint", "leave this target out"))
            continue
        variant = _variant(endpoint, request)
        if isinstance(variant, Problem):
            problems.append(variant)
        else:
            chosen.append((narrowed, endpoint, variant))
    return chosen, problems


def _variant(endpoint: EndpointSpec, request: PromotionRequest) -> VariantSpec | ShadowSpec | Problem:
    variants = endpoint.all_variants()
    names = ", ".join(variant.name for variant in variants)
    if request.shadow:
        if endpoint.shadow is None:
            return Problem("--shadow", f"{endpoint.name}, which has none", "an endpoint with a shadow", "omit --shadow")
        return endpoint.shadow
    if request.variant is None:
        if len(variants) == 1:
            return variants[0]
        return Problem("--variant", "nothing", f"one of the endpoint's variants: {names}", "add --variant NAME")
    for variant in variants:
        if variant.name == request.variant:
            return variant
    if endpoint.shadow and endpoint.shadow.name == request.variant:
        return endpoint.shadow
    return Problem("--variant", request.variant, f"one of the endpoint's variants: {names}", "use one of these names")


def _release(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    digests: dict[str, str],
) -> TargetRelease:
    """The release on one target.

    Raises:
        Unacceptable: it is refused.
    """
    target = spec.targets[0]
    backend = discovery.backend(target.cloud)
    present = spec.record.of(target.name, endpoint.name).get(variant.name) if spec.record else None
    if request.back:
        release = _former(request, target, endpoint, variant, present)
    else:
        problems = list(_model_problems(spec, endpoint, variant, request, backend))
        if problems:
            raise Unacceptable(*problems)
        release = _new(spec, endpoint, variant, request, digests, present, backend)
        release = held_against(release, request, spec, endpoint, variant)
    problems = list(release_refusals(spec, endpoint, variant, release, "--endpoint", backend))
    if problems:
        raise Unacceptable(*problems)
    return TargetRelease(
        target=target.name,
        endpoint=endpoint.name,
        variant=variant.name,
        release=release,
        transfer=_transfer(release, request, backend),
        looks=tuple(_looks(spec, endpoint, variant, release, backend)),
    )


def _model_problems(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    backend: Backend,
) -> Iterator[Problem]:
    """What is wrong with the model or image of a new release."""
    where = f"variant '{variant.name}' of {endpoint.name}"
    if request.model is None:
        if variant.model or endpoint.server != "custom":
            named = variant.model or "any model"
            yield Problem("MODEL/VERSION", "nothing", f"{where} serves {named}", "name the model and its version")
    elif variant.model:
        name, version = split_model(variant.model)
        given, wanted = split_model(request.model)
        if given != name:
            yield Problem(
                "MODEL/VERSION",
                request.model,
                f"a version of {name}: that is the model of {where}",
                f"write {name}/VERSION, or name {given} in the spec first",
            )
        elif version and wanted != version:
            yield Problem(
                "MODEL/VERSION",
                request.model,
                f"{variant.model}, which the spec pins for {where}",
                f"write {request.model} in the spec first, or {name} alone: then the record decides the version",
            )
    own = request.image or own_image(spec, endpoint, variant, backend)
    if own and not request.image_digest and not (variant.image or endpoint.image or "").partition("@")[2]:
        yield Problem(
            "--image-digest",
            "nothing",
            f"the digest of {own}, so that what runs is what was tested",
            "add --image-digest sha256:…, as the push printed it",
        )
    if request.image_digest and not re.fullmatch(r"sha256:[0-9a-f]{64}", request.image_digest):
        yield Problem("--image-digest", request.image_digest[:80], "sha256: and 64 digits", "copy it from the push")
    if request.image and not re.fullmatch(r"[a-z0-9][a-z0-9._:/-]*[a-z0-9]", request.image):
        yield Problem(
            "--image", request.image[:80], "an image without tag and digest", "put the digest in --image-digest"
        )
    if request.model and not backend.models_uri(spec):
        yield Problem(
            "--target", spec.targets[0].name, f"a store that {backend.title} can name", "write the record by hand"
        )


def _new(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    digests: dict[str, str],
    present: Release | None,
    backend: Backend,
) -> Release:
    name, version = split_model(request.model) if request.model else (None, None)
    approver = (request.approver or "").strip()
    pinned = (variant.image or endpoint.image or "").partition("@")[2]
    own = own_image(spec, endpoint, variant, backend)
    digest = request.image_digest or (pinned if own and pinned else None)
    try:
        return Release(
            model=name,
            version=version,
            artifact=f"{backend.models_uri(spec)}/{name}/{version}/" if name else None,
            digests=digests if name else {},
            image=request.image,
            image_digest=digest,
            data_version=request.data_version,
            commit=request.commit,
            run=request.run,
            training=request.training,
            gates=request.gates or (GateResult(name=BY_HAND, by=approver or "?"),),
            approver=approver or "?",
            previous=_previous(present, request.model, digest),
        )
    except ValidationError as error:
        from mlplatform.reading.refusals.errors import problems_of

        raise Unacceptable(*(problem for _, problem in problems_of(error, Release))) from None


def _previous(present: Release | None, path: str | None, image_digest: str | None) -> FormerRelease | None:
    """The release to return to: the present one, or, where the same version is released again, the one before it."""
    if present is None:
        return None
    if (present.path, present.image_digest) == (path, image_digest):
        return present.previous
    return former_of(present)


def former_of(release: Release) -> FormerRelease:
    """A release without its own past."""
    fields = {name: getattr(release, name) for name in release.model_fields_set if name not in ("previous", "review")}
    return FormerRelease.model_validate(fields)


def _former(
    request: PromotionRequest,
    target: Target,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    present: Release | None,
) -> Release:
    """The release before the present one, which becomes the one to return to."""
    if present is None or present.previous is None:
        got = "no release" if present is None else f"{present.path or 'an image'}, the first release"
        raise Unacceptable(
            Problem(
                "--back",
                f"{got} of variant '{variant.name}' of {endpoint.name} on {target.name}",
                "a release with a former one",
                "leave this target out with --target, or promote the version that should serve",
            )
        )
    former = present.previous
    fields = {name: getattr(former, name) for name in former.model_fields_set}
    approver = (request.approver or "?").strip()
    fields |= {
        "approver": approver,
        "gates": (*former.gates, GateResult(name=BY_HAND, by=approver)),
        "previous": former_of(present),
    }
    return Release.model_validate(fields)


def _transfer(release: Release, request: PromotionRequest, backend: Backend) -> Transfer | None:
    if release.artifact is None:
        return None
    source = request.artifact or Path(".")
    uri = release.artifact if source.is_dir() else f"{release.artifact}{source.name}"
    transfer = backend.transfer(str(source), uri, folder=source.is_dir())
    whole = backend.transfer(str(source), release.artifact, folder=True)
    return Transfer(copy=transfer.copy, look=whole.look)


def _looks(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    release: Release,
    backend: Backend,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What must be there besides the artefact: the platform's own image, and the endpoint's secrets."""
    image = release.image or own_image(spec, endpoint, variant, backend)
    if image and release.image_digest and any(f"{image}/".startswith(f"{own}/") for own in backend.own_images(spec)):
        yield f"image {image}@{release.image_digest}", backend.look_image(spec, image, release.image_digest)
    for secret in sorted(set(endpoint.secrets.values())):
        yield f"secret {secret}", backend.look_secret(spec, secret)


def _with_releases(spec: PlatformSpec, releases: Sequence[TargetRelease]) -> ReleaseRecord:
    record = spec.record or ReleaseRecord(platform=spec.name, environment=spec.environment)
    targets = {
        name: {endpoint: dict(known) for endpoint, known in endpoints.items()}
        for name, endpoints in record.targets.items()
    }
    for made in releases:
        targets.setdefault(made.target, {}).setdefault(made.endpoint, {})[made.variant] = made.release
    return record.overlay(targets=targets)


def _result_problems(spec: PlatformSpec, narrowed: Sequence[PlatformSpec]) -> Iterator[Problem]:
    """What the clouds refuse in the platform with the new record."""
    for each in narrowed:
        backend = discovery.backend(each.targets[0].cloud)
        yield from problems_once_released(each.with_record(spec.record), backend)
