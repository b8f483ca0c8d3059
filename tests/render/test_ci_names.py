"""What the pipelines name is what the platform makes, and nothing in them can be turned against the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
import yaml

from mlplatform.plan.model import Plan
from mlplatform.render.ci.pipeline import CiPipeline, PipelineRefused, arrange_pipeline
from mlplatform.spec.platform import PlatformSpec

from ..conftest import CLOUDS

Files = Callable[..., dict[str, str]]
Arranged = Callable[[str], CiPipeline]


def _inputs(plan: Plan, kind: str) -> list[dict[str, object]]:
    found = [dict(step.inputs) for step in plan.resources() if step.type.endswith(f":{kind}")]
    assert found, kind
    return found


def test_the_identity_that_pushes_is_the_platforms_own(arranged: Arranged, stack_plan: Callable[..., Plan]) -> None:
    logins = {stack.cloud: stack.logins["images"] for stack in arranged("github").stages[1].stacks}
    aws, gcp, azure = (stack_plan("prod", cloud) for cloud in CLOUDS)
    assert logins["aws"].identity.rpartition("/")[2] in {role.get("name") for role in _inputs(aws, "Role")}
    assert logins["gcp"].identity.partition("@")[0] in {each["accountId"] for each in _inputs(gcp, "Account")}
    (provider,) = _inputs(gcp, "WorkloadIdentityPoolProvider")
    (pool,) = _inputs(gcp, "WorkloadIdentityPool")
    named = (
        f"workloadIdentityPools/{pool['workloadIdentityPoolId']}/providers/{provider['workloadIdentityPoolProviderId']}"
    )
    assert logins["gcp"].audience.endswith(named)
    assert logins["azure"].audience in str(_inputs(azure, "FederatedIdentityCredential"))


def test_images_go_to_the_platforms_own_repositories(arranged: Arranged, stack_plan: Callable[..., Plan]) -> None:
    images = {stack.cloud: stack.logins["images"].images for stack in arranged("github").stages[1].stacks}
    plans = {cloud: stack_plan("prod", cloud) for cloud in CLOUDS}
    assert {each.partition("/")[2] for each in images["aws"].values()} <= {
        repository["name"] for repository in _inputs(plans["aws"], "Repository")
    }
    assert {each.split("/")[2] for each in images["gcp"].values()} <= {
        repository["repositoryId"] for repository in _inputs(plans["gcp"], "Repository")
    }
    (registry,) = _inputs(plans["azure"], "Registry")
    assert {each.partition(".")[0] for each in images["azure"].values()} == {registry["registryName"]}


def test_another_systems_identity_is_not_the_platforms(arranged: Arranged) -> None:
    # the stacks' specs trust GitHub
    for stack in arranged("jenkins").stacks:
        assert stack.logins["images"].identity != arranged("github").stages[0].stacks[0].logins["images"].identity
    assert arranged("jenkins").stages[0].stacks[0].logins["images"].identity.endswith("role/acme-ml-dev-images")


def test_promotion_goes_through_the_environments_in_order(rendered: Files) -> None:
    jobs = yaml.safe_load(rendered("github")[".github/workflows/platform.yml"])["jobs"]
    for cloud in CLOUDS:
        assert f"dev-{cloud}-apply" in jobs["prod-aws-preview"]["needs"]
        assert jobs[f"prod-{cloud}-apply"]["environment"] == "prod"
        assert jobs[f"prod-{cloud}-apply"]["concurrency"] == {
            "group": f"stack-prod-{cloud}",
            "cancel-in-progress": False,
        }
        assert "github.ref == 'refs/heads/main'" in jobs[f"prod-{cloud}-apply"]["if"]
    gitlab = yaml.safe_load(rendered("gitlab")[".gitlab-ci.yml"])
    assert gitlab["prod-gcp-apply"]["rules"][0]["when"] == "manual"
    assert "when" not in gitlab["dev-gcp-apply"]["rules"][0]
    assert gitlab["prod-gcp-apply"]["resource_group"] == "stack-prod-gcp"
    circle = yaml.safe_load(rendered("circleci")[".circleci/config.yml"])["workflows"]["change"]["jobs"]
    (apply,) = (
        job["apply"] for job in circle if isinstance(job, dict) and job.get("apply", {}).get("name") == "prod-aws-apply"
    )
    assert apply["requires"] == ["prod-aws-preview", "approve-prod"]


def test_a_fork_gets_nothing(rendered: Files) -> None:
    text = rendered("github")[".github/workflows/platform.yml"]
    workflow = yaml.safe_load(text)
    assert "pull_request_target" not in text
    assert "secrets." not in text
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["permissions"].keys() <= {"contents", "id-token", "pull-requests"}, name
        # a job that follows rollouts, or hands images on, makes the branch of a proposal, and nobody else writes
        assert job["permissions"]["contents"] == ("write" if name.endswith(("-watch", "-images")) else "read"), name
        if "id-token" in job["permissions"]:
            # a pull request's code is not reviewed yet, whoever wrote it
            after = re.search(r"needs\.(\S+-apply)\.result == 'success'", job["if"])
            condition = workflow["jobs"][after[1]]["if"] if after else job["if"]
            released = "github.ref == 'refs/heads/main'" in condition or "event_name == 'schedule'" in condition
            assert released, name
            assert "pull_request" not in job["if"].replace("github.event_name == 'push'", ""), name
        for step in job["steps"]:
            # a branch's or a title's text must never be part of a script
            assert "${{" not in step.get("run", ""), name
            assert re.fullmatch(r"(actions/[a-z-]+)@[0-9a-f]{40}", step.get("uses", "actions/none@" + "0" * 40))


def test_no_login_for_what_is_not_reviewed(rendered: Files, arranged: Arranged) -> None:
    """Jobs with a token of the job's identity run for the trusted branch and the daily check alone, on every system."""
    gitlab = yaml.safe_load(rendered("gitlab")[".gitlab-ci.yml"])
    tokens = {name: job for name, job in gitlab.items() if isinstance(job, dict) and "id_tokens" in job}
    assert len(tokens) == 30
    for name, job in tokens.items():
        for rule in job["rules"]:
            assert '$CI_COMMIT_BRANCH == "main"' in rule["if"] or '== "schedule"' in rule["if"], name
    jobs = yaml.safe_load(rendered("circleci")[".circleci/config.yml"])["workflows"]["change"]["jobs"]
    for entry in (job for each in jobs if isinstance(each, dict) for job in each.values() if "context" in job):
        assert entry["filters"] == {"branches": {"only": "main"}}, entry["name"]
    assert "CHANGE_ID" not in rendered("jenkins")["Jenkinsfile"]
    for system in ("github", "gitlab", "jenkins"):
        for stack in arranged(system).stacks:
            assert not [each for each in stack.subjects["preview"] if "pull_request" in each or "*" in each]


