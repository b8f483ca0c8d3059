"""What is refused about a job before anybody sends it: where, what was given, what is expected, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from mlplatform import discovery
from mlplatform.catalog.accelerator import Vendor
from mlplatform.cluster.content import layer_images
from mlplatform.cluster.facts import LayerContext, PoolNodes, WiresPods
from mlplatform.cluster.images.address import parse_image
from mlplatform.cluster.images.mirror import image_mirror
from mlplatform.cluster.jobs.request import MOST_HOURS, JobRequest
from mlplatform.cluster.parts.pods import default_devices
from mlplatform.cluster.parts.runtimes import RUNTIME_VENDOR
from mlplatform.fast.record import record
from mlplatform.similar import nearest_names
from mlplatform.spec.training import CapacityBlock

_NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")
_DRAINED = timedelta(hours=1)
"""What the end of a capacity block takes from a job: its nodes are drained forty minutes before."""

_WORDS: dict[Vendor, tuple[str, ...]] = {
    "nvidia": ("cuda", "-cu11", "-cu12", "-cu13", "nvidia"),
    "amd": ("rocm",),
    "aws": ("neuron",),
}
"""Words in the addresses of images, by the maker of the devices that they are built for."""


@record(kw_only=True)
class JobProblem:
    """One thing that is refused about a job."""

    where: str
    """The option, or the field of the spec."""

    got: str
    """What was given."""

    expected: str
    """What is accepted, or the reason."""

    fix: str
    """What to do."""

    def __str__(self) -> str:
        return f"{self.where}: got {self.got}, expected {self.expected}; {self.fix}"


def job_problems(layer: LayerContext, request: JobRequest) -> tuple[JobProblem, ...]:
    """Everything that is refused about a job, at once.

    Args:
        layer: of the target.
        request: what is asked for.
    """
    found = [*_own(request), *_team(layer, request), *_engine(layer, request), *_image(layer, request.image)]
    nodes = next((each for each in layer.pools if each.pool.name == request.pool), None)
    if nodes is None:
        found.append(_unknown_pool(layer, request))
    else:
        found += [
            *_size(nodes, request),
            *_queue(layer, nodes, request),
            *_shared(nodes, request),
            *_fabric(layer, nodes, request),
            *_devices_known(nodes, request),
            *_window(nodes, request),
        ]
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


def _image(layer: LayerContext, image: str) -> Iterator[JobProblem]:
    try:
        reference = parse_image(image)
    except ValueError:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}'",
            expected="REGISTRY/REPOSITORY:TAG or …@sha256:DIGEST",
            fix="write the address that you pushed",
        )
        return
    if reference.digest is None and reference.tag == "latest":
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}'",
            expected="a tag that stays what it is, or a digest: after an interruption the job starts from it again",
            fix="write the version, or the digest that `docker push` printed",
        )
    own = discovery.backend(layer.spec.targets[0].cloud).own_images(layer.spec)
    hosts = sorted({address.partition("/")[0] for address in own})
    host = reference.host
    comes_through = image_mirror(layer.spec).way(reference) == "cache" or reference in layer_images(layer)
    if layer.spec.network.nat == "none" and hosts and host not in hosts and not comes_through:
        yield JobProblem(
            where="--image",
            got=f"'{image[:80]}' of {host}",
            expected=f"an image of {', '.join(hosts)}: the nodes reach no other registry, network.nat is 'none'",
            fix=f"push it to {own[0]}, or add the registry to registry.pull_through and pull through its cache",
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
    names = [nodes.pool.name for nodes in layer.pools]
    near = nearest_names(request.pool, names, most=1)
    return JobProblem(
        where="--pool",
        got=f"'{request.pool[:40]}'",
        expected=f"one of the target's pools: {', '.join(names)}" if names else "a pool, and the target has none",
        fix=f"use {near[0]}" if near else "use one of them" if names else "add it to training.pools",
    )


def _size(nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    pool, machine = nodes.pool, nodes.choice.machine
    devices = request.devices or 1
    if devices > nodes.devices:
        yield JobProblem(
            where="--devices",
            got=str(devices),
            expected=f"at most {nodes.devices}, those of one {machine.machine_type}",
            fix="lower it, and raise --nodes",
        )
    if request.nodes > pool.max_nodes:
        yield JobProblem(
            where="--nodes",
            got=str(request.nodes),
            expected=f"at most {pool.max_nodes}, max_nodes of the pool {pool.name}: the queue would never admit it",
            fix=f"lower it to {pool.max_nodes}, or raise training.pools[{pool.name}].max_nodes",
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


def _fabric(layer: LayerContext, nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    pool = nodes.pool
    if request.fabric and not pool.fabric:
        others = [each.pool.name for each in layer.pools if each.pool.fabric]
        yield JobProblem(
            where="--fabric",
            got=f"the pool {pool.name}",
            expected="a pool with fabric: this one joins its nodes by TCP, at about a hundredth of the speed",
            fix=f"use --pool {others[0]}" if others else f"set fabric of training.pools[{pool.name}] to true",
        )
    if not pool.fabric:
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


def _devices_known(nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    """An image, or a runtime, that was built for the devices of another maker."""
    pool, model = nodes.pool, nodes.choice.machine.accelerator.model
    if request.kind in ("torch", "tensorflow") and model.vendor != RUNTIME_VENDOR:
        yield JobProblem(
            where="--kind",
            got=f"{request.kind} on the pool {pool.name}, whose accelerator is {model.name}",
            expected="a runtime whose image knows this accelerator: the frameworks' own images know NVIDIA's alone",
            fix="use --kind jobset with the maker's image",
        )
    address = request.image.partition("@")[0].lower()
    own = any(word in address for word in _WORDS[model.vendor])
    other = [(vendor, word) for vendor, words in _WORDS.items() for word in words if word in address]
    if not own and other:
        yield JobProblem(
            where="--image",
            got=f"'{request.image[:80]}', which is built for '{other[0][1]}'",
            expected=f"an image for {model.name}, the accelerator of the pool {pool.name}",
            fix="build it for this accelerator, or choose another pool",
        )
    elif re.search(r"[:.-]cpu(\b|_|-|$)", address):
        yield JobProblem(
            where="--image",
            got=f"'{request.image[:80]}', a build for CPUs",
            expected=f"an image for {model.name}, the accelerator of the pool {pool.name}",
            fix="use the build for this accelerator: the GPUs would be paid and idle",
        )


def _window(nodes: PoolNodes, request: JobRequest) -> Iterator[JobProblem]:
    capacity = nodes.pool.capacity
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
