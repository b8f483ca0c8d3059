"""Where a value of a Python spec is written: in the spec, in its base beside it, or in the overlay of one."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from mlplatform.fast.record import record

Layer = Literal["written", "base", "overlay"]
"""`written`: by the spec alone; `base`: by what an overlay is laid over; `overlay`: by an overlay."""

_DEEPEST = 60
"""More steps are a circle."""


@record()
class Origin:
    """The place of a value."""

    layer: Layer
    """Which part of the spec has it."""

    file: Path
    """The file."""

    line: int
    """The line, from 1, of the closest part that can be told from the text."""


def origin_of(file: Path, variable: str, location: Sequence[int | str]) -> Origin | None:
    """Where a value is written, as far as the text of the spec and of the modules beside it says.

    Args:
        file: the spec.
        variable: the name of the platform in it.
        location: of the value.
    """
    return _Reader(file).find(variable, tuple(location))


class _Module:
    """One file, with what its variables are assigned and where its imports are from."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.assigned: dict[str, ast.expr] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        for node in ast.parse(file.read_text("utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assign(name, value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._assign(name, value)
                case ast.ImportFrom(module=str() as module, names=names, level=0):
                    self.imported |= {each.asname or each.name: (module, each.name) for each in names}
                case _:
                    pass

    def _assign(self, name: str, value: ast.expr) -> None:
        former = self.assigned.get(name)
        if former is not None and any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(value)):
            # `platform = platform.overlay(…)`: the name inside is the value before
            self.assigned[f"{name} before {value.lineno}"] = former
            value = _Renamed(name, f"{name} before {value.lineno}").visit(value)
        self.assigned[name] = value


class _Renamed(ast.NodeTransformer):
    def __init__(self, name: str, other: str) -> None:
        self._name, self._other = name, other

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self._other, node.ctx), node) if node.id == self._name else node


class _Reader:
    def __init__(self, file: Path) -> None:
        self._modules: dict[Path, _Module | None] = {}
        self._file = file
        self._steps = 0

    def find(self, variable: str, location: tuple[int | str, ...]) -> Origin | None:
        module = self._module(self._file)
        value = module.assigned.get(variable) if module else None
        if module is None or value is None:
            return None
        return self._walk(module, value, location, "written")

    def _module(self, file: Path) -> _Module | None:
        if file not in self._modules:
            try:
                self._modules[file] = _Module(file)
            except (OSError, ValueError, SyntaxError):
                self._modules[file] = None
        return self._modules[file]

    def _walk(self, module: _Module, value: ast.expr, location: tuple[int | str, ...], layer: Layer) -> Origin:
        here = Origin(layer, module.file, value.lineno)
        self._steps += 1
        if self._steps > _DEEPEST:
            return here
        match value:
            case ast.Name(id=name):
                found = self._named(module, name)
                # where nothing is below it, the line that names it says more than the one that makes it
                return self._walk(*found, location, layer) if found and location else here
            case ast.Attribute(value=owner, attr=field):
                return self._walk(module, owner, (field, *location), layer)
            case ast.Call(func=ast.Attribute(value=base, attr="overlay"), keywords=keywords) if location:
                found = next((each for each in keywords if each.arg == location[0]), None)
                if found is not None:
                    return self._inside(module, found, location[1:], "overlay")
                return (
                    here if any(each.arg is None for each in keywords) else self._walk(module, base, location, "base")
                )
            case ast.Call(keywords=keywords) if location:
                found = next((each for each in keywords if each.arg == location[0]), None)
                return self._inside(module, found, location[1:], layer) if found else here
            case ast.Tuple(elts=items) | ast.List(elts=items) if location and isinstance(location[0], int):
                index = location[0]
                if index < len(items) and not any(isinstance(each, ast.Starred) for each in items[: index + 1]):
                    return self._walk(module, items[index], location[1:], layer)
                return here
            case ast.Dict(keys=keys, values=values) if location:
                for key, item in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == location[0]:
                        return self._walk(module, item, location[1:], layer)
                return here
            case _:
                return here

    def _inside(self, module: _Module, field: ast.keyword, rest: tuple[int | str, ...], layer: Layer) -> Origin:
        """The place of a field's value, or of something in it."""
        return self._walk(module, field.value, rest, layer) if rest else Origin(layer, module.file, field.lineno)

    def _named(self, module: _Module, name: str) -> tuple[_Module, ast.expr] | None:
        """The value of a variable, of this module or of one beside it."""
        if value := module.assigned.get(name):
            return module, value
        place, other = module.imported.get(name, ("", ""))
        beside = self._module(self._file.parent.joinpath(*place.split(".")).with_suffix(".py")) if place else None
        value = beside.assigned.get(other) if beside else None
        return (beside, value) if beside and value else None
