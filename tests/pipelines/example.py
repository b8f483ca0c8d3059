"""A pipeline with everything that a pipeline may have on one node, and what it is in."""

from __future__ import annotations

from functools import cache
from typing import Any

from mlplatform.components.champion import Champion
from mlplatform.pipelines.meaning import Meaning, Surroundings, meaning_of
from mlplatform.spec.pipelines import PipelineSpec

CONDITION: dict[str, object] = {"step": "evaluate", "output": "metrics", "metric": "auc", "at_least": 0.7}

STEPS: list[dict[str, object]] = [
    {
        "name": "ingest",
        "kind": "ingest",
        "command": ["python", "ingest.py", "{{inputs.claims}}", "{{outputs.rows}}", "--run={{run}}"],
        "inputs": {"claims": {"place": "data", "path": "claims/2026"}},
        "outputs": {"rows": {}},
        "env": {"MODE": "fast", "SEED": "s{{parameters.seed}}"},
        "retries": 2,
        "timeout_minutes": 30,
    },
    {
        "name": "look",
        "kind": "validate",
        "inputs": {"rows": {"step": "ingest", "output": "rows"}},
        "data_checks": {
            "columns": [{"name": "amount in 'EUR'", "type": "number", "at_least": 0.01, "one_of": []}],
            "ends_run": False,
        },
    },
    {
        "name": "shape",
        "kind": "features",
        "command": ["python", "shape.py", "--in={{inputs.rows}}", "--to={{outputs.table}}", "--region={{slice}}"],
        "inputs": {"rows": {"step": "ingest", "output": "rows"}},
        "outputs": {"table": {}},
        "slices": ["north", "south"],
        "resources": {"vcpus": 2, "memory_gib": 8},
    },
    {
        "name": "train",
        "kind": "train",
        "command": [
            "python", "train.py", "--rate", "{{parameters.learningRate}}", "--rows", "{{inputs.rows}}",
            "--out", "{{outputs.model}}", "--checkpoint", "{{checkpoint}}",
        ],
        "inputs": {"rows": {"step": "ingest", "output": "rows"}},
        "outputs": {"model": {"kind": "model"}},
        "after": ["shape"],
        "checkpoint": True,
        "retries": 3,
        "timeout_minutes": 600,
        "resources": {"vcpus": 8, "memory_gib": 32, "accelerator": "L4:1"},
    },
    {
        "name": "evaluate",
        "kind": "evaluate",
        "command": [
            "python", "evaluate.py", "{{inputs.model}}", "{{inputs.rows}}",
            "{{outputs.metrics}}", "{{outputs.predictions}}", "{{inputs.released}}", "--version={{released}}",
        ],
        "inputs": {
            "model": {"step": "train", "output": "model"},
            "rows": {"step": "ingest", "output": "rows"},
            "released": {"released": True},
        },
        "outputs": {
            "metrics": {"kind": "metrics", "metrics": ["auc", "latency_p95_ms"]},
            "predictions": {"kind": "predictions"},
        },
    },
    {
        "name": "gate",
        "kind": "gate",
        "inputs": {
            "metrics": {"step": "evaluate", "output": "metrics"},
            "predictions": {"step": "evaluate", "output": "predictions"},
        },
        "gate": {"thresholds": [{"metric": "auc", "at_least": 0.8}]},
        "when": CONDITION,
    },
    {
        "name": "register",
        "kind": "register",
        "inputs": {"model": {"step": "train", "output": "model"}, "verdict": {"step": "gate", "output": "verdict"}},
    },
]  # fmt: skip

PIPELINE: dict[str, object] = {
    "name": "fraud-retrain",
    "model": "fraud",
    "image": "training",
    "programs_image": "steps",
    "parameters": [
        {"name": "learningRate", "type": "float", "default": 0.1},
        {"name": "seed", "type": "integer", "default": 3},
        {"name": "quick", "type": "boolean", "default": True},
    ],
    "steps": STEPS,
}


def _asks_when_it_runs(step: dict[str, Any]) -> dict[str, Any]:
    """The evaluating step, which reads what a step of kind `champion` fetches."""
    if step["name"] != "evaluate":
        return step
    command = [word for word in step["command"] if "{{released}}" not in word]
    inputs = {**step["inputs"], "released": {"step": "champion", "output": "released"}}
    return {**step, "command": command, "inputs": inputs}


NOW: dict[str, object] = {
    **PIPELINE,
    "steps": [{"name": "champion", "kind": "champion", "after": ["train"]}, *map(_asks_when_it_runs, STEPS)],
}
"""The same, and the released model is the one that is released when the candidate is evaluated."""

SEARCH: dict[str, object] = {
    **{name: value for name, value in PIPELINE.items() if name != "parameters"},
    "name": "fraud-search",
    "steps": [
        {
            "name": "train",
            "kind": "train",
            "command": [
                "python", "search.py", "{{tune.rate}}", "{{tune.solver}}", "{{outputs.model}}", "{{outputs.metrics}}"
            ],
            "outputs": {"model": {"kind": "model"}, "metrics": {"kind": "metrics", "metrics": ["auc", "rows"]}},
            "env": {"RATE": "{{tune.rate}}"},
            "tune": {
                "parameters": [
                    {"name": "rate", "at_least": 0.0001, "at_most": 1, "log": True},
                    {"name": "solver", "type": "choice", "choices": ["adam", "sgd"]},
                ],
                "metric": "auc",
                "goal": "maximize",
                "trials": 16,
                "trial_minutes": 1,
                "parallel": 2,
                "machines": 2,
                "stop_trials": True,
                "seed": 3,
            },
        },
        {
            "name": "gate",
            "kind": "gate",
            "inputs": {"metrics": {"step": "train", "output": "metrics"}},
            "gate": {"thresholds": [{"metric": "auc", "at_least": 0.85}]},
        },
        {
            "name": "register",
            "kind": "register",
            "inputs": {"model": {"step": "train", "output": "model"}, "verdict": {"step": "gate", "output": "verdict"}},
        },
    ],
}  # fmt: skip
"""A search on two machines, whose best trial is judged and registered."""

STORE = "gs://acme"


@cache
def pipeline() -> PipelineSpec:
    """The pipeline as a user writes it."""
    return PipelineSpec.model_validate(PIPELINE)


def meaning(spec: PipelineSpec | None = None, store: str = STORE, released: Champion | None = None) -> Meaning:
    """What it means in a platform; omitted: nothing is released."""
    return meaning_of(
        spec or pipeline(),
        Surroundings(
            uri=lambda place, path: f"{store}-{place}/{path}",
            image=lambda name: f"registry.example/{name}@sha256:{'0' * 64}",
            released=released,
        ),
    )
