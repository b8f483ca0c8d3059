"""Why a block is not run here, and which tests run whole documents of their own."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "account": "calls a cloud or a Git host with your login; `make rehearse` plays updates on a mock cloud",
    "cluster": "asks a cluster that runs",
    "minutes": "takes minutes and is a target of the Makefile or a benchmark, which CI or a person runs as it stands",
    "network": "fetches packages, images, models or prices",
    "record": "reads a record of releases, which `promote` writes; docs/promote.md plays one",
    "pulumi": "runs Pulumi's engine, which `make rehearse` does",
    "tools": "needs a program that the project does not bring, or a person who answers",
}
"""By what stands behind `needs=`: the reason, for the table of docs/verification.md."""

ELSEWHERE: Mapping[str, str] = {
    "docs/commands.md": "tests/cli/test_command_page.py",
    "docs/first_pipeline.md": "tests/test_first_pages.py",
    "docs/operations.md": "tests/engine/test_runbook.py",
    "docs/promote.md": "tests/test_first_pages.py",
}
"""Documents that a test of their own follows whole."""

PLAYED: Mapping[str, str] = {
    "mkdir acme-ml && cd acme-ml": "tests/package/test_first_minutes.py",
    'sed \'s/"T4:1", max_nodes: 2/': "tests/plan/cost/test_cost_page.py",
}
"""Blocks that a test of their own plays, by how they begin."""

FOREIGN: Mapping[str, tuple[str, ...]] = {
    "pulumi": ("account", "pulumi", "network"),
    "aws": ("account",),
    "gcloud": ("account",),
    "az": ("account", "cluster"),
    "kubectl": ("cluster",),
    "argo": ("cluster",),
    "docker": ("network", "account"),
    "pip": ("network",),
    "uv": ("network",),
    "npm": ("network",),
    "curl": ("account", "cluster"),
    "torchrun": ("network",),
    "dot": ("tools",),
    "promtool": ("tools",),
    "feast": ("network",),
    "make": ("minutes", "network"),
    "mlplatform-monitor": ("account",),
}
"""Programs that cannot run here, and which marks a block with them may have."""

STAND_INS: Mapping[str, tuple[str, ...]] = {
    "pulumi": ("stack export", "stack output --json"),
    "terraform": ("output -json",),
}
"""Calls of other programs that the runner answers, with a state that is kept in the tests."""
