"""A platform of which version 8 of a model is released on every target."""

from __future__ import annotations

import json
from pathlib import Path

from mlplatform import discovery
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

from .targets import TARGETS

SPEC = (
    TARGETS
    + """\
endpoints:
  - {name: scorer, model: fraud}
"""
)


def release(place: str, version: str) -> dict[str, object]:
    found = {"model": "fraud", "version": version, "artifact": f"{place}/{version}/", "approver": "ana"}
    return {**found, "digests": {"m.bin": f"sha256:{'a' * 64}"}, "gates": [{"name": "auc"}]}


def released_spec(folder: Path) -> PlatformSpec:
    """Version 8 is released everywhere, after version 7.

    Args:
        folder: an empty one, for spec and record.
    """
    file = folder / "dev.yaml"
    file.write_text(SPEC, encoding="utf-8")
    plain = load(file).spec
    assert plain is not None
    targets: dict[str, object] = {}
    for target in plain.targets:
        place = f"{discovery.backend(target.cloud).models_uri(plain.on(target.name))}/fraud"
        targets[target.name] = {"scorer": {"main": {**release(place, "8"), "previous": release(place, "7")}}}
    (folder / "models").mkdir()
    record = {"platform": "acme", "environment": "dev", "targets": targets}
    (folder / "models/dev.json").write_text(json.dumps(record), encoding="utf-8")
    loaded = load(file)
    assert loaded.spec is not None, loaded.problems
    return loaded.spec
