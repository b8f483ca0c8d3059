"""A CI pipeline for any system: environments in order, their stacks, and the logins of their jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from mlplatform import discovery
from mlplatform.cluster.access_facts import ReachesCluster
from mlplatform.components.ci_login import DUTIES, BuildsCiLogin, CiLogin, CiSystem, Duty
from mlplatform.components.names import stack_name
from mlplatform.components.record_copy import compares
from mlplatform.fast.record import record
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.target import Target


class PipelineRefused(ValueError):
    """Specs that make no pipeline; the text says why and what to do."""


RecordPlace = Literal["nowhere", "reached", "private"]
"""`nowhere`: no gate reads a copy of the record. `private`: it goes to a store that these jobs do not reach."""


@record(kw_only=True)
class PipelineStack:
    """One Pulumi stack: an environment on a target."""

    name: str
    """`prod-aws`: Pulumi's name, and that of its configuration file."""

    cloud: str
    """The target's cloud."""

    target: str
    """The target's name."""

    state: str
    """CI variable that holds the URL of its state; jobs that reach the cloud run only where it is set."""

    logins: Mapping[Duty, CiLogin]
    """Login of each kind of job."""

    subjects: Mapping[Duty, tuple[str, ...]]
    """Subjects of the tokens that each identity trusts; empty where the spec trusts another CI system."""

    spec: str
    """File of its spec, relative to the project."""

    inner: str
    """The stack of what is inside its cluster; empty where there is none, or these jobs do not reach its API."""

    copies: bool
    """Whether the images of that stack are copied into the platform's registry before it is applied."""

    apart: str
    """That stack, where these jobs do not reach the cluster's API; empty otherwise."""

    before: str
    """The same target's stack in the previous environment, whose images are promoted; empty in the first."""

    serves: bool = False
    """Whether it has endpoints, whose rollouts are followed to their end."""

    record: RecordPlace = "nowhere"
    """Where the record is copied to after an update."""

    asks: tuple[str, ...] = ()
    """Pipelines that a push to the branch starts: their door is asked when the commit's images are there."""


@record(kw_only=True)
class PipelineStage:
    """One environment."""

    name: str
    """`dev`, `staging`, `prod` or another."""

    stacks: tuple[PipelineStack, ...]
    """In the spec's order of targets."""

    gated: bool
    """Whether a person approves changes: in all environments but the first."""


@record(kw_only=True)
class CiPipeline:
    """The pipeline as a system's templates use it."""

    branch: str
    """The only branch whose commits change a platform."""

    specs: tuple[str, ...]
    """Spec files, relative to the project, in the order of promotion."""

    stages: tuple[PipelineStage, ...]
    """Environments in the order of promotion."""

    models: tuple[str, ...]
    """Model groups of any environment."""

    @property
    def stacks(self) -> tuple[PipelineStack, ...]:
        """The stacks of all environments."""
        return tuple(stack for stage in self.stages for stack in stage.stacks)

    @property
    def asks(self) -> bool:
        """Whether a push to the branch starts a pipeline of any stack."""
        return any(stack.asks for stack in self.stacks)

    @property
    def variables(self) -> tuple[str, ...]:
        """CI variables that a person sets, none of them secret: states first, then those of the clouds' logins."""
        logins = (login for stack in self.stacks for login in stack.logins.values())
        return tuple(
            dict.fromkeys([*(stack.state for stack in self.stacks), *(name for x in logins for name in x.variables)])
        )

    @property
    def clouds(self) -> tuple[str, ...]:
        """Clouds of any environment, sorted."""
        return tuple(sorted({stack.cloud for stack in self.stacks}))


def arrange_pipeline(
    system: str, specs: Sequence[tuple[PurePosixPath, PlatformSpec]], variables: str = ""
) -> CiPipeline:
    """Arrange environments into a pipeline.

    Args:
        system: name of the CI system.
        specs: file and platform of each environment, in the order of promotion.
        variables: what the names of CI variables end in. Omitted: nothing.

    Raises:
        PipelineRefused: they are of different platforms or trust different branches, two are of one environment, or
            a cloud's package has no CI login.
    """
    _require_one([spec.name for _, spec in specs], "platform", "render each platform's pipeline by itself")
    environments = [spec.environment for _, spec in specs]
    if twice := sorted({name for name in environments if environments.count(name) > 1}):
        raise PipelineRefused(f"environment {twice[0]}: got more than one spec, expected one; leave the others out")
    trusted = [ci for _, spec in specs if (ci := spec.access.ci)]
    _require_one([ci.branch for ci in trusted], "access.ci.branch", "name one branch in every spec")
    stages: list[PipelineStage] = []
    for file, spec in specs:
        earlier = {stack.target: stack.name for stack in stages[-1].stacks} if stages else {}
        stacks = tuple(_stack(file, spec, target, system, earlier, variables) for target in spec.targets)
        stages.append(PipelineStage(name=spec.environment, stacks=stacks, gated=bool(stages)))
    return CiPipeline(
        branch=trusted[0].branch if trusted else "main",
        specs=tuple(str(file) for file, _ in specs),
        stages=tuple(stages),
        models=tuple(sorted({model for _, spec in specs for model in spec.registry.models})),
    )


