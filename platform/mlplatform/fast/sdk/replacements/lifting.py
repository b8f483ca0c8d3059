"""Cheaper outputs of values with parts: one task for a value, where Pulumi has three for each list and each map in it.

`Output.from_input` and `Output.all` make an output of each part and of each list and map around it. A policy that is
written as JSON has fifty of them. Here one coroutine waits for all the outputs that a value has inside.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

from pulumi import Output
from pulumi.output import UNKNOWN, Unknown, _OutputData, contains_unknowns
from pulumi.runtime.settings import SETTINGS

from mlplatform.fast.sdk.replacements import outputs
from mlplatform.fast.sdk.replacements.proof import same_parameters

_OUTPUT: Any = Output
_SETTINGS: Any = SETTINGS
_PLAIN = frozenset({str, bool, int, float, type(None), Unknown})

plain_all = _OUTPUT.all
plain_json_dumps = _OUTPUT.json_dumps

Pending = asyncio.Future[_OutputData[Any]]


class _Lift:
    """One look at a value: what is in it, and which of its outputs are not there yet."""

    __slots__ = ("_made", "known", "pending", "resources", "secret")

    def __init__(self, made: dict[int, Any]) -> None:
        self.known = True
        self.secret = False
        self.resources: set[Any] = set()
        self.pending: list[Pending] = []
        self._made = made

    def value(self, given: Any) -> Any:  # noqa: ANN401 - values of any type
        """The value with its parts instead of their outputs."""
        kind = type(cast("object", given))
        if kind in _PLAIN:
            return given
        if kind is dict and all(type(key) is str for key in given):
            return {key: self.value(part) for key, part in given.items()}
        if kind is list:
            return [self.value(part) for part in given]
        if kind is not Output:
            return self._other(given)
        data = self._data(given._data)
        if data is None:
            return None
        if not data.is_known and not contains_unknowns(data.value):
            return UNKNOWN
        return self.value(data.value)

    def _other(self, given: object) -> object:
        """What Pulumi makes of it: of a tuple, an input class, something to be awaited, or any object."""
        known = self._made.get(id(given))
        if known is None:
            known = self._made[id(given)] = (given, outputs.plain_from_input(given))
        data = self._data(known[1]._data)
        return None if data is None else data.value

    def _data(self, future: Pending) -> _OutputData[Any] | None:
        if not future.done() or future.cancelled() or future.exception() is not None:
            # the output of the whole fails with it: nobody else has to wait for it
            with _SETTINGS.lock:
                _SETTINGS.outputs.discard(future)
        if not future.done():
            self.pending.append(future)
            return None
        data = future.result()
        self.resources |= data.resources
        self.known = self.known and data.is_known
        self.secret = self.secret or data.is_secret
        return data


async def _lifted(given: object) -> _OutputData[Any]:
    made: dict[int, Any] = {}
    while True:
        lift = _Lift(made)
        value = lift.value(given)
        if not lift.pending:
            return _OutputData(lift.resources, value, lift.known, lift.secret)
        # as Pulumi, which tells of the first one that fails, and does not wait for the others then
        await asyncio.gather(*lift.pending)


def _captured(given: Any) -> Any:  # noqa: ANN401 - values of any type
    """A value as it is now: Pulumi looks into lists at once, and into what is in a map later."""
    kind = type(cast("object", given))
    if kind is list:
        return [_captured(part) for part in given]
    return dict(cast("dict[Any, Any]", given)) if kind is dict else given


def from_input(val: Any) -> Any:  # noqa: ANN401 - values of any type
    """Replaces `Output.from_input` for outputs, lists and maps; the rest goes to the replacement for plain values."""
    kind = type(cast("object", val))
    if kind is not Output and (kind not in (list, dict) or not val):
        return outputs.from_input(val)
    return _OUTPUT._from_data(_lifted(_captured(val)))


def all_of(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Replaces `Output.all`."""
    if bool(args) is bool(kwargs):
        return plain_all(*args, **kwargs)
    return _OUTPUT._from_data(_lifted(_captured(list(args) or kwargs)))


def json_dumps(
    obj: Any,  # noqa: ANN401 - values of any type
    *,
    skipkeys: bool = False,
    ensure_ascii: bool = True,
    check_circular: bool = True,
    allow_nan: bool = True,
    cls: type[json.JSONEncoder] | None = None,
    indent: int | str | None = None,
    separators: tuple[str, str] | None = None,
    default: Callable[[Any], Any] | None = None,
    sort_keys: bool = False,
    **kw: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Replaces `Output.json_dumps`, which makes an encoder class for each text; own encoders go to the original."""
    form = {
        "skipkeys": skipkeys,
        "ensure_ascii": ensure_ascii,
        "check_circular": check_circular,
        "allow_nan": allow_nan,
        "indent": indent,
        "separators": separators,
        "sort_keys": sort_keys,
    }
    if cls is not None or default is not None or kw:
        return plain_json_dumps(obj, **form, cls=cls, default=default, **kw)
    return _OUTPUT._from_data(_as_json(_captured(obj), form))


async def _as_json(given: object, form: dict[str, Any]) -> _OutputData[Any]:
    data = await _lifted(given)
    text = json.dumps(data.value, **form) if data.is_known else None
    return _OutputData(data.resources, text, data.is_known, data.is_secret)


def replace_lifting() -> bool:
    """Replace the three functions if they take the same parameters, and plain values have their replacement."""
    same = (
        _OUTPUT.from_input in (outputs.from_input, from_input)
        and same_parameters(outputs.plain_from_input, from_input)
        and same_parameters(plain_all, all_of)
        and same_parameters(plain_json_dumps, json_dumps)
    )
    if same:
        _OUTPUT.from_input = staticmethod(from_input)
        _OUTPUT.all = staticmethod(all_of)
        _OUTPUT.json_dumps = staticmethod(json_dumps)
    return same
