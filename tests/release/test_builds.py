"""What a release gives out: two builds are equal byte by byte, and hold what they must."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from functools import cache
from pathlib import Path

import pytest
from tests.conftest import ROOT

pytestmark = pytest.mark.thorough

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv*", "__pycache__", ".proofs", ".hypothesis", "build", "dist", ".*_cache"
)


def build(source: Path, folder: Path, zone: str = "UTC") -> dict[str, bytes]:
    """Wheel and source archive, by name."""
    env = {name: text for name, text in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=source, env={**env, "TZ": zone}, check=True
    )
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@cache
def names(wheel: Path) -> frozenset[str]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def wheel_of(folder: Path) -> Path:
    return next(folder.glob("*.whl"))


def test_two_builds_are_equal(built: Path, tmp_path: Path) -> None:
    """Another folder, other times of the files, another time zone, and caches that lie about."""
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for number, file in enumerate(sorted(copy.rglob("*"), reverse=True)):
        os.utime(file, (1_000_000_000 + number, 1_000_000_000 + number))
    cache = copy / "platform" / "mlplatform" / "__pycache__"
    cache.mkdir()
    (cache / "entry.cpython-311.pyc").write_bytes(b"of this machine")
    again = build(copy, tmp_path / "dist", zone="Pacific/Auckland")
    assert again == {file.name: file.read_bytes() for file in sorted(built.iterdir())}


def test_the_wheel_of_the_source_archive_is_the_same(built: Path, tmp_path: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    again = build(source, tmp_path / "dist")
    wheel = wheel_of(built)
    assert again[wheel.name] == wheel.read_bytes()


def test_the_source_archive_has_no_links(built: Path) -> None:
    """A system without links unpacks it too, and a copy of the tree is the same tree."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        assert [member.name for member in archive if member.issym() or member.islnk()] == []


def test_the_wheel_has_everything(built: Path) -> None:
    found = names(wheel_of(built))
    templates = ROOT / "templates"
    expected = {f"mlplatform/_templates/{file}" for file in tracked("templates")}
    assert expected, templates
    assert expected <= found
    package = {f"mlplatform/{file}" for file in tracked("platform/mlplatform")}
    assert package <= found
    assert {"mlplatform/py.typed", "mlplatform/schemas/spec.json", "mlplatform/schemas/record.json"} <= found
    own = {name.split("/", 1)[0] for name in found}
    assert {name for name in own if not name.endswith(".dist-info")} == {"mlplatform"}
    assert not [name for name in found if name.endswith((".pyc", ".lock~")) or "__pycache__" in name]


def tracked(folder: str) -> list[str]:
    """Files below a folder that the repository keeps."""
    listed = subprocess.run(["git", "ls-files", "."], cwd=ROOT / folder, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no repository: the files that must be in the wheel are not known")
    return [name for name in listed.stdout.splitlines() if (ROOT / folder / name).exists()]


def test_the_licence_is_in_both(built: Path) -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert b"Apache License" in text
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        (path,) = [name for name in wheel.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
        assert wheel.read(path) == text
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        (member,) = [
            member
            for member in archive.getmembers()
            if member.name.count("/") == 1 and member.name.endswith("/LICENSE")
        ]
        content = archive.extractfile(member)
        assert content is not None
        assert content.read() == text


def test_the_metadata_says_what_an_index_shows(built: Path) -> None:
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        (path,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        said = HeaderParser().parsestr(wheel.read(path).decode())
    assert said["License-Expression"] == "Apache-2.0"
    assert said["License-File"] == "LICENSE"
    assert said["Requires-Python"] == ">=3.11"
    assert said["Description-Content-Type"] == "text/markdown"
    classifiers = said.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers
    # an index refuses a classifier of a licence beside an expression: https://peps.python.org/pep-0639/
    assert not [line for line in classifiers if line.startswith("License ::")]
