"""What libraries make of texts is the same whether it is kept or made anew, and is kept for the very file alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = r'''
"""A library that has texts compiled while it is loaded."""

import re
import warnings
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Generic, TypedDict, TypeVar, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Point(Generic[T]):
    x: "int"
    y: int = 2
    more: tuple[int, ...] = field(default=(), repr=False)


class Row(TypedDict, total=False):
    point: "Point[int] | None"


Pair = namedtuple("Pair", "left right")
NAMES = re.compile(r"(?P<first>[a-z]+)-(?:(\d+)|[^\W_]{2,3})+?$", re.IGNORECASE | re.MULTILINE)
BYTES = re.compile(rb"a+(b)")
WIDE = re.compile("[ä-ü€-😀]+(?<=x)")
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    DOUBTFUL = re.compile("[[a]")
try:
    get_type_hints({"__annotations__": {"a": "not an expression"}})
except Exception:
    pass
try:
    re.compile("(")
except re.error as error:
    refused = str(error)
try:
    TypedDict("Wrong", {"a": "not an expression"})
except SyntaxError as error:
    refused += f" {error}"


def again(pattern):
    re.purge()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern.pattern, pattern.flags)


def found():
    one = Point(1, more=(3,))
    matched = NAMES.fullmatch("Abc-12")
    return [
        repr(one), one < Point(2), hash(one) == hash(Point(1, more=(3,))), Point.__match_args__,
        Point.__init__.__annotations__["x"], all(each == again(each) for each in (NAMES, BYTES, WIDE, DOUBTFUL)),
        str(get_type_hints(Row)), repr(Pair(1, right=2)), Pair.__new__.__code__.co_filename,
        NAMES.flags, NAMES.pattern, NAMES.groups, dict(NAMES.groupindex), matched.groups(), matched.lastgroup,
        BYTES.flags, str(BYTES.search(b"caab")), str(WIDE.search("éx")),
        [str(each.message) for each in told], refused,
    ]
'''
PROGRAM = """
import collections, dataclasses, json, re, sys, typing, warnings
from re import _parser

if sys.argv[1] == "kept":
    from mlplatform.fast.modules import keep_modules
    keep_modules()
compiled, parsed, plain = [], [], _parser.parse
sys.addaudithook(lambda event, arguments: event == "compile" and compiled.append(arguments[0]))
_parser.parse = lambda pattern, *more: parsed.append(str(pattern)) or plain(pattern, *more)
import library
told = {"compiled": [str(text, "utf-8") for text in compiled if text], "parsed": [*parsed]}
print(json.dumps({"found": library.found(), **told}, default=str))
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    file = tmp_path / "library.py"
    file.write_text(LIBRARY, encoding="utf-8")
    return file


def load(file: Path, way: str) -> dict[str, list[object]]:
    """What a new process finds in the library, how many texts it compiled and which expressions it read for it."""
    environment = {
        **os.environ,
        "MLPLATFORM_CACHE": str(file.parent / "kept"),
        "PYTHONPATH": os.pathsep.join([str(file.parent), *sys.path]),
    }
    environment.pop("MLPLATFORM_PLAIN", None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, way], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_a_library_finds_the_same_and_compiles_nothing_twice(library: Path) -> None:
    plain, first, second = load(library, "plain"), load(library, "kept"), load(library, "kept")
    assert first["found"] == plain["found"] == second["found"]
    assert any("def __init__" in str(text) for text in first["compiled"])
    assert {"not an expression"} == {*second["compiled"]}, "only what is no Python is compiled again"
    assert [*second["parsed"]] == ["b'a+(b)'", "[[a]", "("], "bytes, what is warned of, and what is refused"


def test_another_file_has_other_texts(library: Path) -> None:
    load(library, "kept")
    library.write_text(library.read_text("utf-8").replace("y: int = 2", "y: int = 33"), encoding="utf-8")
    assert "33" in str(load(library, "kept")["found"][0])
    assert "33" in str(load(library, "kept")["found"][0])
