"""Records behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, replace

import pytest

from mlplatform.fast.record import record


@record()
class Point:
    """A record."""

    x: int
    y: int = 0
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """What it is compared with."""

    x: int
    y: int = 0
    label: str | None = None


@record(kw_only=True)
class Base:
    """Named fields, to be inherited."""

    name: str
    size: int = 1


@record(kw_only=True)
class Child(Base):
    """One more field without a default."""

    extra: str


@pytest.mark.parametrize(
    ("args", "named"),
    [((1,), {}), ((1, 2), {}), ((), {"x": 3, "label": "a"}), ((1,), {"y": 2, "label": "b"})],
)
def test_it_is_made_as_a_dataclass_is(args: tuple[int, ...], named: dict[str, object]) -> None:
    ours, theirs = Point(*args, **named), Plain(*args, **named)  # type: ignore[arg-type]
    assert asdict(ours) == asdict(theirs)  # pyright: ignore
    assert repr(ours) == repr(theirs).replace("Plain", "Point")


@pytest.mark.parametrize(
    ("args", "named"),
    [((), {}), ((1, 2, "a", 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1}), ((), {"y": 1})],
)
def test_wrong_arguments_are_refused_as_by_a_dataclass(args: tuple[object, ...], named: dict[str, object]) -> None:
    for kind in (Point, Plain):
        with pytest.raises(TypeError, match=f"{kind.__name__}"):
            kind(*args, **named)  # type: ignore[arg-type]


def test_equality_and_hash_are_those_of_the_fields() -> None:
    assert Point(1, 2) == Point(1, y=2)
    assert Point(1) != Point(2)
    assert Point(1) != Plain(1)
    assert len({Point(1), Point(1), Point(2)}) == 2


def test_nothing_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="'x' of Point"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        point.other = 2  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_the_tools_for_dataclasses_work() -> None:
    point = replace(Point(1), label="a")  # pyright: ignore
    assert point == Point(1, 0, "a")
    assert [field.name for field in fields(Point)] == ["x", "y", "label"]  # pyright: ignore
    assert copy.deepcopy(point) == pickle.loads(pickle.dumps(point)) == point
    match point:
        case Point(x, label="a"):
            assert x == 1
        case _:
            pytest.fail("the pattern does not match")


def test_fields_are_inherited() -> None:
    child = Child(name="a", extra="b")
    assert (child.name, child.size, child.extra) == ("a", 1, "b")
    assert child == replace(child, size=1)  # pyright: ignore
    with pytest.raises(TypeError, match="Child takes name, size, extra"):
        Child("a", extra="b")  # type: ignore[misc]
