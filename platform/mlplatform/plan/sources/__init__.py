"""Reads plan documents: `pulumi preview --json`, `pulumi stack export`, and `mlplatform plan --format json`."""

from mlplatform.plan.sources.read import read_plan
from mlplatform.plan.sources.source import NotAPlan, Source, Verdict

__all__ = ["NotAPlan", "Source", "Verdict", "read_plan"]
