"""What is kept of a file is what would be made of it now."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.catalog import catalog
from mlplatform.catalog.catalog import Catalog, catalog_path
from mlplatform.catalog.reader import CatalogError
from mlplatform.fast import kept

Load = Callable[[Path], Catalog]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Reads a catalogue as the next process does."""
    monkeypatch.delenv("MLPLATFORM_PLAIN", raising=False)
    monkeypatch.setenv("MLPLATFORM_CACHE", str(tmp_path / "kept"))

    def next_process(path: Path) -> Catalog:
        kept._store(str(tmp_path / "kept")).close()  # pyright: ignore[reportPrivateUsage]
        kept._store.cache_clear()  # pyright: ignore[reportPrivateUsage]
        return catalog._load.__wrapped__(path)  # pyright: ignore[reportPrivateUsage]

    return next_process


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The catalogues that are read, and not taken from what is kept."""
    read, found = catalog._read, list[Path]()  # pyright: ignore[reportPrivateUsage]

    def noted(path: Path) -> Catalog:
        found.append(path)
        return read(path)

    monkeypatch.setattr(catalog, "_read", noted)
    return found


@pytest.mark.parametrize("cloud", discovery.clouds())
def test_a_kept_catalogue_is_the_one_that_is_read(cloud: str, load: Load, reads: list[Path]) -> None:
    path = catalog_path(cloud)
    made, found = load(path), load(path)
    assert reads == [path]
    assert found is not made
    assert found == made
    assert repr(found.kubernetes) == repr(made.kubernetes)
    assert [hash(machine) for machine in found.machines] == [hash(machine) for machine in made.machines]
    # machines share their lists of regions
    assert len({id(machine.offered) for machine in found.machines}) == len({id(m.offered) for m in made.machines})


def test_another_file_is_another_catalogue(tmp_path: Path, load: Load, reads: list[Path]) -> None:
    path = tmp_path / "some.toml"
    text = catalog_path("aws").read_text("utf-8")
    path.write_text(text, "utf-8")
    assert load(path).title == "AWS"
    path.write_text(text.replace('title = "AWS"', 'title = "Another"', 1), "utf-8")
    assert load(path).title == "Another"
    assert load(path).title == "Another"
    assert len(reads) == 2


@pytest.mark.parametrize("changed", ["code", "models", "record"])
def test_what_was_made_by_other_code_or_of_other_models_is_made_anew(
    changed: str, tmp_path: Path, load: Load, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, models, record = tmp_path / "code", tmp_path / "models.toml", tmp_path / "record.py"
    code.mkdir()
    for file in (code / "load.py", models, record):
        file.write_text("before")
    monkeypatch.setattr(catalog, "_MADE_OF", (models, code))
    monkeypatch.setattr(kept, "_RECORD", record)
    path = catalog_path("gcp")
    load(path)
    load(path)
    assert len(reads) == 1
    file = {"code": code / "load.py", "models": models, "record": record}[changed]
    os.utime(file, ns=(1, 1))
    load(path)
    load(path)
    assert len(reads) == 2
    (code / "new.py").write_text("more code")
    load(path)
    assert len(reads) == 3


def test_what_is_damaged_is_made_anew(load: Load, reads: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = catalog_path("azure")
    made = load(path)

    def broken(raw: bytes) -> object:
        raise pickle.UnpicklingError(f"{len(raw)} bytes")

    with monkeypatch.context() as breaking:
        breaking.setattr(pickle, "loads", broken)
        assert load(path) == made
    assert load(path) == made
    assert len(reads) == 2


def test_an_error_is_told_each_time_and_the_switch_keeps_nothing(
    tmp_path: Path, load: Load, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('currency = "EUR"\n')
    for _ in range(2):
        with pytest.raises(CatalogError, match="USD"):
            load(path)
    monkeypatch.setenv("MLPLATFORM_PLAIN", "1")
    load(catalog_path("aws"))
    load(catalog_path("aws"))
    assert len(reads) == 4
    assert not (tmp_path / "kept").exists()
