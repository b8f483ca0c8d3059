"""Releases on another target: the files and the image that one target has, copied by digest to where others read them.

A person copies with the rights of both targets: whoever reads models and images on the one, and adds them on the other.
No program has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mlplatform import discovery
from mlplatform.components.artefacts import Fetch
from mlplatform.components.backend import Backend
from mlplatform.components.ci_login import BuildsCiLogin, CiSystem
from mlplatform.promote.request import PromotionRequest
from mlplatform.reading.load import load
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import read_record, record_file
from mlplatform.spec.access import ADDS_MODELS, READS_MODELS, Role
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import BY_HAND, GateResult, Release


@dataclass(frozen=True, slots=True)
class SourceTarget:
    """The target whose files and image are copied."""

    name: str
    """For people, and in options: `aws`, or `dev/aws` of another environment."""

    spec: PlatformSpec
    """The platform, narrowed to it, with the record of its environment."""

    @property
    def backend(self) -> Backend:
        """Its cloud."""
        return discovery.backend(self.spec.targets[0].cloud)

    def is_target(self, spec: PlatformSpec) -> bool:
        """Whether a spec that is narrowed to one target means this one."""
        own = self.spec
        return (own.environment, own.targets[0].name) == (spec.environment, spec.targets[0].name)

    def release(self, path: str | None) -> Release | None:
        """A release of a model's version on it, by the record; None where the record has none."""
        record = self.spec.record
        endpoints = record.targets.get(self.spec.targets[0].name, {}) if record else {}
        every = (each for variants in endpoints.values() for each in variants.values())
        return next((each for each in every if path and each.path == path), None)


@dataclass(frozen=True, slots=True)
class CopiedFiles:
    """Files of a model that are copied from one target to others."""

    target: str
    """The target that has them, for people."""

    uri: str
    """Their folder in its store."""

    fetch: Fetch
    """Copies them here."""

    digests: Mapping[str, str]
    """SHA-256 of each file: no other file is copied."""


def read_source(text: str, platform: PlatformSpec) -> SourceTarget:
    """The target that `--from` names.

    Args:
        text: `TARGET`, or `ENVIRONMENT/TARGET`.
        platform: the platform that is released to, with its record.

    Raises:
        Unacceptable: there is no such target, or it is another platform's.
    """
    environment, _, name = text.rpartition("/")
    if environment and environment != platform.environment:
        loaded = load(environment, record=False)
        if loaded.spec is None:
            raise Unacceptable(*loaded.problems)
        if (loaded.spec.name, loaded.spec.environment) != (platform.name, environment):
            got = f"{loaded.spec.name} in {loaded.spec.environment}, which {loaded.file} describes"
            raise Unacceptable(Problem("--from", got, f"{platform.name} in {environment}", "name its environment"))
        record, problems = read_record(record_file(loaded.file, loaded.spec), loaded.spec)
        if problems:
            raise Unacceptable(*problems)
        platform = loaded.spec.with_record(record)
    else:
        text = name
    known = [target.name for target in platform.targets]
    if name not in known:
        raise Unacceptable(
            Problem(
                "--from",
                text,
                f"a target of {platform.environment}: {', '.join(known)}",
                "write TARGET, or ENVIRONMENT/TARGET",
            )
        )
    source = SourceTarget(text, platform.on(name))
    if not source.backend.models_uri(source.spec):
        expected = f"a store that {source.backend.title} can name"
        raise Unacceptable(Problem("--from", text, expected, "fetch the files, and promote them with --artifact"))
    return source


