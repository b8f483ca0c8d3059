"""Finds a spec file by path or by the name of a stack, and reads it within limits."""

from __future__ import annotations

from pathlib import Path

from mlplatform.reading.partial import Unacceptable
from mlplatform.similar import nearest_names
from mlplatform.spec.problem import Problem

SUFFIXES = (".py", ".yaml", ".yml", ".json")
"""Extensions of spec files."""
MAX_BYTES = 5_000_000
"""Size of the largest spec file that is read."""


def find_spec_file(spec: str | Path, here: Path | None = None) -> Path:
    """The file of a spec: a path, or a stack of the nearest project.

    Args:
        spec: the path or name.
        here: where to look for the project from. Omitted: the working directory.

    Raises:
        Unacceptable: there is none, or several.
    """
    file = Path(spec)
    if file.is_file():
        return file
    if isinstance(spec, str) and spec and file.name == spec and not file.suffix:
        return _stack(spec, here or Path.cwd())
    if file.is_dir():
        raise Unacceptable(Problem("", "a folder", "a spec file", f"name a file in it, for example {file / 'prod.py'}"))
    if file.exists():
        raise Unacceptable(Problem("", "a device or pipe", "a spec file", "write the spec to a file"))
    inside = file.parent / "stacks" / file.name
    fix = f"did you mean {inside}?" if inside.is_file() else _similar(file)
    raise Unacceptable(Problem("", "no such file", "a spec file or the name of a stack", fix))


def _stack(name: str, here: Path) -> Path:
    root = next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), None)
    if root is None:
        raise Unacceptable(
            Problem(
                "",
                "no such file, and no Pulumi.yaml here or above that a stack could belong to",
                "a spec file",
                "write the path of the spec",
            )
        )
    files = [file for suffix in SUFFIXES if (file := root / "stacks" / f"{name}{suffix}").is_file()]
    if len(files) == 1:
        return files[0]
    if files:
        names = ", ".join(file.name for file in files)
        raise Unacceptable(Problem("", f"several specs of this stack: {names}", "one", "remove one, or name the file"))
    raise Unacceptable(_no_stack(name, root / "stacks"))


def specs_in(folder: Path) -> list[str]:
    """The names of the specs in a folder, and of what they share; Pulumi's own files stand beside them."""
    try:
        found = sorted({file.stem for file in folder.iterdir() if file.suffix in SUFFIXES and file.is_file()})
    except OSError:
        return []
    return [each for each in found if not each.startswith(("Pulumi.", "_"))]


def _no_stack(name: str, folder: Path) -> Problem:
    """That no spec of a project has a name, and what it has."""
    names = specs_in(folder)
    expected = f"a spec in {folder}" + (f": {', '.join(names)}" if names else ", which has none")
    spec, _, target = name.partition("-")
    if spec in names and target:
        layer = " --layer cluster" if target.endswith("-cluster") else ""
        return Problem(
            "",
            f"the stack {name} of Pulumi",
            expected,
            f"write the spec and its target: {spec} --target {target.removesuffix('-cluster')}{layer}",
        )
    close = nearest_names(name, names, cutoff=0.5) or [each for each in names if name.startswith(each)]
    fix = f"did you mean {close[0]}?" if close else "name one of them" if names else "check the path"
    return Problem("", "no such stack", expected, fix)


def _similar(file: Path) -> str:
    try:
        entries = (entry.name for entry in file.parent.iterdir() if entry.suffix in SUFFIXES)
        names = sorted(name for name in entries if not name.startswith("Pulumi."))
    except OSError:
        return "check the path"
    candidates = names if file.suffix else [name.rpartition(".")[0] for name in names]
    for close in nearest_names(file.name, candidates, cutoff=0.55):
        meant = next(name for name in names if close in (name, name.rpartition(".")[0]))
        return f"did you mean {file.parent / meant}?"
    return "check the path"


def read_text(file: Path) -> str:
    """The text of a spec file.

    Raises:
        Unacceptable: it is too large, not UTF-8, or cannot be read.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise Unacceptable(
                Problem(
                    "",
                    f"more than {MAX_BYTES // 1_000_000} MB",
                    "a spec",
                    "check that this is the right file",
                )
            )
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{error.object[error.start]:02x}, which is not UTF-8"
        raise Unacceptable(Problem("", got, "UTF-8 text", "save the file as UTF-8", line=line)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unacceptable(
            Problem("", f"cannot be read: {reason}", "a readable file", "check its permissions")
        ) from None
