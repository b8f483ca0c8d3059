"""Published models: pinned by commit and content, fetched only as pinned, and never anything that runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
import yaml
from click.testing import CliRunner

from mlplatform import discovery
from mlplatform.cli.app import cli
from mlplatform.components.releases import awaiting_releases
from mlplatform.pipelines.resolved import meaning_on
from mlplatform.promote.hub import Hub
from mlplatform.promote.importing import copy_mirror, mirror_model, mirror_places, pin_model
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.base_models import BaseModelSpec
from mlplatform.spec.platform import PlatformSpec
from mlplatform.steps.model_files import read_provenance

from ..pipelines import fraud
from .hub_server import REVISION, Published, serve, weights

CLOUDS = ("aws", "gcp", "azure")


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def address(published: Published) -> Iterator[str]:
    with serve(published) as where:
        yield where


def pin(address: str, **more: str) -> tuple[int, str]:
    words = [word for name, value in more.items() for word in (f"--{name}", value)]
    given = ["import-model", "acme/base", "--hub", address, *([] if "revision" in more else ["--revision", REVISION])]
    result = CliRunner().invoke(cli, [*given, *words], env={"HF_TOKEN": ""})
    return result.exit_code, result.output


def pinned(address: str) -> BaseModelSpec:
    return pin_model(Hub(address), "acme/base", REVISION, licence=None, most_gib=1).spec


def test_what_is_pinned_is_mirrored_with_provenance_and_nothing_that_runs(address: str, tmp_path: Path) -> None:
    code, said = pin(address)
    assert code == 0, said
    entry = yaml.safe_load(said[said.index("base_model:") :])["base_model"]
    assert "left out: onnx/model.onnx, pytorch_model.bin" in said
    spec = BaseModelSpec.model_validate(entry)
    assert (spec.licence, spec) == ("Apache-2.0", pinned(address))
    mirror_model(Hub(address), spec, tmp_path, most_gib=1)
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    taken = {"README.md", "LICENSE", "config.json", "model.safetensors", "tokenizer.json"}
    assert there == taken | {"SHA256SUMS", "provenance.json"}
    provenance = read_provenance(tmp_path)
    assert provenance.licence == "Apache-2.0"
    assert provenance.base
    assert (provenance.base.id, provenance.base.revision) == ("acme/base", REVISION)


def test_a_token_goes_to_the_hub_alone_and_is_printed_nowhere(
    published: Published, address: str, tmp_path: Path
) -> None:
    published.needs_token = True
    code, said = pin(address)
    assert code == 2
    assert "HF_TOKEN" in said
    hub = Hub(address, "hf_secret")
    spec = pin_model(hub, "acme/base", REVISION, licence=None, most_gib=1).spec
    published.asked.clear()
    mirror_model(hub, spec, tmp_path, most_gib=1)
    at_hub = {token for _, path, token in published.asked if not path.startswith("/cdn/")}
    elsewhere = {token for _, path, token in published.asked if path.startswith("/cdn/")}
    assert at_hub == {"Bearer hf_secret"}
    assert elsewhere == {None}


CHANGES: dict[str, tuple[Callable[[Published], object], str]] = {
    "no licence": (lambda hub: hub.about.update(cardData={}), "none at the hub"),
    "a licence that says nothing": (lambda hub: hub.about.update(cardData={"license": "other"}), "'other' at the hub"),
    "pickles alone": (lambda hub: hub.files.pop("model.safetensors"), "run code when they are loaded"),
    "code of its own": (
        lambda hub: hub.files.update({"config.json": b'{"auto_map": {"AutoModel": "modeling.Own"}}'}),
        "runs code of strangers",
    ),
    "a path that leads out": (lambda hub: hub.files.update({"../../.bashrc.txt": b"x"}), "no path below"),
    "a drive": (lambda hub: hub.files.update({"C:/x.txt": b"x"}), "no path below"),
    "another commit": (lambda hub: hub.about.update(sha="f" * 40), "the hub means"),
    "a description that is none": (lambda hub: hub.about.update(siblings=[{"rfilename": 3}]), "does not say path"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_refused_when_it_is_pinned(published: Published, address: str, name: str) -> None:
    change, words = CHANGES[name]
    change(published)
    code, said = pin(address)
    assert (code, words in " ".join(said.split())) == (2, True), said


@pytest.mark.parametrize("given", [{"revision": "main"}, {"revision": REVISION[:12]}, {"licence": "MIT"}])
def test_a_branch_a_short_commit_and_another_licence_are_refused(address: str, given: dict[str, str]) -> None:
    code, said = pin(address, **given)
    assert code == 2, said
    assert "Apache-2.0, which the hub says" in said or "revision" in said


def test_what_is_too_large_is_refused_before_it_is_fetched(published: Published, address: str) -> None:
    code, said = pin(address, **{"most-gib": "0.00000001"})
    assert code == 2
    assert "at most 1e-08 GiB" in said
    assert len(published.asked) == 1


TAMPERED: dict[str, tuple[Callable[[Published], object], str]] = {
    "other weights": (
        lambda hub: hub.sent.update({"model.safetensors": weights(b"\1" * 16)}),
        "which the hub says",
    ),
    "another tokenizer": (lambda hub: hub.files.update({"tokenizer.json": b"[]"}), "those that were pinned"),
    "a further file": (lambda hub: hub.files.update({"extra.json": b"{}"}), "those that were pinned"),
    "cut off": (lambda hub: hub.sent.update({"model.safetensors": weights()[:9]}), "fewer than the"),
    "longer": (lambda hub: hub.sent.update({"tokenizer.json": b"{}" * 9}), "more than the"),
    "a licence that changed": (lambda hub: hub.about.update(cardData={"license": "mit"}), "MIT, which the hub says"),
    "weights of http": (lambda hub: setattr(hub, "leads_to", "http://files.example/x"), "only https"),
    "this machine's files": (lambda hub: setattr(hub, "leads_to", "file:///etc/passwd"), "answered 302"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_only_what_was_pinned_is_taken(published: Published, address: str, tmp_path: Path, name: str) -> None:
    spec = pinned(address)
    change, words = TAMPERED[name]
    change(published)
    with pytest.raises(Unacceptable) as refused:
        mirror_model(Hub(address), spec, tmp_path, most_gib=1)
    assert words in " ".join(f"{each.got} {each.expected}" for each in refused.value.problems)
    assert not (tmp_path / "provenance.json").exists()


def test_a_pickle_under_another_name_is_refused(published: Published, address: str, tmp_path: Path) -> None:
    published.files["model.safetensors"] = b"\x80\x04\x95 a pickle that says it is none"
    with pytest.raises(Unacceptable) as refused:
        mirror_model(Hub(address), pinned(address), tmp_path, most_gib=1)
    assert "something else under that name" in refused.value.problems[0].got


def base(**more: str) -> dict[str, str]:
    digest = f"sha256:{'a' * 64}"
    return {"id": "acme/base", "revision": REVISION, "licence": "Apache-2.0", "digest": digest, **more}


def platform(cloud: str = "aws", licences: tuple[str, ...] = (), **more: str) -> PlatformSpec:
    data = fraud.pipeline(cloud)
    train = fraud.step(data, "train")
    cast("dict[str, object]", train["inputs"])["base"] = {"base_model": base(**more)}
    cast("list[str]", train["command"]).append("{{inputs.base}}")
    gate = fraud.step(data, "gate")
    if licences:
        cast("dict[str, object]", gate["gate"])["licences"] = list(licences)
        cast("dict[str, object]", gate["inputs"])["model"] = {"step": "train", "output": "model"}
    return fraud.platform(cloud, pipelines=(data,))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_steps_read_the_mirror_and_gate_and_record_know_it(cloud: str, tmp_path: Path) -> None:
    spec = platform(cloud).on(cloud)
    backend = discovery.backend(cloud)
    meaning = meaning_on(backend, spec, spec.pipelines[0])
    where = f"{backend.models_uri(spec)}/base-models/acme/base/{REVISION}/"
    assert where in str(meaning.task("train").inputs["base"])
    for own in ("gate", "register"):
        words = [word for word in meaning.task(own).command if '"acme/base"' in str(word)]
        assert [json.loads("".join(map(str, word))) for word in words] == [base()]
    (pinned_base,) = spec.pipelines[0].base_models
    (place,) = mirror_places(spec, pinned_base, (cloud,), tmp_path)
    assert any(f"base-models/acme/base/{REVISION}" in word for word in place.transfer.copy)


def test_a_mirror_that_lacks_a_file_is_told(address: str, tmp_path: Path) -> None:
    spec = platform()
    fetched = mirror_model(Hub(address), pinned(address), tmp_path, most_gib=1)
    places = tuple(mirror_places(spec, fetched.spec, ("aws",), tmp_path))
    ran: list[tuple[str, ...]] = []

    def run(command: object) -> str:
        ran.append(tuple(cast("tuple[str, ...]", command)))
        return "README.md LICENSE config.json tokenizer.json"

    with pytest.raises(Unacceptable) as refused:
        copy_mirror(fetched, places, run=run)
    assert refused.value.problems[0].got == "no model.safetensors"
    assert ran[0][:3] == ("aws", "s3", "cp")


def test_a_licence_that_the_gate_refuses_is_refused_before_the_training() -> None:
    platform(licences=("Apache-2.0",))
    with pytest.raises(ValueError, match="one that the gate lets pass: MIT"):
        platform(licences=("MIT",))


@pytest.mark.parametrize("wrong", [{"revision": "main"}, {"licence": ""}, {"id": "base"}, {"digest": "sha256:1"}])
def test_what_the_spec_refuses(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        platform("aws", (), **wrong)


def test_a_dry_run_fetches_nothing(published: Published, address: str, tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(platform().model_dump_json(exclude_unset=True), encoding="utf-8")
    given = ["import-model", "--to", "dev", "--spec", str(file), "--hub", address, "--dry-run"]
    result = CliRunner().invoke(cli, given)
    assert result.exit_code == 0, result.output
    assert f"base-models/acme/base/{REVISION}/" in result.output
    assert published.asked == []


def test_a_folder_that_cannot_be_made_is_refused(published: Published, address: str, tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(platform().model_dump_json(exclude_unset=True), encoding="utf-8")
    (tmp_path / "mirror").touch()
    given = ["import-model", "--to", "dev", "--spec", str(file), "--hub", address]
    done = CliRunner().invoke(cli, [*given, "--folder", str(tmp_path / "mirror" / "below")])
    assert (done.exit_code, "cannot be created" in done.output) == (1, True), done.output
    assert published.asked == []


def test_an_endpoint_that_names_a_published_model_is_told_how_to_get_it() -> None:
    chat = {"name": "chat", "server": "vllm", "model": "acme/Base-7B-Instruct", "accelerator": "L4:1"}
    own = {"name": "own", "server": "vllm", "model": "tagger/3", "accelerator": "L4:1"}
    spec = fraud.platform("aws", endpoints=[chat, own]).on("aws")
    told = {each.endpoint: each.reason for each in awaiting_releases(spec, discovery.backend("aws"))}
    assert "mlplatform import-model" in told["chat"]
    assert told["own"] == "model tagger/3"
