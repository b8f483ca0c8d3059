"""From a request to the new record and the commands that must succeed before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.artefacts import Fetch, Transfer
from mlplatform.components.backend import Backend
from mlplatform.components.release_problems import problems_once_released, release_refusals
from mlplatform.components.releases import own_image
from mlplatform.promote.across import CopiedFiles, SourceTarget, image_commands, right_problems
from mlplatform.promote.comparison import held_against
from mlplatform.promote.digests import compute_digests
from mlplatform.promote.gated import gate_problems, marked
from mlplatform.promote.request import PromotionRequest
from mlplatform.promote.request_problems import chosen_variants, model_problems, request_problems
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.model_names import split_model
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import BY_HAND, FormerRelease, GateResult, Release, ReleaseRecord
from mlplatform.spec.target import Target
from mlplatform.spec.variants import ShadowSpec, VariantSpec


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

    copies: bool = False
    """Whether the artefact is copied; otherwise it is only looked for."""

    images: tuple[tuple[str, ...], ...] = ()
    """The commands that copy the image from another target, in their order."""

    read_back: Fetch | None = None
    """Copies the files here again, so that it is known that the store has what was copied, and nothing else."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """A checked request."""

    record: ReleaseRecord
    """The whole new record."""

    releases: tuple[TargetRelease, ...]
    """The releases, by target in the order of the spec."""

    files: CopiedFiles | None = None
    """Files of another target that are copied first. None: they are on this machine, or in the stores already."""


def plan_promotion(
    spec: PlatformSpec, request: PromotionRequest, source: SourceTarget | None = None, folder: Path = Path("copied")
) -> Promotion:
    """Check a request, and compose the new record.

    Args:
        spec: the platform, with its present record.
        request: what to release.
        source: the target that files and image are copied from. Omitted: none.
        folder: an empty folder for what is copied. It need not be there as long as nothing is.

    Raises:
        Unacceptable: it is refused; every problem is in it.
    """
    problems = [*request_problems(spec, request)]
    chosen, refused = chosen_variants(spec, request)
    problems += refused
    if chosen:
        shadow = all(isinstance(variant, ShadowSpec) for _, _, variant in chosen)
        problems += gate_problems(spec, request, shadow=shadow)
    releases: list[TargetRelease] = []
    digests = dict(request.digests)
    if request.artifact and request.artifact.exists():
        digests = compute_digests(request.artifact)
    copying = source and request.model and _files(source, request, folder)
    for narrowed, endpoint, variant in chosen:
        if source:
            problems += right_problems(source, narrowed)
        try:
            made = _release(narrowed, endpoint, variant, request, digests, copying or None)
            if source and not source.is_target(narrowed):
                made = _copied_from(made, source, narrowed, endpoint, variant, request, folder)
            releases.append(made)
        except Unacceptable as error:
            problems += error.problems
    if problems:
        raise Unacceptable(*dict.fromkeys(problems))
    record = _with_releases(spec, releases)
    problems += _result_problems(spec.with_record(record), [narrowed for narrowed, _, _ in chosen])
    if problems:
        raise Unacceptable(*dict.fromkeys(problems))
    return Promotion(record, tuple(releases), files=copying or None)


def _files(source: SourceTarget, request: PromotionRequest, folder: Path) -> CopiedFiles:
    uri = f"{source.backend.models_uri(source.spec)}/{request.model}/"
    fetch = source.backend.fetch(uri, str(folder / "files"))
    command = as_profile(source.backend, request.profiles.get(source.name), fetch.command)
    return CopiedFiles(target=source.name, uri=uri, fetch=replace(fetch, command=command), digests=request.digests)


def _copied_from(
    made: TargetRelease,
    source: SourceTarget,
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    folder: Path,
) -> TargetRelease:
    """A release whose files and image come from another target.

    Raises:
        Unacceptable: that target has no such image.
    """
    backend, profile = discovery.backend(spec.targets[0].cloud), request.profiles.get(made.target)
    image, digest = own_image(spec, endpoint, variant, backend), made.release.image_digest
    images = tuple(
        as_profile(of.backend, request.profiles.get(of.name), command) if of else as_profile(backend, profile, command)
        for of, command in (image_commands(source, spec, image, digest, folder / "logins") if image and digest else ())
    )
    back = backend.fetch(made.release.artifact, str(folder / made.target)) if made.release.artifact else None
    if back:
        back = replace(back, command=as_profile(backend, profile, back.command))
    return replace(made, copies=back is not None, images=images, read_back=back)


def as_profile(backend: Backend, profile: str | None, command: tuple[str, ...]) -> tuple[str, ...]:
    """A command with another login of this machine."""
    return ("env", f"{backend.profile_variable}={profile}", *command) if profile else command


def _release(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    request: PromotionRequest,
    digests: dict[str, str],
    copied: CopiedFiles | None,
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
        problems = list(model_problems(spec, endpoint, variant, request, backend))
        if problems:
            raise Unacceptable(*problems)
        release = _new(spec, endpoint, variant, request, digests, present, backend)
        release = held_against(marked(release, request, variant), request, spec, endpoint, variant)
    problems = list(release_refusals(spec, endpoint, variant, release, "--endpoint", backend))
    if problems:
        raise Unacceptable(*problems)
    profile = request.profiles.get(target.name)
    transfer = _transfer(release, request, backend, copied)
    if transfer:
        copy, look = (as_profile(backend, profile, command) for command in (transfer.copy, transfer.look))
        transfer = Transfer(copy=copy, look=look)
    return TargetRelease(
        target=target.name,
        endpoint=endpoint.name,
        variant=variant.name,
        release=release,
        transfer=transfer,
        looks=tuple(
            (what, as_profile(backend, profile, command))
            for what, command in _looks(spec, endpoint, variant, release, backend)
        ),
        copies=not request.check and request.artifact is not None,
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
            registry=request.registry if name else None,
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


def _transfer(
    release: Release, request: PromotionRequest, backend: Backend, copied: CopiedFiles | None
) -> Transfer | None:
    if release.artifact is None:
        return None
    if copied:
        return backend.transfer(copied.fetch.folder, release.artifact, folder=True)
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
    for secret in endpoint.secret_names:
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
