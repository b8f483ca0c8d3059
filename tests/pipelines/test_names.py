"""The longest names that a spec takes fit into each service, whatever the platform is called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from mlplatform import discovery

from ..conftest import CLOUDS
from .fraud import pipeline, platform

LONGEST: Mapping[str, int] = {"aws": 256, "gcp": 128, "azure": 255}
"""Characters: of a pipeline and a step of SageMaker, of what Vertex AI shows of a run, of a component of Azure ML."""
STEPS = ("ingest", "check-data", "features", "train", "evaluate", "gate", "register", "score")
CLUSTER = 24
"""Characters of a name of Azure ML's compute."""


def _names(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a form calls a name, and every key of what it names, with the field."""
    if isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, object]", value).items():
            if key in ("tasks", "jobs", "components", "executors"):
                yield key, name
            yield from _names(inner, name)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _names(inner, key)
    elif isinstance(value, str) and key in ("Name", "name", "displayName"):
        yield key, value


def _longer(value: object, key: str = "") -> object:
    """With the longest names of steps; a slice's value stands behind that of its step."""
    if isinstance(value, dict):
        return {name: _longer(inner, name) for name, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_longer(inner, key) for inner in cast("list[object]", value)]
    if key in ("name", "step", "after") and value in STEPS:
        return str(value) + "s" * (32 - len(str(value)) - (4 if value == "score" else 0))
    return value


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_longest_names_fit_into_the_service(cloud: str) -> None:
    data = cast("dict[str, object]", _longer(pipeline(cloud)))
    spec = platform(cloud, name="a" * 20, pipelines=({**data, "name": "p" * 32},))
    backend, narrowed = discovery.backend(cloud), spec.on(cloud)
    found = [problem for problem in backend.problems(narrowed) if "image" not in problem.path]
    assert not found, found
    forms = backend.pipeline_forms(narrowed, narrowed.pipelines[0])
    names = [each for form in forms for each in _names(json.loads(form.text))]
    assert any(len(name) >= 32 for _, name in names), "the names are in the form"
    assert all(len(name) <= LONGEST[cloud] for _, name in names), names
    computes = [name for form in forms for name in re.findall(r"/computes/([^/\"]+)", form.text)]
    assert all(len(name) <= CLUSTER for name in computes), computes
