"""Image repositories."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, CostPart, CostRules
from mlplatform.plan.cost.context import CostContext
from mlplatform.plan.model import Step


def _repository(step: Step, context: CostContext) -> Iterator[CostPart]:
    yield Charge("images", "gib-month", context.usage.storage.images_gib * context.share(step), "images")


RULES: CostRules = {"aws:ecr/repository:Repository": _repository}
