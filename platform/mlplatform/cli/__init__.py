"""The command line. The process starts in this module, so it imports nothing before it has to."""

from __future__ import annotations


def main() -> None:
    """Run the `mlplatform` command and exit with its code."""
    import atexit
    import gc

    # imports and models only add objects that live to the end: searching them for cycles again and again, and
    # once more at exit, takes a tenth of a short command's time
    gc.set_threshold(200_000, 50, 50)
    atexit.register(gc.freeze)
    from mlplatform.fast.modules import keep_modules

    keep_modules()
    from mlplatform.cli.app import run

    run()
