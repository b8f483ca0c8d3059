"""Registers a candidate in the model registry of MLflow, where `MLFLOW_TRACKING_URI` names a server.

The registry shows people what was made and judged. What is released stands in the record, and nothing here changes
that: no alias is moved.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from mlplatform.spec.candidates import RUN_TAG, VERSION_TAG, CandidateSpec
from mlplatform.spec.releases import registered_name
from mlplatform.steps.tracking_login import TOKEN, own_token
from mlplatform.steps.verdict import CARD, GateVerdict, card_of

SERVER = "MLFLOW_TRACKING_URI"
_NAME = re.compile(r"[A-Za-z0-9_./ -]{1,250}")
EXPERIMENT = "MLFLOW_EXPERIMENT_NAME"
_COMMIT_TAG, _CODE_TAG = "mlflow.source.git.commit", "mlflow.source.git.repoURL"

_LONGEST_DIGEST = 36
"""Characters of a data set's digest: mlflow/utils/validation.py, `MAX_DATASET_DIGEST_SIZE` (3.17)"""


def named() -> bool:
    """Whether a server is named."""
    return bool(os.environ.get(SERVER, "").strip())


def register(candidate: CandidateSpec, verdict: GateVerdict, files: Path) -> str:
    """Log a run with the verdict and the model's files, and register a version of it.

    Args:
        candidate: what is registered.
        verdict: what it passed.
        files: the folder of its files.

    Returns:
        Name and version in the registry, `fraud/12`. A version with the same run and digests is not made twice.

    Raises:
        ValueError: MLflow is not installed, or the server refuses.
    """
    try:
        # by name: most images have no MLflow, and the others have the version that their cloud's plug-in needs
        mlflow = cast("Any", import_module("mlflow"))
    except ImportError:
        raise ValueError(
            f"{SERVER} is set, and MLflow is not installed: install mlflow-skinny in the image, or remove the variable"
        ) from None
    _log_in()
    try:
        return _register(mlflow, candidate, verdict, files)
    except (mlflow.exceptions.MlflowException, OSError) as error:
        words = " ".join(str(error).split())[:300]
        raise ValueError(f"the model registry at {os.environ[SERVER]} refuses: {words}") from None


def _log_in() -> None:
    """Get a token for a server of the platform's own, as the identity of the step, where nobody gave one."""
    if not os.environ.get(TOKEN) and (token := own_token(os.environ[SERVER].strip().rstrip("/"))):
        os.environ[TOKEN] = token


def _of_training(candidate: CandidateSpec) -> Iterator[tuple[str, object]]:
    """What is not said as parameters of its own. MLflow takes a name once, so the run's are behind a prefix."""
    if training := candidate.training:
        yield from (("definition", training.definition), ("spec", training.spec), ("repository", training.repository))
        yield from ((f"parameter.{name}", str(value)) for name, value in training.parameters.items())


def _log_data(mlflow: Any, client: Any, run: str, candidate: CandidateSpec) -> None:  # noqa: ANN401 - untyped
    """Say in the run what version of the data it learned from, as MLflow lists data sets. Without a version, nothing.

    The source is of the kind that MLflow gives to data of a commit's code, `CodeDatasetSource`: an address of a folder
    is no version. https://mlflow.org/docs/latest/ml/dataset/
    """
    if not candidate.data_version:
        return
    entities = mlflow.entities
    repository = candidate.training.repository if candidate.training else None
    said = {"mlplatform.data_version": candidate.data_version, _COMMIT_TAG: candidate.commit, _CODE_TAG: repository}
    data = entities.Dataset(
        name=f"{candidate.pipeline}-data",
        digest=_data_digest(candidate.data_version),
        source_type="code",
        source=json.dumps({"tags": {name: value for name, value in said.items() if value}}, sort_keys=True),
        profile=json.dumps({"data_version": candidate.data_version}),
    )
    tags = [entities.InputTag("mlflow.data.context", "training")]
    try:
        client.log_inputs(run, datasets=[entities.DatasetInput(dataset=data, tags=tags)])
    except mlflow.exceptions.MlflowException as error:
        # some managed servers have no list of data sets; the version is among the run's parameters everywhere
        words = " ".join(str(error).split())[:300]
        print(f"the server lists no data set of the run, whose parameter data_version has it: {words}", file=sys.stderr)


def _data_digest(version: str) -> str:
    """What MLflow knows the version by: itself where it fits, else a digest of it."""
    if len(version) <= _LONGEST_DIGEST:
        return version
    return hashlib.sha256(version.encode()).hexdigest()[:_LONGEST_DIGEST]


def _register(mlflow: Any, candidate: CandidateSpec, verdict: GateVerdict, files: Path) -> str:  # noqa: ANN401 - untyped
    client = mlflow.MlflowClient()
    name = registered_name(candidate.model)
    try:
        client.create_registered_model(name)
    except mlflow.exceptions.MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    tags = {
        VERSION_TAG: candidate.version,
        RUN_TAG: candidate.run,
        "mlplatform.pipeline": candidate.pipeline,
        "mlplatform.gate": verdict.outcome,
    }
    for found in client.search_model_versions(f"name = '{name}'"):
        if found.tags.get(VERSION_TAG) == candidate.version:
            if found.tags.get(RUN_TAG) != candidate.run:
                raise ValueError(f"the model registry has {candidate.path} of another run: give another --version")
            return f"{name}/{found.version}"
    mlflow.set_experiment(os.environ.get(EXPERIMENT) or candidate.pipeline)
    with mlflow.start_run(run_name=candidate.run, tags=tags) as run:
        mlflow.log_params(
            {
                key: value
                for key, value in (
                    ("commit", candidate.commit),
                    ("data_version", candidate.data_version),
                    ("image", candidate.image),
                    *_of_training(candidate),
                )
                if value
            }
        )
        _log_data(mlflow, client, run.info.run_id, candidate)
        # the registry takes fewer names than a file of metrics; the verdict has them all
        mlflow.log_metrics({name: value for name, value in candidate.metrics.items() if _NAME.fullmatch(name)})
        mlflow.log_text(card_of(verdict), CARD)
        mlflow.log_text(verdict.model_dump_json(indent=2), "verdict.json")
        mlflow.log_artifacts(str(files), "model")
        made = client.create_model_version(
            name,
            f"{run.info.artifact_uri}/model",
            run_id=run.info.run_id,
            tags=tags,
            description=card_of(verdict)[:4000],
        )
    return f"{name}/{made.version}"
