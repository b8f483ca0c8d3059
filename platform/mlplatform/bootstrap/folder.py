"""The bootstrap as a folder with a Pulumi program."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mlplatform.components.bootstrap import Bootstrap


def program_files(stack: str, bootstrap: Bootstrap) -> Mapping[str, str]:
    """Text of each file of the program's folder.

    Args:
        stack: the stack that the bootstrap is for; the program's own project is named after it.
        bootstrap: what it needs.
    """
    return {
        "Pulumi.yaml": f"name: bootstrap-{stack}\nruntime: python\ndescription: What the stack {stack} needs first\n",
        "__main__.py": bootstrap.program.read_text("utf-8"),
        "bootstrap.json": json.dumps(bootstrap.values, indent=2, sort_keys=True) + "\n",
        **{name: text if text.endswith("\n") else f"{text}\n" for name, text in bootstrap.documents.items()},
    }
