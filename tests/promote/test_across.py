"""`mlplatform promote --from`: what one target has is copied by digest, or nothing is released."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform import discovery
from mlplatform.cli.app import run
from mlplatform.components.ci_login import BuildsCiLogin, CiSystem
from mlplatform.plan.model import Plan
from mlplatform.promote import carry_out
from mlplatform.reading.load import load
from mlplatform.spec.access import ADDS_MODELS, READS_MODELS, ROLES

from ..conftest import CLOUDS
from .stores import Stores
from .targets import TARGETS

FILES = {"model.bin": b"weights", "config/a.json": b"{}"}
DIGESTS = {name: f"sha256:{hashlib.sha256(content).hexdigest()}" for name, content in FILES.items()}
IMAGE = f"sha256:{'5' * 64}"
PEOPLE = {
    "aws": "arn:aws:iam::123456789012:role/engineers",
    "gcp": "group:engineers@acme.example",
    "azure": "00000000-1111-4222-8333-444444444444",
}
Promote = Callable[..., tuple[int, str]]


def spec_text(environment: str = "dev", endpoints: str = "", without: str = "") -> str:
    text = TARGETS.replace("environment: dev", f"environment: {environment}")
    for cloud, who in PEOPLE.items():
        others = ", ".join(f"on-{each}: {{enabled: false}}" for each in CLOUDS if each != cloud)
        line = f"people: {{{'' if cloud == without else f'ml-engineer: [{who!r}]'}}}"
        line += f", endpoints: {{{others}}}" if endpoints else ""
        if cloud == "azure":
            line = line.replace("}, endpoints", "}\n    endpoints")
        text = text.replace(f"{{cloud: {cloud}, ", f"{{cloud: {cloud}, {line}, ")
        text = text.replace(f"  - cloud: {cloud}\n", f"  - cloud: {cloud}\n    {line}\n")
    return (
        text + "registry: {repositories: [serving]}\n" + (endpoints or "endpoints:\n  - {name: scorer, model: fraud}\n")
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n", encoding="utf-8")
    (tmp_path / "stacks").mkdir()
    for name, content in FILES.items():
        (tmp_path / "fraud" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fraud" / name).write_bytes(content)
    write(tmp_path, spec_text())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, text: str, environment: str = "dev") -> None:
    (project / f"stacks/{environment}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Stores:
    stores = Stores()
    monkeypatch.setattr(carry_out.carry_out, "__defaults__", (stores,))
    return stores


@pytest.fixture
def promote(project: Path, stores: Stores, capsys: pytest.CaptureFixture[str]) -> Promote:
    def invoke(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            run(["promote", *arguments, "--by", "ana"])
        captured = capsys.readouterr()
        return int(stop.value.code or 0), " ".join(f"{captured.out} {captured.err}".split())

    return invoke


def models(project: Path, target: str, environment: str = "dev") -> str:
    spec = load(project / f"stacks/{environment}.yaml", record=False).spec
    assert spec is not None
    return discovery.backend(target).models_uri(spec.on(target))


def serving(project: Path, target: str) -> str:
    spec = load(project / "stacks/dev.yaml", record=False).spec
    assert spec is not None
    login = discovery.backend(target).load(BuildsCiLogin)
    return login(spec.on(target), "images", CiSystem(name="github")).images["serving"]


def record(project: Path, environment: str = "dev") -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    return json.loads((project / f"stacks/models/{environment}.json").read_text("utf-8"))["targets"]


def candidate(project: Path, **more: object) -> str:
    given = {"model": "fraud", "version": "7", "pipeline": "retrain", "run": "r1", "digests": DIGESTS}
    file = project / "candidate.json"
    file.write_text(json.dumps({**given, "gates": [{"name": "auc", "value": 0.9}], **more}), encoding="utf-8")
    return str(file)


TO = ("--endpoint", "scorer", "--to", "dev")


@pytest.mark.parametrize("home", CLOUDS)
def test_what_one_target_trained_is_released_on_all(promote: Promote, stores: Stores, project: Path, home: str) -> None:
    stores.put(f"{models(project, home)}/fraud/7/", FILES)
    stores.put(f"{models(project, home)}/fraud/70/", {"model.bin": b"another version"})
    code, said = promote("--candidate", candidate(project), "--from", home, *TO)
    assert code == 0, said
    for target in CLOUDS:
        address = f"{models(project, target)}/fraud/7/"
        assert stores.below(address) == FILES, f"{home} to {target}"
        assert record(project)[target]["scorer"]["main"]["artifact"] == address
        assert record(project)[target]["scorer"]["main"]["digests"] == DIGESTS
    uploads = [
        each for each in stores.commands if "--no-overwrite" in each or "--overwrite" in each or "--no-clobber" in each
    ]
    assert len(uploads) == 2, "the target that has the files gets no copy of them"


def test_the_record_of_one_target_is_enough(promote: Promote, stores: Stores, project: Path) -> None:
    stores.put(f"{models(project, 'gcp')}/fraud/7/", FILES)
    more = ("--target", "gcp", "--check", "--digests", "sums", "--run", "r1", "--commit", "abc")
    (project / "sums").write_text("".join(f"{d[7:]}  {n}\n" for n, d in DIGESTS.items()), encoding="utf-8")
    assert promote("fraud/7", *TO, *more)[0] == 0
    code, said = promote("fraud/7", *TO, "--from", "gcp", "--target", "azure")
    assert code == 0, said
    there = record(project)["azure"]["scorer"]["main"]
    assert (there["digests"], there["run"], there["commit"]) == (DIGESTS, "r1", "abc")
    code, said = promote("fraud/8", *TO, "--from", "gcp", "--target", "azure")
    assert (code, "whose record has no files of fraud/8" in said) == (2, True)
    other = candidate(project, digests=DIGESTS | {"model.bin": f"sha256:{'1' * 64}"})
    code, said = promote("--candidate", other, *TO, "--from", "gcp", "--target", "azure")
    assert (code, "whose record has other files of fraud/7" in said) == (2, True)


def test_another_environment_is_a_source_too(promote: Promote, stores: Stores, project: Path) -> None:
    write(project, spec_text("prod").replace("123456789012", "345678901234"), "prod")
    stores.put(f"{models(project, 'aws')}/fraud/7/", FILES)
    to = ("--endpoint", "scorer", "--to", "prod", "--target", "aws")
    profiles = ("--profile", "dev/aws=dev-engineer", "--profile", "aws=prod-engineer")
    code, said = promote("--candidate", candidate(project), "--from", "dev/aws", *to, *profiles)
    assert code == 0, said
    assert stores.below(f"{models(project, 'aws', 'prod')}/fraud/7/") == FILES
    first, *others = stores.commands
    assert first[:2] == ("env", "AWS_PROFILE=dev-engineer")
    assert all(each[:2] == ("env", "AWS_PROFILE=prod-engineer") for each in others)
    assert record(project, "prod")["aws"]["scorer"]["main"]["run"] == "r1"
    for source, words in (("test/aws", "no such stack"), ("dev/mars", "a target of dev: aws, gcp, azure")):
        code, said = promote("--candidate", candidate(project), "--from", source, *to)
        assert (code, words in said) == (2, True), said


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({"model.bin": b"changed"}, "another model.bin"),
        ({"more.bin": b"more"}, "more.bin below"),
        ({}, "no config/a.json, no model.bin"),
    ],
)
def test_other_files_are_not_copied(
    promote: Promote, stores: Stores, project: Path, there: dict[str, bytes], words: str
) -> None:
    stores.put(f"{models(project, 'aws')}/fraud/7/", (FILES if there else {}) | there)
    code, said = promote("--candidate", candidate(project), "--from", "aws", *TO)
    assert (code, words in said) == (2, True), said
    assert len(stores.commands) == 1
    assert not (project / "stacks/models").exists()


def test_a_file_that_is_there_with_another_content_is_found(promote: Promote, stores: Stores, project: Path) -> None:
    """The stores leave what is there alone, and a list of names does not tell it."""
    stores.put(f"{models(project, 'aws')}/fraud/7/", FILES)
    stores.put(f"{models(project, 'azure')}/fraud/7/", {"model.bin": b"planted"})
    code, said = promote("--candidate", candidate(project), "--from", "aws", *TO)
    assert code == 2
    assert "azure: artefact" in said
    assert "another model.bin" in said
    assert not (project / "stacks/models").exists()


def test_an_image_of_the_platform_is_copied_by_its_digest(promote: Promote, stores: Stores, project: Path) -> None:
    targets = "".join(
        f"  - {{name: on-{cloud}, server: custom, image: '{serving(project, cloud)}', model: fraud}}\n"
        for cloud in CLOUDS
    )
    write(project, spec_text(endpoints=f"endpoints:\n{targets}"))
    stores.put(f"{models(project, 'gcp')}/fraud/7/", FILES)
    stores.images.add(f"{serving(project, 'gcp')}@{IMAGE}")
    for cloud in ("aws", "azure"):
        to = ("--endpoint", f"on-{cloud}", "--to", "dev", "--target", cloud, "--image-digest", IMAGE)
        code, said = promote("--candidate", candidate(project), "--from", "gcp", *to)
        assert code == 0, said
        assert stores.tags[f"{serving(project, cloud)}:released-{'5' * 12}"] == f"{serving(project, cloud)}@{IMAGE}"
        assert record(project)[cloud][f"on-{cloud}"]["main"]["image_digest"] == IMAGE
    assert all("DOCKER_CONFIG=" in " ".join(each) for each in stores.commands if "crane" in " ".join(each))
    stores.images.clear()
    code, said = promote("--candidate", candidate(project), "--from", "gcp", *to)
    assert (code, "MANIFEST_UNKNOWN" in said) == (2, True)


@pytest.mark.parametrize(("without", "does"), [("aws", "reads models and pulls"), ("gcp", "adds to models and pushes")])
def test_who_may_read_across_is_granted_or_it_is_refused(
    promote: Promote, stores: Stores, project: Path, without: str, does: str
) -> None:
    write(project, spec_text(without=without))
    stores.put(f"{models(project, 'aws')}/fraud/7/", FILES)
    code, said = promote("--candidate", candidate(project), "--from", "aws", *TO)
    assert code == 2
    assert f"target {without} of dev, where nobody {does}" in said
    assert stores.commands == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_roles_that_copy_are_granted_it(stack_plan: Callable[..., Plan], cloud: str) -> None:
    grants = stack_plan("prod", cloud, resolve=True).grants
    held = {(each.holder, each.right, each.on) for each in grants}

    def roles(*wanted: tuple[str, str]) -> tuple[str, ...]:
        return tuple(role for role in ROLES if all((role, *each) in held for each in wanted))

    assert roles(("read", "models")) == READS_MODELS
    assert {role for role in READS_MODELS if {(role, "pull", "images"), (role, "push", "images")} & held} == set(
        READS_MODELS
    )
    assert roles(("add", "models"), ("push", "images")) == ADDS_MODELS


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--artifact", "fraud"), "--artifact too"),
        (("--check",), "--check too"),
        (("--profile", "mars=x"), "a target of this promotion"),
        (("--profile", "aws"), "TARGET=NAME"),
        (("--profile", "aws=a", "--profile", "aws=b"), "each target once"),
        (("--from", "mars"), "a target of dev: aws, gcp, azure"),
    ],
)
def test_one_refusal(promote: Promote, stores: Stores, project: Path, more: tuple[str, ...], words: str) -> None:
    code, said = promote("--candidate", candidate(project), *TO, "--from", "aws", *more)
    assert (code, words in said) == (2, True), said
    assert stores.commands == []


def test_a_dry_run_shows_every_command(promote: Promote, stores: Stores, project: Path) -> None:
    code, said = promote("--candidate", candidate(project), *TO, "--from", "azure", "--target", "gcp", "--dry-run")
    assert code == 0, said
    assert "azure: az storage blob download-batch" in said
    assert "gcp: gcloud storage rsync --recursive --no-clobber" in said
    assert stores.commands == []
