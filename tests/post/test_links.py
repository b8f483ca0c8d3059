"""Addresses of a job and of its report, as the systems document them."""

from __future__ import annotations

import pytest

from mlplatform.post.links import job_address, report_address

GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/ml", "GITHUB_RUN_ID": "12"}
GITLAB = {"CI_JOB_URL": "https://git.acme.example/ml/-/jobs/7"}


@pytest.mark.parametrize(
    ("environment", "report", "job", "address"),
    [
        (GITHUB, "out/report.html", "https://github.com/acme/ml/actions/runs/12", "{job}#artifacts"),
        (GITLAB, "./out/my report.html", GITLAB["CI_JOB_URL"], "{job}/artifacts/file/out/my%20report.html"),
        (GITLAB, "https://pages.example/r.html", GITLAB["CI_JOB_URL"], "https://pages.example/r.html"),
        ({}, "report.html", "", ""),
        ({"CI_JOB_URL": "javascript:alert(1)"}, "report.html", "", ""),
        ({**GITHUB, "GITHUB_REPOSITORY": "a/b) [x](https://evil.example"}, "", "", ""),
    ],
)
def test_addresses(environment: dict[str, str], report: str, job: str, address: str) -> None:
    assert job_address(environment) == job
    assert report_address(report, environment) == address.replace("{job}", job)
