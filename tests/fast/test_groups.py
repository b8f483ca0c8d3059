"""Values that are used together are read at once, and each of them is the one that was kept."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from mlplatform.fast.code_store import CodeStore, Stamp

OF_X: Stamp = ("/x.py", 1, 2)
OF_Y: Stamp = ("/y.py", 3, 4)
MANY = {f"m{number}": ["text", number] for number in range(30)}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MLPLATFORM_PLAIN", raising=False)
    monkeypatch.setenv("MLPLATFORM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def opened(group: str = "") -> CodeStore:
    store = CodeStore("store", "1")
    store.group = group
    return store


def keep(group: str, values: Mapping[str, object], stamp: Stamp = OF_X) -> None:
    store = opened(group)
    for name, value in values.items():
        store.put(name, stamp, value)
    store.save()


def groups() -> dict[str, str]:
    return {name: place[4] for name, place in opened()._index.items()}


def found(group: str, *names: str) -> list[object]:
    """The values as a process finds them that uses them in a group; it writes what it learned."""
    store = opened(group)
    values = [store.get(name, OF_X) for name in names]
    store.save()
    return values


def test_values_of_a_group_stand_at_one_place_and_are_found_in_any_order() -> None:
    keep("spec", MANY)
    assert len({place[1] for place in opened()._index.values()}) == 1
    assert found("spec", *reversed(MANY)) == [*reversed(MANY.values())]


def test_a_value_belongs_to_whoever_took_it() -> None:
    keep("spec", MANY)
    store = opened("spec")
    cast("list[object]", store.get("m1", OF_X)).append("changed")
    assert store.get("m1", OF_X) == MANY["m1"]
    store.put("m2", OF_X, "new")
    store.save()
    assert found("spec", "m1", "m2") == [MANY["m1"], "new"]


def test_one_whose_source_changed_is_made_anew_and_the_others_stay() -> None:
    keep("spec", MANY)
    store = opened("spec")
    assert store.get("m3", OF_Y) is None
    store.put("m3", OF_Y, "of another source")
    store.save()
    again = opened("spec")
    assert (again.get("m3", OF_Y), again.get("m3", OF_X), again.get("m4", OF_X)) == (
        "of another source",
        None,
        MANY["m4"],
    )
    assert set(groups().values()) == {"spec"}


def test_what_stood_alone_and_is_used_together_is_written_together_once_it_pays() -> None:
    keep("", MANY)
    assert found("spec", "m1", "m2") == [MANY["m1"], MANY["m2"]]
    assert set(groups().values()) == {""}
    assert found("spec", *MANY) == [*MANY.values()]
    assert set(groups().values()) == {"spec"}
    assert found("spec", *MANY) == [*MANY.values()]


def test_what_others_use_without_its_group_stands_alone_from_then_on() -> None:
    keep("spec", MANY)
    assert found("", "m5") == [MANY["m5"]]
    assert groups() == {name: "-" if name == "m5" else "spec" for name in MANY}
    # its group uses it too, and leaves it there; so does a newer value
    assert found("spec", *MANY) == [*MANY.values()]
    keep("spec", {"m5": "newer"})
    assert groups()["m5"] == "-"
    assert found("spec", *MANY) == [*({**MANY, "m5": "newer"}.values())]


def test_a_group_that_others_use_most_of_stays_as_it_is() -> None:
    keep("spec", MANY)
    some = list(MANY)[:25]
    assert found("", *some) == [MANY[name] for name in some]
    assert set(groups().values()) == {"spec"}


def test_a_group_sheds_what_its_own_time_has_little_use_of() -> None:
    keep("spec", MANY)
    some = list(MANY)[:10]
    assert found("spec", *some) == [MANY[name] for name in some]
    assert groups() == {name: "spec" if name in some else "" for name in MANY}
    assert found("spec", *MANY) == [*MANY.values()]


def test_what_is_used_after_its_group_was_read_anyway_stays_in_it() -> None:
    keep("spec", MANY)
    store = opened("spec")
    assert store.get("m1", OF_X) == MANY["m1"]
    store.group = ""
    assert [store.get(name, OF_X) for name in MANY if name != "m1"]
    store.save()
    assert set(groups().values()) == {"spec"}


def test_a_damaged_group_is_left_out_and_made_again(folder: Path) -> None:
    keep("spec", MANY)
    keep("", {"alone": 1})
    (file,) = folder.iterdir()
    data = bytearray(file.read_bytes())
    data[-10] ^= 1
    file.write_bytes(data)
    store = opened("spec")
    assert {store.get(name, OF_X) for name in MANY} == {None}
    assert store.get("alone", OF_X) == 1
    store.put("m1", OF_X, "again")
    store.save()
    assert groups() == {"alone": "spec", "m1": "spec"}
    assert found("spec", "m1", "m2", "alone") == ["again", None, 1]


def test_two_groups_stand_apart() -> None:
    keep("command", {"a": 1, "b": 2})
    keep("spec", {"c": 3})
    assert found("command", "a", "b") == [1, 2]
    assert found("spec", "c") == [3]
    assert groups() == {"a": "command", "b": "command", "c": "spec"}
