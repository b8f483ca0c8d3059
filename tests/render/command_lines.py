"""The clouds' command lines in memory, as far as `mlplatform dashboards apply` asks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlplatform.promote.carry_out import CommandFailed

TOKEN = "glsa_4f5e3b1c"
"""The token that each cloud gives."""


class Commands:
    """The clouds' command lines: what they are asked, and what they answer."""

    def __init__(self, tmp_path: Path) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.accounts: set[str] = set()
        self.bucket = tmp_path
        self.former: list[str] = []
        """Names of the versions that the bucket keeps of what was overwritten or removed."""

        self.refused = ""
        self.answered: list[tuple[tuple[str, ...], Any]] = []
        """Commands that print JSON, with what they printed."""

    def __call__(self, command: Sequence[str]) -> str:
        words = tuple(command)
        self.asked.append(words)
        if self.refused and self.refused in words:
            raise CommandFailed("AccessDeniedException: not allowed")
        if "storage" in words:
            return self._storage(words)
        answer = self._answer(words)
        self.answered.append((words, answer))
        return json.dumps(answer)

    def _answer(self, words: tuple[str, ...]) -> Any:  # noqa: ANN401
        match words[:3]:
            case ("aws", "grafana", "list-workspaces"):
                return {
                    "workspaces": [
                        _workspace("g-0000000000", "other", "other.example"),
                        _workspace("g-1111111111", "acme-ml-wide-grafana", "grafana.example"),
                    ]
                }
            case ("aws", "amp", "list-workspaces"):
                return {
                    "workspaces": [
                        _collector("ws-2", "acme-ml-wide-metrics-2"),
                        _collector("ws-1", "acme-ml-wide-metrics"),
                    ]
                }
            case ("aws", "grafana", "create-workspace-service-account"):
                self.accounts.add("9")
                return {"id": "9", "name": "mlplatform", "grafanaRole": "ADMIN", "workspaceId": "g-1111111111"}
            case ("aws", "grafana", "create-workspace-service-account-token"):
                assert int(words[words.index("--seconds-to-live") + 1]) <= 900
                token = {"id": "1", "name": "mlplatform", "key": TOKEN}
                return {"serviceAccountToken": token, "serviceAccountId": "9", "workspaceId": "g-1111111111"}
            case ("aws", "grafana", "delete-workspace-service-account"):
                self.accounts.remove(words[words.index("--service-account-id") + 1])
                return {"serviceAccountId": "9", "workspaceId": "g-1111111111"}
            case ("az", "rest", "--method"):
                assert "Microsoft.Dashboard/grafana/" in words[words.index("--url") + 1]
                return {"properties": {"endpoint": "https://grafana.example"}}
            case ("az", "account", "get-access-token"):
                return {"accessToken": TOKEN, "expiresOn": "2026-11-30 12:00:00"}
            case _:
                raise AssertionError(f"nobody asks {words}")

    def _storage(self, words: tuple[str, ...]) -> str:
        """As gcloud's own source says: a bucket with versions lists them all, and files with a key have no digest."""
        match words[:3]:
            case ("gcloud", "storage", "objects"):
                live = [{"name": file.name, "kms_key": "k"} for file in sorted(self.bucket.glob("*.json"))]
                former = [
                    {"name": name, "kms_key": "k", "noncurrent_time": "2026-11-30T12:00:00+0000"}
                    for name in self.former
                ]
                return json.dumps([*live, *former])
            case ("gcloud", "storage", "cat"):
                return self._file(words[3]).read_text("utf-8")
            case ("gcloud", "storage", "cp"):
                file = self._file(words[4])
                self.former += [file.name] if file.exists() else []
                file.write_bytes(Path(words[3]).read_bytes())
                return ""
            case ("gcloud", "storage", "rm"):
                file = self._file(words[3])
                if not file.exists():
                    raise CommandFailed("The following URLs matched no objects or files")
                self.former.append(file.name)
                file.unlink()
                return ""
            case _:
                raise AssertionError(f"nobody asks {words}")

    def _file(self, address: str) -> Path:
        return self.bucket / address.rpartition("/")[2]


_WHEN = "2026-11-30T12:00:00+00:00"


def _workspace(key: str, name: str, endpoint: str) -> dict[str, Any]:
    login = {"providers": ["AWS_SSO"]}
    state = {"created": _WHEN, "modified": _WHEN, "status": "ACTIVE", "grafanaVersion": "10.4"}
    return {"id": key, "name": name, "endpoint": endpoint, "authentication": login, **state}


def _collector(key: str, alias: str) -> dict[str, Any]:
    arn = f"arn:aws:aps:us-east-1:111111111111:workspace/{key}"
    return {"workspaceId": key, "alias": alias, "arn": arn, "status": {"statusCode": "ACTIVE"}, "createdAt": _WHEN}
