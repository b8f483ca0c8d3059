"""An image tag always means the same image."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of, is_true
from mlplatform.checks.rule import CheckRule, Entry

_REASON = "Tags can be moved to other images"

RULE = CheckRule(
    id="image-tags",
    level="medium",
    topic="registry",
    title="Image tags are immutable",
    why="Otherwise the tested image and the running one can differ under the same tag.",
    fix="Make tags immutable.",
    entries=(
        Entry(
            ("aws:ecr/repository:Repository",),
            is_one_of("imageTagMutability", ("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"), _REASON),
            refs=("AWS FSBP ECR.2",),
            link="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
        ),
        Entry(
            ("gcp:artifactregistry/repository:Repository",),
            is_true("dockerConfig.immutableTags", f"{_REASON}."),
            link="https://cloud.google.com/artifact-registry/docs/docker/troubleshoot#immutable-tags",
            # a cache follows the tags of its upstream
            when=lambda one: (
                one.text("format") == "DOCKER" and one.get("mode", "STANDARD_REPOSITORY") == "STANDARD_REPOSITORY"
            ),
        ),
    ),
)
