"""Images are encrypted, scanned and kept; caches fill encrypted repositories."""

from __future__ import annotations

import json

from mlplatform import (
    RegistrySpec,
)

from ....planned import Planned
from ..conftest import ACCOUNT


def test_repositories(prod: Planned) -> None:
    for name in ("training", "serving"):
        repository = prod.one(f"images-{name}")
        assert repository.inputs["name"] == f"acme-ml-prod/{name}"
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
        assert repository.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        encryption = repository.inputs["encryptionConfigurations"][0]
        assert encryption == {"encryptionType": "KMS", "kmsKey": prod.one("keys-registry").outputs["arn"]}
        assert repository.inputs["forceDelete"] is False
        assert repository.protect
        rules = json.loads(str(prod.one(f"images-{name}-retention").inputs["policy"]))["rules"]
        assert [rule["selection"]["countNumber"] for rule in rules] == [3, 20]
        assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged", "tagged"]


def test_what_is_switched_off_is_off(planned) -> None:
    plan = planned(registry=RegistrySpec(immutable_tags=False, scan_on_push=False))
    repository = plan.one("images-training").inputs
    assert repository["imageTagMutability"] == "MUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": False}
    assert repository["forceDelete"] is True


def test_caches_fill_encrypted_repositories(prod: Planned) -> None:
    rule = prod.one("images-cache-docker-io").inputs
    assert rule["upstreamRegistryUrl"] == "registry-1.docker.io"
    assert rule["credentialArn"] == prod.one("images-cache-docker-io-login").outputs["arn"]
    after = prod.directly_after("images-cache-docker-io")
    assert {"images-cache-docker-io-template", "images-cache-docker-io-login-value"} <= after
    assert str(prod.one("images-cache-docker-io-login").inputs["name"]).startswith("ecr-pullthroughcache/")
    template = prod.one("images-cache-quay-io-template").inputs
    assert template["prefix"] == rule["ecrRepositoryPrefix"].replace("docker", "quay")
    assert template["encryptionConfigurations"][0]["encryptionType"] == "KMS"
    assert not prod.has("images-cache-quay-io-login")


def test_nodes_may_fill_the_caches_and_nothing_else(prod: Planned) -> None:
    statement = prod.document("cluster-node-rights")["Cache"]
    prefix = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/acme-ml-prod"
    assert statement["Resource"] == [f"{prefix}-docker-io/*", f"{prefix}-quay-io/*"]
    assert "ecr:BatchImportUpstreamImage" in statement["Action"]
    assert "images-cache-docker-io" in prod.directly_after("cluster-system")


def test_ci_pushes_and_training_pulls(prod: Planned) -> None:
    assert "ecr:PutImage" in prod.document("images-push-ci")["Images"]["Action"]
    assert "ecr:PutImage" not in prod.document("images-pull-training")["Images"]["Action"]
