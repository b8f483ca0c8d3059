"""The offline plan is what Pulumi's own engine would be sent: compared step by step where `pulumi` is on PATH."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from mlplatform.plan.record import record
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS
from .gates import needs_engine, only_rehearsed

pytestmark = needs_engine

# where the engine adds what a program does not say; former names it shows only of a stack that has them
IGNORED = {"resourceHooks", "sourcePosition", "stackTrace", "created", "modified", "replacementTrigger", "aliases"}


@pytest.fixture(scope="module")
def engine(root: Path) -> ModuleType:
    """The benchmark's way of running previews without an account."""
    spec = importlib.util.spec_from_file_location("engine", root / "benchmarks" / "engine.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _states(document: Mapping[str, object]) -> dict[str, dict[str, object]]:
    steps = cast("list[dict[str, dict[str, object]]]", document["steps"])
    found: dict[str, dict[str, object]] = {}
    for step in steps:
        state = {key: value for key, value in step["newState"].items() if key not in IGNORED}
        state["dependencies"] = sorted(cast("list[str]", state.get("dependencies", [])))
        sources = cast("dict[str, list[str]]", state.get("propertyDependencies", {}))
        state["propertyDependencies"] = {key: sorted(urns) for key, urns in sources.items()}
        if str(state["type"]).startswith("pulumi:providers:"):
            inputs = cast("dict[str, object]", state.get("inputs", {}))
            state["inputs"] = {key: value for key, value in inputs.items() if key not in ("__internal", "version")}
        found[str(state["urn"])] = state
    return found


@pytest.mark.parametrize(
    "cloud",
    [pytest.param(cloud, marks=only_rehearsed(unless=cloud == "aws")) for cloud in CLOUDS],
)
def test_the_engine_receives_the_steps_of_the_plan(
    cloud: str, engine: ModuleType, root: Path, tmp_path: Path, stack_spec: Callable[[str], PlatformSpec]
) -> None:
    (tmp_path / f"{cloud}.json").write_text("[]", encoding="utf-8")
    with engine.preview_commands(root, tmp_path, cloud) as (ours, _):
        done = subprocess.run(ours, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    # the project has no record: endpoints await their models
    first = record(stack_spec("prod"), cloud)
    theirs, planned = _states(json.loads(done.stdout)), _states(first.to_preview())
    assert set(theirs) == set(planned)
    different = {urn: (theirs[urn], planned[urn]) for urn in theirs if theirs[urn] != planned[urn]}
    assert not different, json.dumps(list(different.values())[:2], indent=1)[:4000]
