"""`mlplatform promote`: what it refuses, what it runs, what it writes, and the way back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.lineage.audit import audited
from mlplatform.lineage.history import RecordVersion
from mlplatform.reading.load import load

from .conftest import BUCKET, GATES, SPEC, Promote, Store, written

MAIN = ("--endpoint", "scorer", "--to", "dev", "--by", "ana", "--artifact", "fraud")


def test_a_release_is_copied_and_recorded_on_every_target(promote: Promote, store: Store, project: Path) -> None:
    code, said = promote("fraud/7", *MAIN, "--data-version", "2026-11", "--commit", "abc", "--run", "r1")
    assert code == 0, said
    record = written(project)
    assert sorted(record["targets"]) == ["aws", "azure", "gcp"]  # type: ignore[call-overload]
    release = record["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert release == {
        "model": "fraud",
        "version": "7",
        "artifact": f"s3://{BUCKET}/fraud/7/",
        "digests": {
            "config/a.json": f"sha256:{hashlib.sha256(b'{}').hexdigest()}",
            "model.bin": f"sha256:{hashlib.sha256(b'weights').hexdigest()}",
        },
        "data_version": "2026-11",
        "commit": "abc",
        "run": "r1",
        "gates": [{"name": "by hand", "by": "ana"}],
        "approver": "ana",
    }
    assert ("aws", "s3", "cp", "fraud", f"s3://{BUCKET}/fraud/7/", "--recursive", "--no-overwrite") in store.commands
    assert [c[:3] for c in store.commands] == [
        *[("aws", "s3", "cp"), ("aws", "s3", "ls")],
        *[("gcloud", "storage", "rsync"), ("gcloud", "storage", "ls")],
        *[("az", "storage", "blob")] * 2,
    ]
    assert "pulumi up --stack dev-aws" in said
    loaded = load(project / "stacks/dev.yaml")
    assert loaded.spec is not None
    assert loaded.spec.record is not None
    # the same text for the same releases
    text = (project / "stacks/models/dev.json").read_text(encoding="utf-8")
    assert promote("fraud/7", *MAIN, "--data-version", "2026-11", "--commit", "abc", "--run", "r1")[0] == 0
    assert (project / "stacks/models/dev.json").read_text(encoding="utf-8") == text


def test_a_name_that_moves_is_no_version_and_no_origin(promote: Promote, project: Path) -> None:
    (project / "training.json").write_text('{"command": ["python t.py"]}', encoding="utf-8")
    more = ("--commit", "main", "--data-version", "latest", "--training", "training.json")
    code, said = promote("fraud/Latest", *MAIN, *more)
    assert code == 2
    for words in ("fraud/7", "git rev-parse HEAD", "its day", '["python", "t.py"]'):
        assert words in said, said
    assert not (project / "stacks/models").exists()


def test_the_way_back_and_forth(promote: Promote, project: Path) -> None:
    back = ("--back", "--endpoint", "scorer", "--to", "dev", "--by", "ben")
    assert promote("fraud/7", *MAIN)[0] == 0
    code, said = promote(*back)
    assert code == 2
    assert "the first release" in said
    assert promote("fraud/9", *MAIN)[0] == 0
    assert promote(*back)[0] == 0
    release = written(project)["targets"]["gcp"]["scorer"]["main"]  # type: ignore[index]
    assert (release["version"], release["previous"]["version"]) == ("7", "9")
    assert release["approver"] == "ben"
    assert "previous" not in release["previous"]
    assert promote(*back)[0] == 0
    assert written(project)["targets"]["gcp"]["scorer"]["main"]["version"] == "9"  # type: ignore[index]


def test_everything_is_refused_at_once_and_nothing_is_run(promote: Promote, store: Store, project: Path) -> None:
    code, said = promote("fraud", "--endpoint", "other", "--to", "dev", "--target", "mars", "--artifact", "missing")
    assert code == 2
    for words in (
        "--by",
        "mars",
        "one of the spec's endpoints: scorer, split, guarded",
        "missing",
        "write for example",
    ):
        assert words in said
    assert "5 problems" in said
    assert store.commands == []
    assert not (project / "stacks/models").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("credit/1", *MAIN), "a version of fraud"),
        (("fraud/9", *MAIN, "--shadow"), "fraud/8, which the spec pins"),
        (("m/1", "--endpoint", "split", "--to", "dev", "--by", "a", "--artifact", "fraud"), "a, b"),
        (("m/1", "--endpoint", "split", "--to", "dev", "--by", "a", "--artifact", "fraud", "--variant", "c"), "a, b"),
        (("m/1", "--endpoint", "split", "--to", "dev", "--by", "a", "--artifact", "fraud", "--shadow"), "has none"),
        (("fraud/7", "--endpoint", "scorer", "--to", "dev", "--by", "a"), "keeps the digests"),
        (("fraud/7", *MAIN, "--image-digest", "sha256:1"), "64 digits"),
        (("fraud/7", *MAIN, "--image-digest", f"sha256:{'1' * 64}"), "and no image"),
        (("fraud/7", "--endpoint", "scorer", "--to", "prod", "--by", "a"), "no such stack"),
        (("fraud/7", "--endpoint", "scorer", "--to", "prod", "--spec", "dev", "--by", "a"), "write --to dev"),
        (("--endpoint", "scorer", "--to", "dev", "--by", "a"), "name the model and its version"),
        (("fraud/7", *MAIN, "--back"), "omit model, artifact"),
    ],
)
def test_one_refusal(promote: Promote, project: Path, arguments: tuple[str, ...], words: str) -> None:
    code, said = promote(*arguments)
    assert code == 2
    assert words in said
    assert not (project / "stacks/models").exists()


def test_a_copy_that_fails_changes_no_record(promote: Promote, store: Store, project: Path) -> None:
    store.fails = "gcloud storage rsync"
    code, said = promote("fraud/7", *MAIN)
    assert code == 2
    assert "AccessDenied" in said
    assert not (project / "stacks/models").exists()


def test_check_copies_nothing_and_finds_what_is_missing(promote: Promote, store: Store, project: Path) -> None:
    code, said = promote("fraud/7", *MAIN, "--check", "--target", "aws")
    assert code == 2
    assert f"no file below s3://{BUCKET}/fraud/7/" in said
    assert not any("cp" in command for command in store.commands)
    store.there["aws"] = ["1 config/a.json", "2 model.bin"]
    sums = project / "sums"
    sums.write_text(f"{'1' * 64}  ./model.bin\n", encoding="utf-8")
    given = ("--endpoint", "scorer", "--to", "dev", "--by", "a", "--target", "aws", "--check", "--digests", "sums")
    assert promote("fraud/7", *given)[0] == 0
    release = written(project)["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert release["digests"] == {"model.bin": f"sha256:{'1' * 64}"}
    sums.write_text("no digest\n", encoding="utf-8")
    assert "line 1 is no line of `sha256sum`" in promote("fraud/7", *given)[1]


def test_a_secret_must_be_there_first(promote: Promote, store: Store) -> None:
    given = ("g/1", "--endpoint", "guarded", "--to", "dev", "--by", "a", "--artifact", "fraud")
    code, said = promote(*given)
    assert code == 2
    assert said.count("put secret token there") == 3
    store.secrets.add("token")
    assert promote(*given)[0] == 0


def test_a_dry_run_prints_commands_and_writes_nothing(promote: Promote, store: Store, project: Path) -> None:
    code, said = promote("fraud/7", *MAIN, "--dry-run")
    assert code == 0
    assert f"aws: aws s3 cp fraud s3://{BUCKET}/fraud/7/ --recursive" in said
    assert '"version": "7"' in said
    assert store.commands == []
    assert not (project / "stacks/models").exists()


def test_gates_of_a_pipeline_are_kept_and_a_failed_one_is_refused(promote: Promote, project: Path) -> None:
    gates = project / "gates.json"
    gates.write_text('[{"name": "auc", "passed": true, "value": 0.91, "threshold": 0.9}]', encoding="utf-8")
    assert promote("fraud/7", *MAIN, "--gates", "gates.json")[0] == 0
    (gate,) = written(project)["targets"]["aws"]["scorer"]["main"]["gates"]  # type: ignore[index]
    assert gate == {"name": "auc", "value": 0.91, "threshold": 0.9}
    gates.write_text('[{"name": "auc", "passed": false}]', encoding="utf-8")
    code, said = promote("fraud/8", *MAIN, "--gates", "gates.json")
    assert code == 2
    assert "somebody overruled" in said


def test_a_pin_that_moved_is_promoted_although_the_old_record_contradicts_it(promote: Promote, project: Path) -> None:
    assert promote("fraud/8", *MAIN, "--shadow")[0] == 0
    spec = project / "stacks/dev.yaml"
    spec.write_text(SPEC.replace("fraud/8", "fraud/10"), encoding="utf-8")
    problems = load(spec).problems
    assert {problem.path for problem in problems} == {"endpoints[0].shadow.model"}
    assert promote("fraud/10", *MAIN, "--shadow")[0] == 0
    assert load(spec).problems == ()


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("{", "", "valid JSON"),
        ("[]", "", "a record of releases"),
        ('{"platform": "other", "environment": "dev"}', "platform", "acme"),
        ('{"platform": "acme", "environment": "prod"}', "environment", "dev"),
        (
            '{"platform": "acme", "environment": "dev", "targets": {"aws": {"scorer": {"main": {"model": "fraud"}}}}}',
            "targets.aws.scorer.main",
            "",
        ),
    ],
)
def test_a_bad_record_names_its_file(project: Path, text: str, path: str, words: str) -> None:
    (project / "stacks/models").mkdir()
    (project / "stacks/models/dev.json").write_text(text, encoding="utf-8")
    problems = load(project / "stacks/dev.yaml").problems
    assert problems
    assert all(str(problem.file).endswith("models/dev.json") for problem in problems)
    assert any(problem.path.startswith(path) and words in problem.expected for problem in problems)
    assert all(problem.fix for problem in problems)


TO = ("--endpoint", "scorer", "--to", "dev", "--by", "ana")


def test_a_candidate_is_released_with_its_numbers(
    promote: Promote, candidate: Callable[..., Path], store: Store, project: Path
) -> None:
    assert promote("fraud/7", *MAIN)[0] == 0
    code, said = promote("--candidate", str(candidate(image="registry.example/fraud:7")), *TO)
    assert code == 0, said
    assert "aws, gcp, azure: fraud/9, beside fraud/7" in said
    assert "auc better 0.91 0.88 0.01" in said
    release = written(project)["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert (release["version"], release["run"], release["commit"]) == ("9", "r1", "abc")
    assert release["data_version"] == "2026-11"
    assert release["training"] == {"pipeline": "retrain"}, "an image without a digest may be another one by now"
    assert release["gates"] == GATES
    assert release["digests"]["model.bin"] == f"sha256:{hashlib.sha256(b'new').hexdigest()}"
    assert any(f"{project}/candidate-9/models/fraud/9" in command for command in store.commands)


def test_a_candidate_that_must_be_signed_off(promote: Promote, candidate: Callable[..., Path], project: Path) -> None:
    file = str(candidate(released=None, sign_off=["domain-expert", "model-risk"]))
    code, said = promote("--candidate", file, *TO, "--signed-off", "domain-expert=eve")
    assert code == 2
    assert "signed fraud/9 off as model-risk" in said
    code, said = promote("--candidate", file, *TO, "--signed-off", "model-risk")
    assert (code, "ROLE=NAME" in said) == (2, True)
    for wrong, words in (("owner=eve", "whom the gate asks for"), ("model-risk=eve", "model-risk twice")):
        signed = [word for one in ("model-risk=bo", "domain-expert=eve", wrong) for word in ("--signed-off", one)]
        code, said = promote("--candidate", file, *TO, *signed)
        assert (code, words in said) == (2, True), said
    code, said = promote("fraud/7", *MAIN, "--signed-off", "model-risk=bo")
    assert (code, "--candidate" in said) == (2, True)
    assert not (project / "models/dev.json").exists()
    signed = ("--signed-off", "model-risk=bo", "--signed-off", "domain-expert=eve")
    assert promote("--candidate", file, *TO, *signed)[0] == 0
    release = written(project)["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert {"name": "signed off as domain-expert", "by": "eve"} in release["gates"]
    assert {"name": "signed off as model-risk", "by": "bo"} in release["gates"]


def test_a_candidates_image_with_its_digest_is_in_the_record(
    promote: Promote, candidate: Callable[..., Path], project: Path
) -> None:
    image = f"registry.example/fraud@sha256:{'0' * 64}"
    assert promote("--candidate", str(candidate(released=None, image=image)), *TO)[0] == 0
    release = written(project)["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert release["training"] == {"pipeline": "retrain", "image": image}


def test_a_candidate_that_was_compared_with_another_model_is_refused(
    promote: Promote, candidate: Callable[..., Path], project: Path
) -> None:
    assert promote("fraud/8", *MAIN)[0] == 0
    code, said = promote("--candidate", str(candidate()), *TO)
    assert code == 2
    assert "fraud/9, which was compared with version 7" in said
    assert "a comparison with version 8" in said
    code, said = promote("--candidate", str(candidate(released=None)), *TO)
    assert code == 2
    assert "compared with no model" in said
    code, said = promote("--candidate", str(candidate()), *TO, "--overrule")
    assert code == 0
    assert "not passed, overruled by ana" in said
    release = written(project)["targets"]["aws"]["scorer"]["main"]  # type: ignore[index]
    assert release["gates"][-1] == {"name": "compared with the released model", "passed": False, "by": "ana"}


def test_a_first_release_and_a_shadow_need_no_comparison(promote: Promote, candidate: Callable[..., Path]) -> None:
    assert promote("--candidate", str(candidate()), *TO)[0] == 0
    assert promote("--candidate", str(candidate()), *TO)[0] == 0
    assert promote("--candidate", str(candidate("8", released="6")), *TO, "--shadow")[0] == 0


def test_only_the_files_that_were_judged_are_released(
    promote: Promote, candidate: Callable[..., Path], store: Store, project: Path
) -> None:
    file = candidate()
    (file.parent / "models/fraud/9/model.bin").write_bytes(b"changed")
    (file.parent / "models/fraud/9/more.bin").write_bytes(b"more")
    code, said = promote("--candidate", str(file), *TO)
    assert code == 2
    assert "in which model.bin, more.bin differ" in said
    assert store.commands == []
    code, said = promote("--candidate", str(candidate()), *TO, "--artifact", "fraud")
    assert code == 2
    assert "in which model.bin differ" in said


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"gates": []}, "gates"),
        ({"gates": [{"name": "auc", "passed": False, "by": "ana"}]}, "a pipeline registers no others"),
        ({"digests": {}}, "digests"),
        ({"version": "../9"}, "version"),
        ({"more": 1}, "more"),
        ({"compared": False}, "because nothing was compared"),
    ],
)
def test_a_bad_candidate_is_refused(
    promote: Promote, candidate: Callable[..., Path], project: Path, more: dict[str, object], words: str
) -> None:
    code, said = promote("--candidate", str(candidate()), *TO, "--dry-run")
    assert code == 0
    file = project / "candidate-9/candidate.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | more), encoding="utf-8")
    code, said = promote("--candidate", str(file), *TO)
    assert code == 2
    assert words in said
    assert not (project / "stacks/models").exists()


def test_what_the_candidate_says_is_not_said_twice(promote: Promote, candidate: Callable[..., Path]) -> None:
    code, said = promote("fraud/9", "--candidate", str(candidate()), *TO, "--run", "r2", "--data-version", "x")
    assert code == 2
    for option in ("MODEL/VERSION", "--run", "--data-version"):
        assert f"omit {option}" in said


def test_a_candidate_without_its_files_is_looked_for_in_the_store(
    promote: Promote, candidate: Callable[..., Path], store: Store, project: Path
) -> None:
    file = candidate()
    (file.parent / "models").rename(project / "elsewhere")
    assert "add --artifact PATH" in promote("--candidate", str(file), *TO)[1]
    for tool in ("aws", "gcloud", "az"):
        store.there[tool] = ["model.bin", "config/a.json"]
    assert promote("--candidate", str(file), *TO, "--check")[0] == 0


def test_nobody_goes_round_a_gate_in_silence(promote: Promote, gated: Path) -> None:
    gates = gated / "gates.json"
    gates.write_text('[{"name": "auc", "value": 0.91, "threshold": 0.9}]', encoding="utf-8")
    # neither by the version's name, nor with results that somebody wrote, nor on a target that trains nothing
    for more in ((), ("--gates", "gates.json"), ("--target", "gcp")):
        code, said = promote("fraud/7", *MAIN, *more)
        assert (code, "fraud/7 is gated by retrain" in said) == (2, True), said
    assert not (gated / "stacks/models/dev.json").exists()
    for reason in ("", "  ", "two\nlines", "x" * 401):
        code, said = promote("fraud/7", *MAIN, "--without-gate", reason)
        assert (code, "--without-gate" in said, "the reason in words" in said) == (2, True, True), said
    # what answers nobody needs no gate
    assert promote("fraud/8", *MAIN, "--shadow")[0] == 0


def test_a_written_reason_is_kept_in_record_and_audit(promote: Promote, gated: Path) -> None:
    code, said = promote("fraud/7", *MAIN, "--without-gate", "the first one, judged by the risk team")
    assert code == 0, said
    release = written(gated)["targets"]["gcp"]["scorer"]["main"]  # type: ignore[index]
    failed = {"name": "released without its gate", "passed": False, "by": "ana"}
    assert release["gates"][-1] == failed | {"reason": "the first one, judged by the risk team"}
    loaded = load(gated / "stacks/dev.yaml").spec
    assert loaded is not None
    assert loaded.record is not None
    changes = audited("dev", [RecordVersion("c", "2026-01-01", "ana", json.dumps(written(gated)))])
    (told,) = {each.overruled for each in changes}
    assert told == ("released without its gate (the first one, judged by the risk team)",)
    # the way back is a release that was decided before
    assert promote("fraud/9", *MAIN, "--without-gate", "again")[0] == 0
    assert promote("--back", "--endpoint", "scorer", "--to", "dev", "--by", "ben")[0] == 0


def test_a_reason_where_nothing_is_gated_is_refused(promote: Promote) -> None:
    code, said = promote("fraud/7", *MAIN, "--without-gate", "because")
    assert (code, "a model that the spec gates" in said) == (2, True), said


def test_a_candidate_of_another_pipeline_or_of_a_looser_gate_is_refused(
    promote: Promote, candidate: Callable[..., Path], gated: Path
) -> None:
    signed = ("--signed-off", "domain-expert=eve")

    def ours(**more: object) -> str:
        return str(candidate(**{"released": None, "sign_off": ["domain-expert"]} | more))

    code, said = promote("--candidate", ours(pipeline="mine"), *TO, *signed)
    assert (code, "one of retrain, whose gate the spec asks for" in said) == (2, True), said
    code, said = promote("--candidate", ours(sign_off=[]), *TO)
    assert (code, "asks for no sign-off as domain-expert" in said) == (2, True), said
    code, said = promote("--candidate", ours(), *TO, *signed, "--without-gate", "no")
    assert (code, "omit --without-gate" in said) == (2, True), said
    assert promote("--candidate", ours(), *TO, *signed)[0] == 0
