"""Finds and reads the modules inside packages from one file of the cache; Python asks each folder and opens each file.

Packages themselves are found as ever, so that what `sys.path` has first is what is imported; their code is kept too. A
module that is not kept, or whose file has changed, is found and compiled by Python and kept for the next process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER, LazyLoader
from types import CodeType, ModuleType
from typing import cast
from zlib import crc32

from mlplatform.fast.aliases import set_directly
from mlplatform.fast.code_store import CodeStore, Stamp
from mlplatform.fast.loading import load_directly
from mlplatform.fast.texts import ModuleTexts, keep_texts
from mlplatform.fast.typed_dicts import MODULES, TypedDicts

MakeLoader = Callable[[str, str, CodeStore, "Stamp | None"], "KeptLoader"]
_PACKAGE = f"{os.sep}__init__.py"
LATER = frozenset({"secrets"})
"""Modules of Python that are loaded when something of them is asked for, or they are imported for the second time.
`pydantic.types` has this one for a comparison that no spec makes; it starts OpenSSL, a hundredth of a check."""


def stamp_of(path: str) -> Stamp | None:
    """A source file as it is now; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (path, found.st_mtime_ns, found.st_size)


def place_key(place: str) -> str:
    """A short name for a folder, in the name of its file in the cache."""
    return f"{crc32(os.fsencode(place)):08x}"


def kept_spec(store: CodeStore, name: str, path: Sequence[str], loader: MakeLoader) -> ModuleSpec | None:
    """The spec of a module that is kept; None where its file has changed, or stands elsewhere than the path says.

    Args:
        store: where it may be kept.
        name: the module's full name.
        path: the folders of its package.
        loader: makes the one of its code.
    """
    stamp = store.stamp(name)
    if stamp is None or len(path) != 1:
        return None
    origin = stamp[0]
    is_package = origin.endswith(_PACKAGE)
    inner = origin.removesuffix(_PACKAGE)
    folder, _, file = inner.rpartition(os.sep)
    if folder != path[0] or stamp_of(origin) != stamp:
        return None
    # as `spec_from_file_location`, which asks again what the path says already
    spec = ModuleSpec(name, loader(name, origin, store, stamp), origin=origin, is_package=is_package)
    spec.has_location = True
    if is_package:
        spec.submodule_search_locations = [inner]
        folder, file = inner, "__init__.py"
    if not sys.flags.optimize and sys.pycache_prefix is None and file.count(".") == 1:
        stem = file.removesuffix(".py")
        spec.cached = f"{folder}{os.sep}__pycache__{os.sep}{stem}.{sys.implementation.cache_tag}.pyc"
    return spec


class KeptLoader(SourceFileLoader):
    """Takes the code of a module from the cache, or puts it there."""

    def __init__(self, name: str, path: str, store: CodeStore, stamp: Stamp | None) -> None:
        super().__init__(name, path)
        self.store = store
        self.stamp = stamp
        self._read = b""

    def get_data(self, path: str) -> bytes:
        self._read = super().get_data(path)
        return self._read

    def get_code(self, fullname: str) -> CodeType | None:
        if self.stamp is None:
            return super().get_code(fullname)
        kept = self.store.get(fullname, self.stamp)
        if kept is not None:
            return cast("CodeType", kept)
        code = super().get_code(fullname)
        if code is not None:
            self.store.put(fullname, self.stamp, code, self._compiled(self.stamp))
        self._read = b""
        return code

    def exec_module(self, module: ModuleType) -> None:
        if self.stamp is None:
            super().exec_module(module)
            return
        with ModuleTexts(self.store, module.__name__, self.stamp):
            super().exec_module(module)

    def run(self, module: ModuleType) -> None:
        """As `exec_module`, with fewer steps, for a module whose file is as it was kept."""
        code = self.get_code(module.__name__)
        if code is None or self.stamp is None:
            super().exec_module(module)
            return
        with ModuleTexts(self.store, module.__name__, self.stamp):
            if module.__name__ not in MODULES:
                exec(code, vars(module))
                return
            with TypedDicts():
                exec(code, vars(module))

    def _compiled(self, stamp: Stamp) -> bytes | None:
        """The code as it stands in Python's own cache, if that was read and is of this very source (PEP 552)."""
        _, changed, size = stamp
        numbers = (0, changed // 1_000_000_000, size)
        head = MAGIC_NUMBER + b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for number in numbers)
        return self._read.removeprefix(head) if self._read.startswith(head) else None


class KeptFinder:
    """Finds modules of packages; see the module's own text."""

    def __init__(self) -> None:
        self.store = CodeStore(
            f"modules-{place_key(sys.prefix)}", f"{sys.version} {sys.flags.optimize} {sys.pycache_prefix or ''}"
        )

    @property
    def on(self) -> bool:
        """False where nothing is kept."""
        return self.store.on

    def kept(self, fullname: str, path: Sequence[str]) -> ModuleSpec | None:
        """The spec of a module that is kept, as `kept_spec`."""
        return kept_spec(self.store, fullname, path, KeptLoader)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # provider SDKs have files of their own in the cache, and are loaded piece by piece
        if fullname.startswith("pulumi_"):
            return None
        kept = None if path is None else self.kept(fullname, path)
        if kept is not None:
            return kept
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            place = spec.loader.path
            loader = KeptLoader(fullname, place, self.store, stamp_of(place))
            spec.loader = LazyLoader(loader) if fullname in LATER else loader
        return spec


def keep_modules() -> None:
    """Keep the code of modules from now on, for this process's command; who imports in another way comes first."""
    finder = KeptFinder()
    if finder.on and PathFinder in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
        keep_texts()
        load_directly(finder)
        set_directly()
