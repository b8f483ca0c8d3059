"""Every document that a command reads, with values replaced: an answer or a refusal, and nothing else.

A few of each here; `make fuzz N=10000` for more, there also with rules that must not fail (`could-not-judge`).
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from mlplatform.cli.app import run

from ..conftest import CLOUDS
from .mutations import Json, mutated, preview_of

STATES = Path(__file__).parents[1] / "golden" / "state"
ANSWERS = frozenset({0, 1, 2, 3})
"""Exit codes for a document that is read, stops a gate, is refused, or leaves a gate without an answer."""
READING = (
    ("diff", "{file}", "--format", "json"),
    ("diff", "{file}"),
    ("risk", "{file}"),
    ("comment", "{file}"),
    ("check", "{file}", "--format", "sarif"),
    ("check", "{file}", "--format", "junit"),
    ("cost", "{file}", "--budget=1000"),
    ("graph", "{file}"),
    ("graph", "{file}", "--format", "svg", "--level", "resource"),
    ("digest", "{file}"),
    ("report", "{file}", "-o", "report.html"),
)
GATES = (("risk", "{file}"), ("comment", "{file}"), ("check", "{file}"))
MANY = 20
"""From this number of examples on, rules must not fail either."""


@cache
def state(cloud: str) -> Json:
    """The state of a stack as Pulumi's engine exported it at the last release."""
    return json.loads(gzip.decompress((STATES / f"dev-{cloud}.json.gz").read_bytes()))


