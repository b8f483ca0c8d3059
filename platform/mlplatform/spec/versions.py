"""What changed in the format of specs: data for messages and for `mlplatform migrate`."""

from __future__ import annotations

from mlplatform.fast.record import record

CURRENT = 2
"""Version of the present format; what a spec without `spec_version` is of."""


@record()
class Rename:
    """A field that has another name since some version."""

    since: int
    """First version with the present name."""

    model: str
    """Class of the model it belongs to."""

    path: str
    """Where it stood, without positions: `endpoints.environment`."""

    to: str
    """Its present name."""

    reason: str
    """Why."""

    @property
    def name(self) -> str:
        """Its former name."""
        return self.path.rpartition(".")[2]


RENAMES = (
    Rename(
        since=2,
        model="EndpointSpec",
        path="endpoints.environment",
        to="env",
        reason="a platform's `environment` is dev or prod, an endpoint's were the variables of its container",
    ),
)
"""Every rename, oldest first. Resources follow no field's name: where one ever does, its alias stands beside it."""


def renamed(model: str, name: str) -> Rename | None:
    """The rename of a field by its model and former name."""
    return next((rename for rename in RENAMES if (rename.model, rename.name) == (model, name)), None)


def of_another_version(version: object) -> tuple[str, str]:
    """What is accepted instead of a version, and what to do."""
    if isinstance(version, int) and version > CURRENT:
        return f"at most {CURRENT}: the spec was written for a later mlplatform", "pip install --upgrade mlplatform"
    if isinstance(version, int) and version > 0:
        return f"{CURRENT}: the spec is of an earlier version", "rewrite it: `mlplatform migrate SPEC`"
    return f"{CURRENT}", f"write {CURRENT}, or remove it"
