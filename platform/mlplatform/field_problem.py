"""What a model of the spec refuses, as data: a validator says which field, what it expects, and how to mend it.

The reader of specs locates each problem, leaves the refused field out by its path, and goes on to the next one. So a
validator yields every problem that it finds, and names every field that the problem depends on: whether a problem only
follows from another one is decided by these paths, never by the words of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import TypeAlias, TypeVar

from mlplatform.fast.record import record
from mlplatform.snippet import Snippet

M = TypeVar("M")

EVERY = "*"
"""In a field path: every entry of a list or mapping, those that were left out too."""

FieldPath: TypeAlias = tuple[int | str, ...]
"""Field names, list positions and keys below the value that a validator was given; empty for that value itself."""


@record()
class FieldProblem:
    """One thing that a validator refuses."""

    path: FieldPath
    """The field to change, for example `("variants", 1, "name")`."""

    expected: str
    """The accepted values, or the reason for the refusal; it completes the sentence "expected …"."""

    fix: str
    """What to do, as an imperative. Code that depends on the language belongs into `write`."""

    got: str | None = None
    """The value found. Omitted: the value at `path` is shown."""

    fields: tuple[FieldPath, ...] = ()
    """Fields that the problem depends on: it is not told while one of them is refused itself.

    Omitted: everything at `path`. If given, `path` itself counts only where it is inside of something refused.
    """

    write: Snippet | None = None
    """What to write; shown after the fix, in the language of the spec."""

    secret: bool = False
    """Whether the value is a secret that no spec may hold: a former version of the spec is read without it."""


class FieldsRefused(ValueError):
    """A validator's refusal; pydantic hands it on as it is.

    Args:
        problems: what is refused, at least one.
    """

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__("; ".join(map(_sentence, problems)))
        self.problems = problems


def refuses(find: Callable[[M], Iterator[FieldProblem]]) -> Callable[[M], M]:
    """Make a validator of a generator of problems: it raises all of them at once, or returns the model.

    @model_validator(mode="after")
    @refuses
    def _consistent(self) -> Iterator[FieldProblem]: …
    """

    @wraps(find)
    def validate(model: M) -> M:
        problems = tuple(find(model))
        if problems:
            raise FieldsRefused(*problems)
        return model

    return validate


def repeated(field: str, names: Sequence[str], *, inner: str | None = "name", of: str) -> Iterator[FieldProblem]:
    """Names that stand in a list for the second time.

    Args:
        field: the list.
        names: the name of each of its entries, in order.
        inner: the field of an entry that holds its name; None if the entries are the names.
        of: what an entry is, for example `endpoint`.
    """
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first:
            at: FieldPath = (inner,) if inner else ()
            yield FieldProblem(
                (field, index, *at),
                f"a name that no other {of} has; {field}[{first[name]}] has it already",
                "give it another name, or remove one of the two",
                got=repr(name),
                fields=((field, first[name], *at),),
            )
        first.setdefault(name, index)


def _sentence(problem: FieldProblem) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem.path).lstrip(".")
    text = f"{where}: " if where else ""
    text += f"got {problem.got}, " if problem.got else ""
    fix = f"{problem.fix} {problem.write.written('python')}" if problem.write else problem.fix
    return f"{text}expected {problem.expected}; {fix}"
