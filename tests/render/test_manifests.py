"""The layer as files: the same objects as the stack's, in order, the same bytes, and nothing of others is touched."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.items import STAGES, ChartRelease
from mlplatform.rehearse.project import spec_document
from mlplatform.render.manifests.files import Style, UnknownOutput, manifest_files

from ..cluster.conftest import small_spec
from ..conftest import CLOUDS, ROOT

STYLES: tuple[Style, ...] = ("flux", "argocd")


def documents(text: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", list(yaml.safe_load_all(text)))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("style", STYLES)
def test_every_item_is_a_file_in_the_folder_of_its_stage(style: Style, cloud: str) -> None:
    items = layer_items(layer_context(small_spec(cloud), cloud))
    files = {file.path: documents(file.text) for file in manifest_files(items, style, None, "clusters/one")}
    for item in items:
        found = files[f"{STAGES.index(item.stage) + 1:02}-{item.stage}/{item.role}.yaml"]
        if isinstance(item.body, ChartRelease):
            assert found[-1]["kind"] == ("HelmRelease" if style == "flux" else "Application")
        else:
            assert found[0]["kind"] == item.body.KIND
            assert found[0]["metadata"]["name"] == item.body.metadata.name
    assert len(files) == len(items) + (style == "flux")
    assert manifest_files(items, style, None, "clusters/one") == manifest_files(items, style, None, "clusters/one")


def test_stages_wait_for_each_other() -> None:
    items = layer_items(layer_context(small_spec("aws"), "aws"))
    flux = {file.path: file.text for file in manifest_files(items, "flux", None, "clusters/one/")}
    stages = documents(flux["stages.yaml"])
    assert stages[0]["spec"]["path"] == "clusters/one/01-base"
    for before, stage in pairwise(stages):
        assert stage["spec"]["dependsOn"] == [{"name": before["metadata"]["name"]}]
        assert stage["spec"]["wait"]
    waves = [
        int(found["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"])
        for file in manifest_files(items, "argocd", None, ".")
        for found in documents(file.text)
    ]
    assert waves == sorted(waves)


def test_outputs_take_the_place_of_variables() -> None:
    items = layer_items(layer_context(small_spec("aws"), "aws"))
    outputs = {"layer": {"volumesKey": "arn:aws:kms:us-east-1:123456789012:key/1"}}
    told = {file.path: file.text for file in manifest_files(items, "flux", outputs, ".")}
    assert "kmsKeyId: arn:aws:kms" in told["01-base/storage.yaml"]
    open_ = {file.path: file.text for file in manifest_files(items, "flux", None, ".")}
    assert "kmsKeyId: ${layer_volumesKey}" in open_["01-base/storage.yaml"]
    with pytest.raises(UnknownOutput, match=r"layer\.volumesKey"):
        manifest_files(items, "flux", {"layer": {}}, ".")


def test_the_command_keeps_what_is_not_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(spec_document(small_spec("gcp"))))
    out = tmp_path / "out"
    (out / "01-base").mkdir(parents=True)
    (out / "mine.yaml").write_text("a: 1\n")
    (out / "01-base" / "old.yaml").write_text("a: 1\n")
    words = ["render", "manifests", str(spec), "--out", str(out)]
    run = CliRunner().invoke(cli, words)
    assert run.exit_code == 0, run.output
    assert (out / "mine.yaml").is_file()
    assert not (out / "01-base" / "old.yaml").exists(), "left from another spec"
    assert CliRunner().invoke(cli, [*words, "--check"]).exit_code == 0
    (out / "stages.yaml").write_text("a: 1\n")
    stale = CliRunner().invoke(cli, [*words, "--check"])
    assert (stale.exit_code, stale.output) == (1, "stages.yaml: out of date\n")
