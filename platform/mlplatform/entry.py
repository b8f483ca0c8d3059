"""Pulumi's program of one stack: load the spec, refuse a bad one readably, make the platform."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env

from mlplatform import discovery
from mlplatform.components.names import LAYERS
from mlplatform.fast.sdk import fast_sdk, quiet_gc_until_exit
from mlplatform.reading.file import specs_in
from mlplatform.reading.load import load
from mlplatform.similar import nearest_names
from mlplatform.views.spec.problems import problems_text
from mlplatform.views.style import Style

_KEYS = ("spec", "target", "cloud", "layer", "cloudStack")
"""Keys of a stack's configuration; `cloud` is the former name of `target`."""


def run_stack(folder: Path, spec: str, target: str, layer: str | None = None, cloud_stack: str | None = None) -> None:
    """Make one spec's platform on one of its targets, or what is inside its cluster.

    Args:
        folder: the folder of spec files.
        spec: file name without its ending, for example `prod`; or a path below the folder.
        target: the target's name, or its cloud where it is the only one there.
        layer: `cloud` for the platform, `cluster` for what is inside its cluster. Omitted: `cloud`.
        cloud_stack: of the layer `cluster`: the stack with the cluster. Omitted: the target's own, in the same project.

    Raises:
        pulumi.RunError: the spec is refused, and the text holds every problem; or it has no such target.
    """
    candidates = [
        folder / spec,
        *(folder / f"{spec}{ending}" for ending in (".py", ".yaml", ".yml", ".json")),
    ]
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise pulumi.RunError(_no_spec(folder, spec))
    loaded = load(path)
    if loaded.spec is None or loaded.problems:
        raise pulumi.RunError(problems_text(loaded.problems, Style()))
    try:
        cloud = loaded.spec.target(target).cloud
    except LookupError as error:
        raise pulumi.RunError(f"mlplatform:target: {error}") from None
    if layer not in (None, *LAYERS):
        raise pulumi.RunError(f"mlplatform:layer: got '{layer}', expected one of {', '.join(LAYERS)}")
    tunnel = _open_tunnel() if layer == "cluster" else ""
    fast_sdk((*discovery.backend(cloud).sdks, "pulumi_kubernetes"))
    # resources are still registered after the program's last line, until the process ends
    quiet_gc_until_exit()
    from mlplatform.program import run, run_cluster

    if layer != "cluster":
        run(loaded.spec, target)
    elif loaded.spec.cluster is None:
        raise pulumi.RunError(
            "mlplatform:layer: got 'cluster', but the spec has no layer inside its cluster: add `cluster`; to take the "
            "layer down, run `pulumi destroy` before `cluster` is removed from the spec"
        )
    else:
        run_cluster(loaded.spec, target, cloud_stack, tunnel)


def _no_spec(folder: Path, spec: str) -> str:
    names = specs_in(folder)
    close = [each for each in names if each == Path(spec).stem or spec.startswith(f"{each}-")]
    close = close or nearest_names(spec, names, cutoff=0.5)
    hint = f"; write {close[0]}" if close else ""
    return f"mlplatform:spec: got '{spec}', expected a spec in {folder}: {', '.join(names) or 'there is none'}{hint}"


def _open_tunnel() -> str:
    from mlplatform.cluster.kubeconfig import BadTunnel, open_tunnel

    try:
        return open_tunnel()
    except BadTunnel as error:
        raise pulumi.RunError(str(error)) from None


def run_configured(folder: Path) -> None:
    """Make what the stack's configuration names.

    Args:
        folder: the folder of spec files.
    """
    config = pulumi.Config("mlplatform")
    keys = {*CONFIG.get(), *get_config_env()}
    refuse_misspelt_keys(keys)
    _refuse_missing_keys(folder, config, keys)
    target = configured_target(config)
    run_stack(folder, config.require("spec"), target, config.get("layer"), config.get("cloudStack"))


def refuse_misspelt_keys(keys: Iterable[str]) -> None:
    """Refuse keys of a stack's configuration that nobody reads and that resemble one of ours.

    Without it, `mlplatform:layr: cluster` would make the whole platform a second time, in the stack of its cluster.
    Other keys are left alone: routes and registries have secrets under names of their own.

    Args:
        keys: with their namespace.

    Raises:
        pulumi.RunError: there are some; the text has them all.
    """
    names = sorted(key.partition(":")[2] for key in keys if key.startswith("mlplatform:"))
    plain = {re.sub(r"[^a-z]", "", known.lower()): known for known in _KEYS}
    meant = {
        name: next(iter(nearest_names(re.sub(r"[^a-z]", "", name.lower()), plain, cutoff=0.75)), "")
        for name in names
        if name not in _KEYS
    }
    wrong = [
        f"mlplatform:{name}: got an unknown key; write mlplatform:{plain[each]}" for name, each in meant.items() if each
    ]
    if wrong:
        raise pulumi.RunError("\n".join(wrong))


def _refuse_missing_keys(folder: Path, config: pulumi.Config, keys: Iterable[str]) -> None:
    """Refuse a stack whose configuration does not say what it is; a key without a namespace is the project's own."""
    wanted = {
        "spec": f"a spec in {folder}: {', '.join(specs_in(folder)) or 'there is none'}",
        "target": "a target of the spec",
    }
    given = {name for name in (*wanted, "cloud") if config.get(name)}
    told: list[str] = []
    for name, expected in wanted.items():
        if name in given or (name == "target" and "cloud" in given):
            continue
        own = sorted(key for key in keys if key.partition(":")[2] == name)
        fix = f"rename {own[0]}: the key begins with mlplatform:" if own else f"`pulumi config set mlplatform:{name} …`"
        told.append(f"mlplatform:{name}: got nothing, expected {expected}; {fix}")
    if told:
        raise pulumi.RunError("\n".join(told))


def configured_target(config: pulumi.Config) -> str:
    """The target that the stack's configuration names, as `target` or by the former key `cloud`."""
    return config.get("target") or config.get("cloud") or config.require("target")
