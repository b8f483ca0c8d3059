"""The engine and its environment, without the user's credentials, stacks, settings and network."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from mlplatform.rehearse.pip_list import stand_in
from mlplatform.rehearse.stopped import NoEngine

INSTALL = "https://www.pulumi.com/docs/install/"
PASSPHRASE = "rehearsal"
"""Encrypts the secrets of the throwaway state, all of which are sample values."""

_KEPT = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PATH",
    "SYSTEMROOT",
    "TZ",
)
"""Variables of the user's environment that the engine gets; tokens, profiles and proxies are not among them."""


def find_engine() -> str:
    """The `pulumi` on PATH.

    Raises:
        NoEngine: there is none.
    """
    program = shutil.which("pulumi")
    if program is None:
        raise NoEngine(
            f"a rehearsal needs Pulumi's engine, and `pulumi` is not on PATH: install it ({INSTALL}), without "
            "account or login; `mlplatform plan` works without it"
        )
    return program


def engine_environment(folder: Path, providers: Mapping[str, str]) -> dict[str, str]:
    """The engine's whole environment.

    Args:
        folder: everything that it writes goes below this folder.
        providers: variables that attach it to the mock cloud, and those of the rehearsal.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    state, temporary = folder / "state", folder / "tmp"
    for path in (state, temporary):
        path.mkdir(parents=True, exist_ok=True)
    return {
        **kept,
        **stand_in(folder),
        # an engine that is killed leaves its temporary files
        **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temporary)),
        "HOME": str(folder / "home"),
        "PULUMI_HOME": str(folder / "home" / ".pulumi"),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DEBUG_COMMANDS": "true",
        "PULUMI_SKIP_CONFIRMATIONS": "true",
        **providers,
    }
