"""A change of one file as a pull or merge request: a branch with one commit, made by the host's own API.

So a job needs no key for `git push`, and the host signs the commit.
https://docs.github.com/rest/repos/contents, https://docs.gitlab.com/api/commits/
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Literal, cast
from urllib.parse import quote

from mlplatform.fast.record import record
from mlplatform.post.http import Api, ApiRefused
from mlplatform.post.request import MissingEnvironment

Host = Literal["github", "gitlab"]
"""Who has the code."""


@record(kw_only=True)
class Proposal:
    """A change of one file that somebody shall review."""

    branch: str
    """Name of the new branch. The same change has the same name, so that it is proposed once."""

    base: str
    """The branch that it shall be merged into."""

    path: str
    """The file, relative to the repository."""

    text: str
    """Its new content."""

    title: str
    """Title of the request, and of the commit."""

    body: str
    """What a reviewer must know."""


def propose(host: Host, proposal: Proposal, environment: Mapping[str, str]) -> str:
    """Open the request; returns its address, or an empty text where it is open already.

    Raises:
        MissingEnvironment: the job's environment names no repository, or has no token.
        mlplatform.post.http.ApiRefused: the host refused it, or could not be reached.
    """
    return _on_github(proposal, environment) if host == "github" else _on_gitlab(proposal, environment)


def _on_github(proposal: Proposal, environment: Mapping[str, str]) -> str:
    _require(environment, {"GITHUB_TOKEN": "GITHUB_TOKEN", "GITHUB_REPOSITORY": "GITHUB_REPOSITORY"})
    headers = {"Authorization": f"Bearer {environment['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"}
    api = Api(environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"), headers)
    repository, path = f"/repos/{environment['GITHUB_REPOSITORY']}", quote(proposal.path)
    head = _fields(api.call("GET", f"{repository}/git/ref/heads/{quote(proposal.base)}").body)
    sha = str(_fields(head.get("object")).get("sha", ""))
    try:
        api.call("POST", f"{repository}/git/refs", {"ref": f"refs/heads/{proposal.branch}", "sha": sha})
    except ApiRefused as refused:
        # the branch is there: somebody was told before
        if refused.status == 422:
            return ""
        raise
    there = _fields(api.call("GET", f"{repository}/contents/{path}?ref={quote(proposal.base, safe='')}").body)
    content = base64.b64encode(proposal.text.encode()).decode()
    change = {"message": proposal.title, "content": content, "branch": proposal.branch}
    api.call("PUT", f"{repository}/contents/{path}", {**change, "sha": str(there.get("sha", ""))})
    request = {"title": proposal.title, "body": proposal.body, "head": proposal.branch, "base": proposal.base}
    return str(_fields(api.call("POST", f"{repository}/pulls", request).body).get("html_url", ""))


def _on_gitlab(proposal: Proposal, environment: Mapping[str, str]) -> str:
    token = "GITLAB_TOKEN (a project access token with the `api` scope)"
    _require(environment, {"GITLAB_TOKEN": token, "CI_API_V4_URL": "CI_API_V4_URL", "CI_PROJECT_ID": "CI_PROJECT_ID"})
    api = Api(environment["CI_API_V4_URL"].rstrip("/"), {"PRIVATE-TOKEN": environment["GITLAB_TOKEN"]})
    project = f"/projects/{quote(environment['CI_PROJECT_ID'], safe='')}"
    action = {"action": "update", "file_path": proposal.path, "content": proposal.text}
    commit = {
        "branch": proposal.branch,
        "start_branch": proposal.base,
        "commit_message": proposal.title,
        "actions": [action],
    }
    try:
        api.call("POST", f"{project}/repository/commits", commit)
    except ApiRefused as refused:
        if refused.status == 400 and "exist" in str(refused):
            return ""
        raise
    request = {
        "source_branch": proposal.branch,
        "target_branch": proposal.base,
        "title": proposal.title,
        "description": proposal.body,
        "remove_source_branch": True,
    }
    return str(_fields(api.call("POST", f"{project}/merge_requests", request).body).get("web_url", ""))


def _require(environment: Mapping[str, str], names: Mapping[str, str]) -> None:
    missing = [text for name, text in names.items() if not environment.get(name)]
    if missing:
        raise MissingEnvironment(missing)


def _fields(body: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", body) if isinstance(body, dict) else {}
