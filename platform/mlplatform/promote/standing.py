"""Holds record, store and live traffic against each other. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from mlplatform import discovery
from mlplatform.components.backend import Backend
from mlplatform.components.live_traffic import LiveEndpoint, NotAnswered, ReadsLiveTraffic
from mlplatform.components.releases import own_image, releases_of, variant_paths
from mlplatform.fast.record import record
from mlplatform.promote.carry_out import CommandFailed, Runner, json_asker, run_command
from mlplatform.promote.registered import ReadsRegistry
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import Release
from mlplatform.spec.variants import ShadowSpec, VariantSpec

StandingWord = Literal["serves", "moving", "taken back", "not deployed", "files missing", "not registered", "unknown"]
"""How a release stands.

- `serves`: it alone answers, and all of its files are in the store.
- `moving`: a rollout is under way.
- `taken back`: it was put there, and something else answers: an alarm, or a start that failed, took it back.
- `not deployed`: nothing of it is there yet: `up` has not run since it was released.
- `files missing`: it answers, and a file or the image is no longer where the record says: the next replica fails.
- `not registered`: it answers, and the model registry has no such version, or one of another run.
- `unknown`: nobody can say.
"""


@record(kw_only=True)
class Standing:
    """How one release stands."""

    target: str
    """Name of the target."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow."""

    released: str
    """What the record releases: a model and its version, or the digest of an image."""

    word: StandingWord
    """How it stands."""

    answers: tuple[str, ...] = ()
    """What answers instead, or too; empty where nobody can say."""

    reason: str = ""
    """What is missing, or why nobody can say."""


def standings(
    spec: PlatformSpec, run: Runner = run_command, registry: ReadsRegistry | None = None
) -> tuple[Standing, ...]:
    """How every release of one target stands, by endpoint and variant.

    Args:
        spec: the platform, narrowed to one target, with its record.
        run: runs the commands. Omitted: as processes.
        registry: the model registry. Omitted: it is not asked.
    """
    backend = discovery.backend(spec.targets[0].cloud)
    return tuple(
        standing for endpoint in spec.endpoints for standing in _of_endpoint(spec, endpoint, backend, run, registry)
    )


def _of_endpoint(
    spec: PlatformSpec, endpoint: EndpointSpec, backend: Backend, run: Runner, registry: ReadsRegistry | None
) -> Iterator[Standing]:
    releases = releases_of(spec, endpoint.name)
    variants = [(variant, releases[variant.name]) for _, variant in variant_paths(endpoint) if variant.name in releases]
    if not variants:
        return
    target = spec.targets[0].name
    try:
        live = _live(spec, endpoint, backend, run)
    except NotAnswered as error:
        for variant, release in variants:
            word: StandingWord = "unknown"
            yield Standing(
                target=target,
                endpoint=endpoint.name,
                variant=variant.name,
                released=named(release),
                word=word,
                reason=str(error),
            )
        return
    for variant, release in variants:
        word, answers, reason = _judge(live, variant.name, release)
        if word == "serves":
            word, reason = _there(spec, endpoint, variant, release, backend, run)
        if word == "serves" and registry and release.registry:
            word, reason = _registered(release, registry)
        yield Standing(
            target=target,
            endpoint=endpoint.name,
            variant=variant.name,
            released=named(release),
            word=word,
            answers=answers,
            reason=reason,
        )


def _live(spec: PlatformSpec, endpoint: EndpointSpec, backend: Backend, run: Runner) -> LiveEndpoint:
    ask = json_asker(run)
    if endpoint.on == "cluster":
        from mlplatform.cluster.serving.live import read_cluster

        return read_cluster(endpoint, ask)
    try:
        read = backend.load(ReadsLiveTraffic)
    except NotImplementedError:
        raise NotAnswered(f"the package of {backend.title} cannot ask what answers") from None
    return read(spec, endpoint, ask)


def _judge(live: LiveEndpoint, variant: str, release: Release) -> tuple[StandingWord, tuple[str, ...], str]:
    wanted = named(release)
    answering = [_names(each, release) for each in live.serving.get(variant, ())]
    answers = tuple(sorted({name for names in answering for name in names}))
    if live.state == "moving":
        return "moving", answers, ""
    if answers == (wanted,):
        return "serves", answers, ""
    if wanted in answers:
        return "moving", answers, "another version answers too"
    tried = {name for each in live.tried.get(variant, ()) for name in _names(each, release)}
    if wanted in tried:
        return "taken back", answers, ""
    if any(not names for names in answering):
        return "unknown", answers, "what answers does not say which model it is"
    return "not deployed", answers, ""


def _there(
    spec: PlatformSpec,
    endpoint: EndpointSpec,
    variant: VariantSpec | ShadowSpec,
    release: Release,
    backend: Backend,
    run: Runner,
) -> tuple[StandingWord, str]:
    """Whether what answers is still where the record says, so that another replica can start."""
    try:
        if release.artifact:
            listing = run(backend.transfer(".", release.artifact, folder=True).look)
            missing = [name for name in release.digests or ("",) if name not in listing]
            if missing or not listing.strip():
                return "files missing", f"no {', '.join(missing[:3]) or 'file'} below {release.artifact}"
        image = release.image or own_image(spec, endpoint, variant, backend)
        own = any(f"{image}/".startswith(f"{each}/") for each in backend.own_images(spec))
        if image and release.image_digest and own:
            run(backend.look_image(spec, image, release.image_digest))
    except CommandFailed as failed:
        return "unknown", f"it answers, and nobody can say whether its files are there: {failed}"
    return "serves", ""


def _registered(release: Release, registry: ReadsRegistry) -> tuple[StandingWord, str]:
    try:
        wrong = registry.contradicts(release)
    except NotAnswered as error:
        return "unknown", f"it answers, and nobody can say whether it is registered: {error}"
    return ("not registered", wrong) if wrong else ("serves", "")


def named(release: Release) -> str:
    """What a release serves, for people: its model and version, or its image's digest."""
    return release.path or release.image_digest or "its image"


def _names(answer: object, release: Release) -> set[str]:
    """The versions of the release's model that a description names; where an image holds it, its digests.

    The clouds keep the address in different fields; the path of model and version is in all of them.
    """
    pattern = (
        rf"(?:^|[/=]){re.escape(release.model)}/([A-Za-z0-9][A-Za-z0-9._-]{{0,63}})(?=$|[/,])" if release.model else ""
    )
    found: set[str] = set()
    for text in _texts(answer):
        if release.model:
            found |= {f"{release.model}/{version}" for version in re.findall(pattern, text)}
        else:
            found |= set(re.findall(r"sha256:[0-9a-f]{64}", text))
    return found


def _texts(answer: object) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, Mapping):
        for value in cast("Mapping[str, object]", answer).values():
            yield from _texts(value)
    elif isinstance(answer, list):
        for value in cast("list[object]", answer):
            yield from _texts(value)
