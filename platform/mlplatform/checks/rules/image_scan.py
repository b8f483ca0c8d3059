"""Images are scanned for known vulnerabilities."""

from __future__ import annotations

from mlplatform.checks.predicates import is_one_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry

_REGISTRY = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"


def _scanned(repository: Resource) -> list[CheckFault]:
    if repository.true("imageScanningConfiguration.scanOnPush") or repository.index.of(_REGISTRY):
        return []
    return [CheckFault("Images are not scanned on push.", "imageScanningConfiguration.scanOnPush")]


RULE = CheckRule(
    id="image-scan",
    level="medium",
    topic="registry",
    title="Images are scanned for known vulnerabilities",
    why="Images for training and serving hold thousands of packages that nobody reviews.",
    fix="Scan on push.",
    entries=(
        Entry(
            ("aws:ecr/repository:Repository",),
            _scanned,
            refs=("AWS FSBP ECR.1", "CIS EKS 1.8 5.1.1"),
            link="https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
            siblings=True,
        ),
        Entry(
            ("gcp:artifactregistry/repository:Repository",),
            is_one_of(
                "vulnerabilityScanningConfig.enablementConfig",
                ("INHERITED",),
                "Images are not scanned",
                default="INHERITED",
            ),
            refs=("CIS GKE 1.9 5.1.1",),
            link="https://cloud.google.com/artifact-analysis/docs/container-scanning-overview",
            when=lambda one: one.text("format") == "DOCKER",
        ),
    ),
)