@pytest.fixture
def answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs a command in this process in an empty folder: its exit code, and what it says of an error."""
    monkeypatch.chdir(tmp_path)

    def invoke(*args: str) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            run(args)
        return int(stop.value.code or 0), capsys.readouterr().err

    return invoke


@pytest.mark.parametrize("cloud", CLOUDS)
def test_previews(
    cloud: str, request: pytest.FixtureRequest, answer: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = request.config.getoption("--fuzz-examples")
    if examples >= MANY:
        monkeypatch.setenv("MLPLATFORM_DEBUG", "1")
    document = preview_of(state(cloud)["deployment"]["resources"])
    # a page takes as long as everything else: one cloud's in the suite
    whole = READING if examples >= MANY or cloud == CLOUDS[0] else READING[:-1]
    read = 0
    for seed, (changed, told) in enumerate(_previews(document, max(2, examples // 10))):
        Path("preview.json").write_text(json.dumps(changed))
        codes: set[int] = set()
        for command in whole if seed == 0 or examples >= MANY else GATES:
            code, error = answer(*(word.format(file="preview.json") for word in command))
            assert code in ANSWERS, f"{' '.join(command)}, seed {seed}: {told}\n{error[-3000:]}"
            codes.add(code)
        read += codes != {2}
    assert read, "every preview was refused as a whole: nothing was tried"


def _previews(document: Json, count: int) -> Iterator[tuple[Json, list[str]]]:
    """Many values of inputs at once; every third time a few of anything, which is often refused as a whole."""
    for seed in range(count):
        rng = random.Random(seed)
        yield mutated(document, rng, 2) if seed % 3 == 2 else mutated(document, rng, 150, inside="inputs")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_states(cloud: str, request: pytest.FixtureRequest, answer: Callable[..., tuple[int, str]]) -> None:
    document = state(cloud)
    document = {
        **document,
        "deployment": {**document["deployment"], "resources": document["deployment"]["resources"][:40]},
    }
    Path("now.json").write_text(json.dumps(document))
    for seed in range(max(1, request.config.getoption("--fuzz-examples") // 5)):
        changed, told = mutated(document, random.Random(seed), 20 if seed % 2 else 2)
        Path("then.json").write_text(json.dumps(changed))
        code, error = answer("diff", "then.json", "now.json")
        assert code in ANSWERS, f"seed {seed}: {told}\n{error[-3000:]}"


SPEC: Json = {
    "name": "acme", "owner": "ml", "cost_center": "1", "tags": {"a": "b"},
    "targets": [{"cloud": "aws", "account_id": "123456789012", "region": "us-east-1"}],
    "training": {"pools": [{"name": "big", "accelerator": ["L4:1"], "max_nodes": 2, "labels": {"a": "b"}}]},
    "endpoints": [{"name": "scorer", "replicas": [1, 2], "env": {"A": "b"}, "slo": {"availability_percent": 99.5}}],
    "budget": {"monthly_usd": 100, "emails": ["a@b.co"]},
    "monitoring": {"routes": [{"kind": "email", "address": "a@b.co"}]},
}  # fmt: skip
ACCEPTED: Json = [
    {"rule": "a-b", "resource": "x", "stack": "*", "reason": "r", "owner": "o", "expires": "2027-03-31", "level": "low"}
]
USAGE: Json = {
    "storage": {"data_gib": {"low": 1, "expected": 2, "high": 3}, "cool_share": 0.5},
    "pools": {"big": {"utilisation": 0.5}}, "price_region": {"a": "b"},
}  # fmt: skip
ARTEFACT = "s3://acme-dev-models-123456789012-us-east-1-an/m/1/"
RELEASE: Json = {
    "model": "m", "version": "1", "artifact": ARTEFACT, "approver": "a", "gates": [{"name": "auc", "value": 0.9}],
}  # fmt: skip
RECORD: Json = {
    "record_version": 1, "platform": "acme", "environment": "dev",
    "targets": {"aws": {"scorer": {"main": RELEASE}}},
}  # fmt: skip
BUCKET = "urn:pulumi:dev::acme::aws:s3/bucket:Bucket::data"
PREVIEW: Json = {
    "config": {}, "steps": [{"op": "create", "urn": BUCKET, "newState": {"urn": BUCKET, "custom": True, "inputs": {}}}],
}  # fmt: skip
SMALL: dict[str, tuple[str, Json, tuple[str, ...]]] = {
    "spec in YAML": ("spec.yaml", SPEC, ("validate", "spec.yaml")),
    "spec in JSON": ("spec.json", SPEC, ("validate", "spec.json")),
    "acceptances": ("accepted.yaml", ACCEPTED, ("risk", "preview.json", "--accepted", "accepted.yaml")),
    "record": ("models/dev.json", RECORD, ("validate", "whole.json")),
    "usage": ("usage.yaml", USAGE, ("cost", "preview.json", "--usage", "usage.yaml")),
}


@pytest.mark.parametrize("case", SMALL)
def test_small_documents(case: str, request: pytest.FixtureRequest, answer: Callable[..., tuple[int, str]]) -> None:
    name, document, command = SMALL[case]
    Path("preview.json").write_text(json.dumps(PREVIEW))
    Path("whole.json").write_text(json.dumps(SPEC))
    Path("models").mkdir()
    Path(name).write_text(json.dumps(document))
    code, error = answer(*command)
    assert code in (0, 1), error
    for seed in range(request.config.getoption("--fuzz-examples") * 2):
        changed, told = mutated(document, random.Random(seed), 1 + seed % 3)
        Path(name).write_text(json.dumps(changed))
        code, error = answer(*command)
        assert code in ANSWERS, f"seed {seed}: {told}\n{error[-3000:]}"


PRICES = """\
cloud = {0}
currency = "USD"
as_of = {1}
[[price]]
sku = {2}
unit = {3}
source = {4}
as_of = {5}
usd = {{ us-east-1 = {6}, eu-west-1 = {7} }}
[[free]]
types = {8}
reason = {9}
source = "https://example.com"
"""
FIELDS = ('"aws"', "2026-01-01", '"x"', '"hour"', '"https://a"', "2026-01-01", "1.5", "2", '["a:b:C"]', '"r"')
TOML = (
    "nan", "inf", "-inf", "-1", "1e999", "9" * 5000, "0x" + "f" * 5000, "true", '""', '"\\u0000"', "[]", "{}", "[[1]]",
    "2026-01-01T10:00:00Z", "07:32:00", "[" * 5000 + "]" * 5000, '"text"', "3",
)  # fmt: skip


def test_prices(request: pytest.FixtureRequest, answer: Callable[..., tuple[int, str]]) -> None:
    Path("preview.json").write_text(json.dumps(PREVIEW))
    for seed in range(request.config.getoption("--fuzz-examples") * 4):
        rng = random.Random(seed)
        fields = list(FIELDS)
        place = seed % len(fields)
        fields[place] = rng.choice(TOML)
        Path(f"prices{seed}.toml").write_text(PRICES.format(*fields))  # a price file is read once per process
        code, error = answer("cost", "preview.json", "--prices", f"prices{seed}.toml")
        assert code in ANSWERS, f"seed {seed}: field {place} is {fields[place][:40]}\n{error[-3000:]}"
