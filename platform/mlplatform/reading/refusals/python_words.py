"""What Python says about a spec that does not run, and what to do about it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import NamedTuple, cast

from mlplatform.reading.refusals.redact import hide_secrets, one_line
from mlplatform.similar import nearest_names
from mlplatform.spec.base import SpecModel

PACKAGE = "mlplatform"
_RUNS = "a spec that runs to its end"
_ANY = "fix what this line does"
_COPY = "write a copy: platform.overlay(field=value)"
_CHANGES = ("append", "extend", "insert", "remove", "pop", "sort", "update")
_NAMES = {"true": "True", "yes": "True", "on": "True", "false": "False", "no": "False", "off": "False"} | dict.fromkeys(
    ("null", "none", "nil"), "None"
)
"""Words of YAML and JSON, with those of Python."""


class Told(NamedTuple):
    """A problem's texts."""

    got: str
    """What was found."""

    expected: str
    """What is expected."""

    fix: str
    """What to do."""


def told_error(error: BaseException, file: Path, names: Mapping[str, object]) -> Told:
    """What an exception of a spec means.

    Args:
        error: the exception.
        file: the spec's file.
        names: what the spec's module had defined until then.
    """
    said = f"{type(error).__name__}: {one_line(hide_secrets(str(error)), 200)}".rstrip(": ")
    match error:
        case RecursionError():
            return Told("endless recursion", _RUNS, _ANY)
        case SystemExit():
            return Told(f"the spec ends the process: exit({one_line(str(error.code))})", _RUNS, "remove that call")
        case ModuleNotFoundError():
            return _no_module(error, said, file)
        case ImportError():
            return _no_name(error, said)
        case NameError():
            return _undefined(error, said, names)
        case AttributeError():
            return _no_attribute(error, said)
        case TypeError() if "positional argument" in str(error):
            return Told("a value without the name of its field", "each field by its name", "write field=value")
        case TypeError() if "unhashable" in str(error):
            return Told("entries in { } without names, which are a set", "a list", "put them in [ ]")
        case TypeError() if re.search(r"PlatformSpec' object does not support item (assignment|deletion)", str(error)):
            return Told("a value that is set in a platform, which never changes", "a copy", _COPY)
        case TypeError() if "called on dataclass instances" in str(error):
            return Told("dataclasses.replace of a part of the spec", "a copy", _COPY)
        case EOFError():
            return Told(said, "a spec that asks nobody: it is read without a terminal", "write the value")
        case KeyError() if _raised_in(error.__traceback__, "os"):
            return Told(
                f"the environment variable {one_line(str(error))}, which is not set",
                "a spec that is the same wherever it is read",
                f"write the value into the spec, or give a default: os.environ.get({one_line(str(error))}, …)",
            )
        case FileNotFoundError() if error.filename and not Path(str(error.filename)).is_absolute():
            name = one_line(str(error.filename))
            return Told(
                f"no file {name} in the folder that the command was run in",
                "a path that does not depend on that folder",
                f"write Path(__file__).parent / '{name}'",
            )
        case _:
            return Told(said, _RUNS, _ANY)


def told_syntax(error: SyntaxError) -> Told:
    """What a syntax error means."""
    said = one_line(error.msg)
    fixes = (
        (r"'(.)' was never closed", "close it where its last entry ends"),
        (r"unmatched '(.)'|closing parenthesis", "remove it, or open the one that it closes"),
        (r"forgot a comma", "write a comma between the two"),
        (r"unterminated (triple-quoted )?(f-)?string", "close the quotes"),
        (r"unexpected indent", "remove the spaces at the beginning of the line"),
        (r"unindent does not match", "indent the line as those of its block"),
        (r"inconsistent use of tabs", "indent with spaces alone"),
        (r"expected an indented block", "indent what belongs to the line above"),
        (r"maybe you meant '=='|cannot assign to", "write the name of a field alone before ="),
        (r"positional argument follows keyword argument", "write field=value for each"),
        (r"keyword argument repeated", "keep one of the two"),
        (r"leading zeros", "write it in quotes: what identifies something is a text, not a number"),
        (r"outside (async )?function", "remove it: a spec is read from top to bottom, once"),
        (r"[Mm]issing parentheses", "write parentheses around what is behind the name"),
        (
            r"invalid (non-printable )?character",
            "write plain quotes, commas and dashes: the text was pasted from a page",
        ),
    )
    fix = next((fix for pattern, fix in fixes if re.search(pattern, said)), "")
    if not fix and error.text and re.search(r"[(,]\s*\w+\s*:\s", error.text):
        fix = "write field=value: a colon is for dicts and YAML"
    if not fix and error.text and re.match(r"\s*(- )?[\w-]+:(\s|$)", error.text):
        fix = "write field=value: this line is YAML, which belongs into a file that ends in .yaml"
    return Told(said, "valid Python", fix or "fix the syntax on this line")


