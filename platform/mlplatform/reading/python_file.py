"""Runs a Python spec and finds its platform; every failure becomes a problem, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType, TracebackType

from pydantic import ValidationError

from mlplatform.fast.modules import used_together
from mlplatform.fast.sources import compiled
from mlplatform.reading.child import SECONDS, NoResult, run_apart
from mlplatform.reading.child import VARIABLE as TIME_VARIABLE
from mlplatform.reading.describe.shape import Location, dotted_path
from mlplatform.reading.gather import Gathered, RefusedModel, gather_refusals, span_of
from mlplatform.reading.partial import PartialSpec, Unacceptable
from mlplatform.reading.preload import preload, preload_checks
from mlplatform.reading.refusals.lost import lost_copies
from mlplatform.reading.refusals.redact import one_line
from mlplatform.reading.siblings import siblings_importable
from mlplatform.reading.transport import CannotReturn, Evaluated, pack, unpack
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

VARIABLE = "platform"
"""The variable for a spec's platform."""
_RECURSION = 1000
"""Python's own limit, which the spec may have lowered."""


def read_python(file: Path, text: str) -> tuple[PlatformSpec, Callable[[Location], int | None]]:
    """Run a spec file in a process of its own.

    Args:
        file: where it is; its folder is importable while it runs.
        text: its content.

    Returns:
        The platform, and a function that gives the line of a field.

    Raises:
        Unacceptable: it cannot be run, is refused, does not end, or has no platform or several.
    """
    clouds, sources = preload(file, text)
    used_together("")
    try:
        found = run_apart(
            lambda: evaluate(file, text),
            lambda result: _command(file, result),
            text.encode(),
            take=unpack,
            meanwhile=lambda: preload_checks(clouds, sources),
        )
    except NoResult as error:
        raise Unacceptable(_not_ended(file, str(error))) from None
    except CannotReturn as error:
        got = f"a platform that cannot leave the process that ran the spec: {one_line(str(error), 200)}"
        raise Unacceptable(
            Problem("", got, "plain values and the package's models", "use these", file=str(file))
        ) from None

    def line(location: Location) -> int | None:
        from mlplatform.reading.syntax import PythonSource

        return PythonSource(text).line_of(found.name, location)

    if found.problems or found.platform is None:
        partial = PartialSpec(found.platform, found.dropped or {}, line) if found.platform else None
        raise Unacceptable(*found.problems, partial=partial)
    return found.platform, line


def evaluate(file: Path, text: str) -> bytes:
    """Run a spec file in this process, which it may leave in any state, and pack what it came to."""
    module = ModuleType(f"mlplatform_spec_{file.stem}")
    module.__file__ = str(file)
    with _surroundings(file, module):
        try:
            found = _run(file, text, module)
        except Unacceptable as refused:
            left = refused.partial
            found = Evaluated(
                _name(module, left.spec) if left else "",
                left.spec if left else None,
                refused.problems,
                left.dropped if left else None,
            )
        sys.setrecursionlimit(_RECURSION)
        try:
            return pack(_checked(found, file, text))
        except Exception as error:  # a value that is no plain data, or an interpreter in pieces
            got = f"a platform that cannot leave its process: {type(error).__name__}: {one_line(str(error), 200)}"
            told = (got, "a spec that runs to its end", "use plain values and the package's models")
            return pack(Evaluated("", None, (_raised(error, file, told),)))


def _run(file: Path, text: str, module: ModuleType) -> Evaluated:
    gathered = Gathered()
    failure: Problem | None = None
    try:
        code = compiled(text, str(file))
        with gather_refusals() as gathered:
            exec(code, module.__dict__)
    except SyntaxError as error:
        from mlplatform.reading.refusals.python_words import told_syntax

        told = told_syntax(error)
        raise Unacceptable(Problem("", *told, file=error.filename or str(file), line=error.lineno)) from None
    except ValidationError as error:
        if not gathered.refused:
            raise Unacceptable(*_raised_validation(error, file)) from None
    except BaseException as error:
        from mlplatform.reading.refusals.python_words import told_error

        failure = _raised(error, file, told_error(error, file, vars(module)))
    if gathered.refused:
        raise _unacceptable(gathered, _candidates(module), file, text)
    if failure:
        raise Unacceptable(failure)
    if lost := lost_copies(text):
        raise Unacceptable(*(Problem("", *told, file=str(file), line=line) for line, *told in lost))
    name, platform = _only(_candidates(module), file, text, vars(module).get(VARIABLE))
    return Evaluated(name, platform)


def _command(file: Path, result: Path) -> list[str]:
    """A new interpreter that runs the spec on its standard input."""
    return [sys.executable, "-P", "-m", "mlplatform.reading.python_file", str(file), str(result)]


def _not_ended(file: Path, how: str) -> Problem:
    fix = f"remove what ends its process or keeps it from ending; {TIME_VARIABLE} allows more than {SECONDS} seconds"
    return Problem("", how, "a spec that runs to its end", fix, file=str(file))


