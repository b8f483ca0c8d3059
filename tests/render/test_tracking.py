"""What clients of the tracking server need: the same as jobs have, in the server's version, without a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mlplatform.cli.app import cli
from mlplatform.cluster.tracking.client import client_env

from ..conftest import ROOT

SPEC = str(ROOT / "examples" / "tracking" / "platform.yaml")


def render(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["render", "tracking", *args])
    return done.exit_code, done.output


def test_a_person_forwards_a_port_and_needs_no_token() -> None:
    code, text = render(SPEC)
    assert code == 0
    assert "export MLFLOW_TRACKING_URI=http://localhost:5000\n" in text
    assert "kubectl --namespace tracking port-forward deployment/mlflow 5000" in text
    assert "pip install 'mlflow-skinny==3.16.1'" in text


def test_a_pod_gets_what_jobs_have() -> None:
    code, text = render(SPEC, "--for", "pod")
    assert code == 0
    pod = yaml.safe_load(text)
    (container,) = pod["containers"]
    assert {each["name"]: each["value"] for each in container["env"]} == client_env()
    assert [each["name"] for each in container["volumeMounts"]] == [each["name"] for each in pod["volumes"]]
    assert (
        pod["volumes"][0]["projected"]["sources"][0]["serviceAccountToken"]["audience"]
        in client_env()["MLFLOW_TRACKING_URI"]
    )


@pytest.mark.parametrize(
    ("image", "words"),
    [
        ("docker.io/acme/mlflow:v3.18.0", "pip install 'mlflow-skinny==3.18.0'"),
        ("docker.io/acme/mlflow:own", "mlflow-skinny in the version of docker.io/acme/mlflow:own"),
    ],
)
def test_the_client_has_the_servers_version(image: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    text = Path(SPEC).read_text(encoding="utf-8")
    file.write_text(text.replace("tracking:\n", f"tracking:\n  image: {image}\n"), encoding="utf-8")
    assert words in render(str(file))[1]


def test_a_platform_without_a_server_is_refused() -> None:
    code, text = render(str(ROOT / "examples" / "pipelines" / "fraud.yaml"))
    assert code == 2
    assert "add `tracking`" in text
