"""The image of the platform's own programs: its folder is written, or a wheel that does not fit is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlplatform.cli.app import cli
from mlplatform.render.programs.files import HEAD

from ..conftest import ROOT

VERSION = version("mlplatform")
NAME = f"mlplatform-{VERSION}-py3-none-any.whl"
Wheel = Callable[..., Path]


def write_wheel(
    folder: Path, file: str = NAME, name: str = "mlplatform", number: str = VERSION, *, program: bool = True
) -> Path:
    """A wheel with nothing in it but its name and one program."""
    path = folder / file
    with zipfile.ZipFile(path, "w") as archive:
        said = f"Metadata-Version: 2.4\nName: {name}\nVersion: {number}\n"
        archive.writestr(f"x-{number}.dist-info/METADATA", said)
        if program:
            archive.writestr("mlplatform/steps/program.py", "")
    return path


@pytest.fixture
def wheel(tmp_path: Path) -> Wheel:
    """Makes a wheel."""
    return partial(write_wheel, tmp_path)


def render(wheel: Path, out: Path) -> Result:
    return CliRunner().invoke(cli, ["render", "programs", "--wheel", str(wheel), "--out", str(out)])


def test_the_folder_has_all_that_the_image_is_built_from(wheel: Wheel, tmp_path: Path) -> None:
    out = tmp_path / "images" / "training"
    done = render(wheel(), out)
    assert done.exit_code == 0, done.output
    assert sorted(file.name for file in out.iterdir()) == ["Dockerfile", NAME, "requirements.lock"]
    for name in ("Dockerfile", "requirements.lock"):
        assert (out / name).read_bytes() == (ROOT / "templates" / "steps" / name).read_bytes()
    assert (out / NAME).read_bytes() == wheel().read_bytes()
    assert (out / "Dockerfile").read_text("utf-8").startswith(HEAD)
    assert render(out / NAME, out).exit_code == 0, "again, with the wheel that is there"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "numpy"}, "got a wheel of numpy"),
        ({"program": False}, "expected the wheel of mlplatform"),
        ({"number": "0.0.1"}, "got version 0.0.1"),
        ({"file": "mlplatform.whl"}, "got the name mlplatform.whl"),
        ({"file": f"mlplatform-{VERSION}-py3.zip"}, "as pip wants it"),
    ],
)
def test_another_wheel_is_refused(wrong: dict[str, str], words: str, wheel: Wheel, tmp_path: Path) -> None:
    done = render(wheel(**wrong), tmp_path / "out")
    assert (done.exit_code, words in done.output) == (2, True), done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"no archive", b"PK\x05\x06" + b"\0" * 18], ids=["text", "an empty archive"])
def test_what_is_no_wheel_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(content)
    done = render(file, tmp_path / "out")
    assert (done.exit_code, "expected the wheel of mlplatform" in done.output) == (2, True), done.output


def test_files_of_others_stay(wheel: Wheel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name, text in {"Dockerfile": "FROM scratch\n", "requirements.lock": "numpy==2\n"}.items():
        (out / name).write_text(text, "utf-8")
        done = render(wheel(), out)
        assert (done.exit_code, "this command did not write" in done.output) == (1, True), done.output
        assert [(file.name, file.read_text("utf-8")) for file in out.iterdir()] == [(name, text)]
        (out / name).unlink()


def test_a_wheel_of_another_version_beside_it_is_told(wheel: Wheel, tmp_path: Path) -> None:
    """`COPY mlplatform-*.whl` would take both."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "mlplatform-0.0.1-py3-none-any.whl").touch()
    done = render(wheel(), out)
    assert (done.exit_code, "remove it" in done.output) == (2, True), done.output
    assert not (out / "Dockerfile").exists()
