"""What was made of a file, kept for later processes while the file, and all else that it was made of, is the same.

As with the code of modules, the folder is trusted: nobody but the user may write to it.
"""

from __future__ import annotations

import atexit
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from mlplatform.fast.cache_folder import cache_folder
from mlplatform.fast.code_store import CodeStore, Stamp
from mlplatform.fast.modules import place_key, stamp_of
from mlplatform.fast.switch import report_unused

T = TypeVar("T")

_RECORD = Path(__file__).with_name("record.py")
"""A record's own methods say what `pickle` keeps of it."""


def kept_value(path: Path, others: Iterable[Path], make: Callable[[], T]) -> T:
    """A value that is made of a file.

    Args:
        path: the file.
        others: what it is made of besides: further files, and folders with the code that makes it.
        make: makes it, of classes that `pickle` finds again. What it raises is raised, and nothing is kept.
    """
    folder = cache_folder()
    stamp = stamp_of(str(path)) if folder else None
    if folder is None or stamp is None:
        return make()
    store, name = _store(folder), str(path)
    made_of = tuple(_stamps((_RECORD, *others)))
    found = cast("tuple[object, bytes] | None", store.get(name, stamp))
    if found and found[0] == made_of:
        try:
            return cast("T", pickle.loads(found[1]))
        except Exception as error:  # whatever a class does with what another one wrote
            report_unused(f"what is kept of {name}", f"{type(error).__name__}: {error}")
    value = make()
    store.put(name, stamp, (made_of, pickle.dumps(value, 5)))
    return value


@lru_cache(maxsize=4)
def _store(folder: str) -> CodeStore:
    """The values of this environment; the folder is the one that the store finds too, and another one in a test."""
    del folder
    store = CodeStore(f"values-{place_key(sys.prefix)}", sys.version)
    atexit.register(store.close)
    return store


def _stamps(places: Iterable[Path]) -> Iterator[Stamp | None]:
    """The files, and the modules in the folders, as they are now."""
    for place in places:
        if place.suffix:
            yield stamp_of(str(place))
            continue
        with suppress(OSError), os.scandir(place) as entries:
            yield from map(stamp_of, sorted(entry.path for entry in entries if entry.name.endswith(".py")))
