"""When a release came into its record, from Git: the day on which the change reached the branch that is checked out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from mlplatform.fast.record import record
from mlplatform.json_text import parse_document
from mlplatform.provenance import git

_SECONDS = 60
_WHAT = ("model", "version", "artifact", "digests", "image", "image_digest")
"""Fields that say what serves: a later gate or review is no new release."""

Place = tuple[str, str, str]
"""Target, endpoint, and variant or shadow."""


@record()
class Since:
    """Since when a release is in the record."""

    day: str = ""
    """The day, YYYY-MM-DD; empty where nobody can say."""

    commit: str = ""
    """The commit that brought it."""

    unknown: str = ""
    """Why the day is unknown, or only a bound: not in Git, not committed yet, or a shallow clone."""


NO_GIT = Since(unknown="Git does not have the record")
UNCOMMITTED = Since(unknown="not committed yet")


def released_since(file: Path) -> Mapping[Place, Since] | None:
    """Since when each release of a record is there; None where Git does not know the file.

    Merges count on the day of the merge, which is the approval. A shallow clone knows no day for what is older than
    its first commit, so none is told for it.
    """
    log = git(file.parent, "log", "--first-parent", "--format=%H %cs", "--", file.name, seconds=_SECONDS)
    if not log:
        return None
    commits = [tuple(line.split(" ")) for line in log.splitlines()]
    roots = git(file.parent, "rev-list", "--max-parents=0", "HEAD", seconds=_SECONDS) if is_shallow(file) else ""
    shallow = set(roots.split())
    present = _what(file.read_text(encoding="utf-8", errors="replace"))
    versions = _contents(file, [commit for commit, _ in commits])
    since: dict[Place, Since] = {}
    open_places = dict(present)
    for (commit, day), text in zip(commits, versions, strict=True):
        then = _what(text)
        for place in [place for place, what in open_places.items() if then.get(place) != what]:
            del open_places[place]
        for place in open_places:
            since[place] = Since(day, commit) if commit not in shallow else Since(unknown=f"on or before {day}")
    return {place: since.get(place, UNCOMMITTED) for place in present}


@record()
class RecordVersion:
    """One version of a record in Git."""

    commit: str
    """The commit; empty for what is not committed yet."""

    day: str
    """Its day, YYYY-MM-DD; empty likewise."""

    by: str
    """Who made the commit: of a merge, who merged."""

    text: str
    """The file; empty where the commit removed it."""


def revisions(file: Path) -> tuple[RecordVersion, ...] | None:
    """All versions of a record on the branch that is checked out, oldest first; None where Git does not know it.

    The last one is the file itself, if it is not committed as it is. A shallow clone has no older ones than its first
    commit: `is_shallow` tells it.
    """
    log = git(file.parent, "log", "--first-parent", "--format=%H%x1f%cs%x1f%an", "--", file.name, seconds=_SECONDS)
    if not log:
        return None
    commits = [line.split("\x1f") for line in log.splitlines()]
    texts = _contents(file, [commit for commit, _, _ in commits])
    found = [RecordVersion(commit, day, by, text) for (commit, day, by), text in zip(commits, texts, strict=True)]
    found.reverse()
    present = file.read_text(encoding="utf-8", errors="replace")
    return (*found, *([RecordVersion("", "", "", present)] if present != found[-1].text else []))


def _what(text: str) -> dict[Place, tuple[object, ...]]:
    """What serves at each place, read without the rules of today: a former record need not fulfil them."""
    found: dict[Place, tuple[object, ...]] = {}
    for target, endpoints in _fields(_fields(parse_document(text)).get("targets")).items():
        for endpoint, variants in _fields(endpoints).items():
            for variant, release in _fields(variants).items():
                fields = _fields(release)
                found[target, endpoint, variant] = tuple(fields.get(name) for name in _WHAT)
    return found


def _fields(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _contents(file: Path, commits: list[str]) -> Iterator[str]:
    """The file in each commit, read by one process; empty where a commit removed it."""
    asked = "".join(f"{commit}:./{file.name}\n" for commit in commits)
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(file.parent), "cat-file", "--batch"],
            input=asked.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        yield from ("" for _ in commits)
        return
    rest = done.stdout
    for _ in commits:
        head, _, rest = rest.partition(b"\n")
        words = head.split()
        size = int(words[2]) if len(words) == 3 and words[2].isdigit() else None
        if size is None:
            yield ""
            continue
        yield rest[:size].decode("utf-8", errors="replace")
        rest = rest[size + 1 :]


def is_shallow(file: Path) -> bool:
    """Whether the clone lacks older commits."""
    return git(file.parent, "rev-parse", "--is-shallow-repository", seconds=_SECONDS) == "true"
