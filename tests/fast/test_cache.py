"""What is kept between processes is never served where its source, its version or its bytes are others."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import importlib
import os
import py_compile
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from importlib import _bootstrap
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from mlplatform.fast import loading
from mlplatform.fast.cache_folder import cache_folder, make_folder
from mlplatform.fast.code_store import CodeStore, Stamp
from mlplatform.fast.modules import KeptFinder, keep_modules, stamp_of

OF_X: Stamp = ("/x.py", 1, 2)
OF_Y: Stamp = ("/y.py", 3, 4)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MLPLATFORM_PLAIN", raising=False)
    monkeypatch.setenv("MLPLATFORM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def kept(**values: object) -> CodeStore:
    """What another process finds once one has kept values."""
    store = CodeStore("store", "1")
    for name, value in values.items():
        store.put(name, OF_X, value)
    store.save()
    return CodeStore("store", "1")


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {"MLPLATFORM_CACHE": "/elsewhere"}, "/elsewhere"),
        ("linux", {"MLPLATFORM_CACHE": "~/mine"}, "/home/ana/mine"),
        ("linux", {"MLPLATFORM_CACHE": "0"}, None),
        ("linux", {"MLPLATFORM_CACHE": "Off"}, None),
        ("linux", {"MLPLATFORM_CACHE": ""}, None),
        ("linux", {"MLPLATFORM_PLAIN": "1", "MLPLATFORM_CACHE": "/elsewhere"}, None),
        ("linux", {"XDG_CACHE_HOME": "/xdg"}, "/xdg/mlplatform"),
        ("linux", {"XDG_CACHE_HOME": "not/absolute"}, "/home/ana/.cache/mlplatform"),
        ("linux", {}, "/home/ana/.cache/mlplatform"),
        ("darwin", {"XDG_CACHE_HOME": "/xdg"}, "/home/ana/Library/Caches/mlplatform"),
    ],
)
def test_the_folder_is_where_the_system_or_the_variable_says(
    system: str, variables: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MLPLATFORM_CACHE", "MLPLATFORM_PLAIN", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/ana", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert cache_folder() == expected


def test_a_value_is_found_by_another_process_for_the_same_source(folder: Path) -> None:
    store = kept(one={"a": (1, "b")})
    assert store.get("one", OF_X) == {"a": (1, "b")}
    assert store.get("one", OF_Y) is None
    assert store.get("one", ("/x.py", 1, 3)) is None
    assert store.get("other", OF_X) is None
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())] == [0o700, 0o600]


def test_a_closed_store_has_written_what_is_new_and_finds_nothing_more(folder: Path) -> None:
    store = kept(one=1)
    store.put("two", OF_X, 2)
    store.close()
    assert store.get("one", OF_X) is None
    assert CodeStore("store", "1").get("one", OF_X) == 1
    assert CodeStore("store", "1").get("two", OF_X) == 2


def test_a_value_of_another_version_is_not_found_and_is_replaced(folder: Path) -> None:
    kept(one=1)
    newer = CodeStore("store", "2")
    assert newer.get("one", OF_X) is None
    newer.put("two", OF_X, 2)
    newer.save()
    assert CodeStore("store", "1").get("one", OF_X) is None
    assert CodeStore("store", "2").get("two", OF_X) == 2


def test_new_values_join_those_that_are_there_and_take_the_place_of_older_ones(folder: Path) -> None:
    store = kept(one=1, two=2)
    store.put("two", OF_Y, 22)
    store.put("three", OF_X, 3)
    assert store.get("two", OF_Y) == 22
    assert store.get("two", OF_X) is None
    store.save()
    again = CodeStore("store", "1")
    assert [again.get("one", OF_X), again.get("two", OF_Y), again.get("three", OF_X)] == [1, 22, 3]
    assert again.get("two", OF_X) is None


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "other": lambda _: b"not a file of this program",
    "cut": lambda data: data[:-3],
    "long": lambda data: data + b"x",
    "number": lambda data: data[:22] + b"\xff\xff\xff\xff" + data[26:],
    "list": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "value": lambda data: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_ignored_and_written_again(damage: str, folder: Path) -> None:
    kept(one="text of a value")
    (file,) = folder.iterdir()
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    store = CodeStore("store", "1")
    assert store.get("one", OF_X) is None
    store.put("one", OF_X, "made again")
    store.save()
    assert CodeStore("store", "1").get("one", OF_X) == "made again"
    assert [path.name for path in folder.iterdir()] == [file.name]


WRITER = """
import sys
from mlplatform.fast.code_store import CodeStore
for number in range(30):
    store = CodeStore("store", "1")
    found = store.get("one", ("/x.py", 1, 2))
    assert found is None or found in ["a" * 50_000, "b" * 70_000], found[:20]
    store.put("one", ("/x.py", 1, 2), sys.argv[1] * int(sys.argv[2]))
    store.save()
