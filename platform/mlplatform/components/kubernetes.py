"""Kubernetes versions and holds of upgrades: refused and told in the same words on every cloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from mlplatform.catalog.kubernetes import minor
from mlplatform.catalog.today import selling_day
from mlplatform.components.backend import Backend
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import TrainingSpec

if TYPE_CHECKING:
    from mlplatform.components.scope import Scope

NEAR_DAYS = 90
"""Days before the end of a version's support from which the plan says so."""

_PATH = "training.kubernetes_version"


def kubernetes_problems(backend: Backend, target: Target, spec: TrainingSpec) -> Iterator[Problem]:
    """A version that the cloud does not sell, or no longer, and holds beyond the end of its support."""
    service, day = backend.catalog.kubernetes, selling_day()
    if not service.releases or day is None:
        return
    version, extended = spec.kubernetes_version, spec.support == "extended"
    release = service.release(version)
    sold = ", ".join(service.sold(day, extended=extended))
    if release is None:
        if f"kubernetes-{version}" not in target.offered:
            newer = minor(version) > minor(service.releases[-1].version)
            fix = f"use one of {sold}"
            if newer:
                fix += f"; if you know that it is there, add 'kubernetes-{version}' to offered of the target"
            yield backend.refuse(
                _PATH, version, f"a version that {backend.title} offers with {spec.support} support: {sold}", fix
            )
        return
    until = release.until(extended=extended)
    if day > until:
        later = f", or until {release.extended} set training.support to extended" if day <= release.extended else ""
        yield backend.refuse(
            _PATH,
            version,
            f"a version with {spec.support} support on {backend.title}: {sold}; that of {version} ended on {until}",
            f"raise it one minor at a time to {service.sold(day, extended=extended)[0]} or later{later}",
        )
    for index, hold in enumerate(spec.holds):
        if day <= until < hold.ends:
            yield backend.refuse(
                f"training.holds[{index}].ends",
                str(hold.ends),
                f"at most {until}: {backend.title} upgrades {version} at the end of its {spec.support} support anyway",
                "end it earlier, raise kubernetes_version before the training, or set training.support to extended",
            )


def note_support(scope: Scope, spec: TrainingSpec) -> None:
    """Tell the plan's reader when the version's support ends soon."""
    ending = support_ends(scope.context.backend, spec.kubernetes_version, extended=spec.support == "extended")
    day = selling_day()
    if ending and day and (ending - day).days <= NEAR_DAYS:
        scope.note(
            _PATH,
            f"{spec.support} support of {spec.kubernetes_version} ends on {ending}, and the cloud then upgrades the "
            "control plane by itself: raise it by one minor before",
        )


def support_ends(backend: Backend, version: str, *, extended: bool) -> date | None:
    """Last day of a version's support; None if the catalogue does not know it."""
    release = backend.catalog.kubernetes.release(version)
    return release.until(extended=extended) if release else None
