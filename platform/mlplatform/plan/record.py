"""Runs a program under strict mocks and returns its plan, without account, credentials or engine."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from mlplatform import discovery
from mlplatform.components.granted import GrantNote
from mlplatform.components.names import Layer, layers_of, stack_name
from mlplatform.plan.inside import with_charts
from mlplatform.plan.model import Plan, PlanNote, Step, Value
from mlplatform.providers.accounts import Account
from mlplatform.providers.refusal import Refusal
from mlplatform.spec.platform import PlatformSpec

PROJECT = "mlplatform"
PLACEHOLDER = "set-by-pulumi-config"
"""Value of the stack's configuration secrets, which an offline plan does not know."""


class PlanRefused(ValueError):
    """The mocked providers refused resources; the text has every refusal."""

    def __init__(self, cloud: str, refused: list[tuple[str, str, Refusal]]) -> None:
        self.refused = tuple(refused)
        lines = "\n".join(f"{name} ({token})\n  {refusal}" for token, name, refusal in refused)
        super().__init__(f"{cloud}: the provider would refuse {len(refused)} input(s)\n{lines}")


def record(
    spec: PlatformSpec,
    target: str,
    *,
    layer: Layer | None = None,
    resolve: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Plan:
    """Plan one target: one plan of all of its layers, whose steps keep the URNs of their own stacks.

    Args:
        spec: a validated platform spec.
        target: the target's name, or its cloud where it is the only one there.
        layer: one of its layers. Omitted: every layer that the spec has.
        resolve: use realistic values of the mocked providers where the engine has unknown ones.
        progress: called with the number of registrations so far.

    Raises:
        PlanRefused: a provider would refuse a resource.
        mlplatform.components.backend.MissingExtra: the cloud's SDK is not installed.
    """

    if layer == "cluster":
        return _record_cluster(spec, target, resolve=resolve, progress=progress)
    cloud = _record_cloud(spec, target, resolve=resolve, progress=progress)
    if layer == "cloud" or "cluster" not in layers_of(spec):
        return cloud
    inner = _record_cluster(spec, target, resolve=resolve, progress=progress, cloud=cloud)
    return replace(cloud, steps=(*cloud.steps, *inner.steps), notes=(*cloud.notes, *inner.notes))


def _record_cluster(
    spec: PlatformSpec,
    target: str,
    *,
    resolve: bool,
    progress: Callable[[int], None] | None,
    cloud: Plan | None = None,
) -> Plan:
    """Plan what is inside the cluster; the outputs of the cloud's stack are those of its own plan."""
    bound = spec.target(target)
    if cloud is None and resolve:
        cloud = _record_cloud(spec, target, resolve=True, progress=None)

    def program() -> list[PlanNote]:
        from mlplatform.program import run_cluster

        layer = run_cluster(spec, target)
        return [PlanNote(note.path, note.text) for note in layer.context.notes]

    plan = record_program(
        program,
        account=discovery.backend(bound.cloud).account(bound),
        target=bound.name,
        stack=stack_name(spec, target, "cluster"),
        resolve=resolve,
        progress=progress,
        references={cloud.stack: cloud.outputs} if cloud and resolve else None,
    )
    return with_charts(plan, spec.training.kubernetes_version) if spec.training else plan


def _record_cloud(spec: PlatformSpec, target: str, *, resolve: bool, progress: Callable[[int], None] | None) -> Plan:
    granted: list[GrantNote] = []
    read: list[str] = []

    def program() -> list[PlanNote]:
        from mlplatform.program import run

        platform = run(spec, target)
        granted.extend(platform.context.granted)
        read.extend(platform.context.secrets_read)
        return [PlanNote(note.path, note.text) for note in platform.context.notes]

    narrowed = spec.on(target)
    bound = narrowed.targets[0]
    secrets = (*narrowed.monitoring.secret_keys(), *narrowed.registry.secret_keys())
    plan = record_program(
        program,
        account=discovery.backend(bound.cloud).account(bound),
        target=bound.name,
        stack=stack_name(spec, target),
        config={f"{PROJECT}:{key}": PLACEHOLDER for key in secrets},
        resolve=resolve,
        progress=progress,
    )
    return replace(plan, grants=tuple(granted), secrets=tuple(sorted(set(read))))


def record_program(
    program: Callable[[], list[PlanNote] | None],
    *,
    account: Account,
    stack: str,
    target: str = "",
    project: str = PROJECT,
    config: dict[str, str] | None = None,
    resolve: bool = False,
    progress: Callable[[int], None] | None = None,
    references: Mapping[str, Mapping[str, Value]] | None = None,
) -> Plan:
    """Plan any Pulumi program that uses the installed providers.

    Args:
        program: registers resources; may return notes.
        account: the account of the mocked resources.
        stack: name of the stack.
        target: name of the target. Omitted: the account's cloud.
        project: name of the project.
        config: secret stack configuration, `project:key` to value.
        resolve: as in `record`.
        progress: as in `record`.
        references: outputs of other stacks, by their name without organisation and project. Omitted: they are unknown.

    Raises:
        PlanRefused: a provider would refuse a resource.
    """
    from mlplatform.fast.sdk import fast_sdk

    fast_sdk((*discovery.backend(account.cloud).sdks, "pulumi_kubernetes"))
    # Pulumi keeps its settings in context variables: a separate context isolates the run
    plan = contextvars.copy_context().run(
        _record_here, program, account, stack, project, config or {}, resolve, progress, references or {}
    )
    return replace(plan, target=target) if target else plan


def _record_here(
    program: Callable[[], list[PlanNote] | None],
    account: Account,
    stack: str,
    project: str,
    config: dict[str, str],
    resolve: bool,
    progress: Callable[[int], None] | None,
    references: Mapping[str, Mapping[str, Value]],
) -> Plan:
    from mlplatform.fast.sdk import new_loop, quiet_gc
    from mlplatform.fast.sdk.inline import InlineExecutor

    with quiet_gc():
        import pulumi.runtime
        from google.protobuf import empty_pb2
        from pulumi.runtime.mocks import MockEngine, MockSettings
        from pulumi.runtime.settings import ROOT, configure
        from pulumi.runtime.stack import run_in_stack

        from mlplatform.plan.monitor import RecordingMonitor

        monitor = RecordingMonitor(account, project, stack, resolve=resolve, progress=progress, references=references)
        info: Any = monitor.GetDeploymentInfo(empty_pb2.Empty())  # pyright: ignore[reportUnknownMemberType]
        features = set(info.supportedFeatures)
        ROOT.set(None)
        configure(
            MockSettings(
                monitor=monitor,
                monitor_features=features,
                engine=MockEngine(None),
                project=project,
                stack=stack,
                dry_run=True,
                organization="organization",
                callbacks=None,
                # outputs that a failed program left in this process would block forever
                outputs=set(),
            )
        )
        pulumi.runtime.set_all_config(dict(config), list(config))
        notes: list[PlanNote] = []

        async def main() -> None:
            asyncio.get_running_loop().set_default_executor(InlineExecutor())
            await run_in_stack(lambda: notes.extend(program() or []))

        # asyncio.run would leave the thread without a loop, which Pulumi's own mocks need afterwards
        loop = new_loop()
        try:
            loop.run_until_complete(main())
        finally:
            # tasks that wait for a failed resource would report a closed loop
            left = asyncio.all_tasks(loop)
            for task in left:
                task.cancel()
            if left:
                loop.run_until_complete(asyncio.wait(left))
            loop.close()
        if monitor.refused:
            raise PlanRefused(account.cloud, monitor.refused)
        return Plan(
            cloud=account.cloud,
            project=project,
            stack=stack,
            steps=_ordered(monitor.steps),
            outputs=monitor.stack_outputs,
            notes=tuple(notes),
            resolved=resolve,
        )


def _ordered(steps: dict[str, Step]) -> tuple[Step, ...]:
    """Dependencies first, otherwise by URN: registration order depends on task scheduling."""
    ordered: dict[str, Step] = {}

    for start in sorted(steps):
        pending = [start]
        while pending:
            urn = pending[-1]
            if urn in ordered:
                pending.pop()
                continue
            step = steps[urn]
            needs = (step.parent, step.provider.rpartition("::")[0], *step.dependencies)
            missing = sorted({need for need in needs if need in steps and need not in ordered}, reverse=True)
            if missing:
                pending += missing
            else:
                ordered[urn] = steps[pending.pop()]
    return tuple(ordered.values())


__all__ = ["PlanRefused", "record", "record_program"]
