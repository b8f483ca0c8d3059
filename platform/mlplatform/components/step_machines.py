"""The machine of a pipeline's step: the same in validation and in what is written. Imports no SDK."""

from __future__ import annotations

from mlplatform.catalog.accelerator import Accelerator
from mlplatform.catalog.catalog import Choice, NotOffered
from mlplatform.catalog.machine import CpuMachine, GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.selection import NotChosen, choose_cpu_pool_machine, try_pool
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.pipeline_places import step_pools
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target

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
    pools = step_pools(step, spec.training.all_pools if spec.training else ())
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
    wanted = step.resources
    if wanted.vcpus > machine.vcpus or wanted.memory_gib > machine.memory_gib:
        return NotOffered(
            (
                f"nodes of pool {pool.name} are {machine.machine_type} with {machine.vcpus:g} vCPUs and "
                f"{machine.memory_gib:g} GiB",
            )
        )
    return machine
