"""Writes the shell script that trains a version again: code, data, parameters and image as the record has them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from mlplatform.lineage.second_run import SecondRun
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.problem import Problem

COMMIT = re.compile(r"^[0-9a-zA-Z][0-9a-zA-Z._/+-]{0,199}$")


def run_script(run: SecondRun) -> str:
    """The script, for a shell of POSIX.

    Raises:
        Unacceptable: the record does not say what ran, or where its code is.
    """
    problems = tuple(_missing(run))
    if problems:
        raise Unacceptable(*problems)
    return "\n".join(_lines(run)) + "\n"


def run_request(run: SecondRun) -> dict[str, object]:
    """The run for tools: what is known, and what is not."""
    training = run.training.model_dump(mode="json", exclude_unset=True)
    return {
        "model": run.model,
        "recorded": list(run.recorded),
        "first_run": run.first,
        "commit": run.commit,
        "data_version": run.data_version,
        **{
            name: training.get(name) for name in ("pipeline", "repository", "image", "command", "parameters", "metrics")
        },
        "definition": training.get("definition"),
        "spec": training.get("spec"),
        "lacking": list(run.lacking),
    }


def _missing(run: SecondRun) -> Iterator[Problem]:
    training = run.training
    if not training.command:
        pipeline = f"start the pipeline {training.pipeline} with what --format json prints" if training.pipeline else ""
        yield Problem(
            "training.command",
            f"nothing in the record of {run.model}",
            "the command that trained it",
            pipeline or "hand it over with `mlplatform promote --training FILE` from the next release on",
        )
    if run.commit and not COMMIT.match(run.commit):
        yield Problem("commit", run.commit[:60], "a commit, a revision or a tag", "correct it in the record")
    if run.commit and not training.repository:
        yield Problem(
            "training.repository",
            f"nothing in the record of {run.model}",
            "where the commit is",
            "add --repository git+https://… (or hg+, svn+)",
        )
    if not run.commit and not training.image:
        yield Problem(
            "commit",
            f"neither a commit nor an image in the record of {run.model}",
            "the code that trained it",
            "hand it over with `mlplatform promote --commit … --training FILE` from the next release on",
        )


def _lines(run: SecondRun) -> Iterator[str]:
    training = run.training
    yield "#!/bin/sh"
    yield f"# Trains {run.model} again, in a new folder: the first argument, or {_folder(run)}."
    for place in run.recorded:
        yield f"# Recorded: {_one_line(place)}"
    if run.first:
        yield f"# First run: {_one_line(run.first)}"
    for name in run.lacking:
        yield f"# No record says {name}: nothing stands in for it."
    yield "set -eu"
    yield f'work="${{1:-{_folder(run)}}}"'
    yield 'if [ -e "$work" ]; then echo "$work is there already: name another folder" >&2; exit 2; fi'
    if run.commit and training.repository:
        yield from _code(training.repository, run.commit)
    else:
        yield 'mkdir -p "$work"'
    yield 'cd "$work"'
    variables = {
        "MLPLATFORM_COMMIT": run.commit,
        "MLPLATFORM_DATA_VERSION": run.data_version,
        "MLPLATFORM_IMAGE": training.image,
        "MLPLATFORM_PARAMETERS": json.dumps(training.parameters, sort_keys=True) if training.parameters else None,
    }
    given = {name: value for name, value in variables.items() if value}
    yield from (f"export {name}={shlex.quote(value)}" for name, value in given.items())
    if run.commit:
        yield "# the data that this commit names"
        yield "if [ -d .dvc ]; then dvc pull; fi"
    command = shlex.join(training.command)
    if training.image:
        passed = " ".join(f"--env {name}" for name in given)
        mounted = '--volume "$PWD:/work" --workdir /work ' if run.commit else ""
        yield "# DOCKER_OPTIONS: what the machine needs besides, such as --gpus all"
        yield f"exec docker run --rm ${{DOCKER_OPTIONS:-}} {mounted}{passed} {shlex.quote(training.image)} {command}"
    else:
        yield f"exec {command}"


def _code(repository: str, commit: str) -> Iterator[str]:
    system, _, address = repository.partition("+")
    where, at = shlex.quote(address), shlex.quote(commit)
    match system:
        case "git":
            yield f'git clone --quiet --no-checkout -- {where} "$work"'
            yield f'git -C "$work" checkout --quiet --detach {at}'
        case "hg":
            yield f'hg clone --quiet --updaterev {at} -- {where} "$work"'
        case _:
            yield f'svn checkout --quiet --revision {at} -- {where} "$work"'


def _one_line(text: str) -> str:
    """The text in one line of a comment, whatever it holds."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _folder(run: SecondRun) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", run.model).strip("-.")
