"""Machines, services and sizes that a cloud does not have where a pool or an endpoint asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.catalog.catalog import Choice, CpuUse, NotOffered
from mlplatform.catalog.machine import GpuMachine
from mlplatform.catalog.select import near_regions
from mlplatform.components.backend import Backend
from mlplatform.components.selection import awake, endpoint_use, try_endpoint, try_pool
from mlplatform.snippet import Part, Snippet
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec


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
