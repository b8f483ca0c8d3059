"""A pull or merge request: the comment with our marker and author is updated, otherwise a new one is created."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from mlplatform.post.http import Api

MAX_PAGES = 50
"""Maximum pages of a hundred comments to search."""
Outcome = Literal["created", "updated", "unchanged"]


class MissingEnvironment(Exception):
    """Environment variables that posting needs and that are not set."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = tuple(missing)


class ReviewRequest(ABC):
    """One pull or merge request."""

    def __init__(self, api: Api, first_page: str, method: Literal["PATCH", "PUT"]) -> None:
        self.api = api
        self._first_page = first_page
        self._method = method

    def post(self, marker: str, text: str, *, former: str = "") -> Outcome:
        """Create the comment, or update the one with the marker.

        Args:
            marker: the first line of the text, which identifies the comment.
            text: the comment.
            former: the marker that an earlier version wrote: where no comment has the new one, the comment with the
                former one is updated instead of writing another. Omitted: none.

        Raises:
            mlplatform.post.http.ApiRefused: the platform refused it, or could not be reached.
        """
        known = self._find(marker, former)
        if known is None:
            self.api.call("POST", self.path_of_new(), {"body": text})
            return "created"
        if str(known.get("body", "")).strip() == text.strip():
            return "unchanged"
        self.api.call(self._method, self.path_of(known), {"body": text})
        return "updated"

    def _find(self, marker: str, former: str) -> Mapping[str, object] | None:
        # somebody may have quoted the marker; comments of other authors are left alone
        own_name = ""
        earlier: Mapping[str, object] | None = None
        for comment in self._comments():
            first = str(comment.get("body", "")).partition("\n")[0].strip()
            if first not in (marker, former) or not first:
                continue
            own_name = own_name or self.author()
            if self.author_of(comment) != own_name:
                continue
            if first == marker:
                return comment
            earlier = earlier or comment
        return earlier

    def _comments(self) -> Iterator[Mapping[str, object]]:
        path = self._first_page
        for _ in range(MAX_PAGES):
            response = self.api.call("GET", path)
            yield from cast("list[Mapping[str, object]]", response.body or [])
            path = self.next_page(response.headers)
            if not path:
                return

    @abstractmethod
    def author(self) -> str:
        """Name of the token's user."""

    @abstractmethod
    def author_of(self, comment: Mapping[str, object]) -> str:
        """Name of a comment's author."""

    @abstractmethod
    def path_of(self, comment: Mapping[str, object]) -> str:
        """Path to update a comment."""

    @abstractmethod
    def path_of_new(self) -> str:
        """Path to create a comment."""

    @abstractmethod
    def next_page(self, headers: Mapping[str, str]) -> str:
        """Path of the next page; empty after the last one."""