@pytest.mark.parametrize("system", ["github", "gitlab", "jenkins", "circleci", "travis"])
def test_no_image_or_action_floats(system: str, rendered: Files) -> None:
    for path, text in rendered(system).items():
        for image in re.findall(r"image:? ['\"]?([a-z]+:[^\s'\"]+)", text):
            assert "@sha256:" in image or image == "ubuntu-2404:2024.11.1", path
        for key in ("AWS_SECRET_ACCESS_KEY", "ARM_CLIENT_SECRET", "private_key"):
            assert key not in text


def test_what_a_system_lacks_stands_in_its_files(rendered: Files) -> None:
    for text in rendered("travis").values():
        assert "# Not on Travis CI: previews, updates, drift checks" in text
    assert "Not on" not in rendered("github")[".ci/stack"]


def test_specs_that_make_no_pipeline(stack_spec: Callable[[str], PlatformSpec]) -> None:
    dev, prod = stack_spec("dev"), stack_spec("prod")
    file = PurePosixPath("x.py")
    with pytest.raises(PipelineRefused, match="environment dev: got more than one spec"):
        arrange_pipeline("github", [(file, dev), (file, dev)])
    with pytest.raises(PipelineRefused, match="platform: got acme-ml, other"):
        arrange_pipeline("github", [(file, dev), (file, prod.overlay(name="other"))])
    ci = prod.access.ci
    assert ci is not None
    moved = prod.overlay(access=prod.access.overlay(ci=ci.overlay(branch="release")))
    with pytest.raises(PipelineRefused, match=r"access\.ci\.branch: got main, release"):
        arrange_pipeline("github", [(file, dev), (file, moved)])
