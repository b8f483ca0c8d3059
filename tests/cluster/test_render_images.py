"""`mlplatform render images`: the list, the script that copies, and the digests that registries give."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from mlplatform.cli.app import cli
from mlplatform.cluster.images.address import parse_image
from mlplatform.render.images.resolve import NotResolved, read_digest

DIGEST = "sha256:" + "b" * 64
SPEC = """
name: acme-ml
environment: prod
owner: ml
cost_center: "1"
targets: [{cloud: CLOUD}]
training: {pools: [{name: gpu, accelerator: "T4:1", max_nodes: 1}]}
cluster: {}
"""
TARGETS = {
    "aws": 'aws, account_id: "123456789012", region: us-east-1',
    "gcp": 'gcp, project: acme-ml, project_number: "123456789012", region: us-central1',
    "azure": "azure, subscription_id: 00000000-1111-4222-8333-444444444444, "
    "tenant_id: 55555555-6666-4777-8888-999999999999, location: eastus",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for cloud, fields in TARGETS.items():
        (tmp_path / f"{cloud}.yaml").write_text(SPEC.replace("CLOUD", fields))
    return tmp_path


def _tool(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/usr/bin/env bash\n{text}\n")
    (folder / name).chmod(0o755)


def _run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [*map(str, words)])


def test_the_script_copies_what_is_not_there_and_logs_in_first(project: Path) -> None:
    script = _run("render", "images", project / "aws.yaml", "--format", "script")
    assert script.exit_code == 0, script.output
    tools, log = project / "bin", project / "log"
    _tool(tools, "aws", "echo secret")
    # jobset was copied before
    _tool(
        tools,
        "crane",
        f'echo "$@" >>{log}; [ "$1" != auth ] || cat >/dev/null; [ "$1" != digest ] || [[ "$2" == *jobset* ]]',
    )
    environment = {"PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(["bash"], input=script.stdout, text=True, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    calls = log.read_text().splitlines()
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    assert calls[0] == f"auth login --username AWS --password-stdin {host}"
    copied = [line.removeprefix("copy ").split() for line in calls if line.startswith("copy ")]
    assert [
        "registry.k8s.io/kueue/kueue:v0.19.2",
        f"{host}/acme-ml-prod/copies/registry.k8s.io/kueue/kueue:v0.19.2",
    ] in copied
    assert not [words for words in copied if "jobset" in words[0]]


@pytest.mark.parametrize("cloud", TARGETS)
def test_the_list_tells_source_target_and_users(project: Path, cloud: str) -> None:
    found = _run("render", "images", project / f"{cloud}.yaml", "--format", "json")
    (kueue,) = [each for each in json.loads(found.stdout)["images"] if "kueue" in each["source"]]
    assert kueue["usedBy"] == ["release-kueue"]
    assert (kueue["way"], kueue["digest"]) == ("copy", None)
    assert kueue["target"].endswith("registry.k8s.io/kueue/kueue:v0.19.2")
    text = _run("render", "images", project / f"{cloud}.yaml").stdout
    assert "by tag: --resolve" in text


def test_digests_that_were_read_are_kept_beside_the_spec_and_used(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tool(
        project / "bin", "crane", f'[[ "$2" != *jobset* ]] && echo {DIGEST} || {{ echo "no such image" >&2; exit 1; }}'
    )
    monkeypatch.setenv("PATH", f"{project / 'bin'}:{os.environ['PATH']}")
    found = _run("render", "images", project / "gcp.yaml", "--resolve", "--format", "script")
    assert found.exit_code == 1
    assert "jobset/jobset:v0.12.0: crane found no digest: no such image" in found.stderr
    file = project / "images" / "prod.json"
    known = json.loads(file.read_text())["digests"]
    assert known["registry.k8s.io/kueue/kueue:v0.19.2"] == DIGEST
    assert f"copy registry.k8s.io/kueue/kueue@{DIGEST} " in found.stdout
    again = _run("render", "images", project / "gcp.yaml", "--format", "json")
    (kueue,) = [each for each in json.loads(again.stdout)["images"] if "kueue" in each["source"]]
    assert kueue["target"].endswith(f"kueue:v0.19.2@{DIGEST}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"digests": {"registry.k8s.io/kueue/kueue:v0.1.0": DIGEST}}, "no target pulls"),
        ({"digests": {"registry.k8s.io/kueue/kueue:v0.19.2": "sha256:1"}}, "digests"),
        ({"digests": {"kueue": DIGEST}}, "digests"),
        ({"platform": "other"}, "'acme-ml', as in the spec"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_digests_that_do_not_fit_the_plan_are_refused(project: Path, change: dict[str, object], said: str) -> None:
    file = project / "images" / "prod.json"
    file.parent.mkdir()
    body: dict[str, object] = {
        "platform": "acme-ml",
        "environment": "prod",
        "as_of": "2026-11-29",
        "digests": {},
        **change,
    }
    file.write_text(json.dumps(body))
    found = _run("validate", project / "aws.yaml")
    assert found.exit_code == 2, found.output
    assert said in found.output
    assert "prod.json" in found.output
    # what is refused is not listed either: --resolve is the way out
    refused = _run("render", "images", project / "aws.yaml")
    assert refused.exit_code == 2


def test_several_targets_are_listed_one_at_a_time(project: Path) -> None:
    both = SPEC.replace("{cloud: CLOUD}", ", ".join(f"{{cloud: {TARGETS[cloud]}}}" for cloud in ("aws", "gcp")))
    (project / "both.yaml").write_text(both)
    assert "add --target aws" in _run("render", "images", project / "both.yaml").output
    (project / "bare.yaml").write_text(SPEC.replace("CLOUD", TARGETS["aws"]).replace("cluster: {}", ""))
    assert "add `cluster`" in _run("render", "images", project / "bare.yaml").output


class _Registry(BaseHTTPRequestHandler):
    """A registry that gives everybody a token, as the public ones do."""

    digest: ClassVar[str] = DIGEST

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        assert "scope=repository%3Akueue%2Fkueue%3Apull" in self.path
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"token": "for-everybody"}')

    def do_HEAD(self) -> None:
        if self.headers.get("Authorization") != "Bearer for-everybody":
            host = self.headers["Host"]
            self.send_response(401)
            self.send_header("WWW-Authenticate", f'Bearer realm="http://{host}/token",service="fake"')
        elif self.path == "/v2/kueue/kueue/manifests/v1" and "image.index" in self.headers["Accept"]:
            self.send_response(200)
            self.send_header("Docker-Content-Digest", self.digest)
        else:
            self.send_response(404)
        self.end_headers()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("PATH", str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_registry_is_asked_without_a_login(registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_digest(parse_image(f"{registry}/kueue/kueue:v1"), scheme="http") == DIGEST
    with pytest.raises(NotResolved, match="404"):
        read_digest(parse_image(f"{registry}/kueue/kueue:v2"), scheme="http")
    monkeypatch.setattr(_Registry, "digest", "sha256:short")
    with pytest.raises(NotResolved, match="it sent the digest 'sha256:short'"):
        read_digest(parse_image(f"{registry}/kueue/kueue:v1"), scheme="http")


def test_a_token_is_never_fetched_over_another_scheme(registry: str) -> None:
    with pytest.raises(NotResolved):
        read_digest(parse_image(f"{registry}/kueue/kueue:v1"))
