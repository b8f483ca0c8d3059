"""Environment files for a POSIX shell: `set -a; . ./outputs.env`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from mlplatform.render.outputs.names import unique_names
from mlplatform.render.outputs.values import Plain


def dotenv(values: Mapping[str, Plain]) -> str:
    """`NAME=value` lines: nested values are named by their path, and quoted where a shell needs it."""
    flat = dict(_flat(values))
    names = unique_names(flat)
    return "".join(f"{names[path].upper()}={_quoted(value)}\n" for path, value in flat.items())


def _flat(values: Mapping[str, Plain], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        path = f"{before}_{key}" if before else key
        match value:
            case dict():
                yield from _flat(value, path)
            case list():
                yield from _flat({str(index): item for index, item in enumerate(value)}, path)
            case str():
                yield path, value
            case None:
                yield path, ""
            case _:
                yield path, json.dumps(value)


def _quoted(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_./:@%+,-]*", text):
        return text
    if "\0" in text:
        text = text.replace("\0", "")  # an environment cannot contain it
    if "'" not in text:
        return f"'{text}'"
    escaped = re.sub(r'([\\"$`])', r"\\\1", text)
    return f'"{escaped}"'
