"""Names that stand for something else tomorrow: no version, tag or commit that a plan is made of can be one of them."""

from __future__ import annotations

from mlplatform.field_problem import FieldProblem, FieldsRefused

_TAGS = ("latest", "newest", "current", "stable", "nightly", "edge", "live", "released")
_STAGES = ("prod", "production", "staging", "dev", "development")
_BRANCHES = ("main", "master", "head", "trunk")
_ALIASES = ("champion", "challenger")

MOVING_NAMES = frozenset((*_TAGS, *_STAGES, *_BRANCHES, *_ALIASES))
"""In small letters. Stages and aliases as MLflow's registry has them:
https://mlflow.org/docs/latest/ml/model-registry/, looked up on 2026-11-30."""

EXPECTED_VERSION = "a version that stays what it is: what is released is reviewed, and can be had again"


def moves(name: str) -> bool:
    """Whether a version, tag or commit is known as a name that is moved from one thing to the next."""
    return name.lower() in MOVING_NAMES


def pinned_model(path: str) -> str:
    """Check the reference to a model: `fraud`, `fraud/7`.

    Raises:
        FieldsRefused: the version moves, or a part between slashes is empty.
    """
    name, _, version = path.rpartition("/")
    if "" in path.split("/"):
        meant = "/".join(filter(None, path.split("/")))
        raise FieldsRefused(
            FieldProblem((), "a name, or a name and a version with one slash between them", f"write {meant}")
        )
    if name and moves(version):
        raise FieldsRefused(
            FieldProblem((), EXPECTED_VERSION, f"write the version, such as {name}/7, or {name} to follow the record")
        )
    return path


def pinned_image(image: str) -> str:
    """Check the address of an image; a digest says what its tag would.

    Raises:
        FieldsRefused: its tag moves and there is no digest.
    """
    tag = image.rpartition("/")[2].partition(":")[2]
    if "@" not in image and tag.lower() == "latest":
        bare = image.removesuffix(f":{tag}")
        raise FieldsRefused(
            FieldProblem(
                (),
                "a tag that stays what it is, or a digest: the next start would run another image",
                f"write the version, such as {bare}:1.4.0, or {bare}@sha256:… as the push printed it",
            )
        )
    return image
