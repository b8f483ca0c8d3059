"""A resource that a plan registers itself is recorded as the one that Pulumi registers."""

from __future__ import annotations

import asyncio
import enum
import gc
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import resource as registration

from mlplatform.fast.sdk.replacements import recording, recording_proof
from mlplatform.fast.sdk.replacements.apply import replace_pulumi_functions
from mlplatform.plan import monitor
from mlplatform.plan.model import Step
from mlplatform.plan.record import record_program
from mlplatform.providers.accounts import Account
from mlplatform.providers.refusal import Refusal


class Colour(str, enum.Enum):  # noqa: UP042 - as the SDKs write them
    RED = "red"


@pulumi.input_type
class PartArgs:
    def __init__(self, **given: object) -> None:
        for name, value in given.items():
            pulumi.set(self, name, value)

    @property
    @pulumi.getter(name="madeOf")
    def made_of(self) -> pulumi.Input[str]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter(name="innerParts")
    def inner_parts(self) -> pulumi.Input[list[pulumi.Input[PartArgs]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter(name="byName")
    def by_name(self) -> pulumi.Input[dict[str, pulumi.Input[PartArgs]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def words(self) -> pulumi.Input[dict[str, pulumi.Input[str]]]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def count(self) -> pulumi.Input[int]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def untyped(self): ...  # type: ignore[no-untyped-def]


class Thing(pulumi.CustomResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **given: object) -> None:
        args = PartArgs(**given)
        super().__init__("test:index:Thing", name, args, opts)  # type: ignore[arg-type]

    @property
    @pulumi.getter(name="madeOf")
    def made_of(self) -> pulumi.Output[str]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def count(self) -> pulumi.Output[int]: ...  # type: ignore[empty-body]

    @property
    @pulumi.getter
    def words(self) -> pulumi.Output[dict[str, str]]: ...  # type: ignore[empty-body]


class Untyped(pulumi.CustomResource):
    """Names are its own matter, as in older SDKs."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **given: object) -> None:
        super().__init__("test:index:Untyped", name, given, opts)

    def translate_input_property(self, prop: str) -> str:
        return prop.replace("_", "-")

    def translate_output_property(self, prop: str) -> str:
        return prop.replace("-", "_")


class Group(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Group", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        self.things = [Thing(f"{name}-{at}", own, made_of="wood") for at in range(2)]
        self.register_outputs({"first": self.things[0].made_of, "urn": self.things[1].urn})


class Provider(pulumi.ProviderResource):
    def __init__(self, name: str) -> None:
        super().__init__("test", name, {})


async def later(value: object, turns: int = 3) -> object:
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


def parts() -> dict[str, object]:
    wood = Thing("wood", made_of="wood", count=3, words={"made_of": "kept as it is"}, untyped=None)
    late = pulumi.Output.from_input(later("late"))
    return {
        "texts": Thing("texts", made_of="Hälfte ≥ ½", inner_parts=[], words={}, by_name={}, untyped=["", 1.5, True]),
        "nested": Thing(
            "nested",
            inner_parts=[PartArgs(made_of=wood.made_of), {"made_of": wood.urn, "inner_parts": [{"count": 1}]}],
            by_name={"made_of": {"made_of": "x"}, "b": PartArgs(count=wood.count, words=wood.words)},
            untyped={"made_of": [{"b": None}], "many": (1, (2, "c")), "colour": Colour.RED},
        ),
        "late": Thing("late", made_of=late, words={"a": late, "b": late.apply(lambda text: text + wood._name)}),
        "of ids": Thing("ids", made_of=wood.id, words={"urn": wood.urn, "id": wood.id, "both": wood.id.apply(str)}),
        "secret": Thing("secret", made_of=pulumi.Output.secret("s"), count=pulumi.Output.secret(wood.id)),
        "unknown": Thing("unknown", made_of=pulumi.UNKNOWN, words=pulumi.Output.from_input({"a": pulumi.UNKNOWN})),
        "of a coroutine": Thing("coroutine", made_of=later("came"), words={"a": later("too")}),
        "resource": Thing("resource", untyped=wood, words={"a": "b"}),
        "asset": Thing("asset", untyped=pulumi.AssetArchive({"a": pulumi.StringAsset("text")})),
        "untyped": Untyped("untyped", made_of="wood", in_it={"made_of": [wood.made_of]}, at=wood.id),
        "read": Untyped("reads", of=Untyped("other", made_of="tin", deep={"a_b": 2}).made_of),
        "of group": Thing("of-group", pulumi.ResourceOptions(depends_on=[Group("group"), wood]), untyped=[Group("in")]),
    }


def options() -> None:
    provider, other = Provider("test"), Provider("other")
    group = Group("group", pulumi.ResourceOptions(provider=provider, protect=True))
    first = Thing("first", made_of="wood")

    def thing(name: str, **given: Any) -> Thing:  # noqa: ANN401
        return Thing(name, pulumi.ResourceOptions(**given), made_of=first.made_of, count=2)

    thing("kept", retain_on_delete=True, protect=False, delete_before_replace=True)
    thing("ignored", ignore_changes=["made_of", "words.a"], replace_on_changes=["count"], replacement_trigger="a")
    thing("named", aliases=[pulumi.Alias(name="former"), pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE), "urn:a"])
    thing("moved", aliases=[pulumi.Alias(name="a", type_="test:index:Old", parent=group, project="p", stack="s")])
    thing("slow", custom_timeouts=pulumi.CustomTimeouts(create="1h30m", delete="2m"), parent=group)
    thing("told", additional_secret_outputs=["made_of"], version="1.2.3", hide_diffs=["count"], provider=other)
    thing("output", depends_on=pulumi.Output.from_input(later([first, group])))  # type: ignore[arg-type]
    thing("late", depends_on=[pulumi.Output.from_input(later(first)), group])
    thing("one", depends_on=first)
    thing("with", deleted_with=first, replace_with=[group.things[0]])


@pytest.fixture(autouse=True)
def _any_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(token: str, name: str, inputs: object) -> list[Refusal]:
        return []

    monkeypatch.setattr(monitor, "check_resource", accept)


def recorded(program: Callable[[], object], monkeypatch: pytest.MonkeyPatch, way: object) -> tuple[Step, ...] | str:
    """What is recorded, or the error."""
    replace_pulumi_functions()
    monkeypatch.setattr(pulumi.resource, "register_resource", way)

    def run() -> None:
        program()

    try:
        return record_program(run, account=Account.sample("aws"), stack="dev").steps
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("program", [parts, options])
def test_steps_are_the_same(program: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    own = recorded(program, monkeypatch, recording.register_resource)
    plain = recorded(program, monkeypatch, recording.plain_register)
    assert not isinstance(plain, str), plain
    assert len(plain) > 10
    assert own == plain


NOTHING_KNOWN = object()


def failed_output() -> None:
    async def fail() -> str:
        raise LookupError("no such thing")

    Thing("failed", made_of=pulumi.Output.from_input(fail()))


def in_a_circle() -> None:
    first = Thing("first", made_of="wood")
    group = Group("group")
    Thing("inside", pulumi.ResourceOptions(parent=group, depends_on=[group]), made_of=first.made_of)


@pytest.mark.parametrize(
    "program",
    [
        lambda: Thing("bytes", made_of=b"bytes"),
        lambda: Thing("object", untyped=[NOTHING_KNOWN]),
        lambda: Thing("list", inner_parts={"made_of": "an object where a list is expected"}),
        lambda: Thing("typ", made_of=["a list where a text is expected"]),
        lambda: Thing("surrogate", made_of="\ud800"),
        lambda: Thing("key", untyped={1: "a"}),
        lambda: Thing("needs", pulumi.ResourceOptions(depends_on=["text"]), made_of="a"),  # type: ignore[list-item]
        lambda: Thing("protected", pulumi.ResourceOptions(protect="yes"), made_of="a"),  # type: ignore[arg-type]
        failed_output,
        in_a_circle,
    ],
)
def test_errors_are_the_same(program: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    own = recorded(program, monkeypatch, recording.register_resource)
    plain = recorded(program, monkeypatch, recording.plain_register)
    assert own == plain


def test_most_resources_of_a_plan_are_registered_without_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    plain: list[str] = []

    def noted(res: Any, ty: str, name: str, *rest: Any) -> None:  # noqa: ANN401
        plain.append(name)
        original(res, ty, name, *rest)

    original: Any = recording.plain_register
    monkeypatch.setattr(recording, "plain_register", noted)
    assert not isinstance(recorded(options, monkeypatch, recording.register_resource), str)
    assert plain == ["with"]


@pytest.mark.parametrize("name", ["inputs", "dependencies", "protect"])
def test_it_is_not_used_if_it_tells_a_recorder_something_else(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert recording_proof.tell_alike((recording.plain_register, recording.register_resource))
    plain = registration.register_resource
    original = recording._registered

    async def other(*given: object) -> object:
        told = await original(*given)  # type: ignore[arg-type]
        return told._replace(**{name: {"inputs": {}, "dependencies": set(), "protect": False}[name]})

    monkeypatch.setattr(recording, "_registered", other)
    assert not recording.replace_registration()
    assert registration.register_resource is plain


def test_a_program_of_the_engine_is_left_as_it_is(recwarn: pytest.WarningsRecorder) -> None:
    async def program() -> None:
        recording.replace_registration()

    # its loop runs, and its monitor does not only record
    with pytest.raises(RuntimeError, match="an event loop runs already"):
        asyncio.run(program())
    gc.collect()
    # others' garbage may be among it
    assert not [each for each in recwarn if "'_outputs' was never awaited" in str(each.message)]
