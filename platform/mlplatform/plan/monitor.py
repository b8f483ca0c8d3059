"""A resource monitor in this process: records registrations and answers like the strict mocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from mlplatform.fast.sdk.registered import RecordedAnswer, Registered, plain_struct
from mlplatform.plan.model import STACK_TYPE, UNKNOWN, Step, Value, is_secret
from mlplatform.providers.accounts import Account
from mlplatform.providers.check import check_invoke, check_resource
from mlplatform.providers.invokes import answer_invoke
from mlplatform.providers.outputs import provider_outputs
from mlplatform.providers.refusal import Refusal
from mlplatform.providers.unique import UniqueNames

_REFERENCE = "pulumi:pulumi:StackReference"
_UNIT = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
_DURATION = re.compile(r"([0-9.]+)(ms|h|m|s)")


class _Unused(Mocks):
    """Unused: the monitor answers itself, but Pulumi's base class needs an instance."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        raise NotImplementedError(args.name)


class RecordingMonitor(MockMonitor):
    """Records every registration, and collects all refusals of the providers instead of stopping at the first."""

    only_records = True
    """`fast.sdk` asks: stack traces are not needed, and what is answered is read where the program reads it."""

    def __init__(
        self,
        account: Account,
        project: str,
        stack: str,
        *,
        resolve: bool,
        progress: Callable[[int], None] | None,
        references: Mapping[str, Mapping[str, Value]],
    ) -> None:
        super().__init__(_Unused())
        self.account = account
        self.steps: dict[str, Step] = {}
        self.refused: list[tuple[str, str, Refusal]] = []
        self.stack_outputs: dict[str, Value] = {}
        self._head = f"urn:pulumi:{stack}::{project}::"
        self._resolve = resolve
        self._progress = progress
        self._references = references
        self._names = UniqueNames(account)
        self._accounts = {"": account}

    def GetDeploymentInfo(self, request: Any) -> Any:
        """The features of the engine that plans use: a plan runs no hooks, and need not register them."""
        info: Any = super().GetDeploymentInfo(request)  # pyright: ignore[reportUnknownMemberType]
        features = [f for f in info.supportedFeatures if f != resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS]
        return resource_pb2.DeploymentInfo(supportedFeatures=features)

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's URN: the whole chain of parent types, without the stack's."""
        parent_type = parent.split("::")[2] if parent else ""
        chain = "" if parent_type in ("", STACK_TYPE) else f"{parent_type}$"
        return f"{self._head}{chain}{type_}::{name}"

    def _aliases(self, registered: Registered) -> tuple[str, ...]:
        """Former URNs; parts that an alias omits are the present ones."""
        urns = {alias.urn for alias in registered.aliases if alias.urn} | set(registered.alias_urns)
        for spec in (alias.spec for alias in registered.aliases if alias.HasField("spec")):
            parent = "" if spec.noParent else spec.parentUrn or registered.parent
            urn = self.make_urn(parent, spec.type or registered.type, spec.name or registered.name)
            stack, project, rest = urn.split("::", 2)
            stack = f"urn:pulumi:{spec.stack}" if spec.stack else stack
            urns.add("::".join((stack, spec.project or project, rest)))
        return _sorted(urns)

    def RegisterResource(self, request: Any) -> Any:
        answer = self.register(Registered.of(request))
        return resource_pb2.RegisterResourceResponse(urn=answer.urn, id=answer.id, object=_struct(answer.outputs))

    def register(self, registered: Registered) -> RecordedAnswer:
        """Record a registration, and answer it: with its inputs, and where the plan is resolved with outputs."""
        urn = self.make_urn(registered.parent, registered.type, registered.name)
        inputs: dict[str, Value] = registered.inputs
        if urn in self.steps:
            self._refuse(registered.type, registered.name, [_twice(urn)])
        outputs: dict[str, Value] = {}
        resource_id = ""
        if registered.custom:
            account = self._account_of(registered.provider)
            self._check(registered.type, registered.name, inputs, urn, account)
            if self._resolve:
                resource_id, outputs = provider_outputs(registered.type, registered.name, inputs, account)
        self.steps[urn] = Step(
            op="create",
            urn=urn,
            type=registered.type,
            name=registered.name,
            custom=registered.custom,
            inputs=inputs,
            parent=registered.parent,
            dependencies=_sorted(registered.dependencies),
            property_dependencies={
                key: _sorted(urns) for key, urns in sorted(registered.property_dependencies.items())
            },
            protect=registered.protect,
            retain_on_delete=registered.retain_on_delete,
            provider=registered.provider,
            delete_before_replace=registered.delete_before_replace,
            ignore_changes=tuple(registered.ignore_changes),
            replace_on_changes=tuple(registered.replace_on_changes),
            replacement_trigger=registered.replacement_trigger,
            timeouts=_timeouts(registered.timeouts) if registered.timeouts else {},
            aliases=self._aliases(registered),
            additional_secret_outputs=_sorted(registered.additional_secret_outputs),
            id=resource_id,
            outputs=outputs,
        )
        if self._progress:
            self._progress(len(self.steps))
        return RecordedAnswer(urn, resource_id, _merged(outputs, inputs) if outputs else _echo(inputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if request.urn.split("::")[2] == STACK_TYPE:
            self.stack_outputs = plain_struct(request.outputs)
        return empty_pb2.Empty()

    def ReadResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        state = plain_struct(request.properties)
        if request.type == _REFERENCE:
            outputs = self._referred(state, request.id)
        else:
            _, outputs = provider_outputs(request.type, request.name, state, self._account_of(request.provider))
        self.steps[urn] = Step(
            op="read",
            urn=urn,
            type=request.type,
            name=request.name,
            custom=True,
            inputs=state,
            parent=request.parent,
            dependencies=_sorted(request.dependencies),
            provider=request.provider,
            id=request.id,
            outputs=outputs if self._resolve else {},
        )
        return resource_pb2.ReadResourceResponse(urn=urn, properties=_struct(_merged(outputs, state)))

    def _referred(self, state: dict[str, Value], name: str) -> dict[str, Value]:
        """Another stack's outputs; unknown where nobody said them."""
        found = self._references.get(name.rpartition("/")[2])
        return {**state, "outputs": UNKNOWN if found is None else found, "secretOutputNames": []}

    def Invoke(self, request: Any) -> Any:
        args = plain_struct(request.args)
        refusals = check_invoke(request.tok, args)
        if refusals:
            self._refuse(request.tok, request.tok, refusals)
            return resource_pb2.ResourceInvokeResponse()
        # `return` is a keyword of Python
        fields: Any = {"return": _struct(answer_invoke(request.tok, args, self.account))}
        return resource_pb2.ResourceInvokeResponse(**fields)

    def _account_of(self, provider: str) -> Account:
        """The account of a resource's provider; `provider` is a reference of URN and id."""
        if provider not in self._accounts:
            step = self.steps.get(provider.rpartition("::")[0])
            self._accounts[provider] = self.account.under(step.inputs) if step else self.account
        return self._accounts[provider]

    def _check(self, token: str, name: str, inputs: dict[str, Value], urn: str, account: Account) -> None:
        refusals = check_resource(token, name, inputs)
        twice = self._names.add(token, inputs, urn, account.region)
        self._refuse(token, name, [*refusals, *([twice] if twice else [])])

    def _refuse(self, token: str, name: str, refusals: Iterable[Refusal]) -> None:
        self.refused += [(token, name, refusal) for refusal in refusals]


