"""What is refused about a job before anybody sends it: where, what was given, what is expected, and how to mend it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import timedelta

from mlplatform import discovery
from mlplatform.cluster.facts import AnyNodes, LayerContext, PoolNodes
from mlplatform.cluster.jobs.folder_problems import folder_problems, node_folder_problems
from mlplatform.cluster.jobs.image_problems import image_problems, unknown_devices
from mlplatform.cluster.jobs.problem import JobProblem
from mlplatform.cluster.jobs.ray_head import head_problems
from mlplatform.cluster.jobs.request import LEASE_MARGIN, MOST_HOURS, JobRequest
from mlplatform.cluster.parts.pods import default_devices
from mlplatform.cluster.parts.runtime_images import FRAMEWORKS, runtime_image
from mlplatform.cluster.pod_facts import WiresPods
from mlplatform.similar import nearest_names
from mlplatform.spec.capacity import CapacityBlock
from mlplatform.spec.command_words import NO_PROGRAM, is_program, meant_words

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")
_DRAINED = timedelta(hours=1)
"""What the end of a capacity block takes from a job: its nodes are drained forty minutes before."""


def job_problems(layer: LayerContext, request: JobRequest) -> tuple[JobProblem, ...]:
    """Everything that is refused about a job, at once.

    Args:
        layer: of the target.
        request: what is asked for.
    """
    found = [*_own(request), *_team(layer, request), *_engine(layer, request), *folder_problems(layer, request)]
    found += image_problems(layer, request.image)
    nodes = next((each for each in layer.all_pools if each.pool.name == request.pool), None)
    if nodes is None:
        found.append(_unknown_pool(layer, request))
    else:
        found += [*_size(nodes, request), *_runtime_known(nodes, request), *unknown_devices(nodes, request.image)]
        if isinstance(nodes, PoolNodes):
            found += [*_queue(layer, nodes, request), *_shared(nodes, request), *_window(nodes, request)]
        found += [*_fabric(layer, nodes, request), *node_folder_problems(layer, nodes, request)]
    found += head_problems(layer, request)
    return tuple(found)


def _own(request: JobRequest) -> Iterator[JobProblem]:
    if not _NAME.fullmatch(request.name):
        yield JobProblem(
            where="NAME",
            got=f"'{request.name[:60]}'",
            expected="at most 40 lower-case letters, digits and inner hyphens, a letter first",
            fix="rename the job",
        )
    if not request.command:
        yield JobProblem(
            where="COMMAND", got="nothing", expected="the program of the job", fix="add `-- python train.py`"
        )
    elif not is_program(request.command[0]):
        meant = meant_words(request.command)
        yield JobProblem(
            where="COMMAND",
            got=repr(request.command[0][:80]),
            expected=NO_PROGRAM,
            fix=f"write `-- {shlex.join(meant)}`" if meant else "name the program first: `-- python train.py`",
        )
    for option, value in (("--nodes", request.nodes), ("--devices", request.devices), ("--trials", request.trials)):
        if value is not None and value < 1:
            yield JobProblem(where=option, got=str(value), expected="1 or more", fix="raise it")
    if not 1 <= request.max_hours <= MOST_HOURS:
        yield JobProblem(
            where="--max-hours",
            got=str(request.max_hours),
            expected=f"1 to {MOST_HOURS}: checkpoints and finished jobs are not kept for ever",
            fix="choose a number in this range",
        )
    if request.trials is not None and request.kind != "sweep":
        yield JobProblem(
            where="--trials",
            got=str(request.trials),
            expected=f"none with --kind {request.kind}, which is one program on all of its nodes",
            fix="remove it, or use --kind sweep",
        )


def _engine(layer: LayerContext, request: JobRequest) -> Iterator[JobProblem]:
    engines = layer.spec.cluster.engines if layer.spec.cluster else ()
    needed = {"torch": "trainer", "tensorflow": "trainer", "ray": "ray"}.get(request.kind)
    if needed and needed not in engines:
        yield JobProblem(
            where="--kind",
            got=request.kind,
            expected=f"a kind whose engine the layer has: {', '.join(engines) or 'JobSet alone'}",
            fix=f"add '{needed}' to cluster.engines and apply the layer, or use --kind jobset",
        )
    if layer.spec.artifact_store.pipelines.worm:
        yield JobProblem(
            where="artifact_store.pipelines.worm",
            got="a place whose objects cannot be changed",
            expected="one in which a job may move its pointer to the latest checkpoint",
            fix="remove worm from `pipelines`, and set it on `models`",
        )


def _team(layer: LayerContext, request: JobRequest) -> Iterator[JobProblem]:
    names = [team.name for team in layer.spec.cluster.teams] if layer.spec.cluster else []
    if request.team is None or request.team in names:
        return
    near = nearest_names(request.team, names, most=1)
    yield JobProblem(
        where="--team",
        got=f"'{request.team[:40]}'",
        expected=f"one of the teams: {', '.join(names)}" if names else "none: the spec has no teams",
        fix=f"use {near[0]}" if near else "use one of them" if names else "leave it out, or add cluster.teams",
    )


def _queue(layer: LayerContext, nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    """More devices at once than the queue of the job can ever have, its own and what the others lend."""
    teams = layer.spec.cluster.teams if layer.spec.cluster else ()
    pool = nodes.pool.name
    own = next((team for team in teams if team.name == request.team), None)
    if own and pool not in own.quota:
        yield JobProblem(
            where="--team",
            got=f"{own.name}, on the pool {pool}",
            expected=f"a pool of the team's quota: {', '.join(own.quota)}",
            fix=f"use one of them, or add {pool} to cluster.teams[{own.name}].quota, with 0 to borrow only",
        )
        return
    left = nodes.most_devices - sum(team.quota.get(pool, 0) for team in teams)
    others = sum(team.lend.get(pool, team.quota.get(pool, 0)) for team in teams if team is not own)
    if own:
        borrowed = others + left
        most = own.quota[pool] + min(own.borrow.get(pool, borrowed), borrowed)
    else:
        most = left + others
    # the trials of a sweep are admitted together too
    asked = request.nodes * (request.devices or default_devices(nodes))
    if asked > most and request.nodes <= nodes.pool.max_nodes:
        yield JobProblem(
            where="--nodes",
            got=f"{request.nodes}, together {asked} devices",
            expected=f"at most {most} devices of the pool {pool}: the queue of {own.name if own else 'the platform'} "
            "never gets more, with all that others lend",
            fix="lower --nodes or --devices"
            + (f", or raise quota or borrow of cluster.teams[{own.name}]" if own else ", or name a --team"),
        )


def _unknown_pool(layer: LayerContext, request: JobRequest) -> JobProblem:
    names = [nodes.pool.name for nodes in layer.all_pools]
    near = nearest_names(request.pool, names, most=1)
    return JobProblem(
        where="--pool",
        got=f"'{request.pool[:40]}'",
        expected=f"one of the target's pools: {', '.join(names)}" if names else "a pool, and the target has none",
        fix=f"use {near[0]}"
        if near
        else "use one of them"
        if names
        else "add it to training.pools or training.cpu_pools",
    )


def _size(nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    pool, machine = nodes.pool, nodes.machine
    if not isinstance(nodes, PoolNodes):
        if request.devices is not None:
            yield JobProblem(
                where="--devices",
                got=str(request.devices),
                expected=f"none on the pool {pool.name}, whose nodes have no devices",
                fix="leave it out: a pod takes a whole node, and `torchrun --nproc-per-node` divides its CPUs",
            )
    elif (request.devices or 1) > nodes.devices:
        yield JobProblem(
            where="--devices",
            got=str(request.devices),
            expected=f"at most {nodes.devices}, those of one {machine.machine_type}",
            fix="lower it, and raise --nodes",
        )
    if request.nodes > pool.max_nodes:
        pools = "pools" if isinstance(nodes, PoolNodes) else "cpu_pools"
        yield JobProblem(
            where="--nodes",
            got=str(request.nodes),
            expected=f"at most {pool.max_nodes}, max_nodes of the pool {pool.name}: "
            + ("the queue would never admit it" if isinstance(nodes, PoolNodes) else "not all would ever run at once"),
            fix=f"lower it to {pool.max_nodes}, or raise training.{pools}[{pool.name}].max_nodes",
        )


def _shared(nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    pool = nodes.pool
    if pool.sharing is None:
        return
    kind = pool.sharing.kind
    if request.devices is not None and request.devices > 1:
        yield JobProblem(
            where="--devices",
            got=str(request.devices),
            expected=f"1 on the pool {pool.name}: its GPUs are shared by {kind}, and a program uses one part",
            fix="leave it out, or choose a pool without sharing",
        )
    if request.nodes > 1 and request.kind != "sweep":
        yield JobProblem(
            where="--nodes",
            got=str(request.nodes),
            expected=f"1 on the pool {pool.name}: parts of shared GPUs ({kind}) cannot exchange gradients",
            fix="leave it out, use --kind sweep for trials of one GPU each, or choose a pool without sharing",
        )


def _fabric(layer: LayerContext, nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    pool = nodes.pool
    if request.fabric and nodes.fabric is None:
        others = [each.pool.name for each in layer.pools if each.pool.fabric]
        mend = f"set fabric of training.pools[{pool.name}] to true"
        yield JobProblem(
            where="--fabric",
            got=f"the pool {pool.name}",
            expected="a pool with fabric: this one joins its nodes by TCP, at about a hundredth of the speed",
            fix=f"use --pool {others[0]}"
            if others
            else mend
            if isinstance(nodes, PoolNodes)
            else "add a pool with fabric to training.pools",
        )
    if not isinstance(nodes, PoolNodes) or nodes.fabric is None:
        return
    if request.devices is not None and request.devices < nodes.devices:
        yield JobProblem(
            where="--devices",
            got=str(request.devices),
            expected=f"all {nodes.devices} of a node of {pool.name}: its fabric is for whole machines",
            fix="leave it out, or choose a pool without fabric",
        )
    wiring = discovery.backend(layer.spec.targets[0].cloud).load(WiresPods)(layer.spec, nodes)
    if request.kind == "ray" and wiring.profile:
        yield JobProblem(
            where="--kind",
            got=f"ray on the pool {pool.name}",
            expected=f"an engine that reads {wiring.profile} first, which sets up this fabric: Ray's workers do not",
            fix="use --kind torch or jobset",
        )


def _runtime_known(nodes: AnyNodes, request: JobRequest) -> Iterator[JobProblem]:
    """A framework that has no image for the devices of the pool, and so no runtime there."""
    known = [framework for framework in FRAMEWORKS if runtime_image(framework, nodes)]
    if request.kind not in FRAMEWORKS or request.kind in known:
        return
    yield JobProblem(
        where="--kind",
        got=f"{request.kind} on the pool {nodes.pool.name}, {_what(nodes)}",
        expected="a framework of which an image is published that knows these nodes"
        + (f": {', '.join(known)}" if known else ""),
        fix="use --kind jobset with an image that is built for them",
    )


def _what(nodes: AnyNodes) -> str:
    """The devices and the processor of a pool's nodes, in words."""
    arch = "" if nodes.machine.arch == "amd64" else f" and whose processors are {nodes.machine.arch}"
    if not isinstance(nodes, PoolNodes):
        return f"whose nodes have no devices{arch}"
    return f"whose accelerator is {nodes.machine.accelerator.model.name}{arch}"


def _window(nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    capacity, longest = nodes.pool.capacity, nodes.pool.run_hours
    if longest and request.max_hours > longest - LEASE_MARGIN:
        yield JobProblem(
            where="--max-hours",
            got=str(request.max_hours),
            expected=f"at most {longest - LEASE_MARGIN}: machines of this pool end after {longest} hours, and "
            f"{LEASE_MARGIN} of them is for starting and saving",
            fix=f"add --max-hours {longest - LEASE_MARGIN}"
            if longest > LEASE_MARGIN
            else f"raise max_run_hours of the pool {nodes.pool.name}",
        )
    if not isinstance(capacity, CapacityBlock):
        return
    hours = int((capacity.ends - capacity.starts - _DRAINED).total_seconds() // 3600)
    if request.max_hours > hours:
        yield JobProblem(
            where="--max-hours",
            got=str(request.max_hours),
            expected=f"at most {hours}: its capacity block ends {capacity.ends.isoformat()}, drained before",
            fix=f"add --max-hours {hours}, or less if part of the block is over",
        )
