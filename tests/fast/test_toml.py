"""TOML files are read as `tomllib` reads them, cached or not."""

from __future__ import annotations

import os
import tomllib
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from mlplatform.catalog import catalog
from mlplatform.fast.toml import read_toml

DATA = Path(catalog.__file__).with_name("data")


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.toml")), ids=lambda file: file.relative_to(DATA).as_posix())
def test_every_file_of_the_catalogue_has_the_same_values(file: Path) -> None:
    expected = tomllib.loads(file.read_text("utf-8"))
    assert read_toml(file) == expected
    assert read_toml(file) == expected


def test_dates_and_odd_numbers_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(b'day = 2026-01-02\r\nat = 2026-01-02T03:04:05+01:00\nmost = inf\ntext = "\\u0000\'\\"\\n"\n')
    assert read_toml(file) == tomllib.loads(file.read_bytes().decode())


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "data.toml"
    file.write_text("a = 1\n")
    assert read_toml(file) == {"a": 1}
    file.write_text("a = 22\n")
    assert read_toml(file) == {"a": 22}


def test_the_switch_neither_reads_nor_writes_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLPLATFORM_PLAIN", "1")
    file = tmp_path / "data.toml"
    file.write_text("a = 1\n")
    assert read_toml(file) == {"a": 1}
    assert not os.path.exists(cache_from_source(str(file)))
