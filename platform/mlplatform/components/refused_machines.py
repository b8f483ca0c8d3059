"""Machines that a cloud does not offer: every cloud refuses them in the same words, with the nearest that it does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlplatform.catalog.catalog import Choice, CpuUse, NotOffered
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.selection import endpoint_use, try_endpoint, try_pool
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
    other = f"override the pool for {backend.title}: pools={{'{pool.name}': PoolOverride(…)}}"
    return _not_offered(backend, path, pool.accelerator, choice, other)


def endpoint_machine(backend: Backend, target: Target, path: str, endpoint: EndpointSpec) -> Choice | Problem | None:
    """The GPU machine of an endpoint, its refusal with the nearest that is offered, or None for a CPU endpoint."""
    choice = try_endpoint(backend, target, endpoint)
    if not isinstance(choice, NotOffered):
        return choice
    other = (
        f"override the endpoint for {backend.title}, for example with a CPU: "
        f"endpoints={{'{endpoint.name}': EndpointOverride(accelerator='none')}}"
    )
    return _not_offered(backend, path, endpoint.accelerator or (), choice, other)


def _not_offered(backend: Backend, path: str, wanted: Sequence[str], none: NotOffered, otherwise: str) -> Problem:
    near = " or ".join(map(str, none.nearest))
    return backend.refuse(
        f"{path}.accelerator",
        ", ".join(wanted),
        none.why,
        f"use {near}" if near else otherwise,
    )


def local_disk_problems(backend: Backend, path: str, pool: GpuPoolSpec, machine: GpuMachine) -> Iterator[Problem]:
    """Local disks that are wanted of a machine without any."""
    if pool.local_nvme and not machine.local_ssd_gib:
        yield backend.refuse(
            f"{path}.local_nvme",
            "True",
            f"a machine with local disks; {machine.machine_type} has none",
            "set local_nvme to false, or choose another accelerator",
        )


def system_pool_problems(backend: Backend, target: Target, spec: PlatformSpec) -> Iterator[Problem]:
    """System nodes larger than any machine."""
    if spec.training:
        size = spec.training.system_pool
        yield from _cpu(backend, target, "training.system_pool", size.vcpus, size.memory_gib, "system", "ask for less")


def endpoint_cpu_problems(backend: Backend, target: Target, path: str, endpoint: EndpointSpec) -> Iterator[Problem]:
    """A CPU endpoint larger than any machine that serves so."""
    if endpoint.accelerator is None:
        size, use = endpoint.cpu, endpoint_use(endpoint)
        always = backend.catalog.cpu(size.vcpus, size.memory_gib, "online", target.location)
        fix = "ask for less" if isinstance(always, NotOffered) else "ask for less, or set replicas to at least 1"
        yield from _cpu(backend, target, f"{path}.cpu", size.vcpus, size.memory_gib, use, fix)


def _cpu(
    backend: Backend, target: Target, path: str, vcpus: float, memory_gib: float, use: CpuUse, fix: str
) -> Iterator[Problem]:
    found = backend.catalog.cpu(vcpus, memory_gib, use, target.location)
    if isinstance(found, NotOffered):
        yield backend.refuse(
            path,
            f"{vcpus:g} vCPUs, {memory_gib:g} GiB",
            found.why,
            fix,
        )
