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


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (
            'cloud: aws, account_id: "123456789012", region: us-east-1',
            ("sagemaker-mlflow==0.5.0", "$(pulumi stack output trackingUri --stack dev-aws)"),
        ),
        (
            "cloud: azure, location: eastus, subscription_id: 00000000-1111-4222-8333-444444444444, "
            "tenant_id: 55555555-6666-4777-8888-999999999999",
            (
                "azureml-mlflow==1.62.0.post6",
                '"azureml://eastus.api.azureml.ms/mlflow/v1.0/subscriptions/00000000-1111',
            ),
        ),
    ],
)
def test_the_clouds_own_server_has_its_own_client(target: str, words: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    text = f"name: acme\nowner: ml\ncost_center: a\ntargets: [{{{target}}}]\ntracking: {{server: managed}}\n"
    file.write_text(text, encoding="utf-8")
    code, said = render(str(file))
    assert code == 0, said
    assert all(each in said for each in words), said
