"""What is needed to train a version again, from the record alone: what it does not say is named, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mlplatform.fast.record import record
from mlplatform.lineage.chain import Chain
from mlplatform.reading.partial import Unacceptable
from mlplatform.spec.problem import Problem
from mlplatform.spec.training_run import TrainingRun

Value = bool | int | float | str


@record(kw_only=True)
class SecondRun:
    """A run that has everything that the record says of the first one."""

    model: str
    """Model and version: `fraud/7`."""

    recorded: tuple[str, ...]
    """Where it is released."""

    commit: str | None
    """Commit of the code."""

    data_version: str | None
    """Version of the data."""

    first: str | None
    """The first run."""

    training: TrainingRun
    """How it was trained; empty where no record says it."""

    lacking: tuple[str, ...]
    """What no record says."""


def plan_second_run(chain: Chain, repository: str | None = None) -> SecondRun:
    """The second run of a version.

    Args:
        chain: of a model, with all places of one version or of several.
        repository: where the code is, if the record does not say it, or it has moved.

    Raises:
        Unacceptable: it is of several versions, of none, or the records contradict each other.
    """
    paths = {link.release.path: link for link in chain.links if link.release.path and link.serves}
    paths = paths or {link.release.path: link for link in chain.links if link.release.path}
    if len(paths) != 1:
        got = (
            "an image that holds the model" if not paths else f"several versions: {', '.join(map(str, sorted(paths)))}"
        )  # type: ignore[type-var]
        raise Unacceptable(Problem("MODEL", f"{chain.model}, {got}", "one version of a model", "name one of them"))
    (path,) = paths
    assert path is not None
    links = [link for link in chain.links if link.release.path == path]
    if found := [each for each in chain.contradictions if each.startswith(f"{path}: ")]:
        raise Unacceptable(
            *(
                Problem("MODEL", each, "records that agree", "find out which is right, or narrow with --environment")
                for each in found
            )
        )

    def said(field: str) -> str | None:
        return next((value for link in links if (value := getattr(link.release, field))), None)

    training = next((link.release.training for link in links if link.release.training), None) or TrainingRun()
    if repository:
        training = training.overlay(repository=repository)
    commit, data = said("commit"), said("data_version")
    lacking = tuple(_lacking(training, commit, data))
    recorded = tuple(link.entry.place for link in links)
    return SecondRun(
        model=path,
        recorded=recorded,
        commit=commit,
        data_version=data,
        first=said("run"),
        training=training,
        lacking=lacking,
    )


def _lacking(training: TrainingRun, commit: str | None, data: str | None) -> Iterator[str]:
    known: Mapping[str, object] = {
        "commit": commit,
        "data_version": data,
        "training.repository": training.repository,
        "training.image": training.image,
        "training.command": training.command,
        "training.parameters": training.parameters,
        "training.metrics": training.metrics,
    }
    yield from (name for name, value in known.items() if not value)


def differing_metrics(recorded: Mapping[str, float], measured: Mapping[str, object], tolerance: float) -> Sequence[str]:
    """What a second run measured otherwise, or not at all, one sentence per metric.

    Args:
        recorded: metrics of the first run.
        measured: those of the second one.
        tolerance: the largest difference that counts as the same, absolute.
    """
    found: list[str] = []
    for name, value in sorted(recorded.items()):
        other = measured.get(name)
        if isinstance(other, bool) or not isinstance(other, int | float):
            found.append(f"{name}: {value!r} recorded, not measured by the second run")
        elif not abs(other - value) <= tolerance:
            found.append(f"{name}: {value!r} recorded, {other!r} now")
    return found
