"""Copies the record to the store of a target: never an earlier one over a later one, and never over what is no copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from mlplatform import discovery
from mlplatform.components.record_copy import KeepsText, OpensRecordCopy, RunsCommand, record_copy
from mlplatform.fast.record import record
from mlplatform.provenance import git
from mlplatform.services.stored_text import WrittenMeanwhile
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.record_copy import RecordCopy

CopyResult = Literal["written", "unchanged"]

Precedes = Callable[[str, str], bool | None]
"""Whether one commit is an ancestor of another; None where nobody knows."""


class NotCopied(Exception):
    """The copy is not what it should be; the text says why, and what to do."""


@record()
class RecordOrigin:
    """The commit that a record is of."""

    commit: str
    """Its full id; empty where Git does not know it."""

    changed: datetime
    """When it was made."""


def origin_of(file: Path) -> RecordOrigin:
    """The commit that a record is of.

    Args:
        file: the record; it need not be there.

    Raises:
        NotCopied: it is in no commit, or differs from the one that is checked out.
    """
    folder = next(each for each in file.absolute().parents if each.is_dir())
    commit = git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        raise NotCopied(
            "Git does not say when the record was changed, so nobody can tell whether the copy is of a later one: name "
            "the time of the change with --changed"
        )
    if git(folder, "status", "--porcelain", "--ignored", "--untracked-files=all", "--", str(file.absolute())):
        raise NotCopied(f"{file} is not as the commit {commit[:12]} has it: the file in Git is the truth; commit it")
    return RecordOrigin(commit, datetime.fromisoformat(git(folder, "show", "--no-patch", "--format=%cI", commit)))


def ancestry(folder: Path) -> Precedes:
    """What the repository of a folder knows of its commits; a shallow clone knows few of them."""

    def precedes(first: str, second: str) -> bool | None:
        base = git(folder, "merge-base", first, second)
        if base == first:
            return True
        return False if base == second else None

    return precedes


def copy_record(spec: PlatformSpec, origin: RecordOrigin, precedes: Precedes, run: RunsCommand) -> CopyResult:
    """Copy the record of one target.

    Args:
        spec: narrowed to the target, with its record.
        origin: where the record is from.
        precedes: what is known of the commits.
        run: runs the commands of the cloud's command line.

    Raises:
        NotCopied: it was not copied.
    """
    backend = discovery.backend(spec.targets[0].cloud)
    try:
        opens = backend.load(OpensRecordCopy)
    except NotImplementedError:
        raise NotCopied(f"the package of {backend.title} does not copy the record") from None
    address, _, query = backend.record_uri(spec).partition("?")
    if not address:
        raise NotCopied("artifact_store.models.worm: a write-once place takes no copy that is replaced; remove it")
    folder, _, name = address.rpartition("/")
    store = opens(f"{folder}?{query}" if query else folder, run)
    return put_copy(store, name.removesuffix(".json"), record_copy(spec, origin.commit, origin.changed), precedes)


def put_copy(store: KeepsText, name: str, copy: RecordCopy, precedes: Precedes) -> CopyResult:
    """Write a copy, unless a later one is there.

    Args:
        store: the folder.
        name: of the file, without `.json`.
        copy: what it says.
        precedes: what is known of the commits.

    Raises:
        NotCopied: a later record, or something else, is there; somebody wrote at the same time; or the store refuses.
    """
    try:
        found = store.read(name)
        if found.text is not None:
            there = _read(found.text, copy)
            if not _is_later(there, copy, precedes):
                if there.content == copy.content:
                    return "unchanged"
                raise NotCopied(_earlier(there, copy))
        store.write(name, copy.text(), found.version)
    except WrittenMeanwhile:
        raise NotCopied("somebody else wrote the copy at the same time: run this again") from None
    except NotCopied:
        raise
    except Exception as error:
        # each store has refusals of its own
        raise NotCopied(" ".join(str(error).split())) from None
    return "written"


def _read(text: str, copy: RecordCopy) -> RecordCopy:
    try:
        there = RecordCopy.model_validate_json(text)
    except ValidationError:
        raise NotCopied("there is something else in its place, which is no copy of a record: remove it") from None
    owner, own = (f"{each.platform}, {each.environment}, {each.target}" for each in (there, copy))
    if owner != own:
        raise NotCopied(
            f"the copy in its place is of {owner}, and this record is of {own}: two platforms share a store"
        )
    return there


def _is_later(there: RecordCopy, copy: RecordCopy, precedes: Precedes) -> bool:
    """Whether a record is of a later commit than what is there: by what Git knows of the commits, or by their times."""
    if there.commit and there.commit == copy.commit:
        return False
    known = precedes(there.commit, copy.commit) if there.commit and copy.commit else None
    return known if known is not None else copy.changed > there.changed


def _earlier(there: RecordCopy, copy: RecordCopy) -> str:
    if there.commit and there.commit == copy.commit:
        return "the copy is of the same commit, and says something else: look in the store's versions who changed it"
    return (
        f"the copy is of {there.origin}, and this is {copy.origin}, which is not later: apply the newest commit of the "
        "branch"
    )
