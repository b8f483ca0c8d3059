"""What a backend proposes for the target of a new project."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.fast.record import record


@record(kw_only=True)
class FirstTarget:
    """The target of a new project: `mlplatform init` writes it where the user names nothing else."""

    fields: Mapping[str, str]
    """Fields of the target with a value that validates: a region with much to offer, and ids that no account has."""

    person: str = "a person or a group of this cloud"
    """What names a person or a group of this cloud in `people`, with an example."""

    image: str = ""
    """What stands between the address of an image repository and the tag: `/training` where a repository holds several
    images. Empty: the repository is the image."""

    @property
    def placeholders(self) -> Mapping[str, str]:
        """Fields without which nothing can be applied: those that name an account."""
        return {field: value for field, value in self.fields.items() if field not in ("region", "location")}
