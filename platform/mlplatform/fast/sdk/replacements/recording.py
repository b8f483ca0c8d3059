"""Registers a resource with a monitor in this process that only records: as plain values, in one task, without threads.

Pulumi prepares a message in two tasks, hands it to a thread, and reads the message that comes back. What a recorder
is told is the same; whatever is not usual in a plan is registered by Pulumi's own function.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi import resource as resources
from pulumi.output import contains_unknowns
from pulumi.runtime import _depends_on, rpc, settings
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import resource_pb2

from mlplatform.fast.sdk.registered import Recorder, Registered
from mlplatform.fast.sdk.replacements.answers import answer_later, only_recorded, python_names
from mlplatform.fast.sdk.replacements.inputs import boxed, read_inputs
from mlplatform.fast.sdk.replacements.outputs import Resolve, transfer_properties
from mlplatform.fast.sdk.replacements.proof import same_parameters
from mlplatform.fast.sdk.replacements.recording_proof import tell_alike

_OUTPUT: Any = Output
_SETTINGS: Any = settings.SETTINGS
_REGISTRATION: Any = registration
_RPC: Any = rpc
_STACK = "pulumi:pulumi:Stack"

plain_register = registration.register_resource

_FEATURES = frozenset(
    {
        resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
        resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
        resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    }
)
_RECORDED = frozenset(
    {
        "additional_secret_outputs",
        "aliases",
        "custom_timeouts",
        "delete_before_replace",
        "depends_on",
        "ignore_changes",
        "parent",
        "protect",
        "provider",
        "providers",
        "replace_on_changes",
        "replacement_trigger",
        "retain_on_delete",
    }
)
"""Options that are told to the recorder."""
_WITHOUT_EFFECT = frozenset(
    {"env_var_mappings", "hide_diffs", "id", "import_", "plugin_download_url", "transformations", "urn", "version"}
)
"""Options that come to nothing in a plan, or have had their effect before a resource is registered."""
_PLAIN = frozenset({"deleted_with", "replace_with", "state_migrations", "transforms"})
"""Options with which Pulumi's own function registers; with hooks too."""


def register_resource(
    res: Resource,
    ty: str,
    name: str,
    custom: bool,
    remote: bool,
    new_dependency: Callable[[str], Resource],
    props: Mapping[str, Any],
    opts: ResourceOptions | None,
    typ: type | None = None,
    package_ref: object = None,
) -> None:
    """Replaces `pulumi.runtime.resource.register_resource` in a plan."""
    if remote or package_ref is not None or opts is None or not _is_usual(vars(opts)):
        plain_register(res, ty, name, custom, remote, new_dependency, props, opts, typ, cast("Any", package_ref))
        return
    promised = [_promise(res, "urn")]
    if custom:
        promised.append(_promise(res, "id"))
    resolvers = cast("dict[str, Resolve]", transfer_properties(res, props, custom))
    manager: Any = settings._get_rpc_manager()
    registered = _register(manager, res, ty, name, custom, props, opts, typ, promised, resolvers)
    manager.rpcs.append(asyncio.ensure_future(registered))


def _is_usual(options: Mapping[str, Any]) -> bool:
    return (
        only_recorded()
        and hasattr(_SETTINGS.monitor, "register")
        and settings.is_dry_run()
        and not settings.is_legacy_apply_enabled()
        and not settings.excessive_debug_output
        and _SETTINGS.monitor_features >= _FEATURES
        and not any(options[name] for name in _PLAIN)
        # options that were merged have a binding without hooks
        and not (options["hooks"] and any(cast("dict[str, object]", vars(options["hooks"])).values()))
        and isinstance(options["replacement_trigger"], str | None)
        and all(isinstance(options[name], bool | None) for name in ("protect", "retain_on_delete"))
    )


def _promise(res: Resource, name: str) -> Resolve:
    future: asyncio.Future[Any] = asyncio.Future()
    output = object.__new__(_OUTPUT)
    output._data = future
    res.__dict__[name] = output
    return Resolve(res, future)


async def _register(
    manager: Any,  # noqa: ANN401 - private to Pulumi
    res: Resource,
    ty: str,
    name: str,
    custom: bool,
    props: Mapping[str, Any],
    opts: ResourceOptions,
    typ: type | None,
    promised: list[Resolve],
    resolvers: dict[str, Resolve],
) -> None:
    try:
        registered = await _registered(res, ty, name, custom, props, opts, typ)
        recorder: Recorder = _SETTINGS.monitor
        answer = recorder.register(registered)
        for resolve, value in zip(promised, answer[:2], strict=False):
            resolve(value, bool(value), False, None, None)
        outputs = answer.outputs
        if not resolvers:
            return
        if typ is None:
            transformer = res.translate_output_property
            sent = {transformer(key): key for key in outputs}
            answer_later(res, sent, _Boxed(outputs), resolvers, transformer)
        else:
            names = python_names(type(res))
            answer_later(res, {names.get(key) or key: key for key in outputs}, _Boxed(outputs), resolvers)
    except Exception as error:
        for resolve in (*promised, *resolvers.values()):
            if not resolve.future.done():
                resolve(None, False, False, None, error)
        if manager.unhandled_exception is None:
            manager.unhandled_exception = error
            manager.exception_traceback = sys.exc_info()[2]
        # whoever waits for the calls raises it; this task itself may have been waited for already
        failed: asyncio.Future[None] = asyncio.Future()
        failed.set_exception(error)
        failed.exception()
        manager.rpcs.append(failed)


