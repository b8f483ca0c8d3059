"""The machine of a pipeline's step: the same in validation and in what is written. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, NotOffered
from mlplatform.catalog.machine import CpuMachine, GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.room import room_of
from mlplatform.components.selection import NotChosen, choose_cpu_pool_machine, try_pool
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.pipeline_places import step_pools
from mlplatform.spec.pipeline_steps import StepResources, StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target
from mlplatform.spec.training import GpuPoolSpec

Machine = CpuMachine | GpuMachine


def try_step(
    backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec, step: StepSpec
) -> Machine | NotOffered:
    """The machine of each node of a step: the service's, or that of its pool; or why there is none.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
        pipeline: the pipeline.
        step: one of its steps.
    """
    if pipeline.engine != "managed":
        return _of_pool(backend, target, spec, step)
    wanted, catalog = step.resources, backend.step_catalog(step)
    if wanted.accelerator is None:
        return catalog.cpu(wanted.vcpus, wanted.memory_gib, "training", target.location)
    choice = catalog.choose(
        [Accelerator.parse(name) for name in wanted.accelerator],
        target.location,
        capacity=wanted.capacity,
        vcpus=wanted.vcpus,
        memory_gib=wanted.memory_gib,
        insisted=target.offered,
    )
    return choice.machine if isinstance(choice, Choice) else choice


def choose_step(
    backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec, step: StepSpec
) -> Machine:
    """The machine of each node of a step, as `try_step`.

    Raises:
        NotChosen: there is none; validation reports it first.
    """
    machine = try_step(backend, target, spec, pipeline, step)
    if isinstance(machine, NotOffered):
        raise NotChosen(str(machine))
    return machine


def _of_pool(backend: Backend, target: Target, spec: PlatformSpec, step: StepSpec) -> Machine | NotOffered:
    pools = step_pools(step.resources, spec.training.all_pools if spec.training else ())
    if not pools:
        return NotOffered(("the cluster has no pool for it",))
    pool = pools[0]
    if isinstance(pool, CpuPoolSpec):
        try:
            machine: Machine = choose_cpu_pool_machine(backend, target, pool)
        except NotChosen as none:
            return NotOffered((str(none),))
    else:
        choice = try_pool(backend, target, pool)
        if isinstance(choice, NotOffered):
            return choice
        machine = choice.machine
    why = _too_large(step, pool, machine)
    return NotOffered((why,)) if why else machine


def _too_large(step: StepSpec, pool: GpuPoolSpec | CpuPoolSpec, machine: Machine) -> str | None:
    """Why no node of a pool ever has room for a step: it would wait for ever."""
    wanted = step.resources
    nodes = f"nodes of pool {pool.name} are {machine.machine_type}"
    vcpus, memory = room_of(machine.vcpus, machine.memory_gib)
    if wanted.vcpus > vcpus or wanted.memory_gib > memory:
        return f"{nodes}, which have {vcpus:g} vCPUs and {memory:g} GiB for jobs"
    local = isinstance(pool, GpuPoolSpec) and pool.local_nvme
    disk = machine.local_ssd_gib if local and isinstance(machine, GpuMachine) else pool.disk_gib
    if wanted.disk_gib > disk / 2:
        return f"nodes of pool {pool.name} have {disk:g} GiB of disk, of which images and logs need half"
    if not isinstance(machine, GpuMachine) or isinstance(pool, CpuPoolSpec):
        return None
    attempts = step.retries + 1 if wanted.nodes > 1 else 1
    if pool.run_hours and step.timeout_minutes * attempts > (pool.run_hours - 1) * 60:
        return f"machines of pool {pool.name} end after {pool.run_hours} hours, one of which is for starting and saving"
    count = asked_devices(wanted, machine)
    if pool.sharing and (count > 1 or wanted.nodes > 1):
        return f"the GPUs of pool {pool.name} are shared ({pool.sharing.kind}): a step uses one part of one node"
    if pool.fabric and wanted.nodes > 1 and count < machine.accelerator.count:
        return f"{nodes}, whose fabric is for whole machines, with {machine.accelerator.count} accelerators"
    if count > machine.accelerator.count:
        return f"{nodes} with {machine.accelerator.count} accelerators"
    return None


def asked_devices(wanted: StepResources, machine: GpuMachine) -> int:
    """Accelerators that a step asks of a machine; of alternatives, the number for that machine's.

    Args:
        wanted: machines of the step.
        machine: the machine.
    """
    asked = (Accelerator.parse(name) for name in wanted.accelerator or ())
    return next((each.count for each in asked if each.name == machine.accelerator.name), 0)
