"""`mlplatform promote`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from mlplatform.promote.promotion import Promotion
    from mlplatform.promote.registered import ReadsRegistry
    from mlplatform.promote.request import PromotionRequest
    from mlplatform.spec.releases import GateResult
    from mlplatform.spec.training_run import TrainingRun


@click.command("promote")
@click.argument("model", metavar="[MODEL/VERSION]", required=False)
@click.option("--endpoint", required=True, metavar="NAME", help="The endpoint that serves it.")
@click.option("--to", "environment", required=True, metavar="ENVIRONMENT", help="The environment: dev, staging, prod.")
@click.option(
    "--spec",
    metavar="SPEC",
    help="The spec's file or stack. Omitted: the stack with the environment's name.",
)
@click.option("--variant", metavar="NAME", help="The variant, or the shadow by its name. Omitted: the only one.")
@click.option("--shadow", is_flag=True, help="The endpoint's shadow instead of a variant.")
@click.option("--target", "targets", multiple=True, metavar="NAME", help="Only this target; may be repeated.")
@click.option("--by", "approver", metavar="NAME", help="Who releases it; kept in the record.")
@click.option(
    "--artifact",
    type=click.Path(path_type=Path),
    help="Folder or file of the model on this machine; it is copied into the store of every target.",
)
@click.option(
    "--from",
    "source",
    metavar="[ENVIRONMENT/]TARGET",
    help="The target that has files and image: they are copied by digest into stores and registries of the others.",
)
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="TARGET=NAME",
    help="Login of this machine for a target: a profile of aws, a configuration of gcloud, a configuration folder of "
    "az; may be repeated. Omitted: the usual one.",
)
@click.option("--check", is_flag=True, help="Copy nothing: only look whether everything is there.")
@click.option(
    "--digests",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Output of `sha256sum` for the model's files, instead of --artifact, with --check.",
)
@click.option(
    "--candidate",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A pipeline's candidate.json instead of MODEL/VERSION: digests, results, run, commit and data are from it.",
)
@click.option(
    "--overrule", is_flag=True, help="Release it although it was compared with another model than the released one."
)
@click.option(
    "--without-gate",
    metavar="REASON",
    help="Release a version of a model that the spec gates without its pipeline's candidate; the reason is kept.",
)
@click.option(
    "--signed-off",
    "signed",
    multiple=True,
    metavar="ROLE=NAME",
    help="Who signed the candidate off, as its gate asks for; may be repeated, and is kept in the record.",
)
@click.option("--image", metavar="IMAGE", help="Container image without tag and digest. Omitted: the spec's.")
@click.option("--image-digest", metavar="DIGEST", help="Digest of the container image, sha256:…")
@click.option("--data-version", metavar="TEXT", help="Version of the training data; kept in the record.")
@click.option("--commit", metavar="TEXT", help="Commit of the training code; kept in the record.")
@click.option("--run", "run", metavar="TEXT", help="Training or pipeline run; kept in the record.")
@click.option(
    "--gates",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A pipeline's results: a JSON list of {name, passed, value, threshold, by}. Omitted: by hand, by --by.",
)
@click.option(
    "--training",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="How the run trained it: a JSON object of {repository, command, parameters, image, metrics, …}, for "
    "`mlplatform reproduce`; kept in the record.",
)
@click.option("--back", is_flag=True, help="Return to the release before the present one.")
@click.option(
    "--dry-run", is_flag=True, help="Check, and print the commands and the record, but run and write nothing."
)
@click.pass_context
def command(
    ctx: click.Context,
    model: str | None,
    endpoint: str,
    environment: str,
    spec: str | None,
    variant: str | None,
    shadow: bool,
    targets: tuple[str, ...],
    approver: str | None,
    artifact: Path | None,
    source: str | None,
    profiles: tuple[str, ...],
    check: bool,
    digests: Path | None,
    candidate: Path | None,
    overrule: bool,
    without_gate: str | None,
    signed: tuple[str, ...],
    image: str | None,
    image_digest: str | None,
    data_version: str | None,
    commit: str | None,
    run: str | None,
    gates: Path | None,
    training: Path | None,
    back: bool,
    dry_run: bool,
) -> None:
    """Release a model version to an endpoint: copy or look for its files, and write the record of releases.

    The record is `models/ENVIRONMENT.json` beside the spec. The next `pulumi up` deploys what it names; commit it and
    let it be reviewed like the spec. The files are copied with the cloud's own command line (aws, gcloud, az) and your
    own rights. Exits with 0 where the record was written, with 2 where something is refused or missing; then nothing
    was written.

    \b
    Examples:
      mlplatform promote fraud/7 --endpoint fraud-scorer --to dev --artifact models/fraud/7 --by ana
      mlplatform promote fraud/8 --endpoint fraud-scorer --to dev --shadow --artifact models/fraud/8 --by ana
      mlplatform promote fraud/7 --endpoint fraud-scorer --to prod --check --digests fraud-7.sha256 --by ana
      mlplatform promote --candidate candidate/candidate.json --endpoint fraud-scorer --to prod --by ana
      mlplatform promote --candidate candidate.json --endpoint fraud-scorer --to prod --from aws --target gcp --by ana
      mlplatform promote --back --endpoint fraud-scorer --to prod --by ana
    """
    from mlplatform.cli.printing.terminal import refuse
    from mlplatform.promote.candidate import read_candidate, with_candidate
    from mlplatform.promote.request import PromotionRequest
    from mlplatform.reading.partial import Unacceptable

    try:
        request = PromotionRequest(
            endpoint=endpoint,
            model=model,
            variant=variant,
            shadow=shadow,
            targets=tuple(dict.fromkeys(targets)),
            back=back,
            approver=approver,
            artifact=artifact,
            digests=_digests(digests),
            source=source,
            profiles=_pairs("--profile", profiles, "TARGET=NAME", "write for example --profile aws=prod"),
            check=check or back,
            image=image,
            image_digest=image_digest,
            data_version=data_version,
            commit=commit,
            run=run,
            gates=_gates(gates),
            training=_training(training),
            overrule=overrule,
            without_gate=without_gate,
            signed=_signed(signed, candidate),
        )
        if candidate:
            request = with_candidate(request, read_candidate(candidate), candidate)
        _promote(ctx, spec or environment, environment, request, dry_run=dry_run)
    except Unacceptable as refused:
        refuse(ctx, refused.problems)


def _promote(ctx: click.Context, spec: str, environment: str, request: PromotionRequest, *, dry_run: bool) -> None:
    from tempfile import TemporaryDirectory

    from mlplatform.promote.across import read_source, with_source
    from mlplatform.promote.carry_out import carry_out, commands
    from mlplatform.promote.promotion import plan_promotion
    from mlplatform.promote.reading import read_for_promotion
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.reading.record_file import record_text
    from mlplatform.spec.problem import Problem
    from mlplatform.views.candidate import numbers

    platform, file = read_for_promotion(spec, environment)
    source = None
    if request.source:
        source = read_source(request.source, platform)
        request = with_source(request, source)
    known = [*(target.name for target in platform.targets), *([source.name] if source else [])]
    for name in request.profiles:
        if name not in known:
            expected = f"a target of this promotion: {', '.join(dict.fromkeys(known))}"
            raise Unacceptable(Problem("--profile", name, expected, "use one of these names"))
    # logins and copies are gone when it ends
    with TemporaryDirectory(prefix="mlplatform-") as folder:
        promotion = plan_promotion(platform, request, source, Path(folder))
        for target, words in commands(promotion):
            click.echo(f"{target}: {shlex.join(words)}", err=True)
        if request.candidate:
            click.echo(numbers(promotion), err=dry_run)
        if dry_run:
            click.echo(record_text(promotion.record), nl=False)
            return
        carry_out(promotion, file, registry=_registry(promotion))
    click.echo(_summary(promotion, file, platform.environment))
    del ctx


def _registry(promotion: Promotion) -> ReadsRegistry | None:
    """The model registry, where a variable names its server and the candidate a version in it."""
    import os

    from mlplatform.components.live_traffic import NotAnswered
    from mlplatform.promote.registered import registry_from

    if not any(made.release.registry for made in promotion.releases):
        return None
    try:
        return registry_from(os.environ)
    except NotAnswered as error:
        click.echo(str(error), err=True)
        return None


def _summary(promotion: Promotion, file: Path, environment: str) -> str:
    lines = [f"{file}: written"]
    for made in promotion.releases:
        served = made.release.path or made.release.image_digest or "its image"
        former = made.release.previous
        was = f", was {former.path or former.image_digest or 'its image'}" if former else ""
        lines.append(f"  {made.target}: {made.endpoint}, {made.variant}: {served}{was}")
    stacks = ", ".join(f"`pulumi up --stack {environment}-{made.target}`" for made in promotion.releases)
    lines.append(f"next: commit {file.name} and have it reviewed; then {stacks}")
    return "\n".join(lines)


def _digests(file: Path | None) -> dict[str, str]:
    from mlplatform.promote.digests import read_digests
    from mlplatform.reading.file import read_text
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    if file is None:
        return {}
    try:
        return read_digests(read_text(file))
    except ValueError as error:
        if isinstance(error, Unacceptable):
            raise
        fix = "run `sha256sum` on the model's files, in their folder"
        raise Unacceptable(Problem("--digests", str(error), "the output of sha256sum", fix, file=str(file))) from None


def _signed(given: tuple[str, ...], candidate: Path | None) -> dict[str, str]:
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    if given and candidate is None:
        raise Unacceptable(Problem("--signed-off", given[0], "a candidate beside it", "add --candidate FILE"))
    return _pairs("--signed-off", given, "ROLE=NAME", "write for example --signed-off domain-expert=eve")


def _pairs(option: str, given: tuple[str, ...], form: str, fix: str) -> dict[str, str]:
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.spec.problem import Problem

    found: dict[str, str] = {}
    for text in given:
        key, _, name = (part.strip() for part in text.partition("="))
        if not key or not name or len(name) > 400 or not name.isprintable():
            raise Unacceptable(Problem(option, text[:60], form, fix))
        if key in found:
            kind = form.partition("=")[0].lower()
            raise Unacceptable(Problem(option, f"{key} twice", f"each {kind} once", "remove one of the two"))
        found[key] = name
    return found


def _training(file: Path | None) -> TrainingRun | None:
    from dataclasses import replace

    from pydantic import ValidationError

    from mlplatform.json_text import NotJson, parse_json
    from mlplatform.reading.file import read_text
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.reading.refusals.errors import problems_of
    from mlplatform.spec.problem import Problem
    from mlplatform.spec.training_run import TrainingRun

    if file is None:
        return None
    fix = 'write for example {"command": ["python", "train.py"], "parameters": {"lr": 0.1}}'
    try:
        given = parse_json(read_text(file))
    except NotJson as error:
        problem = Problem("--training", error.got, error.expected, fix, file=str(file), line=error.line)
        raise Unacceptable(problem) from None
    if not isinstance(given, dict):
        raise Unacceptable(Problem("--training", "no object", "an object", fix, file=str(file)))
    try:
        return TrainingRun.model_validate(given)
    except ValidationError as error:
        found = (replace(problem, file=str(file)) for _, problem in problems_of(error, TrainingRun))
        raise Unacceptable(*found) from None


def _gates(file: Path | None) -> tuple[GateResult, ...]:
    from pydantic import ValidationError

    from mlplatform.json_text import NotJson, parse_json
    from mlplatform.reading.file import read_text
    from mlplatform.reading.partial import Unacceptable
    from mlplatform.reading.refusals.errors import problems_of
    from mlplatform.spec.problem import Problem
    from mlplatform.spec.releases import GateResult

    if file is None:
        return ()
    fix = 'write for example [{"name": "auc", "passed": true, "value": 0.91, "threshold": 0.9}]'
    try:
        given = parse_json(read_text(file))
    except NotJson as error:
        problem = Problem("--gates", error.got, error.expected, fix, file=str(file), line=error.line)
        raise Unacceptable(problem) from None
    if not isinstance(given, list) or not given:
        raise Unacceptable(Problem("--gates", "no list with entries", "a list of results", fix, file=str(file)))
    try:
        return tuple(GateResult.model_validate(item) for item in cast("list[object]", given))
    except ValidationError as error:
        raise Unacceptable(*(problem for _, problem in problems_of(error, GateResult))) from None