class _Boxed:
    """Answers of a recorder, each as a message gives it when it is asked for."""

    __slots__ = ("_outputs",)

    def __init__(self, outputs: Mapping[str, Any]) -> None:
        self._outputs = outputs

    def __getitem__(self, key: str) -> object:
        return boxed(self._outputs[key])


async def _registered(
    res: Resource, ty: str, name: str, custom: bool, props: Mapping[str, Any], opts: ResourceOptions, typ: type | None
) -> Registered:
    """What `prepare_resource` and its caller put into a message."""
    try:
        dependencies = await _explicit(opts, res)
        needs: dict[str, list[Resource]] = {}
        inputs = await read_inputs(props, needs, res, None if typ else res.translate_input_property, typ)
        parent = "" if ty == _STACK else await _parent(opts)
        provider = await _provider(opts.provider) if custom and opts.provider is not None else ""
        by_property: dict[str, set[str]] = {}
        for key, found in needs.items():
            urns: set[str] = await _urns(found, res) if found else set()
            by_property[key] = urns
            dependencies |= urns
        aliases: list[Any] = await registration.prepare_aliases(res, opts, True) if opts.aliases else []
    except ValueError as error:
        raise ValueError(f"While processing resource: {name!r}, type: {ty!r}\nValueError has risen: {error}") from error
    except AssertionError as error:
        raise AssertionError(
            f"While processing resource: {name!r}, type {ty!r}\nAssertionError has risen: {error}"
        ) from error
    timeouts: Any = opts.custom_timeouts
    secret: list[str] | None = _REGISTRATION._translate_additional_secret_outputs(
        res, typ, opts.additional_secret_outputs
    )
    return Registered(
        ty,
        name,
        custom,
        parent,
        inputs,
        provider,
        dependencies,
        by_property,
        opts.protect or False,
        opts.retain_on_delete or False,
        opts.delete_before_replace or False,
        _REGISTRATION._translate_ignore_changes(res, typ, opts.ignore_changes) or (),
        _REGISTRATION._translate_replace_on_changes(res, typ, opts.replace_on_changes) or (),
        cast("Any", opts.replacement_trigger),
        secret or (),
        None if timeouts is None else _REGISTRATION._create_custom_timeouts(timeouts),
        aliases,
    )


async def _parent(opts: ResourceOptions) -> str:
    parent = settings.get_root_resource() if opts.parent is None else opts.parent
    return "" if parent is None else await _value(parent.urn) or ""


async def _provider(provider: resources.ProviderResource) -> str:
    return f"{await _value(provider.urn)}::{await _value(provider.id) or rpc.UNKNOWN}"


async def _value(output: Output[Any]) -> Any:  # noqa: ANN401 - outputs of any type
    """As `Output.future`, which is a coroutine and awaits another one."""
    future: asyncio.Future[Any] = output._data
    value = (future.result() if future.done() else await future).value
    return None if contains_unknowns(value) else value


# Dependencies
#
# Pulumi makes five outputs of each resource that another one names in `depends_on`, and a coroutine for each.


async def _explicit(opts: ResourceOptions, res: Resource) -> set[str]:
    """As `_resolve_depends_on_urns`."""
    named: Any = opts.depends_on
    if named is None:
        return set()
    if isinstance(named, list) and all(isinstance(one, Resource) for one in cast("list[Any]", named)):
        return await _urns(cast("list[Resource]", named), res)
    return await _depends_on._resolve_depends_on_urns(opts._depends_on_list(), from_resource=res)


async def _urns(found: Iterable[Resource], res: Resource) -> set[str]:
    """As `_expand_dependencies`, which goes from components to their children; the URNs alone."""
    urns: set[str] = set()
    for resource in dict.fromkeys(found):
        if isinstance(resource, ComponentResource):
            urns |= (await rpc._expand_dependencies([resource], res)).keys()
            continue
        if not _RPC.declare_dependency(res, resource):
            # with its own error
            await rpc._expand_dependencies([resource], res)
            continue
        urn = await _value(resource.urn)
        if urn:
            urns.add(urn)
    return urns


def replace_registration() -> bool:
    """Replace the function if every option of Pulumi's is known here, and a recorder is told the same by both."""
    same = (
        same_parameters(plain_register, register_resource)
        and vars(ResourceOptions()).keys() == _RECORDED | _WITHOUT_EFFECT | _PLAIN | {"hooks"}
        and tell_alike((plain_register, register_resource))
    )
    if same:
        constructors: Any = resources
        constructors.register_resource = register_resource
        _REGISTRATION.register_resource = register_resource
    return same
