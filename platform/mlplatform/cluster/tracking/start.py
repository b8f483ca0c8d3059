"""The tracking server as one container of a service, which mounts no text of ours: variables carry the programs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from mlplatform.cluster.tracking.client import program
from mlplatform.cluster.tracking.server import DRIVER, server_variables

_FOLDER = "/tmp/programs"
_PROGRAMS = {"sitecustomize.py": "database_login", "prepare_database.py": "prepare_database"}
"""Files of the folder, and the programs that are in them."""


def start_variables() -> Mapping[str, str]:
    """Variables of the server, and the programs that it starts with."""
    return {
        **server_variables(),
        "PYTHONPATH": _FOLDER,
        **{_variable(file): program(source) for file, source in _PROGRAMS.items()},
    }


def start_script(command: Sequence[str], known_there: Mapping[str, str]) -> str:
    """Writes the programs, makes the database ready, and becomes the server.

    Args:
        command: the server's words.
        known_there: words of it that only the container knows, with the variable that has each.
    """
    written = [f'printf "%s" "${_variable(file)}" > {_FOLDER}/{file}' for file in _PROGRAMS]
    server = " ".join(f'"${known_there[word]}"' if word in known_there else shlex.quote(word) for word in command)
    return " && ".join(
        [
            "set -eu; mkdir -p " + _FOLDER,
            *written,
            f"python {_FOLDER}/prepare_database.py {shlex.quote(DRIVER)}",
            f"exec {server}",
        ]
    )


def _variable(file: str) -> str:
    return f"PROGRAM_{file.removesuffix('.py').upper()}"
