"""A plan summed up for people: resources by capability, stateful resources, demand and next steps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mlplatform import discovery
from mlplatform.catalog.quota import QuotaDemand
from mlplatform.cluster.access_facts import ReachesCluster
from mlplatform.cluster.kubeconfig import TUNNEL
from mlplatform.components.bootstrap import BuildsBootstrap
from mlplatform.components.imagined_releases import as_released
from mlplatform.components.names import logical_prefix
from mlplatform.components.preflight import OWNER
from mlplatform.components.release_problems import problems_once_released
from mlplatform.components.releases import awaiting_releases
from mlplatform.plan.capability import TITLES, capability_of, component_of
from mlplatform.plan.demand import AcceleratorDemand, accelerator_demand, quota_demand
from mlplatform.plan.inside import INSIDE
from mlplatform.plan.model import UNKNOWN, Plan, PlanNote, Step
from mlplatform.plan.organisation import PolicyObstacle, policy_obstacles
from mlplatform.plan.stateful import holds_data
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


@dataclass(frozen=True, slots=True)
class ComponentSummary:
    """One component and everything below it."""

    name: str
    """Logical name without the platform's, for example `endpoint-fraud`."""

    types: tuple[tuple[str, int], ...]
    """Number of resources by short type, most first."""

    stateful: tuple[Step, ...]
    """Stateful resources."""

    @property
    def count(self) -> int:
        """Number of resources."""
        return sum(number for _, number in self.types)


@dataclass(frozen=True, slots=True)
class CapabilitySummary:
    """One capability of the platform."""

    title: str
    """Title for people."""

    groups: tuple[ComponentSummary, ...]
    """Components of the capability."""

    @property
    def count(self) -> int:
        """Number of resources."""
        return sum(group.count for group in self.groups)


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan summed up."""

    plan: Plan
    """The plan."""

    title: str
    """The cloud's name for people."""

    location: str
    """Region or location."""

    platform: str
    """Name and environment."""

    capabilities: tuple[CapabilitySummary, ...]
    """In a fixed order."""

    accelerators: tuple[AcceleratorDemand, ...]
    """Demand for accelerators."""

    quotas: tuple[QuotaDemand, ...]
    """Demand for quotas."""

    obstacles: tuple[PolicyObstacle, ...]
    """Usual policies of organisations that would refuse something."""

    steps: tuple[str, ...]
    """Next steps, with commands in backticks."""

    @property
    def notes(self) -> tuple[PlanNote, ...]:
        """Choices that were made and steps that a person must take."""
        return self.plan.notes


_INSIDE = "a machine that reaches the cluster's private API, in its network or connected to it"
_PROJECT = "make a project, which the commands below run in: `mlplatform init`; this spec goes into its folder stacks"


def summarise_plan(plan: Plan, spec: PlatformSpec, *, in_project: bool = True) -> Summary:
    """Sum up a plan.

    Args:
        plan: plan of one target.
        spec: the spec of the plan.
        in_project: whether the spec is in a project of Pulumi. Where it is not, the first step makes one.
    """
    backend = discovery.backend(plan.cloud)
    narrowed = spec.on(plan.target)
    target = narrowed.targets[0]
    needed = quota_demand(backend, narrowed, plan)
    return Summary(
        plan=plan,
        title=plan.title,
        location=target.location,
        platform=f"{spec.name} ({spec.environment})",
        capabilities=_capabilities(plan, logical_prefix(narrowed)),
        accelerators=accelerator_demand(backend, narrowed),
        quotas=needed,
        obstacles=policy_obstacles(plan),
        steps=(
            *(() if in_project else (_PROJECT,)),
            *_next_steps(plan, narrowed, bool(needed), several=len(spec.targets) > 1),
        ),
    )


def _capabilities(plan: Plan, prefix: str) -> tuple[CapabilitySummary, ...]:
    parents = {step.urn: step for step in plan.steps}
    components: dict[str, dict[str, list[Step]]] = {}
    for step in plan.resources():
        component = component_of(step, parents)
        title, name = capability_of(component.type if component else ""), prefix
        if component:
            name = component.name.removeprefix(f"{prefix}-")
        components.setdefault(title, {}).setdefault(name, []).append(step)
    order = [*TITLES, *sorted(set(components) - set(TITLES))]
    return tuple(
        CapabilitySummary(title, tuple(_group(name, steps) for name, steps in sorted(components[title].items())))
        for title in order
        if title in components
    )


