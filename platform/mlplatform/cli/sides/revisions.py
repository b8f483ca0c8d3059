"""Files of another git revision, in a temporary folder: the user's files, index and hooks are left alone."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import click

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false")
# large files that a filter would download are no part of a spec
_NO_DOWNLOADS = ("-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false")


class NotInRevision(click.ClickException):
    """A revision that exists has no such file or stack."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The project's folder as a revision has it."""

    commit: str
    """Full id."""

    folder: Path
    """Where it lies now."""

    inside: PurePosixPath
    """The folder's place in the repository."""


def commit_of(revision: str) -> str:
    """The commit a revision names.

    Raises:
        click.ClickException: git is missing, here is no repository, or it has no such revision.
    """
    if revision.startswith("-") or not revision:
        raise click.ClickException(f"got '{revision[:40]}' as a git revision; expected a branch, tag or commit")
    _top()
    found = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", check=False)
    if found:
        return found
    if _git("rev-parse", "--verify", "--quiet", f"origin/{revision}^{{commit}}", check=False):
        fix = f"write origin/{revision}, which there is"
    elif _git("rev-parse", "--is-shallow-repository", check=False) == "true":
        fix = "this clone is shallow: fetch it (`git fetch --unshallow`; `fetch-depth: 0` in CI)"
    else:
        fix = "check its name, or `git fetch`"
    raise click.ClickException(f"git has no revision '{revision[:60]}' here; {fix}")


def merge_base(one: str, other: str) -> str:
    """The commit where two revisions parted.

    Raises:
        click.ClickException: as `commit_of`, or they have none in common.
    """
    found = _git("merge-base", commit_of(one), commit_of(other), check=False)
    if not found:
        raise click.ClickException(
            f"{one} and {other} have no commit in common here; in a shallow clone fetch more: `git fetch --unshallow`"
        )
    return found.splitlines()[0]


@contextmanager
def tree(revision: str, path: str = "") -> Generator[Tree]:
    """The project's folder of a revision; it is gone afterwards.

    Args:
        revision: branch, tag, commit, or what else git knows.
        path: a file that must be in it, as seen from here or from the repository's root; widens what is written to
            the whole repository where it lies outside of the project. Omitted: none.

    Raises:
        click.ClickException: as `commit_of`, or the revision has no such folder.
    """
    commit, top = commit_of(revision), _top()
    inside = PurePosixPath(_project(top).relative_to(top).as_posix())
    if path and not located(commit, path).is_relative_to(inside):
        inside = PurePosixPath(".")
    if inside != PurePosixPath(".") and not _has(commit, inside):
        raise NotInRevision(f"{revision} has no folder {inside}; the project was elsewhere then: name its file")
    with tempfile.TemporaryDirectory(prefix="mlplatform-", ignore_cleanup_errors=True) as name:
        folder, index = Path(name).resolve() / "tree", Path(name).resolve() / "index"
        folder.mkdir()
        environment = {"GIT_INDEX_FILE": str(index), "GIT_LITERAL_PATHSPECS": "1"}
        place = ("--git-dir", _git("rev-parse", "--absolute-git-dir"), "--work-tree", str(folder))
        _git(
            *place,
            "read-tree",
            commit if inside == PurePosixPath(".") else f"{commit}:{inside}",
            environment=environment,
        )
        _git(*place, *_NO_DOWNLOADS, "checkout-index", "--all", "--quiet", cwd=folder, environment=environment)
        yield Tree(commit, folder, inside)


def located(commit: str, path: str) -> PurePosixPath:
    """A file's place in the repository: as seen from here, otherwise from the root.

    Raises:
        NotInRevision: the commit has it in neither place.
    """
    top = _top()
    seen = Path(os.path.normpath(Path.cwd().resolve() / path))
    candidates = [PurePosixPath(seen.relative_to(top).as_posix())] if seen.is_relative_to(top) else []
    candidates.append(PurePosixPath(os.path.normpath(path)))
    for candidate in candidates:
        if not candidate.is_absolute() and ".." not in candidate.parts and _has(commit, candidate):
            return candidate
    raise NotInRevision(f"{commit[:7]} has no file {path[:80]}; check the path, or name a stack")


def _has(commit: str, path: PurePosixPath) -> bool:
    return bool(_git("rev-parse", "--verify", "--quiet", f"{commit}:{path}", check=False))


def _project(top: Path) -> Path:
    here = Path.cwd().resolve()
    folders = [folder for folder in (here, *here.parents) if folder.is_relative_to(top)]
    return next((folder for folder in folders if (folder / "Pulumi.yaml").is_file()), top)


def _top() -> Path:
    found = _git("rev-parse", "--show-toplevel", check=False)
    if not found:
        raise click.ClickException("a revision was named, and here is no git repository; run it inside of one")
    return Path(found).resolve()


def _git(*args: str, check: bool = True, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            ["git", *_QUIET, *args],
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise click.ClickException("git is not on PATH; a revision can be read only with it") from None
    if done.returncode and check:
        said = " ".join(done.stderr.split())[:300]
        raise click.ClickException(f"git {args[0] if args[0][0] != '-' else ''} failed: {said}")
    return done.stdout.strip() if not done.returncode else ""