def told_platform(value: object, variable: str) -> Told | None:
    """Why the variable of the platform holds none; None where it is not there."""
    if value is None:
        return None
    what, fix = f"a value of type {type(value).__name__}", f"write `{variable} = PlatformSpec(…)`"
    if isinstance(value, type):
        what, fix = f"the class {value.__name__} itself", f"call it with its fields: `{variable} = {value.__name__}(…)`"
    elif isinstance(value, ModuleType):
        what, fix = "a module", f"write `{variable} = PlatformSpec(…)` behind the import of that name"
    elif callable(value):
        what, fix = "a function", f"call it: `{variable} = {getattr(value, '__name__', variable)}()`"
    elif isinstance(value, tuple) and len(cast("tuple[object, ...]", value)) == 1:
        what, fix = "a tuple of one", "remove the comma behind the closing parenthesis"
    elif isinstance(value, list | tuple | set):
        fix = "keep one platform in this file, and write each other one into a file of its own"
    elif isinstance(value, dict):
        fix = f"write `{variable} = PlatformSpec(**…)`, or the fields into a YAML file"
    return Told(f"`{variable}` is {what}", "a PlatformSpec", fix)


def _no_module(error: ModuleNotFoundError, said: str, file: Path) -> Told:
    name = (error.name or "").partition(".")[0]
    beside = sorted({each.stem for each in file.parent.glob("*.py")} - {file.stem})
    if close := nearest_names(name, [PACKAGE, *beside], cutoff=0.7):
        return Told(f"no module '{one_line(name)}'", "a module that is there", f"did you mean {close[0]}?")
    return Told(
        said,
        f"a module beside the spec, or one that is installed where {PACKAGE} is",
        f"put {one_line(name)}.py beside the spec, install the package, or remove the import",
    )


def _no_name(error: ImportError, said: str) -> Told:
    if "relative import" in str(error):
        return Told(said, "the module by its name alone", "write `from base import …`, without the dot")
    if "circular import" in str(error):
        found = re.search(r"cannot import name '([^']+)' from partially initialized module '([^']+)'", str(error))
        got = f"modules that import each other: '{found[1]}' is not in {found[2]} yet" if found else said
        return Told(got, "imports in one direction", "move what both need into a third module, which imports neither")
    found = re.search(r"cannot import name '([^']+)'", str(error))
    module = sys.modules.get(error.name or "")
    if not found or module is None:
        return Told(said, _RUNS, _ANY)
    close = _closest(found[1], _public(module))
    where = error.name or ""
    fix = f"did you mean {' or '.join(close)}?" if close else f"look into {where} for the name"
    return Told(f"no '{found[1]}' in {where}", "a name that the module has", fix)


def _undefined(error: NameError, said: str, names: Mapping[str, object]) -> Told:
    name = error.name or ""
    package = sys.modules.get(PACKAGE)
    public = _public(package) if package else []
    if meant := _NAMES.get(name):
        return Told(f"'{name}', a word of YAML and JSON", "a word of Python", f"write {meant}")
    if name in public:
        return Told(
            f"'{name}', which is not imported", "a name that is defined", f"add it: from {PACKAGE} import {name}"
        )
    own = [each for each in names if not each.startswith("_")]
    if close := _closest(name, own) or _closest(name, public):
        return Told(f"no '{name}'", "a name that is defined", f"did you mean {' or '.join(close)}?")
    return Told(said, "a name that is defined", "put it in quotes if it is a text, or define it above this line")


def _no_attribute(error: AttributeError, said: str) -> Told:
    name = error.name or ""
    if isinstance(error.obj, SpecModel):
        fields = list(type(error.obj).model_fields)
        close = _closest(name, [*fields, "overlay"])
        fix = f"did you mean {' or '.join(close)}?" if close else f"take one of {', '.join(fields)}"
        return Told(f"no '{name}' in {type(error.obj).__name__}", "a field that it has", fix)
    if error.obj is None:
        return Told(
            f"'{name}' of a part that the spec does not have", "a part that is there", "write the part as a whole"
        )
    listed: object = error.obj
    if isinstance(listed, tuple) and name in _CHANGES:
        got = f"'{name}' of a list of a platform, which never changes"
        return Told(got, "a copy", "write a copy: platform.overlay(field=(*platform.field, …))")
    if isinstance(error.obj, ModuleType) and (close := _closest(name, _public(error.obj))):
        return Told(f"no '{name}' in {error.obj.__name__}", "a name that it has", f"did you mean {' or '.join(close)}?")
    return Told(said, _RUNS, _ANY)


def _public(module: ModuleType) -> list[str]:
    listed = cast("Iterable[str]", getattr(module, "__all__", ()) or (each for each in vars(module) if each[0] != "_"))
    return sorted(listed)


def _closest(name: str, known: Iterable[str]) -> list[str]:
    """Names that resemble one, also without the ending `Spec` of most models."""
    short = {each.removesuffix("Spec"): each for each in known}
    return [short[each] for each in nearest_names(name.removesuffix("Spec"), short, most=2, cutoff=0.7)]


def _raised_in(trace: TracebackType | None, module: str) -> bool:
    last = None
    while trace:
        last, trace = trace, trace.tb_next
    return last is not None and last.tb_frame.f_globals.get("__name__") == module
