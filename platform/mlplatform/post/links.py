"""Addresses of the job that runs, and of a report that it keeps: for the comment that the job writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`\\]{1,1000}")


def job_address(environment: Mapping[str, str]) -> str:
    """The page of the job that runs; empty outside of GitHub and GitLab.

    https://docs.github.com/actions/reference/workflows-and-actions/variables and
    https://docs.gitlab.com/ci/variables/predefined_variables/
    """
    if job := environment.get("CI_JOB_URL", ""):
        return _checked(job)
    server, repository, run = (
        environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    )
    return _checked(f"{server}/{repository}/actions/runs/{run}") if server and repository and run else ""


def report_address(report: str, environment: Mapping[str, str]) -> str:
    """The page of a report: the address itself, or the place of a file that the job keeps as an artefact.

    GitLab shows the file itself; GitHub lists the artefacts of a run, and people download them from there.

    Args:
        report: an address, or the file's path in the project; empty for none.
        environment: of the job.

    Returns:
        Empty where there is none, or a file's job is not known.
    """
    if not report or _ADDRESS.fullmatch(report):
        return report
    job = job_address(environment)
    if not job:
        return ""
    if environment.get("CI_JOB_URL"):
        return _checked(f"{job}/artifacts/file/{quote(report.removeprefix('./'))}")
    return f"{job}#artifacts"


def _checked(address: str) -> str:
    """The address, or nothing where it could be more than that in a comment."""
    return address if _ADDRESS.fullmatch(address) else ""
