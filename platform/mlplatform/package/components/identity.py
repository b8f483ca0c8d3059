"""An identity alone."""

from typing import TypedDict, cast, get_args

import pulumi

from mlplatform.components.identity import Identity as LibraryIdentity
from mlplatform.components.identity import Purpose
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.components.base import open_context
from mlplatform.package.reading import refusal
from mlplatform.spec.access import ROLES

WORKLOADS = tuple(word for word in get_args(get_args(Purpose)[0]) if word not in ("door", "monitor"))
"""Purposes that are no person's role; the door's identity is of no use without its door."""


class IdentityArgs(TypedDict):
    """An identity without rights: grants of other components name its principal."""

    context: ContextArgs
    """The platform that it belongs to. `access.ci` names the CI system, the target's `people` the holders of roles."""

    purpose: str
    """Its use: a workload (`training`, `pipelines`, `serving`), `ci`, or a role of people."""


class Identity(pulumi.ComponentResource):
    """An identity without keys or passwords, and without rights until something grants them."""

    principal: pulumi.Output[str]
    """The cloud's name of it in grants (role ARN, member, object id)."""

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Identity", name, {}, opts)
        known = (*WORKLOADS, *ROLES)
        if args["purpose"] not in known:
            raise refusal("no such purpose", ("purpose", f"got: {args['purpose']}; expected: {', '.join(known)}"))
        purpose = cast("Purpose", args["purpose"])
        context = open_context(self, args["context"], opts)
        if purpose == "ci" and context.spec.access.ci is None:
            raise refusal("an identity for CI", ("context.access.ci", "required: the CI system that may use it"))
        if purpose in ROLES and not context.target.people.get(purpose):
            raise refusal(
                "an identity of people", (f"context.target.people.{purpose}", "required: the holders of the role")
            )
        self.principal = LibraryIdentity(f"{context.prefix}-{purpose}", purpose, context).principal
        self.register_outputs({})
