"""The record that returns to what serves, where an alarm took releases back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mlplatform.fast.record import record
from mlplatform.promote.promotion import plan_promotion
from mlplatform.promote.request import PromotionRequest
from mlplatform.promote.standing import Standing
from mlplatform.reading.partial import Unacceptable
from mlplatform.reading.record_file import record_text
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.releases import ReleaseRecord

BY = "CI, after a rollout was taken back"
"""Who such a record names as approver: whoever merges it decides."""


@record(kw_only=True)
class Reverted:
    """What was taken back, and the record without it."""

    record: ReleaseRecord
    """The record that names the releases before."""

    reverted: tuple[Standing, ...]
    """What it returns."""

    problems: tuple[Problem, ...]
    """What cannot be returned: a first release has none before it."""

    @property
    def branch(self) -> str:
        """Name of a branch for the change; the same change has the same one."""
        digest = hashlib.sha256(record_text(self.record).encode()).hexdigest()[:10]
        return f"mlplatform/taken-back-{self.record.environment}-{digest}"

    @property
    def title(self) -> str:
        """One line for people."""
        names = ", ".join(dict.fromkeys(each.released for each in self.reverted))
        return f"Take back {names}: its rollout was taken back"

    @property
    def body(self) -> str:
        """What a reviewer must know, in markdown."""
        lines = [
            f"- `{each.endpoint}`, `{each.variant}` on {each.target}: `{each.released}` was taken back, "
            f"and `{', '.join(each.answers) or 'nothing'}` answers"
            for each in self.reverted
        ]
        return "\n".join(
            [
                "The cloud took this rollout back: an alarm fired, or its replicas did not start. The record still "
                "names it. Until this is merged, `apply` in CI does not release it again.",
                "",
                *lines,
            ]
        )


def reverted(spec: PlatformSpec, found: Sequence[Standing]) -> Reverted | None:
    """The record without what was taken back; None where nothing was.

    Args:
        spec: the whole platform with its record.
        found: how its releases stand.
    """
    back = [each for each in found if each.word == "taken back"]
    if not back or spec.record is None:
        return None
    done: list[Standing] = []
    problems: list[Problem] = []
    for each in back:
        request = PromotionRequest(
            endpoint=each.endpoint, variant=each.variant, targets=(each.target,), back=True, approver=BY, check=True
        )
        try:
            spec = spec.with_record(plan_promotion(spec, request).record)
            done.append(each)
        except Unacceptable as refused:
            problems += refused.problems
    record = spec.record
    return Reverted(record=record, reverted=tuple(done), problems=tuple(problems)) if record else None
