"""A type with parameters is what `typing` makes, whichever way its attributes are set."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys, typing, collections.abc
if sys.argv[1] == "direct":
    from mlplatform.fast.aliases import set_directly
    plain = typing._BaseGenericAlias.__setattr__
    set_directly()
    assert typing._BaseGenericAlias.__setattr__ is not plain
    set_directly()
T = typing.TypeVar("T")
P = typing.ParamSpec("P")

class Of(typing.Generic[T]):
    pass

made = [
    typing.Optional[int], typing.Union[int, str, None], typing.Literal[1, "a"], typing.Annotated[int, 3],
    typing.List[T][int], typing.Callable[[int], T], typing.Callable[P, T], typing.ClassVar[int], Of[T], Of[int],
    typing.Dict[str, typing.Tuple[T, ...]], typing.Type["Of"], typing.Concatenate[int, P], typing.Required[int],
]
for each in made:
    print(each, sorted((name, repr(value)) for name, value in vars(each).items() if " at 0x" not in repr(value)))
    print(hash(each) == hash(each), each == each, getattr(each, "__parameters__", None))
alias = Of[int]
alias.marked = 3  # an attribute of the class behind it
alias._own = 4
print(Of.marked, Of._own, "marked" in vars(alias), Of[str].marked)
try:
    typing.List[int].marked = 1
except Exception as error:
    print(type(error), error)
"""


def _said(way: str) -> str:
    return subprocess.run([sys.executable, "-c", PROGRAM, way], check=True, capture_output=True, text=True).stdout


def test_each_is_the_one_that_typing_makes() -> None:
    plain = _said("plain")
    assert len(plain.splitlines()) > 28
    assert _said("direct") == plain
