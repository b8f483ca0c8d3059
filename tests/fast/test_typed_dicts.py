"""The typed dictionaries of core schemas are the ones that `typing` makes, whoever asks and however."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from mlplatform.fast.modules import keep_modules
keep_modules()
import pydantic_core.core_schema as core
from mlplatform.fast import typed_dicts
import inspect
import typing_extensions

print(len(typed_dicts._made), file=sys.stderr)
NAMES = ("__annotations__", "__required_keys__", "__optional_keys__", "__total__", "__orig_bases__", "__doc__")
SETS = ("__required_keys__", "__optional_keys__", "__readonly_keys__", "__mutable_keys__")

def attributes(of):
    for name in dir(of):
        value = getattr(of, name)
        if name in SETS:
            yield name, sorted(value)
        elif name.startswith("__") and " at 0x" not in repr(value) and name != "__dict__":
            yield name, repr(value)

def child(of):
    class Child(of, total=False):
        more: int
    return sorted(attributes(Child))

WAYS = {
    "attributes": lambda of: sorted(attributes(of)),
    "own": lambda of: (sorted(vars(of)), dict(vars(of)["__annotations__"]), {**vars(of)["__annotations__"]}),
    "inspect": lambda of: inspect.get_annotations(of),
    "hints": lambda of: typing_extensions.get_type_hints(of, localns=vars(core) | {"CoreSchema": dict}),
    "child": child,
    "value": lambda of: (of(a=1), type(of).__name__, of.__mro__, of.__qualname__, of.__module__),
    "length": lambda of: (len(vars(of)["__annotations__"]), "type" in vars(of)["__annotations__"]),
}
for name, of in sorted(vars(core).items()):
    if typing_extensions.is_typeddict(of) and of.__module__ == core.__name__:
        print(name, WAYS[sys.argv[1]](of))
"""


@pytest.mark.parametrize("way", ["attributes", "own", "inspect", "hints", "child", "value", "length"])
def test_each_is_the_one_that_typing_makes(way: str, tmp_path: Path) -> None:
    def said(cache: str) -> tuple[str, int]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, way],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "MLPLATFORM_CACHE": cache, "MLPLATFORM_PLAIN": "0"},
        )
        return done.stdout, int(done.stderr.splitlines()[-1])

    by_typing, none = said("off")
    said(str(tmp_path / "kept"))
    made_here, some = said(str(tmp_path / "kept"))
    assert (none, some > 50) == (0, True)
    assert made_here == by_typing
