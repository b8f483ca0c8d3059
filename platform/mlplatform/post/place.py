"""Where a comment goes: the one with our marker and of our own author is updated, else a new one is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from mlplatform.post.http import Api

MAX_PAGES = 50
"""Pages of a hundred comments that are looked through."""
Done = Literal["created", "updated", "unchanged"]


class NotSet(Exception):
    """The environment lacks what a request needs."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = tuple(missing)


class Place(ABC):
    """One pull or merge request."""

    def __init__(self, api: Api, first_page: str, method: Literal["PATCH", "PUT"]) -> None:
        self.api = api
        self._first_page = first_page
        self._method = method

    def put(self, marker: str, text: str) -> Done:
        """Write the comment, or update the one that carries the marker.

        Raises:
            mlplatform.post.http.Refused: the platform said no, or could not be reached.
        """
        found = self._find(marker)
        if found is None:
            self.api.call("POST", self.path_of_new(), {"body": text})
            return "created"
        if str(found.get("body", "")).strip() == text.strip():
            return "unchanged"
        self.api.call(self._method, self.path_of(found), {"body": text})
        return "updated"

    def _find(self, marker: str) -> Mapping[str, object] | None:
        # others may have quoted the marker, and their comments are not ours to change
        mine = ""
        for comment in self._comments():
            if str(comment.get("body", "")).startswith(marker):
                mine = mine or self.author()
                if self.written_by(comment) == mine:
                    return comment
        return None

    def _comments(self) -> Iterator[Mapping[str, object]]:
        path = self._first_page
        for _ in range(MAX_PAGES):
            answer = self.api.call("GET", path)
            yield from cast("list[Mapping[str, object]]", answer.body or [])
            path = self.next_page(answer.headers)
            if not path:
                return

    @abstractmethod
    def author(self) -> str:
        """Name under which the token writes."""

    @abstractmethod
    def written_by(self, comment: Mapping[str, object]) -> str:
        """Name of a comment's author."""

    @abstractmethod
    def path_of(self, comment: Mapping[str, object]) -> str:
        """Where a comment is updated."""

    @abstractmethod
    def path_of_new(self) -> str:
        """Where a comment is created."""

    @abstractmethod
    def next_page(self, headers: Mapping[str, str]) -> str:
        """Where the next comments are; empty after the last page."""
