"""A resource provider of Pulumi's protocol that keeps its resources in the mock cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from mlplatform.mock_cloud import Cloud, CloudRefused, Held
from mlplatform.mock_cloud.building import raised_outputs
from mlplatform.mock_cloud.faults import AnswerLost, TookTooLong
from mlplatform.mock_cloud.serve.difference import Difference, Replacement
from mlplatform.mock_cloud.serve.replacement import ReplacementJudge
from mlplatform.mock_cloud.serve.retry import call_with_retries
from mlplatform.mock_cloud.serve.values import make_struct, struct_fields
from mlplatform.providers.check import check_invoke, check_resource
from mlplatform.providers.deleted_first import deletes_first
from mlplatform.providers.invokes import answer_invoke
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.refusal import ProviderRefused, Refusal
from mlplatform.providers.wire import UNKNOWN

T = TypeVar("T")
_DIFF = provider_pb2.PropertyDiff
_LATE = "timeout while waiting for the resource to become ready"
_KINDS = {
    ("add", False): _DIFF.ADD,
    ("add", True): _DIFF.ADD_REPLACE,
    ("delete", False): _DIFF.DELETE,
    ("delete", True): _DIFF.DELETE_REPLACE,
    ("update", False): _DIFF.UPDATE,
    ("update", True): _DIFF.UPDATE_REPLACE,
}


class CloudProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The provider of one package.

    Args:
        cloud: the cloud of its resources.
        version: the version that it reports.
        replacement: the changes that replace a resource.
    """

    def __init__(self, cloud: Cloud, version: str, replacement: Replacement) -> None:
        self._cloud = cloud
        self._version = version
        self._judge = ReplacementJudge(cloud.account, replacement)

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema="{}")

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return _checked(
            request.news, check_resource(request.type or _type(request.urn), request.name, struct_fields(request.news))
        )

    def DiffConfig(self, request: Any, context: Any) -> Any:
        old, new = struct_fields(request.old_inputs) or struct_fields(request.olds), struct_fields(request.news)
        return _diff(
            self._judge.changes(_type(request.urn), _name(request.urn), old, new, tuple(request.ignoreChanges))
        )

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: Any, context: Any) -> Any:
        args = struct_fields(request.args)
        refusals = check_invoke(request.tok, args)
        if refusals:
            return provider_pb2.InvokeResponse(failures=_failures(refusals))
        try:
            # `return` is a keyword of Python
            fields: Any = {"return": make_struct(answer_invoke(request.tok, args, self._cloud.account))}
        except ProviderRefused as refused:
            return provider_pb2.InvokeResponse(failures=_failures(refused.refusals))
        return provider_pb2.InvokeResponse(**fields)

    def Check(self, request: Any, context: Any) -> Any:
        return _checked(
            request.news, check_resource(_type(request.urn), _name(request.urn), struct_fields(request.news))
        )

    def Diff(self, request: Any, context: Any) -> Any:
        token, name = _type(request.urn), _name(request.urn)
        old, new = struct_fields(request.old_inputs), struct_fields(request.news)
        answer = _diff(self._judge.changes(token, name, old, new, tuple(request.ignoreChanges)))
        answer.deleteBeforeReplace = bool(answer.replaces) and deletes_first(token, old, new)
        return answer

    def Create(self, request: Any, context: Any) -> Any:
        token, name, inputs = _type(request.urn), _name(request.urn), struct_fields(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=make_struct(self._expected(token, name, inputs)))
        held = self._call(context, "create", request.urn, lambda: self._cloud.create(token, name, inputs))
        return provider_pb2.CreateResponse(id=held.id, properties=make_struct(held.outputs))

    def Read(self, request: Any, context: Any) -> Any:
        # an import has no state yet, and an id of its own form
        read = self._cloud.read if request.properties.fields else self._cloud.find
        held = self._call(context, "read", request.urn, lambda: read(_type(request.urn), request.id))
        if held is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=held.id, properties=make_struct(held.outputs), inputs=make_struct(held.inputs)
        )

    def Update(self, request: Any, context: Any) -> Any:
        token, name, inputs = _type(request.urn), _name(request.urn), struct_fields(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=make_struct(self._expected(token, name, inputs, request.id)))
        held = self._call(context, "update", request.urn, lambda: self._cloud.update(token, request.id, inputs))
        return provider_pb2.UpdateResponse(properties=make_struct(held.outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        self._call(context, "delete", request.urn, lambda: self._cloud.delete(_type(request.urn), request.id))
        return empty_pb2.Empty()

    def _expected(self, token: str, name: str, inputs: dict[str, object], id_: str = "") -> dict[str, object]:
        """Outputs in a preview: of an existing resource those that stay, of a new one inputs returned as sent."""
        held: Held | None = self._cloud.read(token, id_) if id_ else None
        _, outputs = provider_outputs(token, held.seed if held else name, inputs, self._cloud.account)
        if held:
            raised = raised_outputs(held, inputs)
            outputs = {
                **outputs,
                **{key: UNKNOWN if value != held.outputs[key] else value for key, value in raised.items()},
            }
            return outputs
        return {key: value for key, value in inputs.items() if outputs.get(key) == value}

    def _call(self, context: Any, op: str, urn: str, call: Callable[[], T]) -> T:
        try:
            return call_with_retries(self._cloud, call)
        except CloudRefused as refused:
            self._cloud.note_refusal(op, _type(urn), _name(urn), refused)
            context.abort(grpc.StatusCode.UNKNOWN, str(refused))
        except TookTooLong as late:
            context.set_trailing_metadata((("grpc-status-details-bin", _unfinished(late.held)),))
            context.abort(grpc.StatusCode.UNKNOWN, _LATE)
        except AnswerLost:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the connection to the provider was lost")
        raise AssertionError("abort raises")


def _unfinished(held: Held) -> bytes:
    """The status of a resource that exists and is not ready, so that the engine keeps it in its state."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=held.id, properties=make_struct(held.outputs), reasons=[_LATE], inputs=make_struct(held.inputs)
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=_LATE)
    status.details.add().Pack(detail)
    return status.SerializeToString()


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _checked(news: Any, refusals: list[Refusal]) -> Any:
    return provider_pb2.CheckResponse(inputs=news, failures=_failures(refusals))


def _failures(refusals: Any) -> list[Any]:
    return [
        provider_pb2.CheckFailure(property=r.path, reason=f"got {r.got}, expected {r.expected}; {r.fix}")
        for r in refusals
    ]


def _diff(changes: list[Difference]) -> Any:
    tops = {str(change.path[0]): None for change in changes}
    replaces = {str(change.path[0]): None for change in changes if change.replaces}
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changes else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=list(tops),
        replaces=list(replaces),
        hasDetailedDiff=True,
        detailedDiff={
            change.wire: _DIFF(kind=_KINDS[change.kind, change.replaces], inputDiff=True) for change in changes
        },
    )
