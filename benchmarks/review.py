"""Two sides of the review figure: reading and validating a plan file, and the whole review of it.

`make FILE` writes the file; `read FILE` reads it; `review FILE` reads it and reviews it: differences to what there is,
risks, checks, costs and the comment; what there is, is the same file with every third resource changed.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from mlplatform.fast.sdk import quiet_gc
from mlplatform.plan.model import Plan, Step
from mlplatform.plan.sources import read_plan

RESOURCES = 2_000


def make(file: Path) -> None:
    """Write the plan of a platform with as many endpoints as make 2,000 resources."""
    from mlplatform.plan.record import record
    from mlplatform.reading.load import load
    from mlplatform.views.plan import json

    spec = load(Path("stacks/dev.py")).spec
    assert spec is not None
    spec = spec.on("aws")
    template = spec.endpoints[0].overlay(shadow=None)

    def plan(count: int) -> Plan:
        endpoints = tuple(template.overlay(name=f"e{number}") for number in range(count))
        return record(spec.overlay(endpoints=endpoints), "aws", resolve=True)

    few, more = len(plan(1).steps), len(plan(11).steps)
    file.write_text(json.document(plan(1 + (RESOURCES - few) * 10 // (more - few) + 1)), encoding="utf-8")


def review(plan: Plan) -> str:
    """The comment on a change of every third resource."""
    from mlplatform.plan.diff import diff
    from mlplatform.review import review
    from mlplatform.views.comment.comment import CommentSubject, comment_document

    before = replace(plan, steps=tuple(_former(number, step) for number, step in enumerate(plan.steps)))
    return comment_document(CommentSubject("what there is", (review(diff(before, plan)),)))


def _former(number: int, step: Step) -> Step:
    if number % 3 or "tags" not in step.inputs:
        return step
    return replace(step, inputs={**step.inputs, "tags": {"owner": "former"}, "maxCapacity": number})


if __name__ == "__main__":
    job, name = sys.argv[1:]
    if job == "make":
        make(Path(name))
    else:
        with quiet_gc():
            plan = read_plan(Path(name).read_bytes()).plan
        assert len(plan.steps) >= RESOURCES
        if job == "review":
            assert review(plan).startswith("<!-- mlplatform")
