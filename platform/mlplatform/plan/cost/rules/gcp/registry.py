"""Repositories of images and models."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.plan.cost.charge import Charge, Part, Rules
from mlplatform.plan.cost.context import Context
from mlplatform.plan.model import Step


def _repository(step: Step, context: Context) -> Iterator[Part]:
    yield Charge("images", "gib-month", context.usage.storage.images_gib * context.share(step), "images")


RULES: Rules = {"gcp:artifactregistry/repository:Repository": _repository}
