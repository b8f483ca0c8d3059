"""What a valid spec says that its author may not mean: told by `validate` and in plans, and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.components.releases import variant_paths
from mlplatform.similar import nearest_names
from mlplatform.spec.model_names import split_model
from mlplatform.spec.monitoring import EmailRoute
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import DEFAULTS

_NO_MAIL = ("example.com", "example.net", "example.org")
"""Domains that are kept for examples: mail to them reaches nobody. https://www.rfc-editor.org/rfc/rfc2606"""


def spec_remarks(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """The field path and one sentence for each.

    Args:
        spec: the platform, with any number of targets.
    """
    if spec.profile is None and spec.environment not in DEFAULTS:
        alike = [name for name in DEFAULTS if spec.environment.startswith(name[:4]) and name != spec.profile_in_use]
        meant = f"`profile` takes others, for example those of {alike[0]}" if alike else "`profile` takes others"
        yield (
            "environment",
            f"'{spec.environment}' has no defaults of its own and takes those of {spec.profile_in_use}; {meant}",
        )
    yield from _nobodys(spec)
    known = spec.registry.models
    if not known:
        return
    named = [
        (f"endpoints[{endpoint.name}].{path}", variant.model)
        for endpoint in spec.endpoints
        for path, variant in variant_paths(endpoint)
    ]
    named += [(f"pipelines[{pipeline.name}].model", pipeline.model) for pipeline in spec.pipelines]
    for path, model in named:
        name = split_model(model)[0] if model else None
        if name is not None and name not in known:
            close = nearest_names(name, known)
            fix = f"did you mean {close[0]}?" if close else f"add {name} there if its versions are to be kept"
            yield path, f"registry.models has no {name}: {fix}"


def is_for_examples(address: str) -> bool:
    """Whether nobody receives what is sent to an e-mail address."""
    return address.rpartition("@")[2].lower() in _NO_MAIL


def _nobodys(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    """Values that `mlplatform init` wrote because it was told none: of no account, and of nobody."""
    for target in spec.targets:
        for field, value in discovery.backend(target.cloud).first_target.placeholders.items():
            if getattr(target, field, None) == value:
                yield (
                    f"targets[{target.name}].{field}",
                    f"'{value}' is the value of a new project and nobody's: write yours before `pulumi up`",
                )
    for index, route in enumerate(spec.monitoring.routes):
        if isinstance(route, EmailRoute) and is_for_examples(route.address):
            yield (
                f"monitoring.routes[{index}].address",
                f"'{route.address}' is an address for examples: nobody receives its alerts; write yours",
            )