def _twice(urn: str) -> Refusal:
    return Refusal("", f"a second resource with the URN {urn}", "unique URNs", "give it another logical name")


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(values))


def _timeouts(wire: Any) -> dict[str, int]:
    """Seconds from Go durations, the format of Pulumi (`1h30m`)."""
    texts = {"create": wire.create, "update": wire.update, "delete": wire.delete}
    return {
        key: round(sum(float(number) * _UNIT[unit] for number, unit in _DURATION.findall(text)))
        for key, text in texts.items()
        if text
    }


def _struct(values: Mapping[str, Value]) -> Any:
    struct: Any = struct_pb2.Struct()
    struct.update(values)
    return struct


def _echo(inputs: dict[str, Value]) -> dict[str, Value]:
    """Before creation a provider returns the inputs, except those that it returns in another form.

    Azure takes a resource's identity as a kind and a list, and returns it with principals and as a map, which the
    SDK refuses to read from a list: it is unknown until then.
    """
    return {**inputs, "identity": UNKNOWN} if "identity" in inputs else inputs


def _merged(outputs: dict[str, Value], inputs: dict[str, Value]) -> dict[str, Value]:
    """Outputs merged over inputs; a secret input stays secret."""
    kept = {key for key in inputs if outputs.get(key) is None or is_secret(inputs[key])}
    return {**inputs, **{key: value for key, value in outputs.items() if key not in kept}}