def _require_one(values: Sequence[str], what: str, fix: str) -> None:
    different = list(dict.fromkeys(values))
    if len(different) > 1:
        raise PipelineRefused(f"{what}: got {', '.join(different)}, expected one; {fix}")


def _stack(
    file: PurePosixPath, spec: PlatformSpec, target: Target, system: str, earlier: Mapping[str, str], variables: str
) -> PipelineStack:
    name = stack_name(spec, target.name)
    inner = stack_name(spec, target.name, "cluster") if spec.cluster else ""
    reached = bool(inner) and _reaches(spec.on(target.name))
    ci = spec.access.ci if spec.access.ci and spec.access.ci.system == system else None
    return PipelineStack(
        name=name,
        cloud=target.cloud,
        target=target.name,
        state=f"PULUMI_STATE_{name}".upper().replace("-", "_") + variables,
        logins={duty: _renamed(_login(spec, target, duty, system), variables) for duty in DUTIES},
        subjects={duty: _subjects(ci, duty, spec.environment) if ci else () for duty in DUTIES},
        spec=str(file),
        inner=inner if reached else "",
        copies=reached and spec.keeps_copies,
        apart="" if reached else inner,
        before=earlier.get(target.name, ""),
        serves=bool(spec.on(target.name).endpoints),
        record=_record(spec.on(target.name)),
        asks=tuple(_asked(spec, target)),
    )


def _asked(spec: PlatformSpec, target: Target) -> Iterator[str]:
    branch = spec.access.ci.branch if spec.access.ci else "main"
    for pipeline in spec.on(target.name).pipelines:
        triggers = pipeline.triggers
        if triggers and triggers.enabled and triggers.branch == branch:
            yield pipeline.name


def _record(spec: PlatformSpec) -> RecordPlace:
    """Whether gates read a copy of the record, and whether CI's jobs reach the store that it goes to."""
    backend = discovery.backend(spec.targets[0].cloud)
    if not compares(spec) or not backend.record_uri(spec):
        return "nowhere"
    within = spec.access.ci is not None and spec.access.ci.runner == "network"
    return "private" if backend.has_private_store(spec) and not within else "reached"


def _reaches(spec: PlatformSpec) -> bool:
    """Whether CI's jobs reach the API of a target's cluster."""
    if spec.access.ci and spec.access.ci.runner == "network":
        return True
    return discovery.backend(spec.targets[0].cloud).load(ReachesCluster)(spec).from_anywhere


def _subjects(ci: CiSpec, duty: Duty, environment: str) -> tuple[str, ...]:
    match duty:
        case "preview":
            return ci.preview_subjects
        case "deploy":
            return (ci.deploy_subject(environment),)
        case "images":
            return (ci.subject,)


def _renamed(login: CiLogin, variables: str) -> CiLogin:
    """The login, with longer names of its CI variables."""
    if not variables or not login.variables:
        return login
    values = {f"${name}": f"${name}{variables}" for name in login.variables}
    return replace(
        login,
        identity=login.identity + variables if login.identity in login.variables else login.identity,
        environment={key: values.get(value, value) for key, value in login.environment.items()},
        variables=tuple(name + variables for name in login.variables),
    )


def _login(spec: PlatformSpec, target: Target, duty: Duty, system: str) -> CiLogin:
    backend = discovery.backend(target.cloud)
    trusted: CiSpec | None = spec.access.ci
    own = trusted is not None and trusted.system == system
    try:
        build = backend.load(BuildsCiLogin)
    except NotImplementedError:
        raise PipelineRefused(
            f"{backend.title}: its package has no CI login, expected a module {backend.package}.ci_login; "
            "write one, or leave the target out"
        ) from None
    return build(spec.on(target.name), duty, CiSystem(name=system, own=own))