"""


def test_two_processes_that_write_at_once_leave_a_whole_file(folder: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments]) for arguments in (("a", "50000"), ("b", "70000"))
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert CodeStore("store", "1").get("one", OF_X) in ["a" * 50_000, "b" * 70_000]
    assert len(list(folder.iterdir())) == 1


def test_a_fork_keeps_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CodeStore("store", "1")
    store.put("one", OF_X, 1)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    store.save()
    assert not folder.exists()


def test_what_nobody_used_for_a_month_is_removed_when_something_is_kept(folder: Path) -> None:
    kept(one=1)
    ours = f"-{sys.implementation.cache_tag}.code"
    gone = {f"gone{ours}": 31, f"gone{ours}.123": 31}
    read = f"read{ours}"
    days = {**gone, read: 31, f"recent{ours}": 29, "notes.txt": 400, f"{ours}-notes": 400, "mine.code": 400}
    for name, age in days.items():
        file = folder / name
        file.write_text("")
        then = time.time() - age * 24 * 3600
        os.utime(file, (time.time() if name == read else then, then))
    (folder / f"folder{ours}").mkdir()
    os.utime(folder / f"folder{ours}", (0, 0))
    store = CodeStore("other", "1")
    store.put("two", OF_X, 2)
    store.save()
    left = {path.name for path in folder.iterdir()}
    assert days.keys() - left == gone.keys()
    assert CodeStore("store", "1").get("one", OF_X) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_a_folder_that_others_may_write_to_is_not_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    assert not make_folder(str(folder))
    assert kept(one=1).get("one", OF_X) is None
    folder.chmod(0o700)
    assert kept(one=1).get("one", OF_X) == 1
    folder.chmod(0o770)
    assert CodeStore("store", "1").get("one", OF_X) is None, "somebody else could have written it since"
    assert capsys.readouterr().err == ""


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for place in (str(file / "below"), "/proc/none", "0"):
        monkeypatch.setenv("MLPLATFORM_CACHE", place)
        assert kept(one=1).get("one", OF_X) is None


def test_a_command_without_a_home_says_the_same(root: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("MLPLATFORM_CACHE", "HOME")}
    environment |= {"HOME": "/nonexistent", "XDG_CACHE_HOME": ""}
    done = subprocess.run(
        [sys.executable, "-m", "mlplatform", "--version"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mlplatform ")


@pytest.fixture(params=["by Python", "directly"])
def package(
    request: pytest.FixtureRequest, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The folder of a package `kept_shop` with one module, which can be imported, in both ways of loading it."""
    # what is put there while a test runs goes with it
    for name in ("_find_and_load", "_lock_unlock_module"):
        monkeypatch.setattr(_bootstrap, name, getattr(_bootstrap, name))
    if request.param == "by Python":
        monkeypatch.setattr(loading, "interpreter_supported", lambda: False)
    # those that run the tests
    monkeypatch.setattr(loading, "_other_threads", lambda: 0)
    place = tmp_path / "first" / "kept_shop"
    place.mkdir(parents=True)
    (place / "__init__.py").write_text("")
    (place / "stall.py").write_text("PRICE = 1\n")
    monkeypatch.syspath_prepend(place.parent)
    yield place
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "kept_shop"]:
        del sys.modules[name]


def price() -> tuple[object, bool]:
    """The module's value as another process finds it, and whether its code came from the cache."""
    forget()
    importlib.invalidate_caches()
    finder = KeptFinder()
    sys.meta_path.insert(0, finder)
    loading.load_directly(finder)
    try:
        module = importlib.import_module("kept_shop.stall")
    finally:
        sys.meta_path.remove(finder)
    was_kept = finder.store.stamp("kept_shop.stall") == stamp_of(str(module.__file__))
    finder.store.save()
    return module.PRICE, was_kept


