"""Validators refuse with data: which field, what is expected, and how to mend it; never with a sentence alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mlplatform

ROOT = Path(mlplatform.__file__).parent
HOOKS = {"BeforeValidator", "AfterValidator", "PlainValidator", "WrapValidator"}
DECORATORS = {"model_validator", "field_validator"}
ALLOWED = {"FieldsRefused", "_refused", "_unknown", "LookupError"}
"""The refusal, functions that make one, and what a method (no validator) answers when asked for what is not there."""


def name_of(node: ast.AST | None) -> str:
    match node:
        case ast.Call(func=func):
            return name_of(func)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def validators(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions that pydantic calls."""
    named = {
        name_of(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and name_of(call) in HOOKS and call.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            decorators = {name_of(decorator) for decorator in node.decorator_list}
            if node.name in named or decorators & DECORATORS:
                yield node


def has_validators(source: str) -> bool:
    """Whether a module has any; most need not be parsed to know that they have none."""
    return any(word in source for word in HOOKS | DECORATORS) and any(validators(ast.parse(source)))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All of a module without its `__iter__`: that is no validator, and Python says what it raises."""
    if isinstance(node, ast.FunctionDef) and node.name == "__iter__":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from statements(child)


def faults(source: str) -> list[str]:
    """What is wrong with the validators of a module."""
    tree = ast.parse(source)
    found: list[str] = []
    for function in validators(tree):
        decorators = {name_of(decorator) for decorator in function.decorator_list}
        if decorators & DECORATORS and "refuses" not in decorators:
            found.append(f"{function.name}: a model's validator is a generator of problems under @refuses")
    found += [
        f"line {node.lineno}: raises {name_of(node.exc)}"
        for node in statements(tree)
        if isinstance(node, ast.Raise) and node.exc and name_of(node.exc) not in ALLOWED
    ]
    return found


def modules() -> list[Path]:
    """The modules of the spec, and all others with validators."""
    return [
        file
        for file in sorted(ROOT.rglob("*.py"))
        if (file.is_relative_to(ROOT / "spec") and file.name != "lazy_model.py")
        or file.name == "target.py"
        or file == ROOT / "catalog" / "accelerator.py"
        or has_validators(file.read_text("utf-8"))
    ]


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_validator_raises_a_sentence(file: Path) -> None:
    if file.is_relative_to(ROOT / "render"):  # its manifest has other errors beside its validator
        return
    assert not faults(file.read_text("utf-8"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("@model_validator(mode='after')\ndef check(self): raise ValueError('bad')", 2),
        ("@field_validator('x')\ndef check(cls, x): return x", 1),
        ("def check(x): raise ValueError('bad')\nT = Annotated[str, AfterValidator(check)]", 1),
        ("@model_validator(mode='after')\n@refuses\ndef check(self): yield FieldProblem(('x',), 'a', 'b')", 0),
    ],
)
def test_it_finds_them(source: str, said: int) -> None:
    assert len(faults(source)) == said
