"""What a new project is to be: the answers of its user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from mlplatform import discovery
from mlplatform.fast.record import record

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
