"""Parts of Pulumi that a plan does not need are there when they are asked for."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
from mlplatform.fast.sdk import fast_sdk
assert fast_sdk(["pulumi_kubernetes"])
import pulumi
heavy = ("dill", "pulumi.automation._local_workspace", "pulumi.dynamic.dynamic")
before = [name for name in heavy if name in sys.modules]

class Shop(pulumi.dynamic.ResourceProvider):
    pass

from pulumi.automation import LocalWorkspace
import pulumi.automation as automation
import pulumi.policy
after = [name for name in heavy if name in sys.modules]
print(json.dumps({
    "before": before,
    "after": after,
    "same": automation is sys.modules["pulumi.automation"] is pulumi.automation,
    "names": [LocalWorkspace.__module__, Shop.__mro__[1].__module__, pulumi.policy.__name__],
    "files": [pulumi.dynamic.__file__.endswith("__init__.py"), bool(pulumi.automation.__path__)],
}))
"""


def test_they_load_at_their_first_use() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found["before"] == [] or sys.version_info >= (3, 14)
    assert found["after"] == ["dill", "pulumi.automation._local_workspace", "pulumi.dynamic.dynamic"]
    assert found["same"]
    assert found["names"] == ["pulumi.automation._local_workspace", "pulumi.dynamic.dynamic", "pulumi.policy"]
    assert found["files"] == [True, True]
