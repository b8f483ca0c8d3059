"""Records behave as frozen dataclasses do."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

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
    assert [each.name for each in fields(Point)] == ["x", "y", "label"]  # pyright: ignore
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


@record(order=True)
class Count:
    """Ordered, with a check of its own and a hash of its own."""

    number: int
    names: Mapping[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("below nothing")

    def __hash__(self) -> int:
        return self.number


def test_what_a_class_defines_itself_stays() -> None:
    with pytest.raises(ValueError, match="below nothing"):
        Count(-1)
    with pytest.raises(ValueError, match="below nothing"):
        replace(Count(1), number=-1)  # pyright: ignore
    assert hash(Count(7, {"a": 1})) == 7


def test_each_instance_has_a_default_of_its_own() -> None:
    first, second = Count(1), Count(1)
    assert first == second
    assert first.names is not second.names
    assert Count(1, names={"a": 1}).names == {"a": 1}
    assert pickle.loads(pickle.dumps(Count(2, {"b": 2}))) == Count(2, {"b": 2})


def test_they_are_ordered_as_tuples_where_that_is_asked_for() -> None:
    assert Count(1) < Count(2) <= Count(2) < Count(3)
    assert max(Count(3), Count(1)) == Count(3) > Count(2) >= Count(2)
    with pytest.raises(TypeError):
        _ = Count(1) < 2  # type: ignore[operator]
    with pytest.raises(TypeError):
        _ = Point(1) < Point(2)  # type: ignore[operator]


def test_python_describes_its_fields_as_those_of_a_dataclass() -> None:
    @dataclass(frozen=True, slots=True, order=True)
    class Like:
        number: int
        names: Mapping[str, int] = field(default_factory=dict[str, int])

    shown = ("name", "type", "default", "init", "repr", "compare", "kw_only")
    ours, theirs = ([[getattr(f, name) for name in shown] for f in fields(kind)] for kind in (Count, Like))  # pyright: ignore
    assert ours == theirs
    assert [each.kw_only for each in fields(Child)] == [True, True, True]  # pyright: ignore
    assert Count.__match_args__ == Like.__match_args__
    assert Count.__dataclass_params__.frozen  # pyright: ignore


def test_a_default_that_all_instances_would_share_is_refused() -> None:
    class Shared:
        names: list[str] = []  # noqa: RUF012

    with pytest.raises(ValueError, match="the default of names"):
        record()(Shared)

    class Hidden:
        name: str = field(default="", compare=False)

    with pytest.raises(TypeError, match="default_factory"):
        record()(Hidden)
