"""The scope of one component, given to a backend: names, tags, options, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pulumi

from mlplatform.components.narrowed import typed_target
from mlplatform.components.propagation import wait_after_creation
from mlplatform.components.selection import bound_reservation
from mlplatform.components.tags import resource_tags
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import Defaults
from mlplatform.spec.target import ReservationBinding, Target
from mlplatform.spec.training import GpuPoolSpec

if TYPE_CHECKING:
    from mlplatform.components.context import Context

T = TypeVar("T", bound=Target)
_LASTING = frozenset({"platform", "environment", "capability", "managed-by"})


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence for the plan's reader: a choice that was made, or a step that a person must take."""

    path: str
    """Field path in the spec."""

    text: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names, tags and options of one component's resources, and the way to everything else of its platform."""

    context: Context
    """The platform on this cloud."""

    name: str
    """The component's logical name; children are named below it."""

    component: pulumi.Resource
    """Parent of the resources."""

    capability: str
    """Capability in the resources' tags."""

    inherited: pulumi.ResourceOptions | None = None
    """Options of the component, and of those it is in, that each resource gets; None where there are none."""

    @property
    def spec(self) -> PlatformSpec:
        """The platform's spec on this cloud."""
        return self.context.spec

    @property
    def defaults(self) -> Defaults:
        """Values of omitted fields in this environment."""
        return self.context.defaults

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every resource, in the strictest alphabet of the three clouds."""
        return resource_tags(self.spec, self.context.target, self.capability)

    @property
    def lasting_tags(self) -> dict[str, str]:
        """Tags that follow from what a platform is: with another value it is another platform.

        For what the cloud would have to replace to change a tag: nodes, serving instances.
        """
        return {key: value for key, value in self.tags.items() if key in _LASTING}

    def target(self, kind: type[T]) -> T:
        """The target, as its cloud's own type."""
        return typed_target(self.context.target, kind)

    def reservation(self, pool: GpuPoolSpec) -> ReservationBinding | None:
        """The target's binding of the reservation that a pool names; None where it names none."""
        return bound_reservation(self.context.target, pool)

    def child(self, role: str) -> str:
        """Logical name of a child resource: part of its URN, never to be changed without an alias."""
        return f"{self.name}-{role}"

    def note(self, path: str, text: str) -> None:
        """Add a note for the plan's reader; `targets[cloud]` in its path becomes the target's name."""
        target = self.context.target
        self.context.notes.append(Note(path.replace(f"targets[{target.cloud}]", f"targets[{target.name}]"), text))

    def secret(self, key: str) -> pulumi.Output[str]:
        """A secret of the stack's configuration (`pulumi config set --secret mlplatform:<key>`)."""
        self.context.secrets_read.append(key)
        return pulumi.Config("mlplatform").require_secret(key)

    def opts(
        self,
        *,
        depends_on: Sequence[pulumi.Resource] = (),
        protect: bool | None = None,
        ignore_changes: Sequence[str] | None = None,
        delete_before_replace: bool | None = None,
        retain_on_delete: bool | None = None,
        replace_on_changes: Sequence[str] | None = None,
        provider: pulumi.ProviderResource | None = None,
        parent: pulumi.Resource | None = None,
        timeouts: Mapping[str, str] | None = None,
        former: Sequence[str] = (),
        effect_seconds: int | None = None,
    ) -> pulumi.ResourceOptions:
        """Options of a child resource. `ignore_changes` takes wire names (camelCase) for nested paths.

        Like the component, it waits for what the component's options depend on, and gets the others that components
        pass on: Pulumi itself lets only the component have them. `former` are roles it had in earlier releases: with
        them it stays the same resource.
        `effect_seconds` is the time from a right's creation until the cloud's services know it: whatever depends on
        the right comes after that time.
        """
        own = pulumi.ResourceOptions(
            parent=parent or self.component,
            depends_on=list(depends_on) or None,
            # False would lift the protection that a component's options put on everything in it
            protect=protect or None,
            ignore_changes=list(ignore_changes) if ignore_changes else None,
            delete_before_replace=delete_before_replace,
            retain_on_delete=retain_on_delete or None,
            replace_on_changes=list(replace_on_changes) if replace_on_changes else None,
            provider=provider,
            custom_timeouts=pulumi.CustomTimeouts(**timeouts) if timeouts else None,
            aliases=[pulumi.Alias(name=self.child(role)) for role in former] or None,
            hooks=wait_after_creation(effect_seconds) if effect_seconds else None,
        )
        return own if self.inherited is None else pulumi.ResourceOptions.merge(self.inherited, own)
