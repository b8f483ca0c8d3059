"""Writes the files of a repository of Feast for a platform's feature store."""

from __future__ import annotations

from pathlib import Path

from mlplatform import discovery
from mlplatform.components.feast_repository import FEAST_VERSION, HEAD, feast_configuration, feast_definitions
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem


def feature_files(spec: PlatformSpec) -> dict[str, str]:
    """The files by their names: configuration, definitions, look-ups and what to install. No secret is in them.

    Args:
        spec: narrowed to one target.

    Raises:
        Unacceptable: the spec has no feature store, or Feast knows no store like this cloud's.
    """
    features, target = spec.feature_store, spec.targets[0]
    if features is None:
        raise Unacceptable(Problem("feature_store", "none", "a feature store", "add `feature_store` to the spec"))
    backend = discovery.backend(target.cloud)
    try:
        registry = backend.feast_registry(spec)
        online = backend.feast_online(spec) if features.online_groups else None
    except NotImplementedError as error:
        raise Unacceptable(
            Problem(f"--target {target.name}", str(error), "a store that Feast knows", "name another target")
        ) from None
    # what is not a module of this package has an ending of its own: it needs packages that are not there
    programs = {
        "lookup.py": "lookup.py",
        **({"fill.py": "fill.py.in", "Dockerfile": "Dockerfile.in"} if online else {}),
        **({online.program: f"{online.program}.in"} if online and online.program else {}),
    }
    extras = dict.fromkeys(("duckdb", registry.extra, online.extra if online else registry.extra))
    packages = (f"feast[{','.join(extras)}]=={FEAST_VERSION}", *(online.packages if online else ()))
    return {
        "feature_store.yaml": feast_configuration(spec, registry, online),
        "definitions.py": feast_definitions(features),
        "requirements.in": "\n".join((HEAD, *packages)) + "\n",
        **{
            name: f"{HEAD}\n{Path(__file__).with_name(source).read_text(encoding='utf-8')}"
            for name, source in programs.items()
        },
    }
