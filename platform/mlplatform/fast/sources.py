"""The code of texts that Python compiles on each start: a spec, and the files beside it, which are not compiled there.

A spec runs in a process of its own, which keeps nothing; the process that started it keeps their code meanwhile.
"""

from __future__ import annotations

import warnings
from types import CodeType
from typing import cast

from mlplatform.fast.code_store import Stamp
from mlplatform.fast.digest import sha256_hex
from mlplatform.fast.modules import module_store


def compiled(text: str | bytes, path: str) -> CodeType:
    """The code of a module's text, as `compile` makes it, which is asked where it is not kept.

    Args:
        text: the text of the file.
        path: where it stands, for its errors.

    Raises:
        SyntaxError, ValueError: as `compile`.
    """
    store = module_store()
    kept = store.get(_name(path), _stamp(text, path)) if store else None
    return cast("CodeType", kept) if kept is not None else compile(text, path, "exec", dont_inherit=True)


def keep_compiled(text: str | bytes, path: str) -> None:
    """Keep the code of a text for later processes; one that Python warns of is compiled and warned of each time.

    Raises:
        SyntaxError, ValueError: as `compile`.
    """
    store = module_store()
    stamp = _stamp(text, path)
    if store is None or store.stamp(_name(path)) == stamp:
        return
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        code = compile(text, path, "exec", dont_inherit=True)
    if not warned:
        store.put(_name(path), stamp, code)


def _name(path: str) -> str:
    return f"source {path}"


def _stamp(text: str | bytes, path: str) -> Stamp:
    # the text itself counts: it is at hand, and a file may change within the resolution of its time
    digest = sha256_hex(text if isinstance(text, str) else text.decode("utf-8", "backslashreplace"))
    return (f"{path} {digest}", len(text), isinstance(text, str))
