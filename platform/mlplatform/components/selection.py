"""The choice of a machine for a pool or an endpoint: the same in validation and in the program."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, CpuUse, NotOffered, Serving
from mlplatform.catalog.machine import CpuMachine, GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.spec.capacity import CapacityBlock, Reservation
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.endpoints import EndpointSpec
from mlplatform.spec.gpu_sharing import Mig, TimeSlicing
from mlplatform.spec.target import ReservationBinding, Target
from mlplatform.spec.training import GpuPoolSpec, SystemPoolSpec


class NotChosen(ValueError):
    """No acceptable machine is offered; validation reports it first."""


def try_pool(backend: Backend, target: Target, pool: GpuPoolSpec) -> Choice | NotOffered:
    """The machine of a GPU pool, or why there is none."""
    match pool.capacity:
        case Reservation() | CapacityBlock() as reserved:
            capacity = reserved.kind
            binding = target.reservations.get(reserved.name)
            zone = binding.zone if binding else None
        case "on-demand" | "spot" | "flex-start" as capacity:
            zone = None
    return backend.catalog.choose(
        [Accelerator.parse(name) for name in pool.accelerator],
        target.location,
        zone,
        use="training",
        capacity=capacity,
        fabric=pool.fabric,
        mig=pool.sharing.profile if isinstance(pool.sharing, Mig) else None,
        time_slicing=isinstance(pool.sharing, TimeSlicing),
        insisted=target.offered,
    )


def endpoint_use(endpoint: EndpointSpec) -> Serving:
    """The kind of serving of an endpoint: always on, or able to sleep."""
    return "zero" if endpoint.sleeps else "online"


def awake(endpoint: EndpointSpec) -> EndpointSpec:
    """The endpoint with at least one replica."""
    return endpoint.model_copy(update={"replicas": (max(1, endpoint.replicas[0]), endpoint.replicas[1])})


def try_endpoint(backend: Backend, target: Target, endpoint: EndpointSpec) -> Choice | NotOffered | None:
    """The GPU machine of an endpoint, why there is none, or None for a CPU endpoint."""
    if endpoint.accelerator is None:
        return None
    return backend.serving_catalog(endpoint).choose(
        [Accelerator.parse(name) for name in endpoint.accelerator],
        target.location,
        None,
        use=endpoint_use(endpoint),
        capacity="on-demand",
        fabric=False,
        mig=None,
        time_slicing=False,
        vcpus=endpoint.cpu.vcpus,
        memory_gib=endpoint.cpu.memory_gib,
        insisted=target.offered,
    )


def choose_pool(backend: Backend, target: Target, pool: GpuPoolSpec) -> Choice:
    """The machine of a GPU pool.

    Raises:
        NotChosen: no acceptable accelerator is offered.
    """
    choice = try_pool(backend, target, pool)
    if isinstance(choice, NotOffered):
        raise NotChosen(str(choice))
    return choice


def choose_endpoint(backend: Backend, target: Target, endpoint: EndpointSpec) -> Choice | None:
    """The GPU machine of an endpoint; None for a CPU endpoint.

    Raises:
        NotChosen: no acceptable accelerator is offered.
    """
    choice = try_endpoint(backend, target, endpoint)
    if isinstance(choice, NotOffered):
        raise NotChosen(str(choice))
    return choice


def choose_cpu(backend: Backend, target: Target, vcpus: float, memory_gib: float, use: CpuUse) -> CpuMachine:
    """The smallest machine without accelerator that has at least this much.

    Raises:
        NotChosen: no machine is large enough.
    """
    machine = backend.catalog.cpu(vcpus, memory_gib, use, target.location)
    if isinstance(machine, NotOffered):
        raise NotChosen(str(machine))
    return machine


def choose_system_machine(backend: Backend, target: Target, pool: SystemPoolSpec) -> CpuMachine:
    """The machine of a cluster's system nodes.

    Raises:
        NotChosen: no machine is large enough.
    """
    return choose_cpu(backend, target, pool.vcpus, pool.memory_gib, "system")


def choose_cpu_pool_machine(backend: Backend, target: Target, pool: CpuPoolSpec) -> CpuMachine:
    """The machine of a CPU pool: the cheapest that has its vCPUs and memory.

    Raises:
        NotChosen: no machine is large enough.
    """
    return choose_cpu(backend, target, pool.vcpus, pool.memory_gib, "training")


def choose_replica_machine(
    backend: Backend, target: Target, endpoint: EndpointSpec, choice: Choice | None, use: Serving | None = None
) -> CpuMachine | GpuMachine:
    """The machine of one replica: the chosen GPU machine, or the smallest CPU machine that fits.

    Args:
        backend: the cloud.
        target: its target.
        endpoint: the endpoint.
        choice: its GPU machine; None for a CPU endpoint.
        use: how the cloud serves it. Omitted: always on, or able to sleep where its replicas start at 0.

    Raises:
        NotChosen: no machine is large enough.
    """
    if choice:
        return choice.machine
    size = endpoint.cpu
    return choose_cpu(backend, target, size.vcpus, size.memory_gib, use or endpoint_use(endpoint))


def bound_reservation(target: Target, pool: GpuPoolSpec) -> ReservationBinding | None:
    """The target's binding of the reservation or capacity block that a pool names; None where it names none."""
    if not isinstance(pool.capacity, Reservation | CapacityBlock):
        return None
    return target.reservations[pool.capacity.name]
