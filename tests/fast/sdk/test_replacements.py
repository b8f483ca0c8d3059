"""Each replacement of a function of Pulumi's answers as the original."""

from __future__ import annotations

import asyncio
import contextvars
import enum
import typing
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi
import pytest
from google.protobuf import struct_pb2
from pulumi import _types
from pulumi.runtime import settings

from mlplatform.fast.sdk.replacements import answers, outputs, registration, values
from mlplatform.fast.sdk.replacements.apply import replace_pulumi_functions

WAYS = pytest.mark.parametrize("wait", [outputs.plain_wait_for_rpcs, outputs.wait_for_rpcs])


def run(program: Callable[[], Awaitable[object]]) -> object:
    """Run with outputs of its own: what other tests left pending is none of its business."""

    async def main() -> object:
        settings.SETTINGS.outputs = set()
        settings._get_rpc_manager().clear()
        return await asyncio.wait_for(program(), 10)  # type: ignore[arg-type]

    return contextvars.copy_context().run(asyncio.run, main())


def later(value: object, turns: int, failed: bool = False) -> pulumi.Output[Any]:
    async def come() -> object:
        for _ in range(turns):
            await asyncio.sleep(0)
        if failed:
            raise ValueError(value)
        return value

    return pulumi.Output.from_input(come())


@WAYS
def test_waits_for_outputs_and_for_those_that_come_up_meanwhile(wait: Callable[[], Awaitable[None]]) -> None:
    seen: list[object] = []

    async def program() -> None:
        for turns in (5, 1, 3):
            later(turns, turns).apply(lambda value: later(value, 4).apply(seen.append))
        await wait()
        assert not settings.SETTINGS.outputs

    run(program)
    assert seen == [1, 3, 5]


@WAYS
def test_waits_for_a_call_that_an_output_began(wait: Callable[[], Awaitable[None]]) -> None:
    seen: list[object] = []

    async def call() -> None:
        await asyncio.sleep(0)
        seen.append("called")

    async def program() -> None:
        manager = settings._get_rpc_manager()
        later(1, 2).apply(lambda _: asyncio.ensure_future(manager.do_rpc("call", call)()))
        await wait()

    run(program)
    assert seen == ["called"]


@WAYS
@pytest.mark.parametrize("turns", [0, 3])
def test_raises_what_an_output_failed_with_while_another_never_ends(
    turns: int, wait: Callable[[], Awaitable[None]]
) -> None:
    async def program() -> None:
        pulumi.Output.from_input(asyncio.get_running_loop().create_future())
        later("refused", turns, failed=True)
        later(1, turns + 1)
        await wait()

    with pytest.raises(ValueError, match="refused"):
        run(program)


@pytest.mark.parametrize("track", [outputs.plain_track, outputs.track])
def test_only_what_failed_is_remembered_when_all_is_done(track: Callable[[object], None]) -> None:
    async def program() -> int:
        loop = asyncio.get_running_loop()
        done, pending, failed, gone = (loop.create_future() for _ in range(4))
        done.set_result(1)
        for future in (done, pending, failed, gone):
            output: Any = object.__new__(pulumi.Output)
            output._data = future
            track(output)
        assert {pending, failed, gone} <= settings.SETTINGS.outputs
        pending.set_result(2)
        failed.set_exception(ValueError("refused"))
        gone.cancel()
        await asyncio.sleep(0)
        assert settings.SETTINGS.outputs == {failed, gone}
        return len(settings.SETTINGS.outputs)

    assert run(program) == 2


class Colour(str, enum.Enum):  # noqa: UP042 - as the SDKs write them
    RED = "red"


@pytest.mark.parametrize("value", ["text", "", 3, 2.5, True, None, Colour.RED, ["a", None], {"key": {"b": 1}}, b"raw"])
@pytest.mark.parametrize("typ", [None, str, pulumi.Input[str], pulumi.Input[list[str]] | None])
@pytest.mark.parametrize("wire", [False, True])
def test_values_are_serialised_alike(value: object, typ: object, wire: bool) -> None:
    async def said(serialize: Callable[..., Awaitable[object]]) -> object:
        try:
            made = await serialize(value, [], "key", typ=typ, return_protobuf_value=wire)
            return type(made), made
        except (ValueError, AssertionError) as error:
            return str(error)

    ours, plain = (
        asyncio.run(said(way))  # type: ignore[arg-type]
        for way in (values.serialize_property, values.plain_serialize)
    )
    assert ours == plain


