"""Takes resources out of their parent's list, where a refresh has put them beside what the program wrote there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlplatform.catalog.listed import LISTED, is_listed
from mlplatform.plan.model import Step
from mlplatform.plan.sources.fields import items, mapping, text


def without_listed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, each resource of its own being named by itself alone: counted, checked and priced once."""
    return tuple(_own(step, steps) if step.type in LISTED else step for step in steps)


def _own(step: Step, steps: Sequence[Step]) -> Step:
    listed = LISTED[step.type]
    children = {
        text(child.inputs.get(listed.child_name))
        for child in steps
        if is_listed(listed, step.inputs, child.type, child.inputs)
    }
    entries = items(step.inputs.get(listed.property))
    own = [entry for entry in entries if text(mapping(entry).get(listed.name)) not in children]
    return step if len(own) == len(entries) else replace(step, inputs={**step.inputs, listed.property: own})
