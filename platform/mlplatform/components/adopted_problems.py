"""Problems of the existing resources that a target names, in the same words on every cloud. Imports no SDK."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from mlplatform.components.backend import Backend
from mlplatform.components.problems import reference_problems
from mlplatform.spec.adopted import Adopted
from mlplatform.spec.keys import KEY_PURPOSES, KeyPurpose
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def adopted_problems(backend: Backend, spec: PlatformSpec, existing: Adopted) -> Iterator[Problem]:
    """References that must differ, a cluster that nothing uses, and settings of repositories that are not made.

    Args:
        backend: the cloud.
        spec: the narrowed spec.
        existing: what its target names.
    """
    path = f"targets[{backend.name}].existing"
    for name, part in existing.parts().items():
        yield from reference_problems(backend, f"{path}.{name}", part.references())
    if "cluster" in existing.parts() and spec.training is None:
        yield backend.refuse(
            f"{path}.cluster",
            "a cluster, and no `training`",
            "a spec with pools for the cluster",
            "add `training` with pools, or omit the cluster",
        )
    if "cluster" in existing.parts() and spec.cluster is not None:
        yield backend.refuse(
            "cluster",
            "a layer for an existing cluster",
            "a cluster that the platform makes: in one of another owner nobody knows which queue, plugins and "
            "autoscaler are already there, and two of them fight",
            "remove `cluster` and let the owner install queue and engines, or omit "
            f"targets[{backend.name}].existing.cluster",
        )


def identity_problems(
    backend: Backend, spec: PlatformSpec, named: Mapping[str, str | None], endpoints: Mapping[str, str], owner: str
) -> Iterator[Problem]:
    """Identities that no workload of the spec acts as, and those of another account.

    Args:
        backend: the cloud.
        spec: the narrowed spec.
        named: identity by workload.
        endpoints: identity by endpoint.
        owner: what each identity contains, for example the account; empty where ids do not tell.
    """
    path = f"targets[{spec.targets[0].name}].existing.identities"
    unused: dict[str, str] = {}
    if spec.training is None:
        unused["training"] = "add `training`, or omit it"
    if spec.access.ci is None:
        unused["ci"] = "add access.ci, or omit it"
    for workload, fix in unused.items():
        if identity := named.get(workload):
            yield backend.refuse(f"{path}.{workload}", identity, f"a spec with a workload for {workload}", fix)
    known = [endpoint.name for endpoint in spec.endpoints]
    for name, identity in endpoints.items():
        if name not in known:
            yield backend.refuse(
                f"{path}.endpoints.{name}",
                identity,
                f"the name of an endpoint: {', '.join(known) or 'the spec has none'}",
                "name an endpoint of the spec, or omit it",
            )
    given = {**named, **{f"endpoints.{name}": identity for name, identity in endpoints.items()}}
    for field, identity in given.items():
        if identity and owner not in identity:
            yield backend.refuse(
                f"{path}.{field}",
                identity,
                f"an identity of the target's own account, with {owner} in its name: its rights are given there",
                "name one of that account",
            )


_SETTINGS = ("keep_images", "untagged_days", "immutable_tags", "scan_on_push")


def registry_problems(backend: Backend, spec: PlatformSpec) -> Iterator[Problem]:
    """Settings of image repositories where the platform makes none: they are their owner's.

    Args:
        backend: the cloud.
        spec: the narrowed spec, whose repositories all exist.
    """
    for name in _SETTINGS:
        if name in spec.registry.model_fields_set and (value := getattr(spec.registry, name)) is not None:
            yield backend.refuse(
                f"registry.{name}",
                str(value),
                "nothing: all repositories of this target exist, and their owner decides that",
                f"leave {name} out, and ask the owner of the repositories",
            )


def key_problems(
    backend: Backend,
    field: str,
    default: str | None,
    named: Mapping[KeyPurpose, str],
    places: Collection[str],
) -> Iterator[Problem]:
    """Purposes without a key, and keys that are not where the target's resources can use them.

    Args:
        backend: the cloud.
        field: the field of keys by purpose.
        default: the key of all other purposes.
        named: keys by purpose.
        places: texts of which each key must contain all, for example its region; empty where ids name no place.
    """
    path = f"targets[{backend.name}].existing.keys"
    missing = [purpose for purpose in KEY_PURPOSES if purpose not in named]
    if default is None and missing:
        purposes = ", ".join(missing)
        yield backend.refuse(f"{path}.default", "nothing", f"a key for {purposes}", f"name one, or each in {field}")
    given = {f"{field}.{purpose}": key for purpose, key in named.items()}
    for at, key in {**({"default": default} if default else {}), **given}.items():
        if wrong := [place for place in places if place not in key]:
            yield backend.refuse(
                f"{path}.{at}",
                key,
                f"a key of the target's own region: its name contains {' and '.join(wrong)}",
                "name a key of that region",
            )