def test_types_are_unwrapped_alike() -> None:
    written: list[Any] = [str, Any, dict, list[str], pulumi.Input[str], pulumi.Input[str] | None, pulumi.Output[int]]
    written += [pulumi.Input[list[pulumi.Input[str]]], pulumi.InputType[pulumi.ResourceOptions], str | None]
    for typ in [*written, *written]:
        assert values.unwrap_type(typ) is values.plain_unwrap(typ) or typ in (str | None,)
        assert values.unwrap_type(typ) == values.plain_unwrap(typ)
    assert "serializing" in replace_pulumi_functions()
    assert _types.unwrap_type is values.unwrap_type


@pytest.mark.parametrize("value", ["text", 3, None, [1, {"a": pulumi.UNKNOWN}], {"a": [1]}, pulumi.UNKNOWN])
def test_unknowns_are_found_alike(value: object) -> None:
    if isinstance(value, list):
        value.append(value)
    assert values.contains_unknowns(value) is values.plain_contains_unknowns(value)


def test_cycles_are_found_alike_and_dependencies_kept_alike() -> None:
    pairs = [(0, 1), (1, 2), (0, 2), (2, 0), (2, 1), (3, 0), (2, 3), (3, 3), (1, 4), (4, 3), (4, 5), (5, 0)]

    def declared(way: Callable[[Any, Any], bool]) -> tuple[list[bool], list[set[int]]]:
        made = [pulumi.resource.DependencyResource(f"urn:pulumi:s::p::a:b:C::{n}") for n in range(6)]
        answers = [way(made[one], made[other]) for one, other in pairs]
        kept = [vars(one).get("_direct_computed_dependencies", set()) for one in made]
        return answers, [{made.index(other) for other in found} for found in kept]

    async def both() -> None:
        answers, kept = declared(registration.declare_dependency)
        assert (answers, kept) == declared(registration.plain_declare_dependency)
        assert answers == [True, True, True, False, False, True, False, False, True, False, True, False]

    run(both)


@pytest.mark.parametrize("specs", [True, False])
def test_aliases_are_prepared_alike(specs: bool) -> None:
    parent = "urn:pulumi:s::p::a:b:Parent::parent"
    simple = [pulumi.Alias(type_="a:b:Old"), pulumi.Alias(name="old", parent=None), pulumi.Alias(parent=parent)]
    asked = [None, [], simple, [*simple, "urn:pulumi:s::p::a:b:C::older"]]

    async def both() -> None:
        resource = pulumi.resource.DependencyResource("urn:pulumi:s::p::a:b:C::name")
        resource._name, resource._type = "name", "a:b:C"
        for aliases in asked:
            options = pulumi.ResourceOptions(aliases=aliases)
            ours = await registration.prepare_aliases(resource, options, specs)
            plain = await registration.plain_prepare_aliases(resource, options, specs)
            assert sorted(map(str, ours)) == sorted(map(str, plain))
            assert len(ours) == len(aliases or [])
        assert await registration.prepare_aliases(resource, None, specs) == []

    run(both)


def test_replacements_fit_the_installed_pulumi() -> None:
    assert replace_pulumi_functions() == (
        *("property_types", "serializing", "input_types"),
        *("stack_trace", "urns", "cycle_check"),
        *("answers", "messages", "context"),
        *("property_outputs", "settings", "waiting", "tracking", "inputs", "lifting", "registration"),
    )


def test_a_replacement_that_differs_is_not_made_and_is_reported_to_who_debugs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pulumi.runtime import resource as original

    def failing() -> typing.NoReturn:
        raise AttributeError

    monkeypatch.setattr(original, "_get_stack_trace", registration.plain_stack_trace)
    monkeypatch.setattr(registration, "stack_trace", failing)
    monkeypatch.setattr(registration, "create_urn", failing)
    left = (
        *("property_types", "serializing", "input_types", "cycle_check", "answers", "messages", "context"),
        *("property_outputs", "settings", "waiting", "tracking", "inputs", "lifting", "registration"),
    )
    assert replace_pulumi_functions() == left
    assert original._get_stack_trace is registration.plain_stack_trace
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("MLPLATFORM_DEBUG", "1")
    assert replace_pulumi_functions() == left
    assert capsys.readouterr().err.splitlines() == [
        "mlplatform: the replacement of Pulumi's stack_trace is not used: AttributeError: ",
        "mlplatform: the replacement of Pulumi's urns is not used: it does not answer as Pulumi's own function does",
    ]


