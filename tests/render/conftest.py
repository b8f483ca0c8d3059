"""Pipelines of the project's own stacks, rendered once for each system."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from mlplatform.render.ci.files import Settings, render_files
from mlplatform.render.ci.pipeline import CiPipeline, arrange_pipeline
from mlplatform.render.ci.place import ProjectPlace
from mlplatform.spec.platform import PlatformSpec

STAGES = ("dev", "prod")

FULL = Settings(
    command="mlplatform render ci …",
    lock="ci.txt",
    tests=("make test",),
    images="images",
    models="models",
)
NESTED = Settings(
    command="mlplatform render ci …",
    lock="ci.txt",
    images="images",
    models="models",
    place=ProjectPlace(root=Path("/nowhere"), folder="platforms/team-a"),
    watch=("shared/**",),
)
"""A project in a folder of its repository."""
PLAIN = Settings(command="mlplatform render ci …")


@pytest.fixture(scope="session")
def arranged(stack_spec: Callable[[str], PlatformSpec]) -> Callable[[str], CiPipeline]:
    """The stacks as the pipeline of a system."""
    return cache(
        lambda system: arrange_pipeline(
            system, [(PurePosixPath(f"stacks/{name}.py"), stack_spec(name)) for name in STAGES]
        )
    )


@pytest.fixture(scope="session")
def nested(stack_spec: Callable[[str], PlatformSpec]) -> Callable[[str], dict[str, str]]:
    """Files of a system for a project in a folder of its repository."""
    assert NESTED.place is not None
    variables = NESTED.place.variables

    @cache
    def make(system: str) -> dict[str, str]:
        specs = [(PurePosixPath(f"stacks/{name}.py"), stack_spec(name)) for name in STAGES]
        return {
            file.path: file.text for file in render_files(system, arrange_pipeline(system, specs, variables), NESTED)
        }

    return make


@pytest.fixture(scope="session")
def rendered(arranged: Callable[[str], CiPipeline]) -> Callable[..., dict[str, str]]:
    """Files of a system by path; `rendered("github", full=False)` is without images and models."""

    @cache
    def make(system: str, full: bool = True) -> dict[str, str]:
        files = render_files(system, arranged(system), FULL if full else PLAIN)
        return {file.path: file.text for file in files}

    return make
