"""Names of stacks, and physical names: `{platform}-{environment}-{role}`, cut to a cloud's limit. Imports no SDK."""

from __future__ import annotations

from typing import Literal, get_args

from mlplatform.fast.digest import sha256_hex
from mlplatform.spec.platform import PlatformSpec

_HASH = 8


def short_hash(text: str, length: int = _HASH) -> str:
    """The first hexadecimal digits of a text's SHA-256."""
    return sha256_hex(text)[:length]


def cut_name(name: str, limit: int, *, hash_length: int = _HASH, joint: str = "-") -> str:
    """The name, or its beginning and a hash of the whole where it is longer than the limit.

    Args:
        name: what to cut.
        limit: most characters.
        hash_length: characters of the hash.
        joint: text between beginning and hash; empty where the name may have no hyphen.
    """
    if len(name) <= limit:
        return name
    return f"{name[: limit - hash_length - len(joint)].rstrip('-')}{joint}{short_hash(name, hash_length)}"


Layer = Literal["cloud", "cluster"]
"""The two stacks of a target: the cloud's resources, and what is inside the cluster."""

LAYERS: tuple[Layer, ...] = get_args(Layer)
"""Both, in the order in which they are applied; they are destroyed in the opposite one."""

CLUSTER_SUFFIX = "-cluster"
"""End of the name of the inner layer's stack."""


def stack_name(spec: PlatformSpec, target: str, layer: Layer = "cloud") -> str:
    """The Pulumi stack of one target: `{environment}-{target's name}`, and with `-cluster` that of the inner layer.

    Args:
        spec: the platform, with any number of targets.
        target: the target's name, or its cloud where it is the only one there.
        layer: which of its stacks. Omitted: the cloud's resources.
    """
    name = f"{spec.environment}-{spec.target(target).name}"
    return name if layer == "cloud" else f"{name}{CLUSTER_SUFFIX}"


def layers_of(spec: PlatformSpec) -> tuple[Layer, ...]:
    """The layers that a spec has, in the order in which they are applied."""
    return LAYERS if spec.cluster else LAYERS[:1]


def logical_prefix(spec: PlatformSpec) -> str:
    """First part of every logical name: the platform's name, and the target's if it has its own.

    Args:
        spec: the platform, narrowed to one target.
    """
    target = spec.targets[0]
    return f"{spec.name}-{target.name}" if target.has_own_name else spec.name


def platform_name(spec: PlatformSpec, joint: str = "-") -> str:
    """Beginning of every physical name on one target: platform, environment, and the target's name if it has its own.

    It alone decides what tells the platforms of one account apart.

    Args:
        spec: the platform, narrowed to one target.
        joint: text between the parts.
    """
    target = spec.targets[0]
    return joint.join((spec.name, spec.environment, *((target.name,) if target.has_own_name else ())))


def physical_name(spec: PlatformSpec, role: str, limit: int) -> str:
    """`{platform_name}-{role}`, cut to the limit; without role where it is empty."""
    return cut_name("-".join(part for part in (platform_name(spec), role) if part), limit)


def hashed_name(spec: PlatformSpec, role: str, content: str, limit: int) -> str:
    """A physical name that changes with its content, for what can only be replaced."""
    return f"{physical_name(spec, role, limit - _HASH - 1)}-{short_hash(content)}"
