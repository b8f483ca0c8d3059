"""Runs the commands of a promotion, then writes the record: nothing is written unless everything is there."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from mlplatform.components.artefacts import Fetch
from mlplatform.components.live_traffic import Ask, NotAnswered
from mlplatform.promote.digests import compute_digests
from mlplatform.promote.promotion import Promotion, TargetRelease
from mlplatform.promote.registered import ReadsRegistry
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import write_record
from mlplatform.spec.problem import Problem

_SHOWN = 300


class CommandFailed(Exception):
    """A command that did not succeed; the text is what it said."""


Runner = Callable[[Sequence[str]], str]
"""Runs a command and returns its output; raises CommandFailed."""


def run_command(command: Sequence[str]) -> str:
    """Run a command of a cloud's command line.

    Raises:
        CommandFailed: it is not installed, or fails.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    except FileNotFoundError:
        raise CommandFailed(f"`{command[0]}` is not on PATH") from None
    if done.returncode:
        words = " ".join((done.stderr or done.stdout).split())
        raise CommandFailed(words[-_SHOWN:] or f"it ended with {done.returncode}")
    return done.stdout


def json_asker(run: Runner) -> Ask:
    """Reads the JSON that commands print.

    Args:
        run: runs the commands.
    """

    def ask(command: Sequence[str]) -> object:
        try:
            return json.loads(run(command) or "null")
        except CommandFailed as failed:
            raise NotAnswered(f"`{shlex.join(command[:4])} …`: {failed}") from None
        except ValueError:
            raise NotAnswered(f"`{shlex.join(command[:4])} …` printed no JSON") from None

    return ask


def carry_out(
    promotion: Promotion, file: Path, run: Runner = run_command, *, registry: ReadsRegistry | None = None
) -> None:
    """Copy or look for everything, and write the record.

    Args:
        promotion: the checked request.
        file: the record's file.
        run: runs the commands. Omitted: as processes.
        registry: the model registry. Omitted: it is not asked.

    Raises:
        Unacceptable: something is not there, or was not copied; the record is unchanged.
    """
    problems: list[Problem] = list(_unregistered(promotion, registry)) if registry else []
    files = promotion.files
    if files and not problems:
        problems += _fetched(files.target, files.uri, files.fetch, files.digests, run)
    if problems:
        # nothing is copied
        raise Unacceptable(*problems)
    for release in promotion.releases:
        problems += _missing(release, run)
    if problems:
        raise Unacceptable(*problems)
    write_record(file, promotion.record)


def _unregistered(promotion: Promotion, registry: ReadsRegistry) -> Iterator[Problem]:
    """A version that the candidate names in the model registry, and that is not there, or another one."""
    for registered, release in {each.release.registry: each.release for each in promotion.releases}.items():
        if registered is None:
            continue
        try:
            wrong = registry.contradicts(release)
        except NotAnswered as error:
            wrong = str(error)
        if wrong:
            yield Problem(
                "--candidate",
                wrong,
                f"{registered} in the model registry, of the run that made {release.path}",
                "name the candidate of that run, or unset MLFLOW_TRACKING_URI to leave the registry out",
            )


def commands(promotion: Promotion) -> list[tuple[str, tuple[str, ...]]]:
    """Every command that `carry_out` runs, with the target that it is for."""
    files = promotion.files
    return [
        *([(files.target, files.fetch.command)] if files else []),
        *(
            (release.target, command)
            for release in promotion.releases
            for command in (
                *((release.transfer.copy,) if release.transfer and release.copies else ()),
                *((release.transfer.look,) if release.transfer else ()),
                *((release.read_back.command,) if release.read_back else ()),
                *release.images,
                *(command for _, command in release.looks),
            )
        ),
    ]


def _fetched(target: str, uri: str, fetch: Fetch, digests: Mapping[str, str], run: Runner) -> list[Problem]:
    """Copy the files of a store here, and say which are not those of the digests."""
    Path(fetch.folder).mkdir(parents=True, exist_ok=True)
    try:
        run(fetch.command)
    except CommandFailed as failed:
        return [_failed(target, "artefact", fetch.command, failed)]
    there = compute_digests(Path(fetch.folder))
    wrong = [name for name in sorted({*there, *digests}) if there.get(name) != digests.get(name)]
    if not wrong:
        return []
    kinds = {name: "no " if name not in there else "another " if name in digests else "" for name in wrong}
    got = ", ".join(f"{kinds[name]}{name}" for name in wrong[:3])
    return [
        Problem(
            f"{target}: artefact",
            f"{got}{f' and {len(wrong) - 3} more' if len(wrong) > 3 else ''} below {uri}",
            "the files that were judged, by their digests, and no others",
            "release another version: files of a version that is there are never replaced",
        )
    ]


def _missing(release: TargetRelease, run: Runner) -> list[Problem]:
    """What a release needs and does not find on its target."""
    problems: list[Problem] = []
    transfer, where = release.transfer, release.release.artifact
    under_way: tuple[str, ...] = ()
    try:
        if transfer and release.copies:
            under_way = transfer.copy
            run(under_way)
        if transfer:
            under_way = transfer.look
            listing = run(under_way)
            missing = [name for name in release.release.digests or ("",) if name not in listing]
            if missing or not listing.strip():
                got = f"no {', '.join(missing[:3])}" if any(missing) and listing.strip() else "no file"
                problems.append(
                    Problem(
                        f"{release.target}: artefact",
                        f"{got} below {where}",
                        "every file of the artefact",
                        "copy it: leave --check out, and name it with --artifact, or its target with --from; "
                        f"or run `{shlex.join(transfer.copy)}`",
                    )
                )
        if release.read_back and where and not problems:
            problems += _fetched(release.target, where, release.read_back, release.release.digests, run)
        for under_way in release.images:
            run(under_way)
    except CommandFailed as failed:
        what = "image" if under_way in release.images else "artefact"
        problems.append(_failed(release.target, what, under_way, failed))
    for what, command in release.looks:
        try:
            if run(command).strip():
                continue
            problems.append(
                Problem(f"{release.target}: {what}", "nothing there", "it, before what uses it", f"put {what} there")
            )
        except CommandFailed as failed:
            problems.append(_failed(release.target, what, command, failed))
    return problems


def _failed(target: str, what: str, command: Sequence[str], failed: CommandFailed) -> Problem:
    return Problem(
        f"{target}: {what}",
        str(failed),
        f"success of `{shlex.join(command)}`",
        "put it there, or sign in with rights to see it, and run this command again",
    )
