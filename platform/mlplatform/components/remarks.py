"""What a valid spec says that its author may not mean: told by `validate` and in plans, and no reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform.components.releases import variant_paths
from mlplatform.similar import nearest_names
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.profile import DEFAULTS
from mlplatform.spec.releases import split_model


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
