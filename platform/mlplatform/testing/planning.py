"""Plans for tests, made once per spec, cloud and `resolve`."""

from __future__ import annotations

from pathlib import Path

from mlplatform.components.releases import as_released
from mlplatform.plan.model import Plan
from mlplatform.plan.record import record
from mlplatform.reading.load import load
from mlplatform.spec.platform import PlatformSpec


class Planner:
    """Plans specs and caches the plans, which are immutable."""

    def __init__(self) -> None:
        self._plans: dict[tuple[str, str, str, bool], Plan] = {}

    def __call__(
        self,
        spec: PlatformSpec | Path | str,
        cloud: str | None = None,
        *,
        resolve: bool = False,
        released: bool = False,
    ) -> Plan:
        """Plan a platform on one cloud.

        Args:
            spec: the spec, or the path of its file.
            cloud: the target. Omitted: the only one.
            resolve: use realistic values where the engine would have unknown ones.
            released: plan as if everything that the spec names was released. Omitted: what the record beside the
                spec's file releases.

        Raises:
            ValueError: the spec is refused, and the text has every problem; or it has several targets and no cloud was
                given.
            mlplatform.plan.record.PlanRefused: a provider would refuse a resource.
        """
        loaded = spec if isinstance(spec, PlatformSpec) else _loaded(Path(spec))
        clouds = [target.cloud for target in loaded.targets]
        if cloud is None and len(clouds) != 1:
            raise ValueError(f"the spec has several targets ({', '.join(clouds)}): name one of them as the cloud")
        chosen = cloud or clouds[0]
        loaded = as_released(loaded, (chosen,)) if released else loaded
        key = (loaded.model_dump_json(), loaded.record.model_dump_json() if loaded.record else "", chosen, resolve)
        if key not in self._plans:
            self._plans[key] = record(loaded, chosen, resolve=resolve)
        return self._plans[key]


def _loaded(path: Path) -> PlatformSpec:
    loaded = load(path)
    if loaded.spec is None or loaded.problems:
        raise ValueError("\n".join(str(problem) for problem in loaded.problems))
    return loaded.spec
