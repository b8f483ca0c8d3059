"""`mlplatform-step`: the program of the steps that are the platform's own, and the door that starts runs.

Exit codes: 0, passed or registered; 2, something is missing or cannot be read; 3, refused; 4, could not judge. All but
0 end a run, so that nothing is registered that did not pass. The door and the starter: 0, it looked; 3, something
failed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlplatform.steps.bad_input import BadInput
from mlplatform.steps.cannot_judge import CannotJudge
from mlplatform.steps.door.variables import DOOR_CLOUD, DOOR_RULES, STARTER_RULES
from mlplatform.steps.folders import folders_of, named_folders, problem_words
from mlplatform.steps.job_options import NodesJob, add_job_options, read_job

if TYPE_CHECKING:
    from mlplatform.spec.base_models import BaseModelSpec

BAD_INPUT, REFUSED, COULD_NOT_JUDGE = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a step, and exit with its code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a step.

    Args:
        arguments: the command line without the program. Omitted: the process's own.

    Returns:
        The exit code.
    """
    given = _parser().parse_args(arguments)
    try:
        return given.step(given)
    except BadInput as error:
        problems = error.args
    except CannotJudge as error:
        print(f"mlplatform-step {given.kind}: {error}", file=sys.stderr)
        return COULD_NOT_JUDGE
    except ImportError as error:
        needed = "tune" if given.kind == "tune" else "steps,validation"
        problems = (f"{error.name} is not installed: pip install mlplatform[{needed}]",)
    except OSError as error:
        problems = (f"{error.filename or 'a file'}: {error.strerror or error}",)
    for problem in problems:
        print(f"mlplatform-step {given.kind}: {problem}", file=sys.stderr)
    return BAD_INPUT


