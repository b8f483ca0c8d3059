"""Imports a published model: pins it for the spec, and mirrors what the spec pins into the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.artefacts import Transfer
from mlplatform.promote.carry_out import CommandFailed, Runner, run_command
from mlplatform.promote.foreign_files import (
    PROVENANCE,
    WEIGHTS,
    Chosen,
    choose_files,
    config_problem,
    header_bytes,
    manifest_digest,
    manifest_text,
    weights_problem,
)
from mlplatform.promote.hub import Hub, HubError, HubFile, HubModel
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.refusals.errors import problems_of
from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

SUMS = "SHA256SUMS"
"""File beside the mirrored files with their digests; `sha256sum --check` reads it."""

_SMALL = 64 * 2**20
_GIB = 2**30

_SPDX = (
    *("Apache-2.0", "MIT", "ISC", "Zlib", "Unlicense", "BSL-1.0", "MPL-2.0", "EPL-2.0", "ECL-2.0", "Artistic-2.0"),
    *("BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0"),
    *("CC-BY-NC-ND-4.0", "CC-BY-3.0", "CC-BY-SA-3.0", "CC-BY-NC-3.0", "CC-BY-NC-SA-3.0"),
)
"""Licences of which the hub writes SPDX's name in lower case: https://huggingface.co/docs/hub/repositories-licenses"""


@dataclass(frozen=True, slots=True)
class PinnedModel:
    """A published model as the spec names it, and what was looked up for that."""

    spec: BaseModelSpec
    """The entry of the spec."""

    chosen: Chosen
    """Its files."""

    @property
    def size(self) -> int:
        """Bytes of all files that are taken."""
        return sum(file.size for file in self.chosen.files)


@dataclass(frozen=True, slots=True)
class MirrorPlace:
    """Where a mirrored model goes on one target."""

    target: str
    """Name of the target."""

    transfer: Transfer
    """The commands."""


def pin_model(hub: Hub, name: str, revision: str, *, licence: str | None, most_gib: float) -> PinnedModel:
    """Look up what a spec says of a model. Of large files the hub's own digests are taken, and nothing is kept.

    Args:
        hub: where it is published.
        name: its name there.
        revision: the whole commit.
        licence: as SPDX writes it, where the caller knows it. Omitted: the hub's.
        most_gib: the most that its files may have.

    Raises:
        Unacceptable: it is refused, or the hub does not say enough.
    """
    given = {"id": name, "revision": revision, "licence": licence or "unknown", "digest": f"sha256:{'0' * 64}"}
    try:
        asked = BaseModelSpec.model_validate(given)
    except ValidationError as error:
        raise Unacceptable(*(problem for _, problem in problems_of(error, BaseModelSpec))) from None
    model, chosen = _described(hub, asked, most_gib)
    known = _licence(model, licence)
    digests: dict[str, str] = {}
    for file in chosen.files:
        if file.sha256:
            digests[file.path] = file.sha256
        elif file.size > _SMALL:
            raise _refused(asked, f"{file.path} has {file.size} bytes and no digest at the hub", "a digest of it")
        else:
            digests[file.path] = _received(hub, model, file, None, asked)
    return PinnedModel(asked.overlay(licence=known, digest=manifest_digest(digests)), chosen)


def mirror_model(hub: Hub, pinned: BaseModelSpec, folder: Path, *, most_gib: float) -> PinnedModel:
    """Fetch the files of a pinned model into a folder, with their digests and their provenance.

    Args:
        hub: where it is published, or a copy of it.
        pinned: what the spec says.
        folder: an empty folder.
        most_gib: the most that its files may have.

    Raises:
        Unacceptable: these are not the files that were pinned, or they are refused; then nothing may be used.
    """
    model, chosen = _described(hub, pinned, most_gib)
    _licence(model, pinned.licence)
    digests = {file.path: _received(hub, model, file, folder / file.path, pinned) for file in chosen.files}
    found = manifest_digest(digests)
    if found != pinned.digest:
        raise _refused(pinned, f"files with the digest {found}", f"those that were pinned, {pinned.digest}")
    (folder / SUMS).write_text(manifest_text(digests), encoding="utf-8")
    base = {"id": pinned.id, "revision": pinned.revision, "licence": pinned.licence}
    said = {"licence": pinned.licence, "base": base}
    (folder / PROVENANCE).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    return PinnedModel(pinned, chosen)


def base_models(spec: PlatformSpec, targets: Sequence[str] = ()) -> Mapping[BaseModelSpec, tuple[str, ...]]:
    """The base models that the pipelines of a spec read, with the targets whose store needs each.

    Args:
        spec: the platform.
        targets: only these. Omitted: all.

    Raises:
        Unacceptable: a target is not there.
    """
    known = [target.name for target in spec.targets]
    unknown = [name for name in targets if name not in known]
    if unknown:
        fix = f"use one of these: {', '.join(known)}"
        raise Unacceptable(*(Problem("--target", name, "one of the spec's targets", fix) for name in unknown))
    found: dict[BaseModelSpec, tuple[str, ...]] = {}
    for name in targets or known:
        for pipeline in spec.on(name).pipelines:
            for each in pipeline.base_models:
                found[each] = tuple(dict.fromkeys((*found.get(each, ()), name)))
    return found


