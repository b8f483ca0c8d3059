"""A repository with several platforms: files where the system reads them, the folder in every step, no shared names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mlplatform.render.ci.files import missing_include, render_files
from mlplatform.render.ci.ignored import ignoring
from mlplatform.render.ci.lock import LockRefused, require_lock
from mlplatform.render.ci.pipeline import CiPipeline
from mlplatform.render.ci.place import ProjectPlace, find_place
from mlplatform.render.templates import TemplateRefused
from tests.render.conftest import NESTED

Files = Callable[..., dict[str, str]]
FOLDER = "platforms/team-a"


def test_files_are_where_the_system_reads_them(nested: Files) -> None:
    script = f"{FOLDER}/.ci/stack"
    assert set(nested("github")) == {".github/workflows/platform-platforms--team-a.yml", script}
    assert set(nested("jenkins")) == {f"{FOLDER}/Jenkinsfile", script}
    assert set(nested("gitlab")) == {
        ".gitlab-ci.yml",
        ".gitlab/platform-platforms--team-a.yml",
        f"{FOLDER}/.gitlab-ci.yml",
        script,
    }


@pytest.mark.parametrize("system", ["circleci", "travis"])
def test_a_system_with_one_file_is_refused(system: str, arranged: Callable[[str], CiPipeline]) -> None:
    with pytest.raises(
        TemplateRefused, match=rf"--system {system}: got a project in the folder platforms/team-a .* root"
    ):
        render_files(system, arranged(system), NESTED)


def test_every_step_runs_in_the_folder(nested: Files) -> None:
    workflow = yaml.safe_load(nested("github")[".github/workflows/platform-platforms--team-a.yml"])
    assert workflow["defaults"]["run"]["working-directory"] == FOLDER
    triggers = workflow[True]  # `on`, as YAML 1.1 reads it
    expected = [f"{FOLDER}/**", ".github/workflows/platform-platforms--team-a.yml", "shared/**"]
    assert triggers["pull_request"]["paths"] == triggers["push"]["paths"] == expected
    for path in (f"{FOLDER}/.gitlab-ci.yml", f"{FOLDER}/Jenkinsfile"):
        text = nested("gitlab" if path.endswith("yml") else "jenkins")[path]
        # neither the script nor what it writes is looked for in the repository's root
        assert not re.findall(r"(?<![\w/])\.(?:ci/stack|mlplatform/)", text), path
        assert f"bash {FOLDER}/.ci/stack preview prod-aws" in text


def test_gitlab_starts_a_child_pipeline(nested: Files) -> None:
    files = nested("gitlab")
    assert yaml.safe_load(files[".gitlab-ci.yml"]) == {"include": [{"local": ".gitlab/platform-*.yml"}]}
    job = yaml.safe_load(files[".gitlab/platform-platforms--team-a.yml"])["platform-platforms--team-a"]
    assert job["trigger"]["include"] == f"{FOLDER}/.gitlab-ci.yml"
    assert job["rules"][0]["changes"] == [f"{FOLDER}/**/*", ".gitlab/platform-platforms--team-a.yml", "shared/**"]
    # in a child pipeline the source is `parent_pipeline`: a rule on it never holds
    assert "$CI_PIPELINE_SOURCE" not in files[f"{FOLDER}/.gitlab-ci.yml"]
    assert job["variables"] == {"MLPLATFORM_SOURCE": "$CI_PIPELINE_SOURCE"}


def test_two_platforms_share_no_name(nested: Files, rendered: Files) -> None:
    """Locks, environments, credentials and variables hold for the whole repository, and some for the whole system."""
    for system, path, plain in (
        ("github", ".github/workflows/platform-platforms--team-a.yml", ".github/workflows/platform.yml"),
        ("gitlab", f"{FOLDER}/.gitlab-ci.yml", ".gitlab-ci.yml"),
        ("jenkins", f"{FOLDER}/Jenkinsfile", "Jenkinsfile"),
    ):
        names = [
            set(re.findall(r"(?:resource_group: |group: |resource: '|credentialsId: '|    name: |vars\.)(\S+)", text))
            for text in (nested(system)[path], rendered(system)[plain])
        ]
        assert names[0], system
        assert not names[0] & names[1], system
    script = nested("gitlab")[f"{FOLDER}/.ci/stack"]
    assert "${PULUMI_STATE_PROD_AWS_PLATFORMS__TEAM_A:-}" in script
    assert "${AZURE_DEPLOY_CLIENT_ID_PROD_PLATFORMS__TEAM_A:?" in script
    assert not re.findall(r"AZURE_\w+_CLIENT_ID_PROD\b", script)


def test_the_place_is_found_and_names_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    assert find_place(tmp_path / "a").folder == ""
    (tmp_path / ".git").mkdir()
    assert find_place(tmp_path / "a/b") == ProjectPlace(root=tmp_path, folder="a/b")
    assert find_place(tmp_path) == ProjectPlace(root=tmp_path)
    slugs = {ProjectPlace(root=tmp_path, folder=each).slug for each in ("a/b", "a--b", "a-b", "a/-b", "a-/b", "a---b")}
    assert len(slugs) == 6
    with pytest.raises(TemplateRefused, match="expected a folder that holds the project"):
        find_place(tmp_path, tmp_path / "a")
    (tmp_path / "my team").mkdir()
    with pytest.raises(TemplateRefused, match="rename the folder"):
        find_place(tmp_path / "my team")


def test_a_root_file_of_the_users_is_left_and_what_it_lacks_is_told(
    tmp_path: Path, arranged: Callable[[str], CiPipeline]
) -> None:
    place = ProjectPlace(root=tmp_path, folder="a")
    assert missing_include("gitlab", place) == ""
    (tmp_path / ".gitlab-ci.yml").write_text("mine: {script: make}\n", encoding="utf-8")
    assert "add\ninclude:\n  - local: .gitlab/platform-*.yml" in missing_include("gitlab", place)
    settings = type(NESTED)(command="…", place=place)
    assert ".gitlab-ci.yml" not in [file.path for file in render_files("gitlab", arranged("gitlab"), settings)]
    (tmp_path / ".gitlab-ci.yml").write_text("include: {local: .gitlab/platform-a.yml}\n", encoding="utf-8")
    assert missing_include("gitlab", place) == ""


def test_gitignore_gets_what_it_lacks_and_keeps_the_rest(tmp_path: Path) -> None:
    place = ProjectPlace(root=tmp_path, folder="a")
    (tmp_path / "a").mkdir()
    file = tmp_path / "a/.gitignore"
    first = ignoring(place)
    assert first is not None
    assert {".mlplatform/", ".venv/", "__pycache__/"} <= set(first.splitlines())
    file.write_text(first, encoding="utf-8")
    assert ignoring(place) is None
    file.write_bytes(b"\xff\xfe mine")
    with pytest.raises(TemplateRefused, match="cannot be read as UTF-8"):
        ignoring(place)
    assert file.read_bytes() == b"\xff\xfe mine"
    # a file above holds too, and other spellings of a line
    (tmp_path / ".gitignore").write_text("**/.venv\n__pycache__\n", encoding="utf-8")
    file.write_text("mine\n", encoding="utf-8")
    added = ignoring(place)
    assert added is not None
    assert added.startswith("mine\n\n# mlplatform")
    assert ".venv" not in added
    # a block of an earlier version grows, and what stands below it stays
    file.write_text(added.replace(".mlplatform/", "old/") + "below\n", encoding="utf-8")
    again = ignoring(place)
    assert again is not None
    assert again.splitlines() == [
        "mine",
        "",
        "# mlplatform: what its commands write",
        "old/",
        ".mlplatform/",
        "# mlplatform: end",
        "",
        "below",
    ]


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    "lock",
    [
        f"mlplatform[aws]==0.1.0 {HASH}\npulumi==3.272.0 \\\n    {HASH} \\\n    {HASH}\n",
        f"--index-url https://index.example\n# tools\n./wheels/mlplatform-0.1.0-py3-none-any.whl {HASH}  # ours\n",
        f"mlplatform @ https://index.example/mlplatform-0.1.0-py3-none-any.whl {HASH}\n",
    ],
)
def test_a_lock_with_the_tool_and_hashes(lock: str, tmp_path: Path) -> None:
    (tmp_path / "ci.txt").write_text(lock, encoding="utf-8")
    require_lock(tmp_path, "ci.txt")


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        (None, "cannot be read"),
        ("", "mlplatform is not in it"),
        (f"mlplatform-extras==1 {HASH}\n", "mlplatform is not in it"),
        (f"mlplatform==0.1.0\npulumi==3.272.0 {HASH}\n", "got 'mlplatform==0.1.0' without --hash"),
        (f"# mlplatform==0.1.0 {HASH}\n", "mlplatform is not in it"),
    ],
)
def test_another_lock_is_refused(lock: str | None, words: str, tmp_path: Path) -> None:
    if lock is not None:
        (tmp_path / "ci.txt").write_text(lock, encoding="utf-8")
    with pytest.raises(LockRefused, match=re.escape(words)):
        require_lock(tmp_path, "ci.txt")
    with pytest.raises(LockRefused, match="on no public index yet"):
        require_lock(tmp_path, "")