def test_a_module_comes_from_the_cache_until_it_changes(package: Path) -> None:
    stall = package / "stall.py"
    assert [price(), price()] == [(1, False), (1, True)]
    changed = stall.stat().st_mtime_ns
    stall.write_text("PRICE = 2\n")
    os.utime(stall, ns=(changed + 1000, changed + 1000))
    # Python's own cache looks at whole seconds, and would still serve the former
    for kept_by_python in package.glob("__pycache__/stall*"):
        kept_by_python.unlink()
    assert [price(), price()] == [(2, False), (2, True)]
    stall.write_text("PRICE = 30\n")
    os.utime(stall, ns=(changed, changed))
    assert price() == (30, False)
    stall.unlink()
    (package / "stall").mkdir()
    (package / "stall" / "__init__.py").write_text("PRICE = 4\n")
    assert [price(), price()] == [(4, False), (4, True)]


def test_the_package_that_is_first_on_the_path_is_the_one_that_is_used(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [price(), price()] == [(1, False), (1, True)]
    other = tmp_path / "second" / "kept_shop"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    (other / "stall.py").write_text("PRICE = 5\n")
    monkeypatch.syspath_prepend(other.parent)
    assert price() == (5, False)


def test_others_who_import_in_their_own_way_come_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "interpreter_supported", lambda: False)

    class Theirs:
        def find_spec(self, *_: object) -> None:
            return None

    theirs = Theirs()
    monkeypatch.setattr(sys, "meta_path", [theirs, PathFinder])
    keep_modules()
    assert [sys.meta_path[0], type(sys.meta_path[1]), sys.meta_path[2]] == [theirs, KeptFinder, PathFinder]
    monkeypatch.setattr(sys, "meta_path", [theirs])
    keep_modules()
    assert sys.meta_path == [theirs]
    monkeypatch.setenv("MLPLATFORM_CACHE", "0")
    monkeypatch.setattr(sys, "meta_path", [PathFinder])
    keep_modules()
    assert sys.meta_path == [PathFinder]


def test_a_kept_module_says_of_itself_what_python_says(package: Path) -> None:
    (package / "inner").mkdir()
    (package / "inner" / "__init__.py").write_text("")
    (package / "stall.py").write_text("import kept_shop.inner\nPRICE = 1\n")

    def told() -> list[object]:
        found = [sys.modules[name] for name in ("kept_shop.stall", "kept_shop.inner")]
        names = ("__name__", "__file__", "__cached__", "__package__", "__path__", "__doc__")
        specs = ("name", "origin", "cached", "parent", "has_location", "submodule_search_locations")
        return [
            *([getattr(module, name, None) for name in names] for module in found),
            *([getattr(module.__spec__, name) for name in specs] for module in found),
        ]

    importlib.import_module("kept_shop.stall")
    by_python = told()
    assert [price()[1], price()[1]] == [False, True]
    assert told() == by_python


def test_errors_of_a_kept_module_point_into_its_file(package: Path) -> None:
    (package / "stall.py").write_text("PRICE = 1\n\n\ndef fail():\n    raise RuntimeError('here')\n")
    assert [price()[1], price()[1]] == [False, True]
    with pytest.raises(RuntimeError, match="here") as caught:
        sys.modules["kept_shop.stall"].fail()
    assert caught.traceback[-1].path == package / "stall.py"
    assert caught.traceback[-1].lineno == 4


