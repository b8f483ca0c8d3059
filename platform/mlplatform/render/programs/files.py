"""What the image of the platform's own programs is built from, beside the wheel of this version."""

from __future__ import annotations

import zipfile
from email.parser import Parser
from pathlib import Path

from mlplatform.render.templates import builtin_templates

HEAD = "# The image of a pipeline's own steps"
"""With which the Dockerfile begins."""

DOCKERFILE = "Dockerfile"
_PROGRAMS = "mlplatform/steps/program.py"


class WheelRefused(ValueError):
    """A wheel that the image cannot be built from; the text says why and what to do."""


def program_files() -> dict[str, str]:
    """Dockerfile and lock, by the names that they have in the image's folder."""
    folder = builtin_templates() / "steps"
    return {name: (folder / name).read_text(encoding="utf-8") for name in (DOCKERFILE, "requirements.lock")}


def require_wheel(wheel: Path, version: str) -> None:
    """Refuse what is not the wheel of this version.

    Args:
        wheel: a file.
        version: of mlplatform that runs: it writes gates and rules that the programs of this version read.

    Raises:
        WheelRefused: another package or version, or no wheel.
    """
    expected = f"expected the wheel of mlplatform {version}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            metadata = next((name for name in names if name.endswith(".dist-info/METADATA")), "")
            said = Parser().parsestr(archive.read(metadata).decode("utf-8") if metadata else "")
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise WheelRefused(f"got a file that is no wheel ({error}), {expected}; build it with pip wheel") from None
    if said.get("Name") != "mlplatform" or _PROGRAMS not in names:
        raise WheelRefused(f"got a wheel of {said.get('Name') or 'nothing'}, {expected}; name that one")
    if said.get("Version") != version:
        raise WheelRefused(
            f"got version {said.get('Version')}, {expected}, which reads what this version writes; "
            "name that one, or run the command of the other version"
        )
    if not wheel.name.startswith(f"mlplatform-{version}-") or wheel.suffix != ".whl":
        raise WheelRefused(
            f"got the name {wheel.name}, expected mlplatform-{version}-….whl, as pip wants it; name the file so again"
        )
