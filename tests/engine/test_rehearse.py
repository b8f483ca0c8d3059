"""Whole lives of stacks on Pulumi's own engine, if there is one.

By default two stacks, so that the whole suite stays short; `make rehearse` runs every stack on every cloud with every
change, and faults.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.mock_cloud.names import NameTable
from mlplatform.rehearse.changes import TYPICAL
from mlplatform.rehearse.life import RehearsalStep, typical_steps
from mlplatform.rehearse.model import Rehearsal
from mlplatform.rehearse.rehearse import rehearse
from mlplatform.spec.platform import PlatformSpec
from mlplatform.views.rehearsal import text as view
from mlplatform.views.style import Style

from ..capabilities.test_two_regions import two_regions
from ..conftest import CLOUDS, STACKS
from .gates import needs_engine, only_rehearsed

FAULTS = 16

pytestmark = needs_engine


def _assert_expected(found: Rehearsal) -> None:
    assert found.ok, view.document([found], Style())


@pytest.mark.parametrize(("stack", "cloud", "changes"), [("dev", "gcp", ("endpoint",)), ("staging", "azure", ())])
def test_a_stack_is_created_changed_and_destroyed(
    stack: str, cloud: str, changes: tuple[str, ...], stack_spec: Callable[[str], PlatformSpec], root: Path
) -> None:
    steps = tuple(RehearsalStep(TYPICAL[change][0], change) for change in changes)
    found = rehearse(stack_spec(stack), cloud, project=root, steps=steps)
    _assert_expected(found)
    assert [phase.name for phase in found.phases][:3] == ["up", "preview", "refresh"]
    assert found.resources > 200


@only_rehearsed()
@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_accepts_every_change(
    stack: str, cloud: str, stack_spec: Callable[[str], PlatformSpec], root: Path
) -> None:
    found = rehearse(stack_spec(stack), cloud, project=root, steps=typical_steps())
    _assert_expected(found)
    assert not [note for phase in found.phases for note in phase.notes if note.startswith("skipped")]


@only_rehearsed()
@pytest.mark.parametrize("cloud", CLOUDS)
def test_two_regions_stand_beside_each_other(cloud: str, root: Path) -> None:
    """What the first one has is refused to the second one, also where creating it would take it over."""
    beside: list[NameTable] = []
    for target in ("home", "us"):
        found = rehearse(two_regions(cloud), target, project=root, steps=(), beside=beside)
        _assert_expected(found)
    assert len(beside) == 2


@only_rehearsed()
@pytest.mark.parametrize("cloud", CLOUDS)
def test_faults_are_survived(cloud: str, stack_spec: Callable[[str], PlatformSpec], root: Path) -> None:
    found = rehearse(stack_spec("dev"), cloud, project=root, steps=(), faults=FAULTS, seed=1)
    print(view.document([found], Style()))
    _assert_expected(found)
    assert len(found.faults) == FAULTS
