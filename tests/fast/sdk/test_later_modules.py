"""Parts of Pulumi that a plan does not need are there when they are asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from mlplatform.fast.sdk.later_modules import _LaterLoader

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


CALLS = """
import json, os, sys
from mlplatform.fast.sdk import fast_sdk
assert fast_sdk(["pulumi_kubernetes"])
import pulumi
late = ("grpc._cython", "opentelemetry.sdk.trace")
before = [name for name in late if name in sys.modules]
import grpc
from grpc import aio
from opentelemetry import context
still = [name for name in late if name in sys.modules]
with grpc.insecure_channel("localhost:1") as channel:
    stub = pulumi.runtime.proto.resource_pb2_grpc.ResourceMonitorStub(channel)
names = [aio.ServicerContext.__name__, context.get_current().__class__.__name__, type(stub).__name__]
from pulumi.runtime import _instrumentation
provider = _instrumentation.SdkTracerProvider.__name__
print(json.dumps({
    "before": before,
    "still": still,
    "names": names,
    "provider": provider,
    "same": sys.modules["grpc.aio"] is grpc.aio is aio,
    "kinds": [type(module).__name__ for module in (grpc, aio, context, _instrumentation)],
    "reloaded": "StatusCode" in dir(grpc) and grpc.__spec__.loader is not None,
    "missing": hasattr(grpc, "no_such_name"),
}))
"""


def calls(**variables: str) -> dict[str, object]:
    environment = {key: value for key, value in os.environ.items() if key != "TRACEPARENT"} | variables
    done = subprocess.run([sys.executable, "-c", CALLS], check=True, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout)


def test_grpc_and_tracing_are_loaded_when_somebody_calls() -> None:
    found = calls()
    assert found["before"] == found["still"]
    assert found["before"] == [] or sys.version_info >= (3, 14)
    assert found["names"] == ["ServicerContext", "Context", "ResourceMonitorStub"]
    assert found["provider"] == "TracerProvider"
    assert found["kinds"] == ["module"] * 4
    assert found["same"]
    assert found["reloaded"]
    assert not found["missing"]


def test_what_the_engine_traces_is_traced_from_the_beginning() -> None:
    found = calls(TRACEPARENT="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    assert found["before"] == ["grpc._cython", "opentelemetry.sdk.trace"]


def test_an_error_of_a_module_is_told_again(tmp_path: Path) -> None:
    place = tmp_path / "broken.py"
    place.write_text("first = 1\nraise LookupError('no such thing')\n", encoding="utf-8")
    spec = spec_from_file_location("broken", place)
    assert spec is not None
    assert spec.loader is not None
    spec.loader = _LaterLoader(spec.loader)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    for _ in range(2):
        with pytest.raises(LookupError, match="no such thing"):
            _ = module.second
