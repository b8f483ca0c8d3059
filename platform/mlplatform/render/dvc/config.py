"""Writes the file `.dvc/config` of a repository whose data is in a platform's store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform import discovery
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.artifact_store import Place, ResolvedPlace
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

FOLDER = "dvc"
"""Folder of the place that the remote has; other folders of the place are not DVC's."""

HEAD = "# Written by `mlplatform render dvc`"
"""Beginning of the file: a file with it may be written again."""


def dvc_config(specs: Sequence[PlatformSpec], place: Place) -> str:
    """The configuration: a remote for each spec, of which the first is the default. No secret is in it.

    Args:
        specs: platforms, each narrowed to one target.
        place: the place of the store that holds the data.

    Raises:
        Unacceptable: a store cannot be a remote; every problem is in it.
    """
    problems: list[Problem] = []
    lines: list[str] = [
        f"{HEAD}: the place '{place}' of {specs[0].name}. People and jobs log in with their identities."
    ]
    lines += ["[core]", f"    remote = {_name(specs[0], place)}"]
    for spec in specs:
        resolved = spec.artifact_store.place(place)
        refused = tuple(_refusals(resolved))
        problems += refused
        if not refused:
            lines += _remote(spec, resolved)
    if problems:
        raise Unacceptable(*dict.fromkeys(problems))
    return "\n".join(lines) + "\n"


def _remote(spec: PlatformSpec, place: ResolvedPlace) -> Iterator[str]:
    target = spec.targets[0]
    try:
        remote = discovery.backend(target.cloud).data_remote(spec, place.place)
    except NotImplementedError as error:
        raise Unacceptable(
            Problem(f"--target {target.name}", str(error), "a store that DVC knows", "name another target")
        ) from None
    yield f"['remote \"{_name(spec, place.place)}\"']"
    yield f"    url = {remote.url}/{FOLDER}"
    for name, value in remote.options:
        yield f"    {name} = {value}"
    if place.worm:
        yield f"    # nothing is deleted for {place.worm.days} days: `dvc gc --cloud` is refused until then"


def _refusals(place: ResolvedPlace) -> Iterator[Problem]:
    """A store that deletes what a version still names."""
    if place.expire_after_days:
        yield Problem(
            f"artifact_store.{place.place}.expire_after_days",
            f"{place.expire_after_days} days, by itself or by the retention '{place.retention}'",
            "no such number: objects would be deleted that a version of the data still names",
            "choose another place with --place, or give it the retention 'standard' and no expire_after_days",
        )


def _name(spec: PlatformSpec, place: Place) -> str:
    return f"{spec.environment}-{spec.targets[0].name}-{place}"
