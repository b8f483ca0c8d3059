"""Beginnings of a spec's parts, which editors offer: each is valid as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mlplatform import discovery
from mlplatform.fast.record import record


@record()
class EditorSnippet:
    """One beginning that an editor offers."""

    label: str
    """What the editor's list shows."""

    about: str
    """One sentence."""

    body: Mapping[str, object]
    """The fields that it writes."""

    def document(self) -> dict[str, object]:
        """As editors read it, https://code.visualstudio.com/docs/languages/json#_define-snippets-in-json-schemas."""
        return {"label": self.label, "description": self.about, "body": dict(self.body)}


def first_targets() -> Iterator[EditorSnippet]:
    """A target of each cloud, with ids that no account has."""
    for cloud in discovery.clouds():
        backend = discovery.backend(cloud)
        yield EditorSnippet(
            f"{cloud} target", f"An account of {backend.title}.", {"cloud": cloud, **backend.first_target.fields}
        )


SNIPPETS: Mapping[str, tuple[EditorSnippet, ...]] = MappingProxyType(
    {
        "GpuPoolSpec": (
            EditorSnippet(
                "pool of GPUs",
                "Nodes with the first accelerator that cloud and region offer, from none.",
                {"name": "gpu", "accelerator": ["L4:1", "T4:1"], "max_nodes": 2},
            ),
            EditorSnippet(
                "pool of spot GPUs",
                "Cheaper nodes that the cloud may take away: for jobs with checkpoints.",
                {"name": "spot", "accelerator": ["L4:1", "T4:1"], "max_nodes": 4, "capacity": "spot"},
            ),
        ),
        "CpuPoolSpec": (
            EditorSnippet(
                "pool of CPUs",
                "Nodes without accelerators, from none.",
                {"name": "general", "vcpus": 4, "memory_gib": 16, "max_nodes": 2},
            ),
        ),
        "EndpointSpec": (
            EditorSnippet(
                "endpoint",
                "One model behind an address; it waits for its first release.",
                {"name": "scorer", "server": "triton", "model": "scorer", "replicas": [1, 2]},
            ),
            EditorSnippet(
                "endpoint of a language model",
                "A model served by vLLM on a GPU.",
                {"name": "chat", "server": "vllm", "model": "chat", "accelerator": "L4:1", "replicas": [1, 2]},
            ),
        ),
        "BudgetSpec": (
            EditorSnippet(
                "budget",
                "Who is told when a month costs more.",
                {"monthly_usd": 2000, "emails": ["ml-platform@example.com"]},
            ),
        ),
    }
)
"""Snippets by the name of the definition that they begin."""
