"""`.ci/stack` does what was reviewed or nothing: run with stand-ins for Pulumi, curl and the Python environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlplatform.cli.app import _COMMANDS as COMMANDS  # pyright: ignore[reportPrivateUsage]
from mlplatform.cli.commands.comment import command as comment
from mlplatform.post import gitlab

Files = Callable[..., dict[str, str]]
Run = Callable[..., subprocess.CompletedProcess[str]]

STEP = {
    "op": "update",
    "urn": "urn:pulumi:prod-aws::p::aws:s3/bucket:Bucket::data",
    "oldState": {"inputs": {"acl": "private"}},
    "newState": {"inputs": {"acl": "public-read"}},
}
PULUMI = """#!/usr/bin/env bash
token="$(cat "${AWS_WEB_IDENTITY_TOKEN_FILE:-/dev/null}")"
echo "pulumi $* as ${AWS_ROLE_ARN:-nobody} with $token on $PULUMI_BACKEND_URL" >>"$LOG"
if [ "$1" = preview ]; then cat "$PREVIEW"; fi
exit "${PULUMI_EXIT:-0}"
"""


@pytest.fixture
def run(tmp_path: Path, rendered: Files) -> Run:
    """Runs the script of GitHub's jobs in a project of its own."""
    made = {
        ".ci/stack": rendered("github")[".ci/stack"],
        "bin/pulumi": PULUMI,
        "bin/curl": '#!/usr/bin/env bash\necho "{\\"value\\": \\"token for ${*: -2:1}\\"}"\n',
        # the digest is the real one; everything else only tells that it was asked for
        ".venv/bin/mlplatform": "#!/usr/bin/env bash\n"
        f'if [ "$1" = digest ]; then exec {sys.executable} -m mlplatform "$@"; fi\n'
        'if [ "$1" = plan ]; then cat "$INNER"; exit; fi\n'
        'echo "mlplatform $*"\n',
        ".venv/bin/python": '#!/usr/bin/env bash\necho "$BIN/pulumi"\n',
    }
    for path, text in made.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        (tmp_path / path).chmod(0o755)
    (tmp_path / "preview.json").write_text(json.dumps({"steps": [STEP]}), encoding="utf-8")
    (tmp_path / "inner.json").write_text(json.dumps({"steps": []}), encoding="utf-8")

    def invoke(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "BIN": str(tmp_path / "bin"),
            "LOG": str(tmp_path / "log"),
            "PREVIEW": str(tmp_path / "preview.json"),
            "INNER": str(tmp_path / "inner.json"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.example",
            "PULUMI_STATE_PROD_AWS": "s3://state",
            "PULUMI_STATE_PROD_GCP": "gs://state",
            **environment,
        }
        return subprocess.run(
            ["bash", str(tmp_path / ".ci/stack"), *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=given,
            timeout=60,
        )

    return invoke


def test_an_update_does_what_was_reviewed(run: Run, tmp_path: Path) -> None:
    done = run("preview", "prod-aws")
    assert done.returncode == 0, done.stderr
    digest = (tmp_path / ".mlplatform/prod-aws.digest").read_text().strip()
    assert (tmp_path / "output").read_text() == f"digest={digest}\n"
    assert digest in (tmp_path / "summary").read_text()
    seen = (tmp_path / "log").read_text()
    assert "role/acme-ml-prod-preview with token for audience=sts.amazonaws.com on s3://state" in seen
    done = run("apply", "prod-aws", MLPLATFORM_DIGEST=digest)
    assert done.returncode == 0, done.stderr
    changed = (tmp_path / "log").read_text().removeprefix(seen).splitlines()
    assert [line.split()[1] for line in changed] == ["preview", "up"]
    assert "--skip-preview" in changed[1]
    assert all("role/acme-ml-prod-deploy" in line for line in changed)
    done = run("apply", "prod-aws", MLPLATFORM_DIGEST=digest, MLPLATFORM_UPDATE_PLAN="true")
    looked, changed = (tmp_path / "log").read_text().splitlines()[-2:]
    assert "--save-plan" in looked
    assert "--plan" in changed
    assert "--skip-preview" not in changed


def test_what_an_alarm_took_back_is_not_released_again(run: Run, tmp_path: Path) -> None:
    assert run("preview", "prod-aws").returncode == 0
    tool = tmp_path / ".venv/bin/mlplatform"
    refuses = 'if [ "$1" = releases ]; then echo "mlplatform $*"; exit 1; fi\n'
    tool.write_text(tool.read_text(encoding="utf-8").replace("bash\n", f"bash\n{refuses}", 1), encoding="utf-8")
    done = run("apply", "prod-aws")
    assert done.returncode == 1
    assert "mlplatform releases stacks/prod.py --target aws --fail-on taken-back" in done.stdout
    assert " up " not in (tmp_path / "log").read_text()
    assert run("apply", "prod-aws", MLPLATFORM_RELEASE_AGAIN="true").returncode == 0


def test_rollouts_are_followed_and_what_was_taken_back_is_proposed(run: Run) -> None:
    done = run("watch", "prod-aws")
    assert done.returncode == 0, done.stderr
    asked = (
        "mlplatform releases stacks/prod.py --target aws --fail-on taken-back --wait 180 --base main --propose github"
    )
    assert asked in done.stdout


def test_what_is_inside_the_cluster_is_applied_after_it_and_bound_by_the_same_digest(run: Run, tmp_path: Path) -> None:
    assert run("preview", "prod-gcp").returncode == 0
    done = run("apply", "prod-gcp")
    assert done.returncode == 0, done.stderr
    seen = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    ups = [words[words.index("--stack") + 1] for words in seen if words[1] == "up"]
    assert ups == ["prod-gcp", "prod-gcp-cluster"]
    # the script that it writes runs before the cluster's stack
    assert "mlplatform render images stacks/prod.py --target gcp --format script" in done.stdout
    other = {"steps": [{"op": "create", "urn": "urn:pulumi:prod-gcp-cluster::p::a:b:C::d", "newState": {"inputs": {}}}]}
    (tmp_path / "inner.json").write_text(json.dumps(other), encoding="utf-8")
    moved = run("apply", "prod-gcp")
    assert moved.returncode == 1
    assert "the changes are not those reviewed" in moved.stderr


def test_a_private_api_that_these_jobs_do_not_reach_is_told(run: Run, tmp_path: Path) -> None:
    assert run("preview", "prod-aws").returncode == 0
    done = run("apply", "prod-aws")
    assert "prod-aws-cluster is not applied from here" in done.stdout
    assert "prod-aws-cluster" not in (tmp_path / "log").read_text()


def test_the_record_is_copied_after_all_updates(run: Run, tmp_path: Path) -> None:
    assert run("preview", "prod-gcp").returncode == 0
    tool = tmp_path / ".venv/bin/mlplatform"
    said = tool.read_text("utf-8")
    tool.write_text(said + '\nif [ "$1" = copy-record ]; then echo "$*" >>"$LOG"; fi\n', encoding="utf-8")
    tool.chmod(0o755)
    done = run("apply", "prod-gcp")
    assert done.returncode == 0, done.stderr
    seen = (tmp_path / "log").read_text().splitlines()
    assert seen[-1] == "copy-record stacks/prod.py --target gcp"
    assert " up " in seen[-2]
    tool.write_text(
        '#!/usr/bin/env bash\n[ "$1" != copy-record ] || exit 1\n' + said.partition("\n")[2], encoding="utf-8"
    )
    assert run("apply", "prod-gcp").returncode == 1, "gates would go on with the copy of before"


def test_a_private_store_that_these_jobs_do_not_reach_is_told(run: Run) -> None:
    given = {
        "AZURE_DEPLOY_CLIENT_ID_PROD": "c",
        "AZURE_PREVIEW_CLIENT_ID_PROD": "c",
        "PULUMI_STATE_PROD_AZURE": "azblob://state?storage_account=a",
    }
    assert run("preview", "prod-azure", **given).returncode == 0
    done = run("apply", "prod-azure", **given)
    assert "the record of prod-azure is not copied from here: its store is private" in done.stdout, done.stderr
    assert "copy-record" not in done.stdout


def test_what_moved_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("preview", "prod-aws").returncode == 0
    moved = {"steps": [STEP, {**STEP, "op": "delete", "urn": f"{STEP['urn']}2", "newState": None}]}
    (tmp_path / "preview.json").write_text(json.dumps(moved), encoding="utf-8")
    done = run("apply", "prod-aws")  # the digest comes from the file, as on the other systems
    assert done.returncode == 1
    assert "the changes are not those reviewed" in done.stderr
    assert "pulumi up" not in (tmp_path / "log").read_text()


def test_nothing_is_applied_without_a_review(run: Run, tmp_path: Path) -> None:
    done = run("apply", "prod-aws")
    assert done.returncode == 1
    assert "no preview was reviewed" in done.stderr
    assert not (tmp_path / "log").exists()


def test_a_preview_that_fails_says_why_and_leaves_no_digest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "preview.json").write_text('{"diagnostics": [{"message": "denied"}]}', encoding="utf-8")
    done = run("preview", "prod-aws", PULUMI_EXIT="255")
    assert done.returncode == 1
    assert "denied" in done.stderr
    assert not (tmp_path / ".mlplatform/prod-aws.digest").exists()


def test_a_stack_without_state_or_name(run: Run, tmp_path: Path) -> None:
    done = run("preview", "prod-aws", PULUMI_STATE_PROD_AWS="")
    assert done.returncode == 0
    assert "nothing to compare with" in done.stdout
    assert run("preview", "nowhere").returncode == 2
    assert run("fly").returncode == 2
    done = run("drift", "prod-azure", PULUMI_STATE_PROD_AZURE="azblob://state")
    assert done.returncode != 0
    assert "AZURE_PREVIEW_CLIENT_ID_PROD: set this CI variable" in done.stderr
    assert not (tmp_path / "log").exists()


def test_drift_is_looked_for_in_both_stacks(run: Run, tmp_path: Path) -> None:
    done = run("drift", "prod-gcp")
    assert done.returncode == 0, done.stderr
    seen = (tmp_path / "log").read_text()
    assert "pulumi preview --stack prod-gcp --refresh --expect-no-changes" in seen
    assert "pulumi stack export --stack prod-gcp-cluster" in seen
    assert "--target gcp --layer cluster --exit-code" in done.stdout
    # what is not reached from here is not told as unchanged
    assert "-cluster" not in run("drift", "prod-aws").stdout


@pytest.mark.parametrize("which", ["preview", "export"])
def test_drift_of_one_stack_does_not_hide_that_of_the_other(run: Run, tmp_path: Path, which: str) -> None:
    pulumi = tmp_path / "bin/pulumi"
    pulumi.write_text(f'#!/usr/bin/env bash\necho "pulumi $*" >>"$LOG"\n[[ "$*" != *{which}* ]]\n', encoding="utf-8")
    done = run("drift", "prod-gcp")
    assert done.returncode == 1
    assert "pulumi stack export" in (tmp_path / "log").read_text()
    assert ("was not applied" in done.stderr) == (which == "export")


def test_what_the_state_has_inside_the_cluster_beside_the_spec_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".venv/bin/mlplatform").write_text('#!/usr/bin/env bash\n[ "$1" != diff ]\n', encoding="utf-8")
    assert run("drift", "prod-gcp").returncode == 1


