"""Notes on GitLab: https://docs.gitlab.com/api/notes/#merge-requests

A job's own CI_JOB_TOKEN may not write notes, so a project access token with the `api` scope is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import quote

from mlplatform.post.http import Api
from mlplatform.post.request import MissingEnvironment, ReviewRequest

TOKEN = "GITLAB_TOKEN"


def find_request(environment: Mapping[str, str]) -> ReviewRequest:
    """The merge request that a pipeline runs for.

    Raises:
        MissingEnvironment: the environment does not name it, or has no token.
    """
    names = {
        TOKEN: f"{TOKEN} (a project access token with the `api` scope; CI_JOB_TOKEN may not write notes)",
        "CI_API_V4_URL": "CI_API_V4_URL",
        "CI_PROJECT_ID": "CI_PROJECT_ID",
        "CI_MERGE_REQUEST_IID": "CI_MERGE_REQUEST_IID (the pipeline must run for a merge request)",
    }
    missing = [text for name, text in names.items() if not environment.get(name)]
    if missing:
        raise MissingEnvironment(missing)
    api = Api(environment["CI_API_V4_URL"].rstrip("/"), {"PRIVATE-TOKEN": environment[TOKEN]})
    project, number = (quote(environment[name], safe="") for name in ("CI_PROJECT_ID", "CI_MERGE_REQUEST_IID"))
    return _MergeRequest(api, f"/projects/{project}/merge_requests/{number}/notes")


class _MergeRequest(ReviewRequest):
    def __init__(self, api: Api, notes: str) -> None:
        super().__init__(api, f"{notes}?per_page=100&sort=asc", "PUT")
        self._notes = notes

    def author(self) -> str:
        return str(cast("dict[str, object]", self.api.call("GET", "/user").body).get("username", ""))

    def author_of(self, comment: Mapping[str, object]) -> str:
        return str(cast("dict[str, object]", comment.get("author") or {}).get("username", ""))

    def path_of(self, comment: Mapping[str, object]) -> str:
        return f"{self._notes}/{comment['id']}"

    def path_of_new(self) -> str:
        return self._notes

    def next_page(self, headers: Mapping[str, str]) -> str:
        following = headers.get("x-next-page", "")
        return f"{self._notes}?per_page=100&sort=asc&page={following}" if following.isdigit() else ""