def job_of(arguments: Sequence[str]) -> NodesJob:
    """What `mlplatform-step job` would send.

    Args:
        arguments: its command line, without the program.

    Raises:
        BadInput: the accelerators cannot be read.
    """
    return read_job(_parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    # abbreviations would change their meaning with every new option
    parser = argparse.ArgumentParser(prog="mlplatform-step", description=__doc__, allow_abbrev=False)
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    gate = _step(kinds.add_parser("gate", help="judge a candidate", allow_abbrev=False))
    gate.add_argument("--gate", required=True, metavar="JSON", help="what it must prove, as in the spec")
    gate.add_argument("--record", metavar="ADDRESS", help="copy of the record of releases; omitted: it is not asked")
    _based(gate)
    gate.set_defaults(step=_gate)
    champion = _step(kinds.add_parser("champion", help="fetch the model that is released now", allow_abbrev=False))
    champion.add_argument(
        "--record", metavar="ADDRESS", help="copy of the record of releases; omitted: it is not asked"
    )
    champion.add_argument("--version", metavar="NAME", help="what is released where there is no copy; omitted: nothing")
    champion.add_argument("--artifact", metavar="ADDRESS", help="folder with its files; omitted: its image has them")
    champion.set_defaults(step=_champion)
    register = _step(kinds.add_parser("register", help="register a candidate that passed", allow_abbrev=False))
    register.add_argument("--version", metavar="NAME", help="version of the model; omitted: the run's name")
    register.add_argument(
        "--models", metavar="DIR", type=Path, help="folder for MODEL/VERSION/; omitted: models/ in the output"
    )
    register.add_argument("--definition", metavar="DIGEST", help="digest of the pipeline as the spec has it")
    register.add_argument("--training-image", metavar="IMAGE", help="image of the step that trained")
    register.add_argument(
        "--parameter", action="append", default=[], metavar="NAME:TYPE=VALUE", help="a parameter of the run"
    )
    _based(register)
    register.set_defaults(step=_register)
    validate = _step(kinds.add_parser("validate", help="look at data", allow_abbrev=False))
    validate.add_argument("--checks", required=True, metavar="JSON", help="what it must be, as in the spec")
    validate.set_defaults(step=_validate)
    tune = kinds.add_parser("tune", help="search for parameters: run a program once for each trial", allow_abbrev=False)
    best = kinds.add_parser("best", help="keep the best trial of several machines", allow_abbrev=False)
    _search_parsers(tune, best)
    job = kinds.add_parser("job", help="run a step as a custom job of Vertex AI", allow_abbrev=False)
    add_job_options(job)
    job.set_defaults(step=_job)
    door = kinds.add_parser("door", help="start the runs that triggers ask for", allow_abbrev=False)
    door.add_argument("--cloud", metavar="NAME", help=f"the cloud it runs in; omitted: that of {DOOR_CLOUD}")
    door.add_argument("--rules", metavar="FILE", type=Path, help=f"what it is told; omitted: that of {DOOR_RULES}")
    door.set_defaults(step=_door)
    starter = kinds.add_parser("starter", help="start in the cluster what the door orders", allow_abbrev=False)
    starter.add_argument("--cloud", metavar="NAME", help=f"the cloud of its store; omitted: that of {DOOR_CLOUD}")
    starter.add_argument("--rules", metavar="FILE", type=Path, help=f"what it is told; omitted: {STARTER_RULES}")
    starter.set_defaults(step=_starter)
    return parser


def _search_parsers(tune: argparse.ArgumentParser, best: argparse.ArgumentParser) -> None:
    tune.add_argument("--search", required=True, metavar="JSON", help="what is searched, as in the spec")
    tune.add_argument("--machine", type=int, default=0, metavar="N", help="number of this machine, from 0")
    tune.add_argument("--devices", type=int, default=0, metavar="N", help="accelerators of this machine")
    tune.add_argument("--kept", action="append", default=[], metavar="NAME:KIND", help="an output of a trial")
    tune.add_argument("--metrics", required=True, metavar="NAME", help="the one of them with the number that decides")
    tune.add_argument("--checkpoint", metavar="DIR", type=Path, help="where trials are kept for the next attempt")
    tune.add_argument("command", nargs="+", metavar="PROGRAM", help="behind --: program and arguments of a trial")
    tune.set_defaults(step=_tune)
    best.add_argument("--goal", required=True, choices=("maximize", "minimize"), help="which trial is the best")
    best.add_argument("--input", action="append", default=[], metavar="NAME=DIR", help="what a machine found")
    best.set_defaults(step=_best)
    for parser in (tune, best):
        parser.add_argument("--output", action="append", default=[], metavar="NAME=DIR", help="a folder to write")


def _step(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--pipeline", required=True, metavar="NAME", help="name of the pipeline")
    parser.add_argument("--model", required=True, metavar="NAME", help="name of the model")
    parser.add_argument("--run", required=True, metavar="ID", help="id of the run")
    parser.add_argument("--input", action="append", default=[], metavar="NAME=DIR", help="a folder to read")
    parser.add_argument("--output", action="append", default=[], metavar="NAME=DIR", help="a folder to write")
    return parser


def _based(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--base-model", action="append", default=[], metavar="JSON", help="a model that the pipeline starts from"
    )


def _bases(given: argparse.Namespace) -> tuple[BaseModelSpec, ...]:
    if not given.base_model:
        return ()
    from pydantic import ValidationError

    from mlplatform.spec.base_models import BaseModelSpec

    try:
        return tuple(BaseModelSpec.model_validate_json(text) for text in given.base_model)
    except ValidationError as error:
        raise BadInput(*(f"--base-model: {problem_words(each)}" for each in error.errors())) from None


def _gate(given: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from mlplatform.spec.gates import GateSpec
    from mlplatform.steps.evidence import read_evidence
    from mlplatform.steps.judge import judge
    from mlplatform.steps.released_now import released_now
    from mlplatform.steps.verdict import CARD, FILE, card_of

    try:
        gate = GateSpec.model_validate_json(given.gate)
    except ValidationError as error:
        raise BadInput(*(f"--gate: {problem_words(each)}" for each in error.errors())) from None
    inputs = folders_of("--input", given.input, there=True)
    (output,) = named_folders(folders_of("--output", given.output, there=False), "verdict")
    try:
        seen = read_evidence(gate, inputs)
    except ValueError as error:
        raise BadInput(*error.args) from None
    if given.record and gate.champion:
        said = released_now(given.record, pipeline=given.pipeline, model=given.model)
        seen = replace(seen, record=said)
    verdict = judge(gate, seen, pipeline=given.pipeline, model=given.model, run=given.run, base_models=_bases(given))
    output.mkdir(parents=True, exist_ok=True)
    (output / FILE).write_text(verdict.model_dump_json(indent=2) + "\n", encoding="utf-8")
    card = card_of(verdict)
    (output / CARD).write_text(card, encoding="utf-8")
    # in the log too: some engines drop what a failed step wrote
    print(card)
    return {"passed": 0, "refused": REFUSED, "could not judge": COULD_NOT_JUDGE}[verdict.outcome]


def _champion(given: argparse.Namespace) -> int:
    from mlplatform.steps.champion import champion_of_record, fetch_champion
    from mlplatform.steps.released_now import released_now

    (output,) = named_folders(folders_of("--output", given.output, there=False), "released")
    said = released_now(given.record, pipeline=given.pipeline, model=given.model) if given.record else None
    champion = champion_of_record(said, given.version, given.artifact)
    print(fetch_champion(champion, output, record=given.record, environment=os.environ))
    return 0


def _validate(given: argparse.Namespace) -> int:
    import json
    from datetime import UTC, datetime

    from pydantic import ValidationError

    from mlplatform.spec.data_checks import DataChecks
    from mlplatform.steps.judge_data import judge_data
    from mlplatform.steps.model_files import METRICS
    from mlplatform.steps.validation import VALIDATION, data_card_of
    from mlplatform.steps.verdict import CARD

    try:
        checks = DataChecks.model_validate_json(given.checks)
    except ValidationError as error:
        raise BadInput(*(f"--checks: {problem_words(each)}" for each in error.errors())) from None
    inputs = folders_of("--input", given.input, there=True)
    (output,) = named_folders(folders_of("--output", given.output, there=False), "validation")
    try:
        verdict = judge_data(checks, inputs, pipeline=given.pipeline, run=given.run, now=datetime.now(UTC))
    except ValueError as error:
        raise BadInput(*error.args) from None
    output.mkdir(parents=True, exist_ok=True)
    (output / VALIDATION).write_text(verdict.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (output / METRICS).write_text(json.dumps(verdict.metrics, indent=2) + "\n", encoding="utf-8")
    card = data_card_of(verdict)
    (output / CARD).write_text(card, encoding="utf-8")
    print(card)
    if not checks.ends_run:
        return 0
    return {"passed": 0, "refused": REFUSED, "could not judge": COULD_NOT_JUDGE}[verdict.outcome]


def _register(given: argparse.Namespace) -> int:
    from mlplatform.steps.register import NotRegistered, register
    from mlplatform.steps.stamp import KnownOfRun, typed_parameters

    inputs = folders_of("--input", given.input, there=True)
    (output,) = named_folders(folders_of("--output", given.output, there=False), "candidate")
    try:
        candidate = register(
            inputs,
            output,
            pipeline=given.pipeline,
            model=given.model,
            run=given.run,
            version=given.version,
            models=given.models,
            known=KnownOfRun(
                pipeline=given.pipeline,
                definition=given.definition,
                image=given.training_image,
                parameters=typed_parameters(given.parameter),
                base_models=_bases(given),
            ),
        )
    except NotRegistered as refused:
        print(f"mlplatform-step register: {refused}", file=sys.stderr)
        return REFUSED
    except ValueError as error:
        raise BadInput(*error.args) from None
    where = f", {candidate.registry} in the model registry" if candidate.registry else ""
    print(f"{candidate.path}: registered as a candidate with {len(candidate.digests)} files{where}")
    return 0


def _tune(given: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from mlplatform.spec.tune import SEARCH, TuneSpec
    from mlplatform.steps.chooser import OptunaChooser
    from mlplatform.steps.search import Search, SearchFailed, run_search

    try:
        tune = TuneSpec.model_validate_json(given.search)
    except ValidationError as error:
        raise BadInput(*(f"--search: {problem_words(each)}" for each in error.errors())) from None
    folders = folders_of("--output", given.output, there=False)
    named_folders(folders, SEARCH)
    kinds = dict(each.partition(":")[::2] for each in given.kept)
    search = Search(
        tune=tune,
        command=given.command,
        kept=tuple(kinds),
        metrics=given.metrics,
        models=tuple(name for name, kind in kinds.items() if kind == "model"),
        folders=folders,
        checkpoint=given.checkpoint,
        machine=given.machine,
        devices=given.devices,
    )
    try:
        run_search(search, OptunaChooser(tune, given.machine))
    except SearchFailed as failed:
        print(f"mlplatform-step tune: {failed}", file=sys.stderr)
        return REFUSED
    except ValueError as error:
        raise BadInput(*error.args) from None
    return 0


def _best(given: argparse.Namespace) -> int:
    from mlplatform.spec.tune import SEARCH
    from mlplatform.steps.search import SearchFailed, keep_best

    parts = folders_of("--input", given.input, there=True)
    folders = folders_of("--output", given.output, there=False)
    named_folders(folders, SEARCH)
    if not parts:
        raise BadInput("--input: what each machine found is missing")
    try:
        record = keep_best(given.goal, parts, folders)
    except SearchFailed as failed:
        print(f"mlplatform-step best: {failed}", file=sys.stderr)
        return REFUSED
    except ValueError as error:
        raise BadInput(*error.args) from None
    print(f"best: trial {record.best[1]} of machine {record.best[0] + 1}" if record.best else "none")
    return 0


def _job(given: argparse.Namespace) -> int:
    from mlplatform.steps.vertex_job import JobFailed, Stopped, run_job

    try:
        run_job(read_job(given))
    except (JobFailed, Stopped) as ended:
        print(f"mlplatform-step job: {ended or 'stopped'}", file=sys.stderr)
        return REFUSED
    return 0


def _door(given: argparse.Namespace) -> int:
    from mlplatform.steps.door.command import run_door

    return REFUSED if run_door(given.cloud, given.rules) else 0


def _starter(given: argparse.Namespace) -> int:
    from mlplatform.steps.door.command import run_starter

    return REFUSED if run_starter(given.cloud, given.rules) else 0
