"""Parsed TOML files, kept as Python keeps compiled modules: in `__pycache__`, renewed when the file changes.

Parsing the catalogue takes a fifth of the work of `mlplatform validate`.
"""

from __future__ import annotations

import datetime
import math
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import cast

from mlplatform.fast.switch import plain_requested

_NAMES = {"datetime": datetime, "inf": math.inf, "nan": math.nan}
"""Names in the Python text of a TOML file's values."""


def read_toml(path: Path) -> dict[str, object]:
    """The values of a TOML file, as `tomllib` reads them.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not UTF-8 or not TOML.
    """
    if plain_requested():
        import tomllib

        with path.open("rb") as file:
            return tomllib.load(file)
    code = cast("CodeType", _TomlLoader(path.stem, str(path)).get_code(path.stem))
    # the text is what `repr` wrote of plain values, and the cache is as trusted as that of a module
    return cast("dict[str, object]", eval(code, dict(_NAMES)))


class _TomlLoader(SourceFileLoader):
    def source_to_code(self, data: object, path: object, **_: object) -> CodeType:  # pyright: ignore
        """The file's values as an expression that makes them."""
        import tomllib

        return compile(repr(tomllib.loads(cast("bytes", data).decode())), str(path), "eval", dont_inherit=True)
