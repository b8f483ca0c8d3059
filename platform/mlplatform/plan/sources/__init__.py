"""Plans that others wrote: `pulumi preview --json`, `pulumi stack export`, and this command's own documents."""

from mlplatform.plan.sources.read import read_plan
from mlplatform.plan.sources.source import NotAPlan, Source, Verdict

__all__ = ["NotAPlan", "Source", "Verdict", "read_plan"]
