"""Outputs of values with parts hold what Pulumi's own hold."""

from __future__ import annotations

import asyncio
import contextvars
import datetime
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from mlplatform.fast.sdk.replacements import lifting, outputs
from mlplatform.fast.sdk.replacements.apply import replace_pulumi_functions
from mlplatform.fast.switch import interpreter_supported

Make = Callable[[], Any]

if not interpreter_supported():
    pytest.skip("this acceleration is off on this Python: the plain library does it", allow_module_level=True)

FIRST, SECOND = (pulumi.resource.DependencyResource(f"urn:pulumi:s::p::a:b:C::{name}") for name in ("a", "b"))


@pulumi.input_type
class Part:
    made_of: pulumi.Input[str] = pulumi.property("madeOf")


def made(of: object) -> Any:  # noqa: ANN401
    """An input class whose arguments are not declared where types are checked."""
    kind: Any = Part
    return kind(made_of=of)


async def later(value: object, turns: int = 2, failed: bool = False) -> object:
    for _ in range(turns):
        await asyncio.sleep(0)
    if failed:
        raise ValueError(value)
    return value


def output(value: object, *, known: bool = True, secret: bool = False, of: object = None, turns: int = 2) -> Any:  # noqa: ANN401
    async def come() -> Any:  # noqa: ANN401
        await later(None, turns)
        return pulumi.output._OutputData({of} if of else set(), value, known, secret)  # type: ignore[arg-type]

    return pulumi.Output._from_data(come())


VALUES: dict[str, Make] = {
    "lists and maps": lambda: {"a": [1, {"b": output("x", of=FIRST)}, []], "c": {}, "d": output([output("y")])},
    "secret": lambda: [output("s", secret=True, of=SECOND), {"k": output("x", of=FIRST)}],
    "unknown": lambda: {"a": output(None, known=False, of=FIRST), "b": ["c"]},
    "unknown with a value": lambda: [output("not yet", known=False, secret=True)],
    "unknown inside": lambda: output({"a": pulumi.UNKNOWN, "b": 1}, known=False, of=FIRST),
    "plain unknown": lambda: ["a", pulumi.UNKNOWN],
    "tuple": lambda: ("a", output("b", of=FIRST), (1, output(2))),
    "tuple with unknown": lambda: [("a", output(None, known=False)), "b"],
    "input class": lambda: [made(output("tin", of=SECOND)), {"p": made("wood")}],
    "input class with unknown": lambda: {"p": made(output(None, known=False))},
    "coroutine": lambda: [later("a"), {"b": later([output("c")])}],
    "keys": lambda: {1: "a", "b": [output("x")]},
    "keys that are outputs": lambda: {output("k"): output("v")},
    "other objects": lambda: [datetime.date(2026, 1, 2), FIRST, b"raw", {"s": frozenset("a")}],
    "outputs of outputs": lambda: output(output([output("deep", of=FIRST)], of=SECOND)),
    "many": lambda: [output(n, turns=5 - n, of=FIRST) for n in range(5)],
    "failed": lambda: [output("a"), pulumi.Output.from_input(later("no such thing", failed=True))],
    "failed beside one that never ends": lambda: [
        pulumi.Output.from_input(asyncio.get_running_loop().create_future()),
        {"a": pulumi.Output.from_input(later("no such thing", failed=True))},
    ],
}
WAYS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "from_input": (lifting.from_input, outputs.plain_from_input),
    "all": (lambda value: lifting.all_of(value, "b"), lambda value: lifting.plain_all(value, "b")),
    "all by name": (lambda value: lifting.all_of(a=value, b=1), lambda value: lifting.plain_all(a=value, b=1)),
    "json": (lifting.json_dumps, lifting.plain_json_dumps),
    "json, indented": (
        lambda value: lifting.json_dumps(value, indent=2, sort_keys=True),
        lambda value: lifting.plain_json_dumps(value, indent=2, sort_keys=True),
    ),
    "json, own form": (
        lambda value: lifting.json_dumps(value, default=lambda one: type(one).__name__),
        lambda value: lifting.plain_json_dumps(value, default=lambda one: type(one).__name__),
    ),
}


def shown(value: object) -> object:
    if isinstance(value, Part):
        return ("Part", shown(vars(value)))
    if isinstance(value, pulumi.output.Unknown):
        return "unknown"
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items()}
    return type(value)(shown(part) for part in value) if isinstance(value, (list, tuple)) else value


async def seen(make: Make, way: Callable[[Any], Any]) -> object:
    settings.SETTINGS.outputs = set()
    try:
        # the functions that the originals call are the originals, too
        result = way(make())
        data = await asyncio.wait_for(asyncio.shield(result._data), 5)
    except (ValueError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return shown(data.value), data.is_known, data.is_secret, {one is FIRST for one in data.resources}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", VALUES)
def test_outputs_hold_the_same(value: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own, plain = WAYS[way]
    replace_pulumi_functions()

    async def both() -> tuple[object, object]:
        ours = await seen(VALUES[value], own)
        with monkeypatch.context() as originals:
            originals.setattr(pulumi.Output, "from_input", staticmethod(outputs.plain_from_input))
            originals.setattr(pulumi.Output, "all", staticmethod(lifting.plain_all))
            return ours, await seen(VALUES[value], plain)

    ours, theirs = contextvars.copy_context().run(asyncio.run, both())
    assert ours == theirs


def test_a_value_is_taken_when_pulumi_takes_it() -> None:
    replace_pulumi_functions()

    async def said(make: Callable[[Any], Any]) -> object:
        items: list[object] = ["a"]
        whole = {"listed": items, "b": output("x")}
        made_now, made_of_list = make(whole), make([items, output("y")])
        items.append("added")
        whole["c"] = "added"
        return [json.loads(json.dumps((await one._data).value)) for one in (made_now, made_of_list)]

    async def both() -> None:
        assert await said(lifting.from_input) == await said(outputs.plain_from_input)

    contextvars.copy_context().run(asyncio.run, both())


def test_what_fails_is_told_once() -> None:
    """An output in another one is not waited for by itself: the other one tells of it."""

    async def left(make: Callable[[Any], Any]) -> int:
        settings.SETTINGS.outputs = set()
        failing = output("a").apply(lambda _: 1 / 0)
        whole = make([failing])
        with pytest.raises(ZeroDivisionError):
            await whole._data
        assert whole._data in settings.SETTINGS.outputs
        return len(settings.SETTINGS.outputs)

    async def both() -> None:
        assert await left(lifting.from_input) == await left(outputs.plain_from_input) == 1

    contextvars.copy_context().run(asyncio.run, both())
