"""Finds and reads the modules inside packages from one file of the cache; Python asks each folder and opens each file.

Packages themselves are found as ever, so that what `sys.path` has first is what is imported; their code is kept too.
Those of Python's own library are found there where no place before it has something of that name. A module that is not
kept, or whose file has changed, is found and compiled by Python and kept for the next process.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Container, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER, LazyLoader
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, cast
from zlib import crc32

from mlplatform.fast.aliases import set_directly
from mlplatform.fast.code_store import CodeStore, Stamp
from mlplatform.fast.loading import load_directly
from mlplatform.fast.typed_dicts import MODULES, TypedDicts

if TYPE_CHECKING:
    from mlplatform.fast.texts import ModuleTexts

MakeLoader = Callable[[str, str, CodeStore, "Stamp | None"], "KeptLoader"]
_LIBRARY = os.path.dirname(os.__file__)
_USUAL_HOOKS = 2
"""Archives and folders."""
_PACKAGE = f"{os.sep}__init__.py"
LATER = frozenset({"secrets", "tokenize"})
"""Modules of Python that are loaded when something of them is asked for, or they are imported by name a second time.
`pydantic.types` has the first for a comparison that no spec makes; it starts OpenSSL, a hundredth of a check. `inspect`
and `linecache` have the second for the source of a function."""

_texts_of: Callable[[CodeStore, str, Stamp], ModuleTexts] | None = None
"""The texts of a module; None until what keeps them is loaded, which is kept itself."""


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
        if self.stamp is None or _texts_of is None:
            super().exec_module(module)
            return
        with _texts_of(self.store, module.__name__, self.stamp):
            super().exec_module(module)

    def run(self, module: ModuleType) -> None:
        """As `exec_module`, with fewer steps, for a module whose file is as it was kept."""
        code = self.get_code(module.__name__)
        if code is None or self.stamp is None or _texts_of is None:
            super().exec_module(module)
            return
        with _texts_of(self.store, module.__name__, self.stamp):
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


class _Everything(Container[str]):
    """An archive may have a module of any name."""

    def __contains__(self, name: object) -> bool:
        return True


class KeptFinder:
    """Finds modules of packages; see the module's own text."""

    def __init__(self) -> None:
        self.store = CodeStore(
            f"modules-{place_key(sys.prefix)}", f"{sys.version} {sys.flags.optimize} {sys.pycache_prefix or ''}"
        )
        self._names: dict[tuple[str, int], set[str]] = {}

    @property
    def on(self) -> bool:
        """False where nothing is kept."""
        return self.store.on

    def kept(self, fullname: str, path: Sequence[str]) -> ModuleSpec | None:
        """The spec of a module that is kept, as `kept_spec`."""
        return kept_spec(self.store, fullname, path, KeptLoader)

    def kept_of_python(self, fullname: str) -> ModuleSpec | None:
        """The same of a module of Python's own library; None where a place before it on `sys.path` may have another."""
        if fullname in LATER or fullname not in sys.stdlib_module_names or len(sys.path_hooks) != _USUAL_HOOKS:
            return None
        for place in sys.path:
            if place == _LIBRARY:
                return self.kept(fullname, (place,))
            if fullname in self._names_in(place):
                return None
        return None

    def _names_in(self, place: str) -> Container[str]:
        """What a place of `sys.path` may have modules of."""
        try:
            found = os.stat(place or ".")
        except OSError:
            return ()
        if not stat.S_ISDIR(found.st_mode):
            return _Everything()
        key = (place, found.st_mtime_ns)
        if key not in self._names:
            try:
                self._names[key] = {name.partition(".")[0] for name in os.listdir(place or ".")}
            except OSError:  # what is not listed may be imported all the same
                return _Everything()
        return self._names[key]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # provider SDKs have files of their own in the cache, and are loaded piece by piece
        if fullname.startswith("pulumi_"):
            return None
        kept = self.kept_of_python(fullname) if path is None else self.kept(fullname, path)
        if kept is not None:
            return kept
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            place = spec.loader.path
            loader = KeptLoader(fullname, place, self.store, stamp_of(place))
            spec.loader = LazyLoader(loader) if fullname in LATER else loader
        return spec


_store: CodeStore | None = None


def module_store() -> CodeStore | None:
    """Where the code of modules is kept in this process; None where it is not."""
    return _store


def used_together(group: str) -> None:
    """What is loaded from now on is always loaded together with the rest of a group, so that it is kept as one.

    Args:
        group: its name. Empty: what follows depends on the input.
    """
    if _store:
        _store.group = group


def keep_modules(group: str = "") -> None:
    """Keep the code of modules from now on, for this process's command; who imports in another way comes first.

    Args:
        group: as `used_together`.
    """
    global _store, _texts_of
    finder = KeptFinder()
    if finder.on and PathFinder in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
        _store = finder.store
        _store.group = group
        from mlplatform.fast.texts import ModuleTexts, keep_texts

        keep_texts()
        _texts_of = ModuleTexts
        load_directly(finder)
        set_directly()
