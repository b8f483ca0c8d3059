"""Problems of pipelines that every cloud reports in the same words: machines, prices, times. Imports no SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mlplatform.catalog.catalog import NotOffered
from mlplatform.catalog.machine import GpuMachine
from mlplatform.components.backend import Backend
from mlplatform.components.champion import champion_problems
from mlplatform.components.cluster_serving import held_devices
from mlplatform.components.limits import Violations
from mlplatform.components.selection import try_pool
from mlplatform.components.shared_gpus import gpu_clients
from mlplatform.components.step_machines import asked_devices, try_step
from mlplatform.spec.cpu_pool import CpuPoolSpec
from mlplatform.spec.pipeline_places import step_pools
from mlplatform.spec.pipeline_steps import StepSpec
from mlplatform.spec.pipelines import PipelineSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem
from mlplatform.spec.target import Target


def managed_steps(spec: PlatformSpec) -> Iterator[tuple[str, StepSpec]]:
    """Path and step, of the pipelines that the cloud's own service runs."""
    for index, pipeline in enumerate(spec.pipelines):
        if pipeline.engine == "managed":
            for position, step in enumerate(pipeline.steps):
                yield f"pipelines[{index}].steps[{position}]", step


def per_step(field: str, refused: Callable[[StepSpec], object | None]) -> Violations:
    """Violations of a limit of steps that the cloud's service runs.

    Args:
        field: path below the step, for example `resources.capacity`.
        refused: the value of one step that is refused, or None.
    """

    def violations(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
        for path, step in managed_steps(spec):
            value = refused(step)
            if value is not None:
                yield f"{path}.{field}", str(value)

    return violations


def pipeline_problems(
    backend: Backend, target: Target, spec: PlatformSpec, *, longest_minutes: Callable[[StepSpec], int]
) -> Iterator[Problem]:
    """Steps without a machine or longer than the service lets them run, and runs dearer than their ceiling.

    Args:
        backend: the cloud.
        target: its target.
        spec: the narrowed spec.
        longest_minutes: longest attempt of a step that the cloud's service allows, minutes.
    """
    for index, pipeline in enumerate(spec.pipelines):
        for position, step in enumerate(pipeline.steps):
            path = f"pipelines[{index}].steps[{position}]"
            for each in step.asked():
                yield from _machine_problems(backend, target, spec, pipeline, each, path)
            most = longest_minutes(step)
            if pipeline.engine == "managed" and step.timeout_minutes > most:
                yield backend.refuse(
                    f"{path}.timeout_minutes",
                    step.timeout_minutes,
                    f"at most {most} minutes, the service's longest job",
                    "lower it and go on from a checkpoint in a further run, or set engine to cluster",
                )
        yield from champion_problems(spec, pipeline, f"pipelines[{index}]", backend)
        yield from _price_problems(backend, target, spec, pipeline, f"pipelines[{index}]")
        yield from _month_problems(backend, target, spec, pipeline, f"pipelines[{index}]")


def _machine_problems(
    backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec, step: StepSpec, path: str
) -> Iterator[Problem]:
    wanted = step.resources
    machine = try_step(backend, target, spec, pipeline, step)
    if isinstance(machine, NotOffered):
        near = " or ".join(map(str, machine.nearest))
        what = ", ".join(wanted.accelerator) if wanted.accelerator else "no accelerator"
        yield backend.refuse(
            f"{path}.resources" + (".accelerator" if wanted.accelerator else ""),
            f"{what}, {wanted.vcpus} vCPUs, {wanted.memory_gib} GiB, {wanted.capacity}",
            machine.why,
            f"use {near}" if near else "ask for less, or for another accelerator or capacity",
            fields=("training.pools",) if pipeline.engine != "managed" else (),
        )
    elif isinstance(machine, GpuMachine) and pipeline.engine != "managed":
        yield from _queue_problems(backend, target, spec, step, path)


def _queue_problems(
    backend: Backend, target: Target, spec: PlatformSpec, step: StepSpec, path: str
) -> Iterator[Problem]:
    """More devices at once than the platform's queue ever has: what neither teams nor endpoints have, and what teams
    lend."""
    wanted, teams = step.resources, spec.cluster.teams if spec.cluster else ()
    pool = step_pools(wanted, spec.training.all_pools if spec.training else ())[0]
    if isinstance(pool, CpuPoolSpec) or isinstance(choice := try_pool(backend, target, pool), NotOffered):
        return
    left = gpu_clients(pool, choice.machine) * pool.max_nodes - held_devices(spec, pool, choice)
    left -= sum(team.quota.get(pool.name, 0) for team in teams)
    most = left + sum(team.lend.get(pool.name, team.quota.get(pool.name, 0)) for team in teams)
    asked = wanted.nodes * (1 if pool.sharing else asked_devices(wanted, choice.machine))
    if asked > most:
        yield backend.refuse(
            f"{path}.resources.accelerator",
            f"together {asked} devices of the pool {pool.name}",
            f"at most {most}: the platform's queue never gets more, with all that teams lend and endpoints leave",
            "ask for less, lower the teams' quotas or let them lend, or raise max_nodes of the pool",
            fields=("training.pools", "cluster.teams", "endpoints"),
        )


def run_usd(backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec) -> float | None:
    """Most that a run costs when every step takes all its attempts and all its time, USD; None where a price is not
    known. By the prices of machines of the catalogue, which are those of one region and without the service's share.
    """
    total = 0.0
    for step in [each for every in pipeline.steps for each in every.runs().values()]:
        machine = try_step(backend, target, spec, pipeline, step)
        if isinstance(machine, NotOffered) or machine.hourly_usd is None:
            return None
        hourly = step.resources.nodes * machine.hourly_usd
        if pipeline.engine == "managed" and (waits := backend.waiting_machine(target, step)):
            if isinstance(waits, NotOffered) or waits.hourly_usd is None:
                return None
            hourly += waits.hourly_usd
        total += hourly * (step.retries + 1) * step.timeout_minutes / 60
    return total


def _unpriced(backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec) -> str:
    """The steps with a machine whose price is not known; a step that gets none is refused itself."""
    steps = (each for step in pipeline.steps for each in step.asked())
    machines = ((step, try_step(backend, target, spec, pipeline, step)) for step in steps)
    return ", ".join(
        f"{step.name} runs on {machine.machine_type}"
        for step, machine in machines
        if not isinstance(machine, NotOffered) and machine.hourly_usd is None
    )


def _price_problems(
    backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec, path: str
) -> Iterator[Problem]:
    if pipeline.max_usd_per_run is None:
        return
    usd = run_usd(backend, target, spec, pipeline)
    unpriced = _unpriced(backend, target, spec, pipeline)
    if unpriced:
        yield backend.refuse(
            f"{path}.max_usd_per_run",
            f"{pipeline.max_usd_per_run:g}",
            f"steps on machines whose prices the catalogue knows, without which nobody can hold this bound: {unpriced}",
            "remove it, or use other machines",
            fields=(f"{path}.steps",),
        )
    elif usd is not None and usd > pipeline.max_usd_per_run:
        yield backend.refuse(
            f"{path}.max_usd_per_run",
            f"{pipeline.max_usd_per_run:g}",
            f"at least {usd:.2f}, what one run costs when each step takes all its attempts and all its time",
            "raise it, or lower timeout_minutes, retries or the machines of the steps",
            fields=(f"{path}.steps",),
        )


def _month_problems(
    backend: Backend, target: Target, spec: PlatformSpec, pipeline: PipelineSpec, path: str
) -> Iterator[Problem]:
    """A monthly bound that no run fits into, or that nobody can hold."""
    triggers = pipeline.triggers
    bounds = {
        "max_usd_per_month": triggers.max_usd_per_month if triggers else None,
        "team.max_usd_per_month": triggers.team.max_usd_per_month if triggers and triggers.team else None,
    }
    for field, most in bounds.items():
        if most is not None:
            yield from _bound_problems(backend, target, spec, pipeline, path, field, most)


def _bound_problems(
    backend: Backend,
    target: Target,
    spec: PlatformSpec,
    pipeline: PipelineSpec,
    path: str,
    field: str,
    most: float,
) -> Iterator[Problem]:
    usd = run_usd(backend, target, spec, pipeline)
    unpriced = _unpriced(backend, target, spec, pipeline)
    if unpriced and pipeline.max_usd_per_run is None:
        yield backend.refuse(
            f"{path}.triggers.{field}",
            f"{most:g}",
            f"steps on machines whose prices the catalogue knows, without which nobody can hold this bound: {unpriced}",
            "remove it and set max_runs_per_month, or use other machines",
            fields=(f"{path}.steps",),
        )
    elif usd is not None and usd > most:
        yield backend.refuse(
            f"{path}.triggers.{field}",
            f"{most:g}",
            f"at least {usd:.2f}, what one run costs when each step takes all its attempts and all its time",
            "raise it, or lower timeout_minutes, retries or the machines of the steps",
            fields=(f"{path}.steps",),
        )
