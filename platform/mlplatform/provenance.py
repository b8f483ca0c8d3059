"""The version of a spec from which something was made: the commit, or without Git the digest of its document."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from mlplatform.fast.record import record
from mlplatform.spec.platform import PlatformSpec

_SECONDS = 10


@record()
class Provenance:
    """The origin of a spec."""

    digest: str
    """`sha256:` and 64 hexadecimal digits of the spec's whole document: the same spec, the same digest."""

    commit: str = ""
    """Full id of the commit that is checked out; empty without Git or before the first commit."""

    branch: str = ""
    """Name of the branch; empty where none is checked out, as CI systems often do."""

    dirty: bool = False
    """True if a file of the commit is changed, or a file that was read is not in the commit."""

    @property
    def id(self) -> str:
        """Name of this version: the commit where nothing differs from it, else the spec's digest."""
        return self.commit if self.commit and not self.dirty else self.digest

    @property
    def text(self) -> str:
        """For people: `commit 0123abc on main`, `commit 0123abc, changed since (spec sha256:…)`, `spec sha256:…`."""
        if not self.commit:
            return f"spec {self.digest[:19]}"
        where = f" on {self.branch}" if self.branch else ""
        changed = f", changed since (spec {self.digest[:19]})" if self.dirty else ""
        return f"commit {self.commit[:12]}{where}{changed}"


def digest(spec: PlatformSpec) -> str:
    """`sha256:…` of a spec's document with every default filled in, whatever file it was written in."""
    document = json.dumps(spec.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{sha256(document.encode()).hexdigest()}"


def provenance(spec: PlatformSpec, folder: Path, read: Iterable[Path] = ()) -> Provenance:
    """The origin of a spec.

    Args:
        spec: the platform.
        folder: folder of its file; Git looks there.
        read: files that the spec was made from. Files that are neither among them nor in the commit, such as the output
            of a build, change nothing. Omitted: only files of the commit count.

    Returns:
        Only the digest where `folder` is in no repository, or Git is not installed or does not answer.
    """
    commit = git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return Provenance(digest(spec))
    return Provenance(
        digest(spec),
        commit=commit,
        branch=git(folder, "symbolic-ref", "--quiet", "--short", "HEAD"),
        dirty=bool(git(folder, "status", "--porcelain", "--untracked-files=no")) or _has_untracked(folder, read),
    )


def _has_untracked(folder: Path, files: Iterable[Path]) -> bool:
    """Whether one of the files is not in Git: new, ignored, or outside of the repository."""
    top = Path(git(folder, "rev-parse", "--show-toplevel")).resolve()
    # Git knows a link by its own name, its folder by the real one
    places = [file.parent.resolve() / file.name for file in files]
    if any(not place.is_relative_to(top) for place in places):
        return True
    names = [str(place) for place in places]
    return bool(names) and bool(git(folder, "--literal-pathspecs", "ls-files", "--others", "-z", "--", *names))


def git(folder: Path, *arguments: str, seconds: int = _SECONDS) -> str:
    """What Git prints about a folder; empty where it fails, takes longer than `seconds`, or is not installed."""
    try:
        # without a lock of the index, which a running commit may hold
        result = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(folder), *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""
