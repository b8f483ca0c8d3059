"""The component package's process, spoken to over gRPC as Pulumi's engine does, but without it."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import (
    engine_pb2_grpc,
    errors_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

from mlplatform.plan.model import Step
from mlplatform.plan.monitor import RecordingMonitor
from mlplatform.providers.accounts import Account

_stacks = itertools.count(1)
_monitors: list[grpc.Server] = []
PLUGIN = Path(__file__).resolve().parents[2] / "platform" / "plugin"


class _Engine(engine_pb2_grpc.EngineServicer):
    """Takes what the package logs."""

    def Log(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


@pytest.fixture(scope="session")
def provider() -> Iterator[provider_pb2_grpc.ResourceProviderStub]:
    """The running package."""
    engine = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    engine_pb2_grpc.add_EngineServicer_to_server(_Engine(), engine)
    address = f"127.0.0.1:{engine.add_insecure_port('127.0.0.1:0')}"
    engine.start()
    process = subprocess.Popen([sys.executable, str(PLUGIN), address], stdout=subprocess.PIPE, text=True, cwd=PLUGIN)
    assert process.stdout
    port = process.stdout.readline().strip()
    channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", -1)])
    try:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    finally:
        channel.close()
        process.terminate()
        process.wait(timeout=20)
        for monitor in _monitors:
            monitor.stop(None)
        engine.stop(None)


class _Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """The recorder as the monitor that the package registers its resources with."""

    def __init__(self, recorder: RecordingMonitor) -> None:
        self._recorder = recorder

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        features = set(self._recorder.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures)
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in features)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        return self._recorder.GetDeploymentInfo(request)

    def RegisterResource(self, request: Any, context: Any) -> Any:
        return self._recorder.RegisterResource(request)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        return self._recorder.RegisterResourceOutputs(request)

    def ReadResource(self, request: Any, context: Any) -> Any:
        return self._recorder.ReadResource(request)

    def Invoke(self, request: Any, context: Any) -> Any:
        return self._recorder.Invoke(request)

    def RegisterPackage(self, request: Any, context: Any) -> Any:
        return resource_pb2.RegisterPackageResponse(ref="")


class Constructed:
    """Registrations and outputs of a component of the package."""

    def __init__(self, recorder: RecordingMonitor, response: Any) -> None:
        self.steps: dict[str, Step] = recorder.steps
        self.refused = recorder.refused
        self.urn: str = response.urn
        self.state: dict[str, Any] = json_format.MessageToDict(response.state)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Inputs of the resources of a type."""
        return [step.inputs for step in self.steps.values() if step.type == kind]

    def names(self, kind: str) -> list[str]:
        """Logical names of the resources of a type that ends in `kind`."""
        return sorted(step.name for step in self.steps.values() if step.type.endswith(f":{kind}"))


@pytest.fixture
def construct(provider: provider_pb2_grpc.ResourceProviderStub) -> Any:
    """Construct a component: `construct("ArtifactStore", inputs)`."""

    def run(component: str, inputs: dict[str, Any], cloud: str = "aws", **request: Any) -> Constructed:
        # a stack of its own: components of one program share no platform name
        stack = request.pop("stack", None) or f"stack{next(_stacks)}"
        recorder = RecordingMonitor(
            Account.sample(cloud),
            "project",
            stack,
            resolve=True,
            progress=None,
            references=request.pop("references", {}),
        )
        # one after another: the recorder reads the SDK, whose modules two threads must not load at once
        server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Monitor(recorder), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        sent = struct_pb2.Struct()
        sent.update(inputs)
        try:
            response = provider.Construct(
                provider_pb2.ConstructRequest(
                    project="project",
                    stack=stack,
                    type=f"mlplatform:index:{component}",
                    name="it",
                    inputs=sent,
                    monitorEndpoint=f"127.0.0.1:{port}",
                    dryRun=False,
                    parallel=4,
                    **request,
                ),
                timeout=300,
            )
        finally:
            # until the end: what a refused component had begun to register still arrives
            _monitors.append(server)
        return Constructed(recorder, response)

    return run


def refusals(error: grpc.RpcError) -> dict[str, str]:
    """Reason by property of what the package refused."""
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(details)
    found = errors_pb2.InputPropertiesError()
    status.details[0].Unpack(found)
    return {each.property_path: each.reason for each in found.errors}
