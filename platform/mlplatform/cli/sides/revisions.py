"""Files of another git revision, in a temporary folder; the user's files, index and hooks stay untouched."""

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
# a spec needs no large files, which a filter would download
_NO_DOWNLOADS = ("-c", "filter.lfs.smudge=", "-c", "filter.lfs.process=", "-c", "filter.lfs.required=false")


class NotInRevision(click.ClickException):
    """A file or stack that an existing revision lacks."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The project's folder in a revision, checked out."""

    commit: str
    """Full id."""

    folder: Path
    """The temporary folder."""

    inside: PurePosixPath
    """Path of the project in the repository."""


def commit_of(revision: str) -> str:
    """The commit that a revision names.

    Raises:
        click.ClickException: git is missing, this is no repository, or it has no such revision.
    """
    if revision.startswith("-") or not revision:
        raise click.ClickException(f"got '{revision[:40]}' as a git revision; expected a branch, tag or commit")
    _top()
    commit = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", check=False)
    if commit:
        return commit
    if _git("rev-parse", "--verify", "--quiet", f"origin/{revision}^{{commit}}", check=False):
        fix = f"write origin/{revision}, which exists"
    elif _git("rev-parse", "--is-shallow-repository", check=False) == "true":
        fix = "this clone is shallow: fetch it (`git fetch --unshallow`; `fetch-depth: 0` in CI)"
    else:
        fix = "check its name, or run `git fetch`"
    raise click.ClickException(f"git has no revision '{revision[:60]}' here; {fix}")


def merge_base(left: str, right: str) -> str:
    """The last commit that two revisions have in common.

    Raises:
        click.ClickException: as `commit_of`, or they have none in common.
    """
    commits = _git("merge-base", commit_of(left), commit_of(right), check=False)
    if not commits:
        raise click.ClickException(
            f"{left} and {right} have no commit in common here; in a shallow clone fetch more: `git fetch --unshallow`"
        )
    return commits.splitlines()[0]


@contextmanager
def checked_out(revision: str, path: str = "") -> Generator[Tree]:
    """Check out the project's folder of a revision; it is removed afterwards.

    Args:
        revision: branch, tag, commit, or another name that git resolves.
        path: a file that must be in it, relative to the working directory or the repository's root; where it is
            outside of the project, the whole repository is checked out. Omitted: none.

    Raises:
        click.ClickException: as `commit_of`, or the revision has no such folder.
    """
    commit, top = commit_of(revision), _top()
    inside = PurePosixPath(_project(top).relative_to(top).as_posix())
    if path and not path_in_repository(commit, path).is_relative_to(inside):
        inside = PurePosixPath(".")
    if inside != PurePosixPath(".") and not _has(commit, inside):
        raise NotInRevision(f"{revision} has no folder {inside}; the project was elsewhere then: name the spec's file")
    with tempfile.TemporaryDirectory(prefix="mlplatform-", ignore_cleanup_errors=True) as name:
        folder, index = Path(name).resolve() / "tree", Path(name).resolve() / "index"
        folder.mkdir()
        environment = {"GIT_INDEX_FILE": str(index), "GIT_LITERAL_PATHSPECS": "1"}
        repository = ("--git-dir", _git("rev-parse", "--absolute-git-dir"), "--work-tree", str(folder))
        _git(
            *repository,
            "read-tree",
            commit if inside == PurePosixPath(".") else f"{commit}:{inside}",
            environment=environment,
        )
        _git(*repository, *_NO_DOWNLOADS, "checkout-index", "--all", "--quiet", cwd=folder, environment=environment)
        yield Tree(commit, folder, inside)


def text_at(revision: str, file: Path) -> str | None:
    """The text of a file in a revision; None where the revision has none there, empty text too.

    Args:
        revision: branch, tag or commit.
        file: its path in the working directory's repository; it need not exist there.

    Raises:
        click.ClickException: as `commit_of`.
    """
    commit = commit_of(revision)
    inside = _unlinked(file).relative_to(_top()).as_posix()
    return _git("cat-file", "blob", f"{commit}:{inside}", check=False) or None


def is_in_repository(file: Path) -> bool:
    """Whether a file is in the working directory's repository, where the file itself may be a link."""
    top = _git("rev-parse", "--show-toplevel", check=False)
    return bool(top) and _unlinked(file).is_relative_to(Path(top).resolve())


def _unlinked(file: Path) -> Path:
    """Its absolute path, with the links of its folders followed."""
    whole = Path(os.path.abspath(file))
    return whole.parent.resolve() / whole.name


def path_in_repository(commit: str, path: str) -> PurePosixPath:
    """A file's path in the repository: relative to the working directory, otherwise to the root.

    Raises:
        NotInRevision: the commit has neither.
    """
    top = _top()
    local = Path(os.path.normpath(Path.cwd().resolve() / path))
    candidates = [PurePosixPath(local.relative_to(top).as_posix())] if local.is_relative_to(top) else []
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
    folder = _git("rev-parse", "--show-toplevel", check=False)
    if not folder:
        raise click.ClickException("a revision was named, but this is no git repository; run the command inside of one")
    return Path(folder).resolve()


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
        raise click.ClickException("git is not on PATH; it is needed to read a revision") from None
    if done.returncode and check:
        reason = " ".join(done.stderr.split())[:300]
        raise click.ClickException(f"git {args[0] if args[0][0] != '-' else ''} failed: {reason}")
    return done.stdout.strip("\n") if not done.returncode else ""
