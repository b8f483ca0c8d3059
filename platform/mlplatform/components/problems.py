"""Problems that every cloud reports in the same words: machines, regions, zones and reservations that it does not have.

A backend brings only its facts: the catalogue, the zones in use, how its reservations are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mlplatform.catalog.catalog import Choice, CpuUse, NotOffered
from mlplatform.catalog.machine import GpuMachine
from mlplatform.catalog.select import near_regions
from mlplatform.components.backend import Backend
from mlplatform.components.selection import awake, endpoint_use, try_endpoint, try_pool
from mlplatform.fast.record import record
from mlplatform.similar import nearest_names
from mlplatform.snippet import Part, Snippet
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.references import References, repeated_references
from mlplatform.spec.target import Target
from mlplatform.spec.training import CapacityBlock, GpuPoolSpec, Reservation


def pool_machine(backend: Backend, target: Target, path: str, pool: GpuPoolSpec) -> Choice | Problem:
    """The machine of a GPU pool, or its refusal with the nearest that is offered."""
    choice = try_pool(backend, target, pool)
    if isinstance(choice, Choice):
        return choice
    override = Snippet({pool.name: Part("PoolOverride", {})}, "pools")
    otherwise = f"override the pool in {backend.title}'s target:"
    return _not_offered(backend, target, path, pool.accelerator, choice, otherwise, override)


def endpoint_machine(backend: Backend, target: Target, path: str, endpoint: EndpointSpec) -> Choice | Problem | None:
    """The GPU machine of an endpoint, its refusal with the nearest that is offered, or None for a CPU endpoint."""
    choice = try_endpoint(backend, target, endpoint)
    if not isinstance(choice, NotOffered):
        return choice
    change = Part("EndpointOverride", {"accelerator": "none"})
    how = "for example with a CPU"
    if endpoint.sleeps and isinstance(try_endpoint(backend, target, awake(endpoint)), Choice):
        change = Part("EndpointOverride", {"replicas": (1, endpoint.replicas[1])})
        how = "with at least one replica"
    override = Snippet({endpoint.name: change}, "endpoints")
    otherwise = f"override the endpoint in {backend.title}'s target, {how}:"
    return _not_offered(backend, target, path, endpoint.accelerator or (), choice, otherwise, override)


def _not_offered(
    backend: Backend,
    target: Target,
    path: str,
    wanted: Sequence[str],
    none: NotOffered,
    otherwise: str,
    override: Snippet,
) -> Problem:
    near = " or ".join(map(str, none.nearest))
    fix = f"use {near}" if near else otherwise
    if none.unlisted:
        fix = f"if you know that {target.location} has it, {_insist(none.unlisted[0])}; otherwise {fix}"
    return backend.refuse(f"{path}.accelerator", ", ".join(wanted), none.why, fix, write=None if near else override)


def _insist(name: str) -> str:
    return f"add '{name}' to the target's offered"


def service_problems(
    backend: Backend, target: Target, path: str, got: object, service: str, otherwise: str
) -> Iterator[Problem]:
    """A service or feature that the target's region lacks.

    Args:
        backend: the cloud.
        target: its target.
        path: the field that needs the service.
        got: its value.
        service: the service's name in the catalogue.
        otherwise: what to do without it.
    """
    catalog = backend.catalog
    if service in target.offered or catalog.has_service(service, target.location):
        return
    known = catalog.services[service]
    listed = known.offered.regions
    others = f"but {near_regions(listed, target.location)} have it" if listed else "all others have it"
    yield backend.refuse(
        path,
        str(got),
        f"a region that has {known.title}: {target.location} lacks it, {others}",
        f"{otherwise}, or use another region; if you know that it is there, {_insist(service)}",
    )


def local_disk_problems(backend: Backend, path: str, pool: GpuPoolSpec, machine: GpuMachine) -> Iterator[Problem]:
    """Local disks wanted from a machine that has none."""
    if pool.local_nvme and not machine.local_ssd_gib:
        yield backend.refuse(
            f"{path}.local_nvme",
            True,
            f"a machine with local disks; {machine.machine_type} has none",
            "set local_nvme to false, or choose another accelerator",
        )


def system_pool_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """System nodes larger than any machine."""
    if spec.training:
        size = spec.training.system_pool
        yield from _cpu(backend, target, "training.system_pool", size.vcpus, size.memory_gib, "system", "ask for less")


def cpu_pool_problems(backend: Backend, target: Target, path: str, pool: CpuPoolSpec) -> Iterator[Problem]:
    """Nodes of a CPU pool larger than any machine."""
    yield from _cpu(backend, target, path, pool.vcpus, pool.memory_gib, "training", "ask for less")


def endpoint_cpu_problems(backend: Backend, target: Target, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    """A CPU endpoint larger than any machine of its kind of serving."""
    if endpoint.accelerator is None:
        size, use = endpoint.cpu, endpoint_use(endpoint)
        always = backend.catalog.cpu(size.vcpus, size.memory_gib, "online", target.location)
        fix = "ask for less" if isinstance(always, NotOffered) else "ask for less, or set replicas to at least 1"
        yield from _cpu(backend, target, f"{path}.cpu", size.vcpus, size.memory_gib, use, fix)


def _cpu(
    backend: Backend, target: Target, path: str, vcpus: float, memory_gib: float, use: CpuUse, fix: str
) -> Iterator[Problem]:
    machine = backend.catalog.cpu(vcpus, memory_gib, use, target.location)
    if isinstance(machine, NotOffered):
        yield backend.refuse(
            path,
            f"{vcpus:g} vCPUs, {memory_gib:g} GiB",
            machine.why,
            fix,
        )


MOST_ZONES = 3
"""Most zones of a platform: the network's range is divided among them."""


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