def test_only_what_is_kept_is_loaded_directly(
    package: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    general, asked = loading._general, list[str]()

    def noted(name: str, import_: Callable[[str], ModuleType]) -> ModuleType:
        asked.append(name)
        return general(name, import_)

    monkeypatch.setattr(loading, "_general", noted)
    price()
    direct = request.node.callspec.params["package"] == "directly"
    assert ("kept_shop.stall" in asked) == direct
    asked.clear()
    price()
    assert "kept_shop.stall" not in asked
    monkeypatch.setattr(loading, "_other_threads", lambda: 1)
    price()
    assert ("kept_shop.stall" in asked) == direct


def test_a_module_that_fails_is_not_there_and_is_loaded_again(package: Path) -> None:
    (package / "stall.py").write_text("from kept_shop import weather\nPRICE = 1 / weather.SUN\n")
    (package / "weather.py").write_text("SUN = 1\n")
    assert [price()[1], price()[1]] == [False, True]
    (package / "weather.py").write_text("SUN = 0.0\n")
    with pytest.raises(ZeroDivisionError):
        price()
    assert "kept_shop.stall" not in sys.modules
    (package / "weather.py").write_text("SUN = 2.00\n")
    assert price() == (0.5, True)


def test_modules_that_need_each_other_are_loaded_as_by_python(package: Path) -> None:
    (package / "stall.py").write_text("import kept_shop.basket\nPRICE = kept_shop.basket.SEEN\n")
    (package / "basket.py").write_text("from kept_shop import stall\nSEEN = hasattr(stall, 'PRICE')\n")
    assert [price(), price()] == [(False, False), (False, True)]
    (package / "basket.py").write_text("from kept_shop.stall import PRICE\n")
    with pytest.raises(ImportError, match="most likely due to a circular import"):
        price()


def test_a_module_that_puts_another_in_its_place_is_that_one(package: Path) -> None:
    text = "import sys, types\nsys.modules[__name__] = types.SimpleNamespace(PRICE=9, __file__=__file__)\n"
    (package / "stall.py").write_text(text)
    assert [price(), price()] == [(9, False), (9, True)]
    assert vars(sys.modules["kept_shop"])["stall"].PRICE == 9


def test_a_thread_that_asks_for_a_module_waits_until_it_is_loaded(package: Path) -> None:
    (package / "stall.py").write_text(
        "import threading, time, sys\n"
        "def ask():\n"
        "    import kept_shop.stall\n"
        "    seen.append(getattr(kept_shop.stall, 'PRICE', None))\n"
        "seen = []\n"
        "asking = threading.Thread(target=ask)\n"
        "asking.start()\n"
        "time.sleep(0.05)\n"
        "PRICE = 1\n"
    )
    for _ in range(2):
        price()
        stall = sys.modules["kept_shop.stall"]
        stall.asking.join(10)
        assert stall.seen == [1]


def test_another_finder_before_it_has_the_first_word(package: Path) -> None:
    assert [price()[1], price()[1]] == [False, True]
    other = package.parent / "other.py"
    other.write_text("PRICE = 7\n")

    class Theirs:
        def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
            return spec_from_file_location(name, other) if name == "kept_shop.stall" else None

    finder = KeptFinder()
    forget()
    sys.meta_path[:0] = [Theirs(), finder]
    loading.load_directly(finder)
    try:
        assert importlib.import_module("kept_shop.stall").PRICE == 7
    finally:
        del sys.meta_path[:2]


def loaded_from(before: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """Where `colorsys` of Python's own library comes from, with a place before it on the path."""
    monkeypatch.syspath_prepend(before)  # pyright: ignore[reportUnknownMemberType]
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    finder = KeptFinder()
    sys.meta_path.insert(0, finder)
    try:
        found = importlib.import_module("colorsys").__file__
    finally:
        sys.meta_path.remove(finder)
        sys.modules.pop("colorsys", None)
    finder.store.save()
    return found


@pytest.mark.parametrize("form", ["module", "package", "archive", "bytecode", "unreadable"])
def test_a_module_of_pythons_library_is_the_first_of_its_name(
    form: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tmp_path / "first"
    first.mkdir()
    own = os.path.join(os.path.dirname(os.__file__), "colorsys.py")
    assert [loaded_from(first, monkeypatch), loaded_from(first, monkeypatch)] == [own, own]
    assert KeptFinder().kept_of_python("colorsys"), "it is kept, and nothing before it has its name"
    match form:
        case "module":
            (first / "colorsys.py").write_text("")
        case "package":
            (first / "colorsys").mkdir()
            (first / "colorsys" / "__init__.py").write_text("")
        case "bytecode":
            py_compile.compile(own, str(first / "colorsys.pyc"))
        case "archive":
            first = tmp_path / "first.zip"
            with zipfile.ZipFile(first, "w") as archive:
                archive.writestr("colorsys.py", "")
        case _:
            first = tmp_path / "file"
            first.write_text("neither a folder nor an archive")
    found = loaded_from(first, monkeypatch)
    assert found == own if form == "unreadable" else str(found).startswith(str(first))
