"""Reads the records of all environments of a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mlplatform.fast.record import record
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import read_record
from mlplatform.similar import nearest_names
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import RECORD_FOLDER, FormerRelease, Release, ReleaseRecord


@record()
class ReleasedEntry:
    """One release, and where it serves."""

    platform: str
    """Name of the platform."""

    environment: str
    """Its environment."""

    target: str
    """Name of the target."""

    endpoint: str
    """Name of the endpoint."""

    variant: str
    """Name of the variant or shadow."""

    release: Release
    """What is released."""

    file: Path
    """The record that says it."""

    @property
    def place(self) -> str:
        """Where it serves, for people: `prod on aws: fraud-scorer, stable`."""
        return f"{self.environment} on {self.target}: {self.endpoint}, {self.variant}"

    def versions(self) -> Iterator[tuple[FormerRelease, bool]]:
        """The release, and the one before it, each with whether it serves now."""
        yield self.release, True
        if self.release.previous:
            yield self.release.previous, False


def find_records(folder: Path | None = None, here: Path | None = None) -> Path:
    """The folder of the records: the named one, or `stacks/models` of the nearest project.

    Raises:
        Unacceptable: there is none.
    """
    if folder is not None:
        if not folder.is_dir():
            raise Unacceptable(Problem("--records", str(folder), "a folder with records of releases", "check the path"))
        return folder
    root = _project(here)
    found = root / "stacks" / RECORD_FOLDER if root else None
    if found is None or not found.is_dir():
        got = f"no folder {found}" if found else "no Pulumi.yaml here or above, whose records could be meant"
        raise Unacceptable(
            Problem(
                "--records",
                got,
                "the folder `models` beside the specs, which `mlplatform promote` makes",
                "release a model first, or name the folder with --records",
            )
        )
    return found


def find_stacks(here: Path | None = None) -> Path:
    """The folder of the specs of the nearest project.

    Raises:
        Unacceptable: there is none.
    """
    root = _project(here)
    if root is None or not (root / "stacks").is_dir():
        got = f"no folder {root / 'stacks'}" if root else "no Pulumi.yaml here or above, whose stacks could be meant"
        raise Unacceptable(Problem("SPEC", got, "a spec for each environment", "name the specs, or go to the project"))
    return root / "stacks"


def _project(here: Path | None) -> Path | None:
    start = here or Path.cwd()
    return next((each for each in (start, *start.parents) if (each / "Pulumi.yaml").is_file()), None)


def read_records(folder: Path, environments: Sequence[str] = ()) -> tuple[ReleaseRecord, ...]:
    """The records of a folder, by environment.

    Args:
        folder: where they are.
        environments: only these. Empty: all.

    Raises:
        Unacceptable: one of them is refused, or an environment has none; every problem is in it.
    """
    files = sorted(folder.glob("*.json"))
    known = [file.stem for file in files]
    problems: list[Problem] = []
    records: list[ReleaseRecord] = []
    for name in environments:
        if name not in known:
            close = nearest_names(name, known)
            fix = f"did you mean {close[0]}?" if close else "release a model there first"
            there = ", ".join(known) or "no environment"
            problems.append(Problem("--environment", name[:60], f"one with a record: {there}", fix))
    for file in files:
        if environments and file.stem not in environments:
            continue
        found, refused = read_record(file, None)
        problems += refused
        if found and found.environment != file.stem:
            fix = f"name the file {found.environment}.json, or write {file.stem}"
            expected = f"{file.stem}, as in the file's name"
            problems.append(Problem("environment", found.environment, expected, fix, file=str(file)))
        elif found:
            records.append(found)
    if problems:
        raise Unacceptable(*problems)
    if not records:
        raise Unacceptable(
            Problem("--records", f"{folder}, which has no record", "at least one record", "release a model first")
        )
    return tuple(records)


def entries(records: Sequence[ReleaseRecord], folder: Path) -> tuple[ReleasedEntry, ...]:
    """All releases of records, in a fixed order."""
    return tuple(
        ReleasedEntry(
            each.platform, each.environment, target, endpoint, variant, release, folder / f"{each.environment}.json"
        )
        for each in records
        for target, endpoints in sorted(each.targets.items())
        for endpoint, variants in sorted(endpoints.items())
        for variant, release in sorted(variants.items())
    )
