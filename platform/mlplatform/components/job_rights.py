"""Which places of the store the identities of jobs may use: one table for the grants and for what is mounted."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform.spec.artifact_store import Place, StoreAccess

JOB_RIGHTS: Mapping[Place, StoreAccess] = {
    "pipelines": "write",
    "features": "write",
    "data": "read",
    "models": "read",
}
"""Of jobs in the platform's own namespace. What endpoints serve is in `models`: a release writes it, no job does."""

TEAM_RIGHTS: Mapping[Place, StoreAccess] = {
    "pipelines": "write",
    "data": "read",
    "features": "read",
    "models": "read",
}
"""Of a team's jobs; what they write is in a folder of their own. Only a release writes what endpoints serve: with that
right, each team could change the models of the others."""

PIPELINE_RIGHTS: Mapping[Place, StoreAccess] = {
    "pipelines": "write",
    "data": "write",
    "features": "write",
    "models": "read",
    "monitoring": "read",
}
"""Of the steps of pipelines: `ingest` fills the data, gates compare with the released model and read what people sent
to the endpoints. A candidate stays in `pipelines` until a release copies it to `models`."""


def team_folder(namespace: str) -> str:
    """The folder of a team in the places that it writes. Nobody else's jobs see it but those of the platform's own
    namespace: a checkpoint that another team could change is a program that runs with this team's rights."""
    return f"checkpoints/{namespace}"


def places_with(rights: Mapping[Place, StoreAccess], access: StoreAccess) -> tuple[Place, ...]:
    """The places on which the rights are exactly these."""
    return tuple(place for place, given in rights.items() if given == access)
