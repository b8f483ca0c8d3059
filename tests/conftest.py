"""What the tests share: the stacks' plans, made once per process, and the options of pytest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path

import pytest

from mlplatform.components.imagined_releases import as_released
from mlplatform.fast.sdk import collector
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec

ROOT = Path(__file__).resolve().parent.parent
STACKS = ("dev", "staging", "prod")
CLOUDS = ("aws", "gcp", "azure")
DAY = "1795910400"
"""2026-11-29: offers end some day, and no test may fail by waiting; raise it with the versions of the stacks."""


THOROUGH = os.environ.get("MLPLATFORM_PROVE") == "all"
"""Whether every case is looked at: `make test-thorough` and `make prove-matrix` set it."""


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("SOURCE_DATE_EPOCH", DAY)
    # what the processes of the tests keep for each other belongs to this environment, not to its user
    os.environ.setdefault("MLPLATFORM_CACHE", str(Path(sys.prefix) / "mlplatform-cache"))
    config.addinivalue_line("markers", "thorough: slow, and seldom wrong alone; `make test-thorough` runs it, and CI")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if THOROUGH:
        return
    left = [item for item in items if item.get_closest_marker("thorough")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite the goldens instead of comparing")
    parser.addoption("--fuzz-examples", type=int, default=5, help="random specs to plan per cloud")


@cache
def _spec(path: Path) -> PlatformSpec:
    loaded = load(path)
    assert loaded.spec is not None, [str(problem) for problem in loaded.problems]
    assert not loaded.problems, [str(problem) for problem in loaded.problems]
    return loaded.spec


@cache
def _plan(stack: str, cloud: str, resolve: bool) -> Plan:
    return record(as_released(_spec(ROOT / "stacks" / f"{stack}.py")), cloud, resolve=resolve)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def stack_spec() -> Callable[[str], PlatformSpec]:
    """The spec of a stack by name."""
    return lambda stack: _spec(ROOT / "stacks" / f"{stack}.py")


@pytest.fixture(scope="session")
def stack_plan() -> Callable[..., Plan]:
    """The plan of a stack with its models released: `stack_plan("prod", "aws", resolve=True)`."""

    def plan(stack: str, cloud: str, *, resolve: bool = False) -> Plan:
        return _plan(stack, cloud, resolve)

    return plan


@pytest.fixture(scope="session", autouse=True)
def _no_bytecode_in_the_tree() -> None:
    sys.dont_write_bytecode = True


@pytest.fixture(autouse=True)
def _the_collector_is_left_as_it_was() -> Generator[None]:
    """A program or a command quietens it until its process ends; one that a test calls must not do so to the others."""
    before = collector._depth
    yield
    while collector._depth > before:
        collector._restore()
