"""Reads and writes the record of releases beside a spec."""

from __future__ import annotations

import json
from pathlib import Path

from mlplatform.reading.beside import read_beside, write_whole
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import RECORD_FOLDER, ReleaseRecord


def record_file(spec_file: Path, spec: PlatformSpec) -> Path:
    """The record of a spec's environment: `models/<environment>.json` in the folder of the spec's file."""
    return spec_file.parent / RECORD_FOLDER / f"{spec.environment}.json"


def read_record(file: Path, spec: PlatformSpec | None) -> tuple[ReleaseRecord | None, tuple[Problem, ...]]:
    """The record, and its problems; None where there is none or it is refused.

    Args:
        file: where it is.
        spec: the platform that it must belong to. None: any.
    """
    return read_beside(file, spec, ReleaseRecord, "a record of releases", "let `mlplatform promote` write it")


def record_text(record: ReleaseRecord) -> str:
    """The text of a record: sorted, without unset fields, the same for the same releases."""
    body = record.model_dump(mode="json", exclude_defaults=True)
    head = {"record_version": record.record_version, "platform": record.platform, "environment": record.environment}
    body = {**head, "targets": body.get("targets", {})}
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_record(file: Path, record: ReleaseRecord) -> None:
    """Write a record, whole or not at all."""
    write_whole(file, record_text(record))
