"""What a new project is to be: the answers of its user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from mlplatform import discovery
from mlplatform.components.needed_module import lacking_reason
from mlplatform.components.needed_modules import missing_modules
from mlplatform.fast.record import record

PARTS = ("training", "cluster", "endpoints", "pipelines")
"""Sections of the spec that a project has where each of its clouds builds them."""

_WRITTEN_WITH: Mapping[str, str] = {
    "training.node_pool": "training",
    "training.cpu_pool": "training",
    "serving.endpoint": "endpoints",
    "pipelines.pipeline": "pipelines",
}
"""Modules without which a cloud may still have a section, but not as a new project has it; and the section."""

Size = Literal["starter", "small", "production"]
"""`starter`: dev without GPUs; `small`: dev and prod, with a GPU pool; `production`: staging too, and large GPUs."""

SIZES: tuple[Size, ...] = get_args(Size)
"""All sizes, the smallest first."""

ENVIRONMENTS: Mapping[Size, tuple[str, ...]] = {
    "starter": ("dev",),
    "small": ("dev", "prod"),
    "production": ("dev", "staging", "prod"),
}
"""Environments of each size, in the order of promotion."""


@record(kw_only=True)
class TargetAnswer:
    """One cloud, with the account and region to run in."""

    cloud: str
    """Name of the cloud."""

    fields: Mapping[str, str]
    """Fields of the target, in the order in which they are written."""

    administrators: tuple[str, ...] = ()
    """Who may administer the cluster, as this cloud names people. Empty: nobody is named yet."""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Fields that still have the value of no account."""
        proposed = discovery.backend(self.cloud).first_target.placeholders
        return tuple(field for field, value in self.fields.items() if proposed.get(field) == value)


def _unsupported(cloud: str) -> Mapping[str, str]:
    """What a cloud does not build at all, with the reason, by the section of the spec."""
    backend = discovery.backend(cloud)
    # what the package itself says of a section is better than the name of a module that it lacks
    limits = (limit for limit in (*backend.lacking, *backend.limits) if limit.support == "unsupported")
    without = {
        _WRITTEN_WITH[each.module]: lacking_reason(backend.title, backend.package, each)
        for each in (missing_modules(backend.package) if backend.lacking else ())
        if each.module in _WRITTEN_WITH
    }
    return {**without, **{limit.field: limit.reason for limit in limits if limit.field in PARTS}}


@record(kw_only=True)
class ProjectAnswers:
    """Everything that the files of a new project depend on."""

    name: str
    """Name of the platform."""

    owner: str
    """Team that is responsible for it."""

    cost_center: str
    """Who pays for it."""

    email: str
    """Who is told of alerts and of the budget."""

    monthly_usd: int
    """Budget of a month, in each environment."""

    size: Size
    """How large it is."""

    targets: tuple[TargetAnswer, ...]
    """Where it runs."""

    ci: str
    """The CI system; `none` for none."""

    repository: str
    """`owner/repository` of the CI system whose jobs are trusted. Empty: nobody's."""

    command: str
    """The command that writes the same files again."""

    version: str
    """Version of mlplatform that writes them."""

    @property
    def left_out(self) -> Mapping[str, str]:
        """Sections that one of the clouds does not build, in the order of `PARTS`, with the reason."""
        reasons = {part: reason for target in self.targets for part, reason in _unsupported(target.cloud).items()}
        if "training" in reasons:
            reasons.setdefault("cluster", f"it is inside of the training cluster: {reasons['training']}")
        return {part: reasons[part] for part in PARTS if part in reasons}

    @property
    def parts(self) -> tuple[str, ...]:
        """Sections that the project has."""
        left_out = self.left_out
        return tuple(part for part in PARTS if part not in left_out)
