"""Stands in for the clouds' own command lines, on the mock cloud: what `mlplatform promote` runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mlplatform.mock_cloud import Cloud
from mlplatform.promote.carry_out import CommandFailed

_ADDRESSES = ("s3://", "gs://")
_OURS = frozenset({"aws", "az", "gcloud"})
"""Command lines whose words are known; those of other clouds are told apart by what they name alone."""


class MockShell:
    """Runs the commands of a promotion against a mock cloud.

    Args:
        cloud: the cloud whose store, registry and secrets they reach.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def __call__(self, command: Sequence[str]) -> str:
        """Run a command.

        Raises:
            CommandFailed: nothing is there that it looks for.
        """
        if source := _source(command):
            for file in sorted(path for path in source.rglob("*") if path.is_file()):
                inside = file.relative_to(source).as_posix()
                self._cloud.put("object", f"{address_of(command)}/{inside}")
            return ""
        if secret := secret_of(command):
            return self._found("secret", secret)
        if image := image_of(command):
            return self._found("image", image)
        return "\n".join(self._cloud.objects(address_of(command)))

    def _found(self, kind: str, name: str) -> str:
        if not self._cloud.is_there("secret" if kind == "secret" else "image", name):
            raise CommandFailed(f"{kind} {name} was not found")
        return name


def address_of(command: Sequence[str]) -> str:
    """The address in the store that a command names, without a slash at its end."""
    for word in command:
        if word.startswith(_ADDRESSES):
            return word.rstrip("*").rstrip("/")
    container = _value(command, "--destination") or _value(command, "--container-name")
    path = _value(command, "--destination-path") or _value(command, "--prefix")
    return f"https://{_value(command, '--account-name')}.blob.core.windows.net/{container}/{path}".rstrip("/")


def secret_of(command: Sequence[str]) -> str:
    """The secret that a command looks for, as the mock cloud names it; empty for another command."""
    if "secretsmanager" in command:
        return _value(command, "--secret-id")
    if "keyvault" in command:
        return f"{_value(command, '--vault-name')}/{_value(command, '--name')}"
    if _is_foreign(command):
        names_other = image_of(command) or any("://" in word for word in command)
        return "" if names_other else " ".join(command)
    return command[command.index("list") + 1] if "secrets" in command else ""


def image_of(command: Sequence[str]) -> str:
    """The image that a command looks for; empty for another command."""
    if "ecr" in command:
        digest = _value(command, "--image-ids").removeprefix("imageDigest=")
        region, account = _value(command, "--region"), _value(command, "--registry-id")
        return f"{account}.dkr.ecr.{region}.amazonaws.com/{_value(command, '--repository-name')}@{digest}"
    if _is_foreign(command):
        return next((word for word in command if "@sha256:" in word), "")
    return command[-1] if "images" in command or "acr" in command else ""


def _source(command: Sequence[str]) -> Path | None:
    """The local folder that a command copies; None for a command that copies nothing."""
    if "upload-batch" in command:
        return Path(_value(command, "--source"))
    if _is_foreign(command):
        return next((Path(word) for word in command[1:] if os.path.isabs(word) and os.path.exists(word)), None)
    for verb in ("cp", "rsync"):
        if verb in command:
            words = [word for word in command[command.index(verb) + 1 :] if not word.startswith("--")]
            return Path(words[0])
    return None


def _is_foreign(command: Sequence[str]) -> bool:
    return command[0] not in _OURS


def _value(command: Sequence[str], option: str) -> str:
    return command[command.index(option) + 1] if option in command else ""
