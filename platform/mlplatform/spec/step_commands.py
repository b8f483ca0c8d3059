"""The command of a pipeline's step: whether it has one, and whether the first word is a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mlplatform.field_problem import FieldProblem
from mlplatform.snippet import Snippet
from mlplatform.spec.command_words import NO_PROGRAM, is_program, meant_words

if TYPE_CHECKING:
    from mlplatform.spec.pipeline_steps import StepSpec


def command_problems(step: StepSpec) -> Iterator[FieldProblem]:
    """What is refused about a step's command.

    Args:
        step: the step.
    """
    own = step.own
    if own == bool(step.command):
        with_checks = " with data_checks" if step.data_checks else ""
        yield FieldProblem(
            ("command",),
            f"none: a step of kind {step.kind}{with_checks} is the platform's own program"
            if own
            else "program and arguments",
            "remove it, or set kind to custom"
            if own
            else f"give them{', or data_checks' if step.kind == 'validate' else ''}",
            fields=(("kind",), ("data_checks",)),
        )
    elif step.command and not is_program(step.command[0]):
        meant = meant_words(step.command)
        yield FieldProblem(
            ("command",),
            NO_PROGRAM,
            "write" if meant else "name the program first, and each of its arguments as a word of its own",
            got=repr(step.command[0][:80]),
            write=Snippet(meant) if meant else None,
        )
