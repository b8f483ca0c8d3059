"""The proof of the registration: a small resource is registered in both ways, and a recorder is told the same."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from typing import Any

import pulumi
from pulumi.output import contains_unknowns
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockEngine, MockSettings
from pulumi.runtime.proto import resource_pb2

from mlplatform.fast.sdk.inline import InlineExecutor
from mlplatform.fast.sdk.registered import RecordedAnswer, Registered

Register = Callable[..., None]
Told = tuple[list[object], list[object]]


@pulumi.input_type
class _Inputs:
    some_text: pulumi.Input[str] | None = pulumi.property("someText", default=None)
    inner_one: pulumi.Input[_Inputs] | None = pulumi.property("innerOne", default=None)
    others: pulumi.Input[Sequence[pulumi.Input[_Inputs]]] | None = pulumi.property("others", default=None)
    by_name: pulumi.Input[dict[str, pulumi.Input[str]]] | None = pulumi.property("byName", default=None)
    number: pulumi.Input[int] | None = pulumi.property("number", default=None)


class _Recorder:
    """Takes a registration in both ways, and answers with its inputs."""

    only_records = True

    def __init__(self) -> None:
        self.told: list[Registered] = []

    def register(self, registered: Registered) -> RecordedAnswer:
        self.told.append(registered)
        return RecordedAnswer(f"urn:pulumi:stack::project::{registered.type}::{registered.name}", "", registered.inputs)

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802, ANN401 - Pulumi's names and messages
        urn, no_id, _ = self.register(Registered.of(request))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=no_id, object=request.object)


def tell_alike(ways: Sequence[Register]) -> bool:
    """True if a recorder is told the same, and the resource has the same outputs, in each of the ways.

    Raises:
        RuntimeError: an event loop runs in this thread, as in a program of the engine, whose monitor records and more.
    """
    if _a_loop_runs():
        raise RuntimeError("an event loop runs already")
    first, *others = (contextvars.copy_context().run(_registered_by, way) for way in ways)
    return bool(first[0]) and all(other == first for other in others)


def _a_loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _registered_by(register: Register) -> Told:
    recorder = _Recorder()
    features = {
        resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
        resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
        resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    }
    settings.ROOT.set(None)
    settings.configure(
        MockSettings(
            monitor=recorder,
            monitor_features=features,
            engine=MockEngine(None),
            project="project",
            stack="stack",
            dry_run=True,
            organization="organization",
            callbacks=None,
            outputs=set(),
        )
    )
    loop = asyncio.new_event_loop()
    loop.set_default_executor(InlineExecutor())
    try:
        values = loop.run_until_complete(_outputs(register))
    finally:
        loop.close()
    return [_comparable(told) for told in recorder.told], values


async def _outputs(register: Register) -> list[object]:
    needed, sample = _bare(), _bare()
    of_urn = pulumi.resource.DependencyResource
    register(needed, "a:b:Needed", "needed", True, False, of_urn, {}, pulumi.ResourceOptions())
    make: Any = _Inputs
    props = {
        "inner_one": make(some_text=needed.urn),
        "others": [{"some_text": needed.id}, make(some_text=pulumi.Output.secret("secret"))],
        "by_name": {"some_text": "text", "unknown": pulumi.Output.from_input(pulumi.UNKNOWN)},
        "number": 3,
    }
    opts = pulumi.ResourceOptions(
        depends_on=[needed],
        protect=True,
        ignore_changes=["inner_one"],
        aliases=[pulumi.Alias(name="former")],
        custom_timeouts=pulumi.CustomTimeouts(create="1h"),
    )
    register(sample, "a:b:Sample", "sample", True, False, of_urn, props, opts, _Inputs)
    found: list[object] = []
    for output in (sample.urn, sample.id, *(sample.__dict__[name] for name in props)):
        data = await output._data
        value = "unknown" if contains_unknowns(data.value) else data.value
        found.append((value, data.is_known, data.is_secret, [one is sample for one in data.resources]))
    return found


def _bare() -> pulumi.CustomResource:
    """A resource that no constructor has registered."""
    resource = object.__new__(pulumi.CustomResource)
    vars(resource).update(_type="a:b:Sample", _name="sample", _childResources=set())
    return resource


def _comparable(told: Registered) -> object:
    """Without what has no order, and messages as text."""
    return told._replace(
        dependencies=sorted(told.dependencies),
        property_dependencies={key: sorted(urns) for key, urns in told.property_dependencies.items()},
        ignore_changes=list(told.ignore_changes),
        replace_on_changes=list(told.replace_on_changes),
        additional_secret_outputs=list(told.additional_secret_outputs),
        timeouts=str(told.timeouts),
        aliases=[str(alias) for alias in told.aliases],
        alias_urns=list(told.alias_urns),
    )
