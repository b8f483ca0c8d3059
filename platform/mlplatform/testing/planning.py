"""Plans for tests, made once per spec, target and `resolve`."""

from __future__ import annotations

from pathlib import Path

from mlplatform.components.imagined_releases import as_released
from mlplatform.deprecation import former_argument
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec


class Planner:
    """Plans specs and caches the plans, which are immutable."""

    def __init__(self) -> None:
        self._plans: dict[tuple[str, tuple[str, ...], str, bool], Plan] = {}

    def __call__(
        self,
        spec: PlatformSpec | Path | str,
        target: str | None = None,
        *,
        resolve: bool = False,
        released: bool = False,
        cloud: str | None = None,
    ) -> Plan:
        """Plan a platform on one target.

        Args:
            spec: the spec, or the path of its file.
            target: the target's name, or its cloud where it is the only one there. Omitted: the only target.
            resolve: use realistic values where the engine would have unknown ones.
            released: plan as if everything that the spec names was released. Omitted: what the record beside the
                spec's file releases.
            cloud: the former name of `target`.

        Raises:
            ValueError: the spec is refused, and the text has every problem; or it has several targets and no target was
                named.
            mlplatform.plan.record.PlanRefused: a provider would refuse a resource.
        """
        loaded = spec if isinstance(spec, PlatformSpec) else _loaded(Path(spec))
        names = [each.name for each in loaded.targets]
        wanted = former_argument("target", target, "cloud", cloud)
        if wanted is None and len(names) != 1:
            raise ValueError(f"the spec has several targets ({', '.join(names)}): name one of them as the target")
        chosen = loaded.target(wanted or names[0]).name
        loaded = as_released(loaded, (chosen,)) if released else loaded
        beside = tuple(each.model_dump_json() if each else "" for each in (loaded.record, loaded.pinned_images))
        key = (loaded.model_dump_json(), beside, chosen, resolve)
        if key not in self._plans:
            self._plans[key] = record(loaded, chosen, resolve=resolve)
        return self._plans[key]


def _loaded(path: Path) -> PlatformSpec:
    loaded = load(path)
    if loaded.spec is None or loaded.problems:
        raise ValueError("\n".join(str(problem) for problem in loaded.problems))
    return loaded.spec
