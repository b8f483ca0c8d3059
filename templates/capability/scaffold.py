"""Writes the files of a new capability, with contract tests that fail until it is built.

    make scaffold-capability NAME=label_store

Overwrites nothing: where a file is there already, nothing is written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).resolve().parent
CLOUDS = {"aws": "AWS", "gcp": "GCP", "azure": "Azure"}
NEXT = """\
Next, until `make lint test` passes:
  platform/mlplatform/spec/platform.py             the field `{name}`
  platform/mlplatform/components/platform.py       the line that makes the component
  platform/mlplatform/__init__.py                  the public names {kind}Spec and {kind}
  platform/mlplatform/backends/*/limits.py         gather {name}.LIMITS and {name}.problems
  platform/mlplatform/backends/*/contracts.py      the contract of each builder
  pyproject.toml                                   the room's place in the order of rooms
  tests/test_rooms.py                              the room's name
"""


def files(name: str) -> dict[str, str]:
    """Templates by the path of the file that each becomes, from the root of the project."""
    package = "platform/mlplatform"
    paths = {
        f"{package}/spec/{name}.py": "spec.py.j2",
        f"{package}/components/{name}.py": "component.py.j2",
        f"tests/capabilities/test_{name}.py": "test_contract.py.j2",
    }
    for cloud in CLOUDS:
        room = f"{package}/backends/{cloud}/{name}"
        paths |= {
            f"{room}/__init__.py": "face.py.j2",
            f"{room}/{name}.py": "build.py.j2",
            f"{room}/parts.py": "parts.py.j2",
            f"{room}/limits.py": "limits.py.j2",
            f"tests/backends/{cloud}/{name}/test_{name}.py": "test_build.py.j2",
        }
    return paths


def scaffold(root: Path, name: str) -> list[Path]:
    """Write the files; the paths that were written.

    Raises:
        ValueError: the name is no Python name in lower case.
        FileExistsError: a file is there already; nothing was written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ValueError(f"NAME={name}: expected lower-case words joined by underscores, for example label_store")
    paths = {root / path: template for path, template in files(name).items()}
    if there := sorted(path for path in paths if path.exists()):
        raise FileExistsError(f"NAME={name}: {there[0].relative_to(root)} is there already; nothing was written")
    environment = Environment(
        loader=FileSystemLoader(HERE), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    kind = "".join(word.capitalize() for word in name.split("_"))
    for path, template in paths.items():
        cloud = next((part for part in path.relative_to(root).parts if part in CLOUDS), "aws")
        text = environment.get_template(template).render(
            name=name, kind=kind, words=name.replace("_", " "), cloud=cloud, title=CLOUDS[cloud], prefix=cloud.title()
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(paths)


def main(words: list[str]) -> int:
    """Write into the working directory; 0, or 2 where the name is refused."""
    name = words[0] if words else ""
    try:
        written = scaffold(Path.cwd(), name)
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 2
    for path in written:
        print(path.relative_to(Path.cwd()))
    print()
    print(NEXT.format(name=name, kind="".join(word.capitalize() for word in name.split("_"))), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
