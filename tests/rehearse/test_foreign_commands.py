"""Commands of a cloud that nobody here knows are told apart by what they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplatform.mock_cloud import Cloud
from mlplatform.promote.carry_out import CommandFailed
from mlplatform.providers.accounts import Account
from mlplatform.rehearse.shell import MockShell, image_of, secret_of

SECRET = ("orbit", "secrets", "show", "api-key", "--version", "latest")
IMAGE = ("orbit", "registry", "show", f"registry.orbit.example/acme/serving@sha256:{'0' * 64}")


def test_an_artefact_is_copied_and_listed(tmp_path: Path) -> None:
    shell, uri = MockShell(Cloud(Account.sample("orbit"))), "s3://acme-prod-models/fraud/7"
    (tmp_path / "model.pt").write_text("weights", encoding="utf-8")
    assert shell(("orbit", "storage", "list", uri)) == ""
    shell(("orbit", "storage", "copy", str(tmp_path), uri))
    assert "model.pt" in shell(("orbit", "storage", "list", uri))


@pytest.mark.parametrize(("command", "kind"), [(SECRET, "secret"), (IMAGE, "image")])
def test_a_secret_and_an_image_are_found_where_they_were_put(command: tuple[str, ...], kind: str) -> None:
    cloud = Cloud(Account.sample("orbit"))
    with pytest.raises(CommandFailed, match=kind):
        MockShell(cloud)(command)
    cloud.put("secret" if kind == "secret" else "image", secret_of(command) or image_of(command))
    assert MockShell(cloud)(command)


def test_each_is_one_of_them_alone() -> None:
    assert (bool(secret_of(SECRET)), image_of(SECRET)) == (True, "")
    assert (secret_of(IMAGE), bool(image_of(IMAGE))) == ("", True)
    assert secret_of(("orbit", "storage", "list", "s3://acme/a")) == ""
