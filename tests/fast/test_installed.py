"""Backends are found as `importlib.metadata` finds them."""

from __future__ import annotations

import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.fast import installed

POINTS = """\
[console_scripts]
aws = somewhere:else

[mlplatform.backends]
# a comment
toy = toy_cloud:BACKEND [extra]
other=toy_cloud.other : Backends.OTHER

[another]
no = no:no
"""


def _package(folder: Path, name: str = "toy_cloud-1.0", points: str = POINTS) -> None:
    info = folder / f"{name}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: toy-cloud\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(points, encoding="utf-8")


def _names() -> set[str]:
    return {point.name for point in entry_points(group=installed.GROUP)}


def test_the_ones_of_this_environment() -> None:
    found = installed.installed_backends()[0]
    assert found == {point.name: point.value for point in entry_points(group=installed.GROUP)}
    assert list(found) == sorted(found)
    assert {"aws", "azure", "gcp"} <= set(found)


def test_one_more_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    found = installed.installed_backends()[0]
    assert found["toy"] == "toy_cloud:BACKEND"
    assert found["other"] == "toy_cloud.other:Backends.OTHER"
    assert set(found) == _names()


def test_the_first_of_two_installations_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(tmp_path / "late", "Toy.Cloud-0.9", "[mlplatform.backends]\ntoy = old:BACKEND\ngone = old:GONE\n")
    _package(tmp_path / "early")
    monkeypatch.syspath_prepend(str(tmp_path / "late"))
    monkeypatch.syspath_prepend(str(tmp_path / "early"))
    found = installed.installed_backends()[0]
    assert found["toy"] == "toy_cloud:BACKEND"
    assert "gone" not in found
    assert set(found) == _names()


def test_packages_in_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _package(tmp_path / "unpacked")
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in (tmp_path / "unpacked").glob("*/*"):
            packed.write(file, file.relative_to(tmp_path / "unpacked"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(archive)])
    assert installed.installed_backends()[0]["toy"].startswith("toy_cloud:BACKEND")


def test_each_model_of_targets_is_its_backends() -> None:
    backends, targets = installed.installed_backends()
    # another package's backend may name its model itself
    assert {"aws", "azure", "gcp"} <= set(targets) <= set(backends)
    for cloud in targets:
        assert discovery.target_type(cloud) is discovery.backend(cloud).target_type
