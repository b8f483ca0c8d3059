"""Loads a module that the cache has without Python's general way: no lock, no search, no question to each finder.

Python takes a lock for each module, asks each finder, and sets each attribute by a question of its own, which takes
longer than to read the module's code. While a process has one thread, a lock has nobody to wait for. What another
finder has, what is not kept, and what is loaded by several threads goes the general way.
"""

from __future__ import annotations

import _thread
import sys
from _thread import LockType, allocate_lock, get_ident
from collections.abc import Callable, Sequence
from importlib import _bootstrap
from importlib.machinery import BuiltinImporter, FrozenImporter
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from mlplatform.fast.switch import interpreter_supported, report_unused

if TYPE_CHECKING:
    from mlplatform.fast.modules import KeptFinder

_python = cast("Any", _bootstrap)
_general: Callable[[str, Callable[[str], ModuleType]], ModuleType] = _python._find_and_load
_general_wait: Callable[[str], None] = _python._lock_unlock_module
_other_threads: Callable[[], int] = cast("Any", _thread)._count
_NEVER: tuple[object, ...] = (BuiltinImporter, FrozenImporter)
"""Finders that have no module of a package that is kept: they were asked when it was found."""
_loading: dict[str, tuple[LockType, int]] = {}
"""What is being loaded here, each with its lock and its thread: a thread that a module starts may ask for it."""


def load_directly(finder: KeptFinder) -> None:
    """Load what a finder keeps directly from now on.

    Args:
        finder: stands on `sys.meta_path`.
    """
    if not interpreter_supported():
        report_unused("the direct loading of modules", "it was made for other versions of Python")
        return

    def find_and_load(name: str, import_: Callable[[str], ModuleType]) -> ModuleType:
        if _other_threads() or name in sys.modules or not finder.store.stamp(name):
            return _general(name, import_)
        parent, _, child = name.rpartition(".")
        if parent and parent not in sys.modules:
            import_(parent)
            if name in sys.modules:
                return _general(name, import_)
        package = sys.modules[parent] if parent else None
        path = getattr(package, "__path__", None)
        if (package and path is None) or not _is_first(finder, name, path):
            return _general(name, import_)
        spec = finder.kept_of_python(name) if path is None else finder.kept(name, path)
        if spec is None:
            return _general(name, import_)
        module = ModuleType(name)
        loader = cast("Any", spec.loader)
        vars(module).update(
            __loader__=loader, __package__=spec.parent, __spec__=spec, __file__=spec.origin, __cached__=spec.cached
        )
        if spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        unfinished: list[str] = getattr(package and package.__spec__, "_uninitialized_submodules", [])
        lock = allocate_lock()
        _loading[name] = lock, get_ident()
        cast("Any", spec)._initializing = True
        unfinished.append(child)
        try:
            with lock:
                sys.modules[name] = module
                try:
                    loader.run(module)
                except:
                    sys.modules.pop(name, None)
                    raise
                # as Python does: a module may put another one in its place, and stands behind what it imported
                module = sys.modules[name] = sys.modules.pop(name)
        finally:
            cast("Any", spec)._initializing = False
            unfinished.pop()
            del _loading[name]
        if parent:
            setattr(sys.modules[parent], child, module)
        return module

    _python._find_and_load = find_and_load
    _python._lock_unlock_module = _wait


def _is_first(finder: KeptFinder, name: str, path: Sequence[str] | None) -> bool:
    """Whether no other finder before this one has a module."""
    for each in sys.meta_path:
        if each is finder:
            return True
        if each not in _NEVER and each.find_spec(name, path) is not None:
            return False
    return False


def _wait(name: str) -> None:
    """Wait until a module is loaded, as Python asks for of one that has begun; the thread that loads it goes on."""
    lock, thread = _loading.get(name, (None, 0))
    if lock is None:
        _general_wait(name)
    elif thread != get_ident():
        with lock:
            pass