def mirror_places(
    spec: PlatformSpec, pinned: BaseModelSpec, targets: Sequence[str], folder: Path
) -> Iterator[MirrorPlace]:
    """The commands that copy a fetched model into the store of each target."""
    for name in targets:
        narrowed = spec.on(name)
        backend = discovery.backend(narrowed.targets[0].cloud)
        uri = f"{backend.models_uri(narrowed)}/{pinned.path}/"
        yield MirrorPlace(name, backend.transfer(str(folder), uri, folder=True))


def copy_mirror(
    pinned: PinnedModel, places: Sequence[MirrorPlace], *, copies: bool = True, run: Runner = run_command
) -> None:
    """Copy a fetched model to each place, and look whether all of it is there.

    Args:
        pinned: what was fetched.
        places: where it goes.
        copies: False to look alone.
        run: runs the commands. Omitted: as processes.

    Raises:
        Unacceptable: a command failed, or a file is missing afterwards.
    """
    problems: list[Problem] = []
    for place in places:
        try:
            if copies:
                run(place.transfer.copy)
            listing = run(place.transfer.look)
        except CommandFailed as failed:
            fix = "sign in with rights to write the store's models, and run this command again"
            problems.append(Problem(f"{place.target}: {pinned.spec.id}", str(failed), "success", fix))
            continue
        missing = [file.path for file in pinned.chosen.files if file.path not in listing]
        if missing:
            got = f"no {', '.join(missing[:3])}"
            problems.append(Problem(f"{place.target}: {pinned.spec.id}", got, "every file", "run this command again"))
    if problems:
        raise Unacceptable(*problems)


def _described(hub: Hub, asked: BaseModelSpec, most_gib: float) -> tuple[HubModel, Chosen]:
    try:
        model = hub.model(asked.id, asked.revision)
        chosen = choose_files(model.files)
    except HubError as error:
        raise _refused(asked, str(error), "an answer of the hub") from None
    except ValueError as error:
        problems = (problem for word in error.args for problem in _refused(asked, word, _EXPECTED).problems)
        raise Unacceptable(*problems) from None
    size = sum(file.size for file in chosen.files) / _GIB
    if size > most_gib:
        raise _refused(asked, f"{size:.1f} GiB", f"at most {most_gib:g} GiB", "raise --most-gib if that is meant")
    return model, chosen


_EXPECTED = f"weights in {WEIGHTS} files and no code: what is taken must not run"


def _licence(model: HubModel, given: str | None) -> str:
    """The licence as SPDX writes it.

    Raises:
        Unacceptable: nobody says one, or the hub says another.
    """
    said = model.licence
    if said is None or said in ("unknown", "other"):
        problem = Problem(
            f"{model.id}: licence",
            "none at the hub" if said is None else f"'{said}' at the hub",
            "a licence that says what may be done with it",
            "take another model, or ask its owner to name one",
        )
        raise Unacceptable(problem)
    ours = next((each for each in _SPDX if each.lower() == said), f"LicenseRef-{said}")
    if given is not None and given.lower() not in (said, ours.lower()):
        raise Unacceptable(
            Problem(f"{model.id}: licence", given, f"{ours}, which the hub says", f"write {ours}, and have it reviewed")
        )
    return given or ours


def _received(hub: Hub, model: HubModel, file: HubFile, to: Path | None, asked: BaseModelSpec) -> str:
    """The digest of a file, which was written to `to` where that is given.

    Raises:
        Unacceptable: it does not come whole, or is not what it says to be.
    """
    digest, begin, whole = sha256(), b"", file.size
    wanted = 8 if file.path.endswith(WEIGHTS) else whole if file.path.endswith("config.json") else 0
    sink = None
    try:
        if to is not None:
            to.parent.mkdir(parents=True, exist_ok=True)
            sink = to.open("wb")
        for block in hub.blocks(model, file):
            digest.update(block)
            if sink:
                sink.write(block)
            if len(begin) < wanted:
                begin += block
                if file.path.endswith(WEIGHTS) and len(begin) >= 8:
                    wanted = header_bytes(begin)
    except HubError as error:
        raise _refused(asked, str(error), "all of its files") from None
    finally:
        if sink:
            sink.close()
    found = digest.hexdigest()
    if file.sha256 and found != file.sha256:
        raise _refused(asked, f"{file.path} with the digest {found}", f"{file.sha256}, which the hub says")
    problem = None
    if file.path.endswith(WEIGHTS):
        problem = weights_problem(file.path, begin, file.size)
    elif file.path.rpartition("/")[2] == "config.json":
        problem = config_problem(begin)
    if problem:
        raise _refused(asked, problem, _EXPECTED)
    return found


def _refused(asked: BaseModelSpec, got: str, expected: str, fix: str | None = None) -> Unacceptable:
    where = f"{asked.id}@{asked.revision[:12]}"
    return Unacceptable(Problem(where, got, expected, fix or "take another model or commit, or another copy of it"))
