"""Reads the spec and the record that a promotion changes."""

from __future__ import annotations

from pathlib import Path

from mlplatform.reading.load import load
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import read_record, record_file
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def read_for_promotion(spec: str | Path, environment: str) -> tuple[PlatformSpec, Path]:
    """The platform with its present record, and the record's file.

    A record that contradicts the spec is no problem here: the promotion is what makes them agree.

    Args:
        spec: the spec's file, or the name of its stack.
        environment: the environment to release to.

    Raises:
        Unacceptable: there is no such spec, it or the record is refused, or the spec is of another environment.
    """
    loaded = load(spec, record=False)
    if loaded.spec is None:
        raise Unacceptable(*loaded.problems)
    platform = loaded.spec
    if platform.environment != environment:
        raise Unacceptable(
            Problem(
                "--to",
                environment,
                f"'{platform.environment}', the environment of {loaded.file}",
                f"write --to {platform.environment}, or name the spec of {environment} with --spec",
            )
        )
    file = record_file(loaded.file, platform)
    record, problems = read_record(file, platform)
    if problems:
        raise Unacceptable(*problems)
    return platform.with_record(record), file