def with_source(request: PromotionRequest, source: SourceTarget) -> PromotionRequest:
    """A request with what the record says of the version on the target that it is copied from.

    Raises:
        Unacceptable: nobody says which files it has, or two say something different.
    """
    given = [("--artifact", request.artifact), ("--check", request.check), ("--back", request.back)]
    problems = [
        Problem("--from", f"{option} too", "one of the two", f"omit {option}, or --from")
        for option, value in given
        if value
    ]
    if request.model is None and not request.back:
        problems.append(Problem("MODEL/VERSION", "nothing", "the version that is copied", "name it, or its candidate"))
    if problems:
        raise Unacceptable(*problems)
    found = source.release(request.model)
    digests = request.digests or (found.digests if found else {})
    if not digests:
        raise Unacceptable(
            Problem(
                "--from",
                f"{source.name}, whose record has no files of {request.model}",
                "who says which files the version has: only these are copied",
                "add --candidate FILE, or --digests FILE with the output of sha256sum",
            )
        )
    if found and found.digests and dict(digests) != dict(found.digests):
        raise Unacceptable(
            Problem(
                "--from",
                f"{source.name}, whose record has other files of {request.model}",
                "the same files wherever a version is released",
                "release another version, or correct what says the digests",
            )
        )
    if found is None:
        return replace(request, digests=digests)
    request = replace(request, digests=digests, image_digest=request.image_digest or found.image_digest)
    if request.candidate:
        return request
    decided = GateResult(name=BY_HAND, by=(request.approver or "?").strip() or "?")
    return replace(
        request,
        data_version=request.data_version or found.data_version,
        commit=request.commit or found.commit,
        run=request.run or found.run,
        registry=found.registry,
        training=request.training or found.training,
        gates=tuple(dict.fromkeys((*(request.gates or found.gates), decided))),
    )


def right_problems(source: SourceTarget, spec: PlatformSpec) -> Iterator[Problem]:
    """Nobody is granted to read on the one target, or to add on the other.

    Args:
        source: the target that is copied from.
        spec: narrowed to the target that is copied to.
    """
    if source.is_target(spec):
        return
    yield from _without(source.name, source.spec, READS_MODELS, "reads models and pulls images")
    yield from _without(spec.targets[0].name, spec, ADDS_MODELS, "adds to models and pushes images")


def _without(name: str, spec: PlatformSpec, roles: tuple[Role, ...], does: str) -> Iterator[Problem]:
    if any(spec.targets[0].people.get(role) for role in roles):
        return
    yield Problem(
        "--from",
        f"target {name} of {spec.environment}, where nobody {does}",
        f"somebody who does, by the target's `people`: {' or '.join(roles)}",
        f"name who copies as {roles[-1]} in `people` of the target, and apply that first; or copy the files by hand, "
        "and promote them with --artifact",
    )


def image_commands(
    source: SourceTarget, spec: PlatformSpec, image: str, digest: str, logins: Path
) -> Iterator[tuple[SourceTarget | None, tuple[str, ...]]]:
    """The commands that copy an image, each with whose rights it runs: the source's, or (None) the target's.

    Args:
        source: the target that has it.
        spec: narrowed to the target that gets it.
        image: its address there, without tag and digest.
        digest: `sha256:…`; a manifest is copied as it is, so that its digest stays.
        logins: folder for the logins to both registries, which is removed afterwards.

    Raises:
        Unacceptable: the source has no such repository.
    """
    backend, system = discovery.backend(spec.targets[0].cloud), CiSystem(name="github")
    own = backend.load(BuildsCiLogin)(spec, "images", system).images
    theirs = source.backend.load(BuildsCiLogin)(source.spec, "images", system).images
    repository = next((name for name, address in own.items() if address == image), None)
    if repository is None or repository not in theirs:
        raise Unacceptable(
            Problem(
                "--from",
                f"{image}, of which {source.name} has no repository",
                f"an image of a repository that both have: {', '.join(sorted(own.keys() & theirs.keys())) or 'none'}",
                "name the repository in registry.repositories, or copy the image by hand and promote with --check",
            )
        )
    there = f"{theirs[repository]}@{digest}"
    beside = ("env", f"DOCKER_CONFIG={logins}")
    yield source, (*beside, "bash", "-o", "pipefail", "-c", source.backend.image_login(there))
    yield None, (*beside, "bash", "-o", "pipefail", "-c", backend.image_login(image))
    # with a tag, because registries remove images without one
    tag = f"released-{digest.removeprefix('sha256:')[:12]}"
    copy = 'crane digest "$1" >/dev/null 2>&1 || crane copy "$2" "$3"'
    yield None, (*beside, "bash", "-c", copy, "copy", f"{image}@{digest}", there, f"{image}:{tag}")
