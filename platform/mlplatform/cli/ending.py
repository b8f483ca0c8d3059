"""The end of a command's process: everything that has to be done is done, and its memory is given back as a whole."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import atexit
import os
import sys
from typing import Any, cast


def end_process(code: int) -> None:
    """End the process at once; return where Python must do it, because an output takes nothing any more.

    As the processes of `multiprocessing` end: threads are waited for, what was registered for the exit is called, and
    streams are flushed. Python would then free each object, which takes a fortieth of a short command's time.

    Args:
        code: the exit code.
    """
    threading = cast("Any", sys.modules.get("threading"))
    if threading:
        threading._shutdown()
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError):
        return
    os._exit(code)
