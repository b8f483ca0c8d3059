"""What a pipeline's requests name of the platform: datastores, images that can be pulled, the identity."""

from __future__ import annotations

import json
from typing import Any

from mlplatform import discovery
from mlplatform.backends.azure.pipelines import form

from ....pipelines.fraud import TARGETS, pipeline, platform

REGISTRY = "acmemldevimagese2c00d.azurecr.io"


def _requests(**more: object) -> list[dict[str, Any]]:
    data = pipeline("azure")
    data |= {key: more.pop(key) for key in ("image", "steps") if key in more}
    spec = platform("azure", pipelines=(data,), **more).on("azure")
    (file,) = form.build(discovery.backend("azure"), spec, spec.pipelines[0])
    return json.loads(file.text)


def test_folders_of_the_store_are_read_by_datastores_of_the_workspace() -> None:
    """Jobs write to datastores alone, https://learn.microsoft.com/azure/machine-learning/how-to-read-write-data-v2"""
    run = _requests()[-1]["body"]["properties"]
    group, workspace = "acme-ml-dev-rg", run["settings"]["default_datastore"].split("/")[8]
    assert run["inputs"]["Folder_ingest_claims"]["uri"] == (
        f"azureml://subscriptions/{TARGETS['azure']['subscription_id']}/resourcegroups/{group}"
        f"/workspaces/{workspace}/datastores/data/paths/claims/"
    )
    assert run["settings"]["default_datastore"].endswith(f"/workspaces/{workspace}/datastores/pipelines")


def test_an_image_of_a_cached_registry_comes_from_the_platforms_own() -> None:
    """The workspace's network reaches no public registry."""
    found = _requests(image="ghcr.io/acme/fraud:7", registry={"pull_through": ["ghcr.io"]})
    images = {each["body"]["properties"]["image"] for each in found if "/environments/" in each["path"]}
    assert images == {f"{REGISTRY}/ghcr-io/acme/fraud:7", f"{REGISTRY}/training:mlplatform-step-1"}