def test_urns_are_the_same_text() -> None:
    from pulumi.runtime.resource import inherited_child_alias

    async def compare() -> None:
        parent = "urn:pulumi:stack::project::a:b:C::parent"
        for arguments in [("name", "a:b:C", parent), ("name", "a:b:C", None, "project", "stack")]:
            plain = await registration.plain_create_urn(*arguments).future()
            assert await registration.create_urn(*arguments).future() == plain
        alias = pulumi.Alias(type_="a:b:Old", project="project", stack="stack")
        known = (alias, "name", "a:b:C", None)
        plain = await registration.plain_collapse_alias(*known).future()
        later = registration.collapse_alias_to_urn(*known)
        assert type(later) is registration.LaterUrn
        assert [await later, await later] == [plain, plain]
        child = await inherited_child_alias("name-child", "name", later, "a:b:Child").future()
        assert child == await inherited_child_alias("name-child", "name", plain, "a:b:Child").future()
        assert isinstance(registration.collapse_alias_to_urn(parent, "name", "a:b:C", None), pulumi.Output)

    asyncio.run(compare())


def test_properties_resolve_to_the_same_data() -> None:
    async def outcome(transfer: Callable[..., dict[str, outputs.Resolver]]) -> list[object]:
        resource = pulumi.resource.DependencyResource("urn:pulumi:stack::project::a:b:C::name")
        other = pulumi.resource.DependencyResource("urn:pulumi:stack::project::a:b:C::other")
        resolvers = transfer(resource, {"urn": 1, "id": 2, "one": 3, "two": 4, "three": 5, "four": 6}, True)
        resolvers["one"]({"key": "value"}, True, True, {other}, None)
        resolvers["two"](None, False, False, None, None)
        resolvers["three"](None, False, False, None, ValueError("refused"))
        resolvers["four"]({"key": pulumi.output.Unknown()}, True, False, None, None)
        seen: list[object] = list(resolvers)
        for name in resolvers:
            try:
                data = await vars(resource)[name]._data
                who = {"own" if one is resource else "other" for one in data.resources}
                seen += [str(data.value)[:20], data.is_known, data.is_secret, who]
            except ValueError as error:
                seen.append(str(error))
        return seen

    async def both() -> None:
        ours = await outcome(outputs.transfer_properties)
        assert ours == await outcome(outputs.plain_transfer_properties)
        assert ours[:4] == ["one", "two", "three", "four"]
        assert "refused" in ours

    asyncio.run(both())


@pulumi.output_type
class Door(dict[str, Any]):
    def __init__(self, *, colour_of_it: str) -> None:
        pulumi.set(self, "colour_of_it", colour_of_it)

    @property
    @pulumi.getter(name="colourOfIt")
    def colour_of_it(self) -> str:
        return typing.cast("str", pulumi.get(self, "colour_of_it"))


class House(pulumi.CustomResource):
    @property
    @pulumi.getter(name="frontDoor")
    def front_door(self) -> pulumi.Output[Door]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def doors(self) -> pulumi.Output[list[Door]]: ...  # type: ignore[empty-body]


class Recorder:
    only_records = True


NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"frontDoor": {"colourOfIt": "red"}, "doors": [{"colourOfIt": "blue"}], "elsewhere": 3},
        {"frontDoor": NOT_KNOWN, "doors": [{"colourOfIt": NOT_KNOWN}, NOT_KNOWN]},
        {"frontDoor": {**SECRET, "value": {"colourOfIt": "red"}}, "rooms": {**SECRET, "value": NOT_KNOWN}},
        {"doors": {"colourOfIt": "not a list"}},
        {"rooms": 2, "rooms_": [1.5, {"some": None}], "frontDoor": None},
    ],
)
def test_answers_have_the_same_data_when_they_are_read(sent: dict[str, Any]) -> None:
    async def outcome(resolve: Callable[..., None]) -> list[object]:
        settings.SETTINGS.monitor, settings.SETTINGS.dry_run = Recorder(), True  # type: ignore[assignment]
        house = object.__new__(House)
        house._name = "house"
        names = ["front_door", "doors", "rooms", "rooms_"]
        resolvers = outputs.transfer_properties(house, names, True)
        struct = struct_pb2.Struct()
        struct.update(sent)
        try:
            resolve(house, struct_pb2.Struct(), struct, {}, resolvers, True, True, True)
            found = [await vars(house)[name]._data for name in names]
            return [
                # the text of a value that is not known has its address
                (type(data.value), str(data.value).split(" at ")[0], data.is_known, data.is_secret, len(data.resources))
                for data in found
            ]
        except AssertionError as error:
            return [str(error)]

    async def both() -> None:
        assert await outcome(answers.resolve_outputs) == await outcome(answers.plain_resolve_outputs)

    run(both)


