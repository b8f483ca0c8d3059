"""The data set that a run in MLflow lists; a real server reads it back in `make prove ONE=pipeline`."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from mlplatform.spec.candidates import CandidateSpec
from mlplatform.steps import tracking


class _Refused(Exception):
    pass


def _candidate(data: str | None) -> CandidateSpec:
    return CandidateSpec.model_validate(
        {
            "model": "fraud",
            "version": "r1",
            "pipeline": "retrain",
            "run": "r1",
            "commit": "abc",
            "digests": {"m.bin": f"sha256:{'0' * 64}"},
            "gates": [{"name": "a"}],
            **({"data_version": data} if data else {}),
        }
    )


def _logged(data: str | None, error: Exception | None = None) -> list[Any]:
    """What is sent; the library's own entities are plain objects with these names."""
    sent: list[Any] = []

    def log_inputs(run: str, datasets: list[Any]) -> None:
        if error:
            raise error
        sent.extend((run, each) for each in datasets)

    entities = SimpleNamespace(
        Dataset=lambda **fields: SimpleNamespace(**fields),
        DatasetInput=lambda **fields: SimpleNamespace(**fields),
        InputTag=lambda key, value: (key, value),
    )
    mlflow = SimpleNamespace(entities=entities, exceptions=SimpleNamespace(MlflowException=_Refused))
    vars(tracking)["_log_data"](mlflow, SimpleNamespace(log_inputs=log_inputs), "run-1", _candidate(data))
    return sent


def test_a_run_lists_the_version_of_its_data() -> None:
    ((run, listed),) = _logged("claims@v7")
    assert (run, listed.dataset.name, listed.dataset.digest) == ("run-1", "retrain-data", "claims@v7")
    assert listed.tags == [("mlflow.data.context", "training")]
    assert json.loads(listed.dataset.source)["tags"] == {
        "mlplatform.data_version": "claims@v7",
        "mlflow.source.git.commit": "abc",
    }


def test_a_version_that_is_too_long_for_mlflow_has_a_digest() -> None:
    ((_, listed),) = _logged(f"sha256:{'a' * 64}")
    assert len(listed.dataset.digest) == 36
    ((_, other),) = _logged(f"sha256:{'b' * 64}")
    assert listed.dataset.digest != other.dataset.digest


def test_without_a_version_nothing_is_listed() -> None:
    assert not _logged(None)


def test_a_server_without_such_a_list_is_told_and_the_version_is_registered(capsys: pytest.CaptureFixture[str]) -> None:
    assert not _logged("claims@v7", _Refused("404 no such endpoint"))
    assert "whose parameter data_version has it: 404 no such endpoint" in capsys.readouterr().err
