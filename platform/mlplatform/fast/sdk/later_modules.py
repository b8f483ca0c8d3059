"""Parts of Pulumi that a program seldom uses are loaded when something of them is asked for.

`import pulumi` loads the interface that drives the engine (with HTTP, e-mail and YAML), the resources that are written
in Python (with `dill`) and the policies. Each remains there under its name, and loads itself at its first attribute.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import LazyLoader
from types import ModuleType

LATER = frozenset({"pulumi.automation", "pulumi.dynamic", "pulumi.policy"})


class LaterFinder:
    """Finds these modules as the finders behind it do, and puts off running them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in LATER:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = LazyLoader(spec.loader)
                return spec
        return None
