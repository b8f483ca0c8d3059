"""The structure that a reader relies on: the same rooms in each cloud, faces, one meaning per name, true file names."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from .conftest import CLOUDS, ROOT

PACKAGE = ROOT / "platform" / "mlplatform"
BACKENDS = PACKAGE / "backends"
ROOMS = frozenset(
    (
        "artifact_store",
        "bootstrap",
        "budget",
        "cluster",
        "dashboards",
        "feature_store",
        "foundation",
        "identity",
        "keys",
        "model_monitor",
        "monitoring",
        "network",
        "pipelines",
        "registry",
        "serving",
        "storage",
        "telemetry",
        "tracking",
        "training",
    )
)
BESIDE_ROOMS = {
    "addresses": "addresses of artefacts and images, without an SDK",
    "adopted": "models of a target's fields: existing keys, buckets, clusters, registries and identities",
    "adopted_file_system": "model of a target's field: an existing file system",
    "adopted_network": "models of a target's fields: existing networks",
    "adopted_state": "what a Terraform state has that a target can use",
    "adoption": "what another tool's outputs have that a target can use",
    "backend": "the cloud's backend, which its entry point names",
    "as_existing": "parts of one platform as existing resources of another",
    "ci_login": "the identity that CI uses without a key",
    "contracts": "every builder, for the type checker",
    "data_remote": "the store as a remote of DVC",
    "existing": "existing resources as components take them, by ids or by outputs",
    "limits": "the limits of all rooms, gathered",
    "live_account": "questions to the account, through the cloud's command line",
    "named_existing": "the same, of what a target names",
    "naming": "limits and forms of physical names",
    "provider": "the Pulumi provider",
    "repositories": "image repositories and their addresses",
    "siblings": "what several targets of one spec may not share",
    "target": "the model of a target",
    "tools": "programs of the cloud on a machine",
}
"""Modules beside the rooms of every cloud: about the cloud or an account as a whole, or read without an SDK."""
MOST_LINES = 350
MAPS = ("CONTRIBUTING.md", "docs/architecture.md", "docs/design.md", "docs/backends.md")
"""Documents that lead to files by name."""


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _modules(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*.py")) if file.name != "__init__.py")


def _face(room: Path) -> tuple[str, ...]:
    """The modules that a room names in `FACE`."""
    for node in _tree(room / "__init__.py").body:
        match node:
            case ast.Assign(targets=[ast.Name(id="FACE")], value=value):
                return ast.literal_eval(value)
            case _:
                pass
    raise AssertionError(f"{room.relative_to(ROOT)}/__init__.py names no FACE")


def _imports(file: Path) -> Iterator[tuple[str, ...]]:
    """The modules of this package that a file imports, as parts of their paths below `mlplatform`."""
    for node in ast.walk(_tree(file)):
        match node:
            case ast.ImportFrom(module=str(module), level=0) if module.startswith("mlplatform."):
                parts = tuple(module.split(".")[1:])
                for alias in node.names:
                    below = PACKAGE.joinpath(*parts, alias.name)
                    yield (*parts, alias.name) if below.is_dir() or below.with_suffix(".py").is_file() else parts
            case ast.Import():
                for alias in node.names:
                    if alias.name.startswith("mlplatform."):
                        yield tuple(alias.name.split(".")[1:])
            case _:
                pass


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_cloud_has_the_same_rooms(cloud: str) -> None:
    assert {folder.name for folder in (BACKENDS / cloud).iterdir() if (folder / "__init__.py").is_file()} == ROOMS


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_cloud_has_the_same_modules_beside_its_rooms(cloud: str) -> None:
    beside = {file.stem for file in (BACKENDS / cloud).glob("*.py") if file.name != "__init__.py"}
    assert beside == set(BESIDE_ROOMS), (
        "put a module into the room of its capability, or give each cloud one of that name"
    )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_face_names_modules_that_are_there(cloud: str) -> None:
    for room in sorted(ROOMS):
        folder = BACKENDS / cloud / room
        face = _face(folder)
        assert list(face) == sorted(face)
        for name in face:
            place = folder.joinpath(*name.split("."))
            assert place.with_suffix(".py").is_file(), (
                f"{folder.relative_to(ROOT)}: FACE names {name}, which is not there"
            )


@pytest.mark.parametrize("cloud", CLOUDS)
def test_others_import_only_the_face_of_a_room(cloud: str) -> None:
    trespasses: list[str] = []
    for file in sorted(PACKAGE.rglob("*.py")):
        at = file.relative_to(BACKENDS / cloud).parts[0] if file.is_relative_to(BACKENDS / cloud) else ""
        for module in _imports(file):
            match module:
                case ("backends", named, room, *rest) if named == cloud and room in ROOMS and room != at:
                    if ".".join(rest) not in _face(BACKENDS / cloud / room):
                        trespasses.append(f"{file.relative_to(ROOT)} imports {'.'.join(module)}")
                case _:
                    pass
    assert not trespasses, "name it in the room's FACE, or move what others need into the face"


def test_a_file_has_one_idea_and_is_read_at_once() -> None:
    long = {
        f"{file.relative_to(PACKAGE).as_posix()} has {lines} lines"
        for file in PACKAGE.rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert not long, f"split it by its ideas: a file has at most {MOST_LINES} lines"


TWINS = {
    "package": "the component package's arguments and components have the names that other languages write",
}
"""Folders whose public classes may have the names of others, with the reason."""


def test_a_public_class_has_a_name_of_its_own() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in _modules(PACKAGE):
        place = file.relative_to(PACKAGE)
        if place.parts[0] in TWINS:
            continue
        for node in _tree(file).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(place.as_posix())
    assert not {name: files for name, files in places.items() if len(files) > 1}


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every docstring, of attributes too, with its line."""
    for node in ast.walk(tree):
        for item in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            match item:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield item.lineno, text
                case _:
                    pass


def test_no_docstring_is_one_empty_word() -> None:
    empty = re.compile(r"(Why|Whose|Where|When|Who|Whom|What|How|Whether)\W*")
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in sorted(PACKAGE.rglob("*.py"))
        for line, text in _docstrings(_tree(file))
        if empty.fullmatch(text.strip())
    ]
    assert not found


@pytest.mark.parametrize("document", MAPS)
def test_the_files_that_a_document_names_are_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for name in re.findall(r"`([\w.<>{},*-]+(?:/[\w.<>{},*-]+)+/?)`", text):
        if any(mark in name for mark in "<>{}*"):
            continue
        places = (ROOT / name, ROOT / "platform" / name, PACKAGE / name, ROOT / "tests" / name)
        assert any(place.exists() for place in places), f"{document} names {name}, which is not there"
