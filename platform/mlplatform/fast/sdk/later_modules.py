"""Modules that a plan loads with Pulumi and does not need are loaded when something of them is asked for.

`import pulumi` loads the interface that drives the engine (with HTTP, e-mail and YAML), the resources that are written
in Python (with `dill`), the policies, gRPC, which a plan has nobody to call with, and OpenTelemetry. Each remains there
under its name, and loads itself at its first attribute.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType

_INSIDE = {"grpc": "aio"}
"""What is imported out of one of them as a name."""
_TRACING = frozenset({"grpc", "grpc.aio", "opentelemetry.context", "pulumi.runtime._instrumentation"})
"""The last one begins to trace when it is loaded, where the engine says so by a variable of the environment."""
_TRACED = "TRACEPARENT"
LATER = _TRACING | {"pulumi.automation", "pulumi.dynamic", "pulumi.policy"}
_LOCK = threading.RLock()
_LOADER = "__later_loader__"


class LaterModule(ModuleType):
    """A module that is there, and whose code runs when a name is asked for that it does not have yet."""

    def __getattr__(self, name: str) -> object:
        # importlib asks for a few names before the module has its loader
        if _LOADER not in vars(self):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name)
        load_now(self)
        return getattr(self, name)

    def __dir__(self) -> list[str]:
        load_now(self)
        return dir(self)


def load_now(module: ModuleType) -> None:
    """Run a module's code, if that is still to be done. An error of it is told at each attempt."""
    with _LOCK:
        loader: Loader | None = vars(module).pop(_LOADER, None)
        if loader is None:
            return
        kind = type(module)
        # its own code imports it, too: from here on it is a module as any other
        module.__class__ = ModuleType
        try:
            loader.exec_module(module)
        except BaseException:
            module.__class__ = kind
            vars(module)[_LOADER] = loader
            raise


class _LaterLoader(Loader):
    """Makes the module, and leaves running it to another loader."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return LaterModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        vars(module)[_LOADER] = self._loader
        inside = _INSIDE.get(module.__name__)
        if inside is not None:
            importlib.import_module(f"{module.__name__}.{inside}")


class LaterFinder:
    """Finds these modules as the finders behind it do, and puts off running them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in LATER or (_TRACED in os.environ and fullname in _TRACING):
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _LaterLoader(spec.loader)
                return spec
        return None
