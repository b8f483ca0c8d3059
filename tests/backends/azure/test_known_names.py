"""Names that a resource cannot change are known beforehand: a preview replaces nothing that an update keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlplatform.plan.model import UNKNOWN, Plan

MADE_BY_AZURE = {"privateZoneName"}
"""The domain of an environment of apps, which Azure makes up."""


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_names_of_owners_are_known(stack: str, stack_plan: Callable[..., Plan]) -> None:
    unknown = {
        f"{step.type} {step.name}: {path}"
        for step in stack_plan(stack, "azure").resources()
        for path, value in step.inputs.items()
        # an id stays while its resource is changed; any other output is not known then
        if path.endswith("Name") and value == UNKNOWN and path not in MADE_BY_AZURE
    }
    assert not unknown, "use known_output of foundation/references.py"
