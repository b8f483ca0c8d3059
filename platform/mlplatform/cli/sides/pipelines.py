"""A pipeline of a spec, by the name that somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mlplatform.spec.pipelines import PipelineSpec
    from mlplatform.spec.platform import PlatformSpec


def choose_pipeline(ctx: click.Context, spec: str, name: str, target: str | None) -> tuple[PipelineSpec, PlatformSpec]:
    """The pipeline, and the spec narrowed to where it runs.

    Args:
        ctx: of the command.
        spec: file or stack.
        name: of the pipeline.
        target: where it is said to run. None: where the spec says.

    Raises:
        click.UsageError: there is no such pipeline, or it runs elsewhere.
    """
    from mlplatform.cli.sides.specs import load_spec
    from mlplatform.similar import nearest_names

    platform = load_spec(ctx, spec, (target,) if target else ())
    names = [pipeline.name for pipeline in platform.pipelines]
    if name not in names:
        near = nearest_names(name, names)
        known = f"it has {', '.join(names)}" if names else "it has none; add one to `pipelines`"
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.UsageError(f"{spec}: got pipeline '{name}', which it does not have: {known}{hint}")
    pipeline = next(each for each in platform.pipelines if each.name == name)
    where = pipeline.on or platform.targets[0].name
    if target and platform.target(target).name != where:
        raise click.UsageError(f"--target: got {target}, expected {where}, where {name} runs; leave it out")
    return pipeline, platform.on(where)