def _name(module: ModuleType, platform: PlatformSpec) -> str:
    return next((name for name, value in _candidates(module) if value is platform), "")


@contextmanager
def _surroundings(file: Path, module: ModuleType) -> Generator[None]:
    """Make the modules beside the spec importable, and restore the interpreter afterwards."""
    with siblings_importable(file.parent):
        sys.modules[module.__name__] = module
        yield


def _candidates(module: ModuleType) -> list[tuple[str, PlatformSpec]]:
    platforms = [(name, value) for name, value in vars(module).items() if isinstance(value, PlatformSpec)]
    preferred = [pair for pair in platforms if pair[0] == VARIABLE]
    return preferred or list({id(value): (name, value) for name, value in platforms}.values())


def _only(
    candidates: list[tuple[str, PlatformSpec]], file: Path, text: str, platform: object
) -> tuple[str, PlatformSpec]:
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        from mlplatform.reading.refusals.python_words import told_platform

        if told := told_platform(platform, VARIABLE):
            from mlplatform.reading.syntax import PythonSource

            raise Unacceptable(Problem("", *told, file=str(file), line=PythonSource(text).line_of(VARIABLE, ())))
    names = ", ".join(name for name, _ in candidates)
    raise Unacceptable(
        Problem(
            "",
            f"{len(candidates)} platforms: {one_line(names)}" if candidates else "no platform",
            f"one PlatformSpec at the top level, named `{VARIABLE}`",
            f"name the one to use `{VARIABLE}`" if candidates else f"write `{VARIABLE} = PlatformSpec(…)`",
            file=str(file),
        )
    )


def _unacceptable(
    gathered: Gathered, candidates: list[tuple[str, PlatformSpec]], file: Path, text: str
) -> Unacceptable:
    from mlplatform.reading.syntax import PythonSource, location_of

    name, root = candidates[0] if len(candidates) == 1 else ("", None)
    sources: dict[str, str] = {str(file): text}
    problems: list[Problem] = []
    dropped: dict[Location, object] = {}
    for refused in gathered.refused:
        prefix = location_of(root, refused.instance, gathered.given) if root else None
        dropped |= {(prefix or ()) + location: value for location, value in refused.outcome.dropped.items()}
        for location, problem in refused.outcome.problems:
            path = _standalone(refused, problem.path) if prefix is None else dotted_path(prefix + location)
            line = _line(refused, location, sources)
            problems.append(replace(problem, path=path or problem.path, file=refused.file or str(file), line=line))
    partial = None
    if root and id(root) not in gathered.broken:
        source = PythonSource(text)
        partial = PartialSpec(root, dropped, lambda location: source.line_of(name, location))
    return Unacceptable(*problems, partial=partial)


def _standalone(refused: RefusedModel, path: str) -> str:
    if isinstance(refused.instance, PlatformSpec):
        return path  # the base of an overlay: its fields are those of the spec
    kind = type(refused.instance).__name__
    return path if path == kind else f"{kind}.{path}"


def _line(refused: RefusedModel, location: Location, sources: dict[str, str]) -> int | None:
    from mlplatform.reading.syntax import PythonSource

    try:
        text = sources.setdefault(refused.file, Path(refused.file).read_text("utf-8"))
        return PythonSource(text).line_in_call(refused.span, location)
    except (OSError, ValueError, SyntaxError):
        return refused.span[0] or None


def _raised_validation(error: ValidationError, file: Path) -> list[Problem]:
    from mlplatform.reading.refusals.errors import problems_of

    where, line = _last_own(error.__traceback__, file)
    return [replace(problem, file=where, line=line) for _, problem in problems_of(error, PlatformSpec)]


def _raised(error: BaseException, file: Path, told: tuple[str, str, str]) -> Problem:
    where, line = _last_own(error.__traceback__, file)
    return Problem("", *told, file=where, line=line)


def _checked(found: Evaluated, file: Path, text: str) -> Evaluated:
    """The same, or why its platform is refused: a file beside the spec may hold a copy that nobody checked.

    What narrows the spec to a target relies on its fields.
    """
    if found.platform is None or found.problems:
        return found
    try:
        found.platform.overlay()
    except ValidationError as error:
        from mlplatform.reading.refusals.errors import problems_of
        from mlplatform.reading.syntax import PythonSource

        source = PythonSource(text)
        problems = (
            replace(problem, file=str(file), line=source.line_of(found.name, location))
            for location, problem in problems_of(error, PlatformSpec)
        )
        return Evaluated(found.name, None, tuple(problems))
    return found


def _last_own(trace: TracebackType | None, file: Path) -> tuple[str, int | None]:
    """The innermost place of a traceback in the spec's folder."""
    where, line = str(file), None
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name == str(file) or Path(name).parent == file.parent:
            where, line = name, span_of(trace.tb_frame, trace.tb_lasti)[0] or trace.tb_lineno
        trace = trace.tb_next
    return where, line


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(evaluate(Path(sys.argv[1]), sys.stdin.buffer.read().decode()))
