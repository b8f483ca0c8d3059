"""The outputs that stand for a resource's properties until it is registered, one future each.

Pulumi joins four futures in a task for every property that a resource could have: 90 tasks for a cluster.
It makes a resource's `id` and `urn` out of one future each, and so are the properties made here. Nor is each of
them remembered until the end of the program: they are done when the registration is, which is waited for itself.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from pulumi import Output, Resource
from pulumi.output import _OutputData
from pulumi.runtime import rpc

plain_transfer_properties = rpc.transfer_properties

_OUTPUT: Any = Output

Resolver = Callable[[Any, bool, bool, "set[Resource] | None", "Exception | None"], None]


def transfer_properties(res: Resource, props: Iterable[str], custom: bool) -> dict[str, Resolver]:
    """Stands in for `pulumi.runtime.rpc.transfer_properties`: the same outputs and resolvers, by name."""
    resolvers: dict[str, Resolver] = {}
    for name in props:
        # These two the caller makes
        if name == "urn" or (name == "id" and custom):
            continue
        future: asyncio.Future[_OutputData[Any]] = asyncio.Future()
        resolvers[name] = _Resolve(res, future)
        made = object.__new__(_OUTPUT)
        made._data = future
        res.__dict__[name] = made
    return resolvers


class _Resolve:
    """Sets one property's future: an object with two slots, where a function would bring a closure and its cells."""

    __slots__ = ("_future", "_res")

    def __init__(self, res: Resource, future: asyncio.Future[_OutputData[Any]]) -> None:
        self._res = res
        self._future = future

    def __call__(
        self, value: object, is_known: bool, is_secret: bool, deps: set[Resource] | None, failed: Exception | None
    ) -> None:
        if failed is not None:
            self._future.set_exception(failed)
            # the failed registration is what is raised
            self._future.exception()
        else:
            self._future.set_result(_OutputData({*(deps or ()), self._res}, value, is_known, is_secret))
