"""Keys alone."""

import pulumi

from mlplatform.components.keys import Keys as LibraryKeys
from mlplatform.package.args.context import ContextArgs
from mlplatform.package.args.existing import Made
from mlplatform.package.args.keys import KeysSpec
from mlplatform.package.components.base import open_context, spec_fields
from mlplatform.package.existing import show_existing
from mlplatform.package.reading import Part


class KeysArgs(KeysSpec):
    """Keys of their own."""

    context: ContextArgs
    """The platform that they belong to."""


class Keys(pulumi.ComponentResource):
    """One encryption key per purpose, rotated, protected and recoverable."""

    ids: pulumi.Output[dict[str, str]]
    """The cloud's full id of each key (ARN, resource name, key URI), by purpose."""

    existing: pulumi.Output[Made]
    """The keys, in the form that other components take."""

    def __init__(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("mlplatform:index:Keys", name, {}, opts)
        context = open_context(self, args["context"], opts, Part("keys", spec_fields(args)))
        keys = LibraryKeys(f"{context.prefix}-keys", context.spec.keys, context)
        self.ids = pulumi.Output.all(**keys.ids)
        self.existing = show_existing(context.target.cloud, keys=keys)
        self.register_outputs({})
