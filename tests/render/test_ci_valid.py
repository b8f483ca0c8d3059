"""Every rendered pipeline is valid by its own system's checker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import pytest

from mlplatform.render.ci.files import render_files
from mlplatform.render.ci.pipeline import arrange_pipeline
from mlplatform.render.ci.system import systems
from mlplatform.spec.platform import PlatformSpec

from .conftest import PLAIN
from .declarative import problems

Files = Callable[..., dict[str, str]]

SCHEMAS = {
    ("github", ".github/workflows/platform.yml"): ["vendor.github-workflows"],
    ("gitlab", ".gitlab-ci.yml"): ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    ("circleci", ".circleci/config.yml"): ["vendor.circle-ci"],
    ("travis", ".travis.yml"): ["vendor.travis"],
}
BIN = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    # asked for by name, a tool of the tests' own environment is not on everybody's PATH
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
    )


def keep(files: dict[str, str], folder: Path) -> Sequence[Path]:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [folder / path for path in files]


@pytest.mark.parametrize(("system", "path"), SCHEMAS)
def test_schema(system: str, path: str, rendered: Files, nested: Files, tmp_path: Path) -> None:
    files = [*keep(rendered(system), tmp_path / "full"), *keep(rendered(system, False), tmp_path / "plain")]
    if system in ("github", "gitlab"):
        files += keep(nested(system), tmp_path / "nested")
    done = run(
        "check-jsonschema", "--builtin-schema", *SCHEMAS[system, path], *(str(f) for f in files if f.name != "stack")
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schemas_refuse_what_is_wrong(rendered: Files, tmp_path: Path) -> None:
    text = rendered("github")[".github/workflows/platform.yml"].replace("runs-on:", "runs-where:", 1)
    keep({"broken.yml": text}, tmp_path)
    done = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(tmp_path / "broken.yml"))
    assert done.returncode == 1


def test_the_scripts_have_nothing_a_shell_checker_minds(
    rendered: Files, nested: Files, stack_spec: Callable[[str], PlatformSpec], tmp_path: Path
) -> None:
    # what differs between the systems is a few functions: one whole script, and every system's for a single stack
    small = [(PurePosixPath("dev.py"), stack_spec("dev").on("aws"))]
    scripts = {"whole": rendered("github")[".ci/stack"]}
    for system in systems():
        files = {file.path: file.text for file in render_files(system, arrange_pipeline(system, small), PLAIN)}
        scripts[system] = files[".ci/stack"]
    scripts["nested"] = nested("gitlab")["platforms/team-a/.ci/stack"]
    assert len(scripts) == 7
    done = run("shellcheck", "--shell=bash", *map(str, keep(scripts, tmp_path)))
    assert done.returncode == 0, done.stdout


def test_the_workflow_has_nothing_an_audit_minds(rendered: Files, nested: Files, tmp_path: Path) -> None:
    keep(rendered("github"), tmp_path)
    keep(nested("github"), tmp_path)
    file, below = (tmp_path / f".github/workflows/platform{name}.yml" for name in ("", "-platforms--team-a"))
    audit = ("zizmor", "--offline", "--no-progress", "--min-severity", "low", "--persona", "auditor")
    done = run(*audit, str(file), str(below))
    assert done.returncode == 0, done.stdout
    file.write_text(file.read_text(encoding="utf-8").replace("          persist-credentials: false\n", ""), "utf-8")
    assert run("zizmor", "--offline", "--no-progress", str(file)).returncode != 0


def test_actionlint(rendered: Files, tmp_path: Path) -> None:
    if shutil.which("actionlint") is None:
        pytest.skip("no `actionlint` on PATH: https://github.com/rhysd/actionlint")
    for full in (True, False):
        keep(rendered("github", full), tmp_path)
        done = run("actionlint", str(tmp_path / ".github/workflows/platform.yml"))
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("full", [True, False], ids=["full", "plain"])
def test_the_jenkinsfile_is_declarative(full: bool, rendered: Files, nested: Files) -> None:
    assert problems(nested("jenkins")["platforms/team-a/Jenkinsfile"]) == []
    text = rendered("jenkins", full)["Jenkinsfile"]
    assert problems(text) == []
    assert problems(text.replace("stages {", "steps {", 1)) != []
    assert problems(text.replace("beforeAgent true", "afterAgent true", 1)) != []
    assert problems(text.rstrip().removesuffix("}")) != []


def test_groovy_parses_the_jenkinsfile(rendered: Files, tmp_path: Path) -> None:
    if shutil.which("groovy") is None:
        pytest.skip("no `groovy` on PATH: https://groovy.apache.org/download.html")
    keep(rendered("jenkins"), tmp_path)
    code = "new groovy.lang.GroovyShell().parse(new File(args[0]))"
    done = run("groovy", "-e", code, str(tmp_path / "Jenkinsfile"))
    assert done.returncode == 0, done.stdout + done.stderr
