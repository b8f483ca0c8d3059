"""A push asks the doors of pipelines for runs, when its images are there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from mlplatform.render.ci.files import render_files
from mlplatform.render.ci.pipeline import arrange_pipeline

from ..pipelines.fraud import platform
from ..pipelines.test_triggers import triggered
from .conftest import FULL, PLAIN

CI = {"system": "github", "repository": "acme/ml", "branch": "main"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TREE = "89abcdef0123456789abcdef0123456789abcdef"


def _script(full: bool = True, **triggers: object) -> str:
    spec = platform("aws", pipelines=(triggered(**triggers),), access={"ci": CI})
    arranged = arrange_pipeline("github", [(PurePosixPath("stacks/dev.py"), spec)])
    files = render_files("github", arranged, FULL if full else PLAIN)
    return next(file.text for file in files if file.path == ".ci/stack")


def test_only_a_pipeline_that_this_branch_starts_is_asked_for() -> None:
    assert "mlplatform retrain" in _script(branch="main")
    for other in ({"branch": "release"}, {"branch": "main", "enabled": False}, {}, {"branch": "main", "full": False}):
        assert "mlplatform retrain" not in _script(**other), other  # type: ignore[arg-type]


def test_the_door_is_asked_when_the_images_are_there(tmp_path: Path) -> None:
    made = {
        ".ci/stack": _script(branch="main"),
        "bin/git": f'if [[ "$*" == *HEAD:./* ]]; then echo {TREE}; else echo {COMMIT}; fi\n',
        "bin/docker": 'echo "docker $*" >>"$LOG"\n'
        'if [ "$1" = run ] && [ -n "${HOLE:-}" ]; then exit 1; fi\nif [ "$1" = login ]; then cat >/dev/null; fi\n'
        'if [ "$1 $2" = "image inspect" ]; then\n'
        '  if [[ "$*" == *sources* ]]; then echo "${SOURCES:-}"; exit; fi\n'
        '  echo "other.example/training@sha256:00"; echo "${!#%:*}@sha256:abc123"\nfi\n'
        '[ "$1 $2" != "manifest inspect" ]\n',
        "bin/aws": "echo password\n",
        "bin/curl": 'echo "{\\"value\\": \\"token\\"}"\n',
        ".venv/bin/mlplatform": 'echo "mlplatform $*" >>"$LOG"\n',
        "images/training/Dockerfile": "",
        "stacks/dev.py": "",
    }
    for path, text in made.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if path == ".ci/stack" else f"#!/usr/bin/env bash\n{text}", "utf-8")
        file.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LOG": str(tmp_path / "log"),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://tokens.example",
        "PULUMI_STATE_DEV_AWS": "s3://state",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }

    def run() -> subprocess.CompletedProcess[str]:
        words = ["bash", str(tmp_path / ".ci/stack"), "images", "dev-aws"]
        return subprocess.run(words, check=False, capture_output=True, text=True, env=environment, timeout=60)

    done = run()
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    asked = (
        "mlplatform retrain fraud-retrain stacks/dev.py --target aws --reason code --branch main "
        f"--key {COMMIT} --by CI --send"
    )
    assert lines[-1] == asked, lines
    done_by = [line.split()[1] for line in lines if line.startswith("docker")]
    assert done_by.index("save") < done_by.index("run") < done_by.index("push"), "it is looked at before it is pushed"
    (scanned,) = (line for line in lines if line.startswith("docker run"))
    assert re.search(r"aquasec/trivy:\S+@sha256:[0-9a-f]{64} image --input /scan/image.tar", scanned)
    assert "--severity CRITICAL --exit-code 1" in scanned
    assert "docker.sock" not in scanned, "what looks at an image gets no more than its files"
    said = (tmp_path / ".mlplatform/images/dev-aws").read_text("utf-8")
    assert said == "training=123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/training@sha256:abc123\n"
    assert said in done.stdout
    handed = f"images<<end-of-images\n{said}end-of-images\n"
    assert (tmp_path / "output").read_text("utf-8") == handed
    assert any(line.startswith("docker build") and f"dev.mlplatform.sources={TREE}" in line for line in lines)
    named = "mlplatform name-images stacks/dev.py --images .mlplatform/images/dev-aws --base main --propose github"
    assert lines[-2] == named, "the specs get the digest without a hand"
    # the same files are no other image: a proposal that is merged does not lead to the next one
    address = "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-ml-dev/training"
    (tmp_path / "stacks/dev.py").write_text(f'image="{address}@sha256:{"a" * 64}"\n', "utf-8")
    for sources, built in ((TREE, False), ("other", True)):
        environment["SOURCES"] = sources
        (tmp_path / "log").unlink()
        done = run()
        assert done.returncode == 0, done.stderr
        text = (tmp_path / "log").read_text("utf-8")
        assert ("docker build" in text) is built
        assert (f"docker tag {address}@sha256:{'a' * 64} training:{COMMIT}" in text) is not built
    # an image with a known hole is not pushed, and nobody trains with it; a reviewed file tells what is accepted
    (tmp_path / "log").unlink()
    (tmp_path / "images/training/.trivyignore.yaml").write_text("vulnerabilities: []\n", "utf-8")
    environment["HOLE"] = "CVE-2026-1"
    assert run().returncode != 0
    text = (tmp_path / "log").read_text("utf-8")
    assert "--ignorefile /scan/ignored.yaml" in text
    assert "push" not in text
    assert "retrain" not in text
    # an image that is not there is not trained with
    refuses = '#!/usr/bin/env bash\nif [ "$1" = login ]; then cat >/dev/null; else exit 1; fi\n'
    (tmp_path / "bin/docker").write_text(refuses, "utf-8")
    (tmp_path / "log").unlink()
    assert run().returncode != 0
    assert not (tmp_path / "log").exists()


HANDED = {"gitlab": "artifacts:", "circleci": "persist_to_workspace", "jenkins": "stash name: 'images-dev-aws'"}


@pytest.mark.parametrize("system", HANDED)
def test_each_system_keeps_the_digests_for_what_comes_after(system: str) -> None:
    arranged = arrange_pipeline(system, [(PurePosixPath("stacks/dev.py"), platform("aws", access={"ci": CI}))])
    files = {file.path: file.text for file in render_files(system, arranged, FULL)}
    own = next(text for path, text in files.items() if path != ".ci/stack" and ".ci/stack images" in text)
    assert HANDED[system] in own.split(".ci/stack images", 1)[1], own
    assert ".mlplatform/images" in own
