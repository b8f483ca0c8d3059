"""Reservations that a target does not bind, binds wrongly or binds for nobody, and the zones of pools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mlplatform.components.backend import Backend
from mlplatform.fast.record import record
from mlplatform.snippet import Part, Snippet
from mlplatform.spec.capacity import CapacityBlock, Reservation
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec


@record()
class ReservationForm:
    """The form of a cloud's ids of reservations."""

    pattern: re.Pattern[str]
    """Pattern of a whole id."""

    words: str
    """Description of an id, for example `a capacity reservation's id`."""

    example: str
    """An example of an id."""

    short: str = "…"
    """The example, shortened."""


def zone_problems(
    backend: Backend, target: Target, path: str, pool: GpuPoolSpec | CpuPoolSpec, used: Sequence[str]
) -> Iterator[Problem]:
    """Positions of a pool beyond the zones in use.

    Args:
        backend: the cloud.
        target: its target.
        path: the pool's, `training.pools[0]`.
        pool: the pool.
        used: the zones that the platform uses, in order.
    """
    for position in pool.zones:
        if position > len(used):
            yield backend.refuse(
                f"{path}.zones",
                str(position),
                f"positions from 1 to {len(used)}: the platform uses {', '.join(used)}"
                if used
                else f"nothing: {target.location} has no zones",
                f"use {len(used)} or less, or name more zones in the target" if used else "leave zones out",
            )


def unused_reservations(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """Reservations that no pool of a target uses: they would be paid, and their machines would stand idle.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
    """
    pools = spec.training.pools if spec.training else ()
    used = [pool.capacity.name for pool in pools if isinstance(pool.capacity, Reservation | CapacityBlock)]
    for name in target.reservations:
        if name in used:
            continue
        pool = next((each for each in pools if each.name == name), None)
        here = f"the capacity of the pool {name} is {pool.capacity}: " if pool else ""
        yield backend.refuse(
            f"targets[{target.name}].reservations.{name}",
            f"'{name}'",
            f"a name that the capacity of a pool has: {', '.join(used) or 'none has one'}; {here}"
            "nothing would use the reserved machines",
            "give a pool a capacity of kind reservation or capacity-block with this name, or remove it",
        )


def reservation_problems(
    backend: Backend, target: Target, path: str, pool: GpuPoolSpec, used: Sequence[str], form: ReservationForm
) -> Iterator[Problem]:
    """A reservation or capacity block that the target does not bind, binds by a malformed id, or in an unused zone.

    Args:
        backend: the cloud.
        target: its target.
        path: the pool's, `training.pools[0]`.
        pool: the pool.
        used: the zones that the platform uses, in order.
        form: the form of the cloud's ids of reservations.
    """
    if not isinstance(pool.capacity, Reservation | CapacityBlock):
        return
    name = pool.capacity.name
    binding = target.reservations.get(name)
    if binding is None:
        zone = used[0] if used else "…"
        yield backend.refuse(
            f"{path}.capacity.name",
            name,
            f"a name among the target's reservations: {', '.join(target.reservations) or 'it has none'}",
            f"override the pool's capacity in {backend.title}'s target, or add there:",
            write=Snippet({name: Part("ReservationBinding", {"id": form.short, "zone": zone})}, "reservations"),
        )
        return
    bound = f"targets[{backend.name}].reservations.{name}"
    if not form.pattern.fullmatch(binding.id):
        yield backend.refuse(
            f"{bound}.id",
            binding.id,
            form.words,
            f"write it as {form.example}",
        )
    if binding.zone not in used:
        yield backend.refuse(
            f"{bound}.zone",
            binding.zone,
            f"one of the zones in use: {', '.join(used) or 'none'}",
            f"add {binding.zone} to the target's zones, or bind a reservation in one of them",
        )
        return
    at = used.index(binding.zone) + 1
    named = [position for position in pool.zones if position <= len(used)]
    if named and at not in named:
        yield backend.refuse(
            f"{path}.zones",
            str(list(pool.zones)),
            f"the reservation's zone, {binding.zone}",
            f"use {at}, or leave zones out",
        )
