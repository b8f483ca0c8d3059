"""The finding of a rule that could not judge: a gate that cannot tell does not open."""

from __future__ import annotations

import os
from pathlib import Path

from mlplatform.plan.finding import Finding

COULD_NOT_JUDGE = "could-not-judge"
"""Id of such findings, for acceptances; it is no rule of its own."""


def failed_rule(rule: str, urn: str, error: Exception) -> Finding:
    """The finding of a rule that raised: of level `high`, so that a gate at its default level stops.

    Args:
        rule: id of the rule.
        urn: the resource; the stack where the rule failed on all of it.
        error: what it raised. Its text may quote the plan, so only its type and place are told; with
            `MLPLATFORM_DEBUG=1`, for who writes a rule, it is raised again.
    """
    if os.environ.get("MLPLATFORM_DEBUG") == "1":
        raise error
    return Finding(
        COULD_NOT_JUDGE,
        "high",
        urn,
        f"The rule {rule} failed, so nobody knows whether this is safe.",
        f"Judge it yourself, and tell the maintainers of the rule: {type(error).__name__} at {_place(error)}.",
    )


def _place(error: Exception) -> str:
    """File and line of the innermost frame."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"
