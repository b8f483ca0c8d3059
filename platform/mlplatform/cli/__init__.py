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
    from mlplatform.fast.modules import keep_modules, used_together

    keep_modules("command")
    from mlplatform.cli.app import run

    used_together("")
    run()


def program() -> None:
    """As `main`, as the whole of a process: it ends without taking its memory apart, object by object."""
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            from mlplatform.cli.ending import end_process

            end_process(end.code or 0)
        raise