def target_problems(backend: Backend, target: Target, field: str = "region") -> Iterator[Problem]:
    """Regions that the cloud does not have and, in a region that it has, zones that the region does not have.

    Args:
        backend: the cloud.
        target: its target.
        field: the cloud's name of the field of the region.
    """
    catalog, where = backend.catalog, f"targets[{backend.name}]"
    for name, region in ((field, target.location), ("replica_region", target.replica_region)):
        if region and not catalog.is_region(region):
            near = catalog.near_regions(region)
            yield backend.refuse(
                f"{where}.{name}",
                region,
                f"a region of {backend.title}",
                f"did you mean {' or '.join(near)}?" if near else f"write for example {catalog.price_region}",
            )
    if not catalog.is_region(target.location):
        return
    yield from _offer_problems(backend, target)
    known = catalog.regions[target.location].zones
    if len(target.zones) > MOST_ZONES:
        yield backend.refuse(
            f"{where}.zones",
            ", ".join(target.zones),
            f"at most {MOST_ZONES} zones: the network's range is divided among {MOST_ZONES}, and more add no "
            "resilience that three lack",
            f"keep the {MOST_ZONES} zones that have the accelerators and reservations",
        )
    for zone in target.zones:
        if zone not in known:
            yield backend.refuse(
                f"{where}.zones",
                zone,
                f"zones of {target.location}: {', '.join(known) or 'it has none'}",
                f"use {known[0]}" if known else "leave zones out, or choose a region with zones",
            )
    if len(set(target.zones)) != len(target.zones):
        yield backend.refuse(
            f"{where}.zones",
            ", ".join(target.zones),
            "each zone once",
            "remove the repeated zone",
        )


def replica_problems(
    backend: Backend, spec: PlatformSpec, target: Target, near: str | None = None
) -> Iterator[Problem]:
    """A replicated store without a second region.

    Args:
        backend: the cloud.
        spec: the platform.
        target: its target.
        near: a region to propose. Omitted: none is proposed.
    """
    if target.replica_region == target.location or (spec.artifact_store.replicated and not target.replica_region):
        yield backend.refuse(
            f"targets[{backend.name}].replica_region",
            target.replica_region or "nothing",
            f"another region than the target's own {target.location}"
            if target.replica_region
            else "a second region, because artifact_store.replicated is true",
            f"set replica_region to {near or 'another region'}, or omit it and set artifact_store.replicated to false",
        )


def reference_problems(backend: Backend, path: str, groups: Iterable[References]) -> Iterator[Problem]:
    """References that must differ and do not.

    Args:
        backend: the cloud.
        path: what they are fields of: `targets[aws].network`.
        groups: the references that must differ from each other.
    """
    for each in repeated_references(groups):
        yield backend.refuse(
            f"{path}.{each.field}",
            each.value,
            f"another one than in {each.earlier}: the same cannot be both",
            f"name the one that {each.field} is for, or remove the repetition",
        )


def _offer_problems(backend: Backend, target: Target) -> Iterator[Problem]:
    """Offers that a target vouches for, under names that no machine and no service has."""
    known = backend.catalog.offer_names()
    for name in target.offered:
        if name not in known:
            near = nearest_names(name, known, most=3, cutoff=0.5)
            yield backend.refuse(
                f"targets[{backend.name}].offered",
                name,
                f"a machine, service or feature of {backend.title} whose regions the package lists",
                f"did you mean {' or '.join(near)}?" if near else "write the name that the refusal gave",
            )


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
