"""What is left to fill in, in a package that `mlplatform new` wrote."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_MARK = "# TODO: "


def left_to_fill_in(package: str) -> tuple[str, ...]:
    """The places of a package that still say `# TODO: `, each with its file, its line and what is to do.

    Args:
        package: import path of the package.

    Raises:
        ModuleNotFoundError: there is no such package.
    """
    found = find_spec(package)
    if found is None:
        raise ModuleNotFoundError(f"no package {package}: install it first, with pip install --editable .")
    folders = [Path(folder) for folder in found.submodule_search_locations or ()]
    return tuple(
        f"{file.relative_to(folder.parent)}:{number}: {line.partition(_MARK)[2].strip()}"
        for folder in folders
        for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.toml")))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if _MARK in line
    )
