"""A person's tunnel to a private API serves Pulumi too, and is told where a cloud's way in opens one."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from mlplatform.cluster.access_facts import ClusterAccess
from mlplatform.cluster.kubeconfig import TUNNEL, BadTunnel, kubeconfig, open_tunnel
from mlplatform.cluster.objects.base import FromCloud
from mlplatform.entry import run_stack
from mlplatform.plan.model import Plan
from mlplatform.plan.summary import summarise_plan

from ..conftest import CLOUDS, ROOT
from .conftest import everything

OWN = "https://ABC.gr7.eu-central-1.eks.amazonaws.com"
ACCESS = ClusterAccess(
    server=FromCloud("layer.server"),
    authority=None,
    identifier=FromCloud("layer.id"),
    command="aws",
    arguments=(),
    install="the AWS CLI",
)


def _written(through: str) -> str:
    return kubeconfig(ACCESS, lambda _: OWN, through)


def test_the_certificate_is_that_of_the_api_at_the_end_of_the_tunnel(tmp_path: Path) -> None:
    assert json.loads(_written(""))["clusters"][0]["cluster"] == {"server": OWN}
    through = json.loads(_written("https://localhost:8443"))["clusters"][0]["cluster"]
    assert through["server"] == "https://localhost:8443"
    assert through["tls-server-name"] == OWN.removeprefix("https://").lower()
    if (kubectl := shutil.which("kubectl")) is None:
        pytest.skip("no kubectl on PATH reads the file")
    (tmp_path / "config").write_text(_written("https://localhost:8443"), encoding="utf-8")
    shown = subprocess.run(
        [kubectl, "config", "view", "--kubeconfig", str(tmp_path / "config"), "--output", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(shown.stdout)["clusters"][0]["cluster"] == through


@pytest.mark.parametrize("address", ["localhost:8443", "http://localhost:8443", "https://localhost:8443/x", "yes"])
def test_what_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TUNNEL, address)
    with pytest.raises(BadTunnel, match="expected the tunnel's near end, such as https://localhost:8443"):
        open_tunnel()
    with pytest.raises(pulumi.RunError, match=f"^{TUNNEL}: got '{address}'"):
        run_stack(ROOT / "stacks", "dev", "aws", "cluster")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_plan_says_from_where_the_layer_is_applied(cloud: str, layered: Callable[[str], Plan]) -> None:
    steps = summarise_plan(layered(cloud), everything(cloud)).steps
    (told,) = [step for step in steps if f"pulumi up --stack dev-{cloud}-cluster" in step]
    words, _, command = told.partition(": ")
    wanted = {
        "aws": ("deploy it, while the way to the cluster is open", f"{TUNNEL}=https://localhost:8443 pulumi up"),
        "gcp": ("deploy it, from any network", "pulumi up"),
        "azure": ("deploy it, from a machine that reaches the cluster's private API", "pulumi up"),
    }
    assert words.startswith(wanted[cloud][0])
    assert command.startswith(f"`{wanted[cloud][1]}")