@pytest.mark.parametrize("monitor", [Recorder(), object()])
@pytest.mark.parametrize("preview", [True, False])
def test_only_a_preview_of_a_monitor_that_records_is_answered_late(
    monitor: object, preview: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain: list[object] = []
    monkeypatch.setattr(answers, "plain_resolve_outputs", lambda *given: plain.append(given))

    async def program() -> None:
        settings.SETTINGS.monitor, settings.SETTINGS.dry_run = monitor, preview  # type: ignore[assignment]
        nothing = struct_pb2.Struct()
        answers.resolve_outputs(object.__new__(House), nothing, nothing, {}, {}, True, True)

    run(program)
    assert bool(plain) is not (preview and isinstance(monitor, Recorder))


@pulumi.input_type
class BoxArgs:
    def __init__(self, **given: object) -> None:
        for name, value in given.items():
            pulumi.set(self, name, value)

    @property
    @pulumi.getter(name="innerBoxes")
    def inner_boxes(self) -> pulumi.Input[list[pulumi.Input[BoxArgs]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def words(self) -> pulumi.Input[dict[str, pulumi.Input[str]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter(name="madeOf")
    def made_of(self) -> pulumi.Input[str]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def untyped(self): ...  # type: ignore[no-untyped-def]


@pytest.mark.parametrize(
    "given",
    [
        {"made_of": "wood", "words": {"made_of": "kept as it is"}},
        {"inner_boxes": [{"made_of": "glass", "inner_boxes": [{"made_of": 3}]}, BoxArgs(made_of="tin")]},
        {"inner_boxes": pulumi.Output, "words": pulumi.Output, "made_of": pulumi.Output},
        {"made_of": ["a list", "where a text is expected"]},
        {"made_of": {"made_of": "an object where a text is expected"}},
        {"inner_boxes": {"made_of": "an object where a list is expected"}},
        {"untyped": [{"made_of": 1}], "unheard_of": {"made_of": [2]}},
        {"words": {"a": BoxArgs(inner_boxes=[{"made_of": True}])}, "inner_boxes": (), "made_of": b"bytes"},
    ],
)
def test_inputs_are_sent_alike_when_types_are_resolved_late(given: dict[str, Any]) -> None:
    from pulumi.runtime import rpc

    replace_pulumi_functions()
    filled = {
        "inner_boxes": [{"made_of": "glass"}],
        "words": {"made_of": "kept"},
        "made_of": "wood",
    }

    async def sent(seen: object) -> object:
        before, rpc._types = rpc._types, seen  # type: ignore[assignment]
        inputs = {
            name: pulumi.Output.from_input(filled[name]) if value is pulumi.Output else value
            for name, value in given.items()
        }
        try:
            return str(await rpc.serialize_properties(inputs, {}, None, None, BoxArgs))
        except (AssertionError, ValueError) as error:
            return str(error)
        finally:
            rpc._types = before  # type: ignore[assignment]

    async def both() -> None:
        later = rpc._types
        assert later is not _types
        assert await sent(later) == await sent(_types)

    run(both)


class Word(str):
    pass


def test_plain_values_become_the_same_outputs() -> None:
    given: list[Any] = ["a", "", 1, 2.5, True, None, Word("b"), ["c", {"d": 1}], {"e": ("f",)}]
    given += [pulumi.runtime.rpc.UNKNOWN, pulumi.output.UNKNOWN]

    async def seen(make: Callable[[object], pulumi.Output[Any]]) -> list[object]:
        made = [make(value) for value in given]
        return [
            (type(one), await one.future(True), await one.is_known(), await one.is_secret(), await one.resources())
            for one in made
        ]

    async def both() -> None:
        assert await seen(outputs.from_input) == await seen(outputs.plain_from_input)
        assert not settings.SETTINGS.outputs

    replace_pulumi_functions()
    run(both)