def test_google_gets_a_document_that_points_to_the_token(run: Run, tmp_path: Path) -> None:
    pulumi = tmp_path / "bin/pulumi"
    pulumi.write_text('#!/usr/bin/env bash\ncat "$GOOGLE_APPLICATION_CREDENTIALS"\n', encoding="utf-8")
    done = run("drift", "prod-gcp", PULUMI_STATE_PROD_GCP="gs://state")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout.partition("mlplatform diff")[0])
    assert document["type"] == "external_account"
    assert document["credential_source"]["file"].endswith("/token")
    assert "$" not in done.stdout


def test_a_review_tells_everything_before_it_stops(run: Run, tmp_path: Path) -> None:
    assert run("review", "main").returncode == 0
    tool = tmp_path / ".venv/bin/mlplatform"
    tool.write_text('#!/usr/bin/env bash\necho "mlplatform $*"\n[ "$1" != risk ]\n', encoding="utf-8")
    done = run("review", "main")
    assert done.returncode == 1
    assert "stopped by: risk risk" in done.stderr
    assert "mlplatform check stacks/prod.py" in done.stdout
    assert "mlplatform cost main:stacks/prod.py stacks/prod.py --budget" in done.stdout
    forked = run("comment", "main", MAY_COMMENT="false")
    assert "--dry-run" in forked.stdout
    assert "--post github" in run("comment", "main").stdout


def test_the_script_calls_commands_that_there_are(rendered: Files) -> None:
    used = set(re.findall(r"(?:^|do) *mlplatform ([a-z]+) ", rendered("github")[".ci/stack"], re.MULTILINE))
    assert used <= set(COMMANDS)
    assert {"validate", "digest", "diff", "risk", "cost", "check", "comment"} <= used


@pytest.mark.parametrize("system", ["github", "gitlab", "circleci", "jenkins", "travis"])
def test_what_a_comment_is_asked_for_is_understood(system: str, rendered: Files, run: Run, tmp_path: Path) -> None:
    """Where the system's comments are known it is posted, elsewhere it is printed into the job's log."""
    (tmp_path / ".ci/stack").write_text(rendered(system)[".ci/stack"], encoding="utf-8")
    asked = run("comment", "main", **{gitlab.TOKEN: "t"}).stdout.split("mlplatform comment ", 1)[1].split()
    given = comment.make_context("comment", asked).params
    assert given["base"] == "main"
    assert given["specs"]
    assert given["post"] == (system if system in ("github", "gitlab") else None)
    assert given["dry_run"] is (given["post"] is None)
