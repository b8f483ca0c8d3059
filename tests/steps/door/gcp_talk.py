"""Every request of the cases on GCP with its answer, one a line: what `make prove ONE=google-door` reads."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.services.rest import HttpAnswer

from .cases import CASES
from .fake_google import FakeGoogle
from .gcp_stage import GcpStage


class _Told(FakeGoogle):
    def __call__(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> HttpAnswer:
        answer = super().__call__(method, url, body, headers)
        if "metadata.google.internal" not in url:
            print(json.dumps([method, url, _read(body), answer.status, _read(answer.body)]))
        return answer


def _read(text: bytes | None) -> object:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def main() -> None:
    """Play every case."""
    for play in CASES.values():
        stage = GcpStage()
        told = _Told(lambda stage=stage: stage.now)
        told.objects = stage.google.objects
        stage.google = told
        play(stage)


if __name__ == "__main__":
    main()
