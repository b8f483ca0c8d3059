"""Comments on GitHub: https://docs.github.com/rest/issues/comments"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from mlplatform.post.http import Api, ApiRefused
from mlplatform.post.request import MissingEnvironment, ReviewRequest

BOT = "github-actions[bot]"
"""Author of comments written with a workflow's own token."""


def find_request(environment: Mapping[str, str]) -> ReviewRequest:
    """The pull request that a workflow runs for.

    Raises:
        MissingEnvironment: the environment does not name it, or has no token.
    """
    repository, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
    number = _number(environment)
    missing = [
        text
        for text, present in (
            ("GITHUB_TOKEN (`github.token`, with `pull-requests: write`)", token),
            ("GITHUB_REPOSITORY (`owner/name`)", re.fullmatch(r"[\w.-]+/[\w.-]+", repository)),
            ("the pull request's number (GITHUB_EVENT_PATH or GITHUB_REF of a pull_request event)", number),
        )
        if not present
    ]
    if missing:
        raise MissingEnvironment(missing)
    api = Api(
        environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
        {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    return _Issue(api, f"/repos/{repository}", number)


def _number(environment: Mapping[str, str]) -> str:
    ref = re.fullmatch(r"refs/pull/(\d+)/\w+", environment.get("GITHUB_REF", ""))
    if ref:
        return ref[1]
    try:
        event: object = json.loads(Path(environment.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8"))
        number = cast("dict[str, dict[str, object]]", event)["pull_request"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(number) if isinstance(number, int) else ""


class _Issue(ReviewRequest):
    def __init__(self, api: Api, repository: str, number: str) -> None:
        super().__init__(api, f"{repository}/issues/{number}/comments?per_page=100", "PATCH")
        self._repository, self._number = repository, number

    def author(self) -> str:
        try:
            user = cast("dict[str, object]", self.api.call("GET", "/user").body)
        except ApiRefused as refused:
            # a workflow's token may not read its own user
            if refused.status in (401, 403):
                return BOT
            raise
        return str(user.get("login", ""))

    def author_of(self, comment: Mapping[str, object]) -> str:
        return str(cast("dict[str, object]", comment.get("user") or {}).get("login", ""))

    def path_of(self, comment: Mapping[str, object]) -> str:
        return f"{self._repository}/issues/comments/{comment['id']}"

    def path_of_new(self) -> str:
        return f"{self._repository}/issues/{self._number}/comments"

    def next_page(self, headers: Mapping[str, str]) -> str:
        links: Iterator[re.Match[str]] = re.finditer(r'<([^>]+)>;\s*rel="next"', headers.get("link", ""))
        return next((link[1] for link in links), "")
