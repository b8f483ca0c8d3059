"""Writes a form of the example pipeline to stdout: `python -m tests.pipelines.emit kfp STORE [BOUND]`."""

from __future__ import annotations

import copy
import sys

from mlplatform.spec.pipelines import PipelineSpec

from . import example
from .test_forms import FORMS


def main(form: str, store: str, bound: str = "0.7") -> None:
    """Write it.

    Args:
        form: which.
        store: beginning of the store's addresses.
        bound: least area under the curve for the steps behind the condition.
    """
    changed = copy.deepcopy(example.PIPELINE)
    changed["steps"] = [
        {**step, "when": {**example.CONDITION, "at_least": float(bound)}} if "when" in step else step
        for step in copy.deepcopy(example.STEPS)
    ]
    print(FORMS[form].text(example.meaning(PipelineSpec.model_validate(changed), store)))


if __name__ == "__main__":
    main(*sys.argv[1:])