def _group(name: str, steps: list[Step]) -> ComponentSummary:
    types = Counter(_short(step.type) for step in steps)
    ordered = sorted(types.items(), key=lambda item: (-item[1], item[0]))
    return ComponentSummary(
        name, tuple(ordered), tuple(step for step in steps if holds_data(step) and step.op != INSIDE)
    )


def _short(token: str) -> str:
    """`aws:s3/bucketVersioning:BucketVersioning` as `s3.BucketVersioning`."""
    _, _, rest = token.partition(":")
    module, _, kind = rest.rpartition(":")
    return f"{module.split('/')[0]}.{kind}"


def _next_steps(plan: Plan, spec: PlatformSpec, quotas_needed: bool, *, several: bool) -> tuple[str, ...]:
    stack = plan.stack
    head = f"urn:pulumi:{stack}"
    steps: list[str] = []
    made = ""
    if discovery.backend(plan.cloud).has(BuildsBootstrap):
        # the stacks are named by their environments, as the specs of a project are
        script = f"mlplatform bootstrap {spec.environment} --target {plan.target} -o bootstrap.sh"
        steps.append(
            "prepare the account once: read this script, run it, and type the commands at its end, which log Pulumi in "
            f"and create the stacks: `{script}`"
        )
        made = ", unless that did it"
    steps.append(f"create the stack once{made}: `pulumi stack init {stack}`")
    steps += [f"set a secret: `pulumi config set --stack {stack} --secret mlplatform:{key}`" for key in plan.secrets]
    if quotas_needed:
        steps.append("request the quotas above that exceed the account's present ones: that can take days")
    if any(note.text.startswith(OWNER) for note in plan.notes):
        steps.append("let the network's owner run the checks in the notes above: the platform makes none of it")
    steps += [
        f"preview the changes: `pulumi preview --stack {stack}`",
        f"deploy: `pulumi up --stack {stack}`",
        *_access_steps(plan),
    ]
    if inner := next((step.urn.split("::")[0] for step in plan.steps if step.urn.split("::")[0] != head), ""):
        inner = inner.removeprefix("urn:pulumi:")
        steps += [
            f"create the stack of what is inside the cluster once{made}: `pulumi stack init {inner}`",
            f"deploy it, {_way_to_the_cluster(spec, f'pulumi up --stack {inner}')}",
        ]
    waiting = awaiting_releases(spec, discovery.backend(plan.cloud))
    # this plan's target alone: the stores of the others may not be there yet
    here = f" --target {spec.targets[0].name}" if several else ""
    blocked = _blocked(spec) if waiting else {}
    steps += [
        f"before {each.endpoint} can be released, its {problem.path.partition('.')[2]} needs a change: {problem.fix}"
        if (problem := blocked.get(each.endpoint))
        else f"release {each.endpoint}, awaiting {each.reason}: `{each.command}{here}`"
        for each in waiting
    ]
    if waiting:
        steps.append(f"deploy what was released: `pulumi up --stack {stack}`")
    return tuple(steps)


def _way_to_the_cluster(spec: PlatformSpec, command: str) -> str:
    """A command that reaches the cluster's API, and from where."""
    access = discovery.backend(spec.targets[0].cloud).load(ReachesCluster)(spec)
    if access.tunnel:
        return f"while the way to the cluster is open: `{TUNNEL}={access.tunnel} {command}`"
    return f"from {'any network' if access.from_anywhere else _INSIDE}: `{command}`"


def _blocked(spec: PlatformSpec) -> dict[str, Problem]:
    """Endpoints whose release the cloud would refuse as the spec is, with the first reason."""
    backend = discovery.backend(spec.targets[0].cloud)
    blocked: dict[str, Problem] = {}
    # what is left open is any model, without an image of its own
    named = tuple(
        each if each.variants or each.model or each.server == "custom" else each.model_copy(update={"model": "any/1"})
        for each in spec.endpoints
    )
    for problem in problems_once_released(as_released(spec.model_copy(update={"endpoints": named})), backend):
        if found := re.match(r"endpoints\[(\d+)\]", problem.path):
            blocked.setdefault(spec.endpoints[int(found[1])].name, problem)
    return blocked


def _access_steps(plan: Plan) -> Iterator[str]:
    """How a person then reaches the cluster: a tunnel comes before what goes through it."""
    commands = plan.outputs.get("clusterAccess")
    if not isinstance(commands, list | tuple):
        return
    words = "as one of the target's people, reach the cluster"
    for command in commands:  # pyright: ignore[reportUnknownVariableType] - any output may be there
        if isinstance(command, str) and command != UNKNOWN:
            yield f"{words}: `{command}`"
            words = "leave that open, and in a second terminal"
