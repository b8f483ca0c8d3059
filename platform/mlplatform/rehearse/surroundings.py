"""Where a rehearsal's engine runs: nothing of the user's credentials, stacks, settings or network is in sight."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

INSTALL = "https://www.pulumi.com/docs/install/"
PASSPHRASE = "rehearsal"
"""Encrypts the throwaway state's secrets, all of which are made up."""

_KEPT = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
)
"""What of the user's environment the engine gets to see; tokens, profiles and proxies stay out of sight."""


class NoEngine(Exception):
    """No `pulumi` is on PATH; the text says where to get it."""


def find_engine() -> str:
    """The `pulumi` on PATH.

    Raises:
        NoEngine: there is none.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise NoEngine(
            f"a rehearsal runs Pulumi's own engine, and there is no `pulumi` on PATH: install it ({INSTALL}), no "
            "account and no login are needed; `mlplatform plan` works without it"
        )
    return found


def environment(folder: Path, providers: Mapping[str, str]) -> dict[str, str]:
    """The engine's whole environment.

    Args:
        folder: everything it writes goes below.
        providers: what attaches it to the mock cloud.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    state = folder / "state"
    state.mkdir(parents=True, exist_ok=True)
    return {
        **kept,
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
