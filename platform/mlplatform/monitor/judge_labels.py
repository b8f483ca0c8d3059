"""What only labels tell: how frequent they are, what the same inputs mean, and how good the answers are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr  # pyright: ignore[reportMissingTypeStubs] - SciPy has none

from mlplatform.monitor.compare import CountDifference, adjusted, compare_classes, compare_numbers, compare_outcomes
from mlplatform.monitor.findings import Measured, MonitorFinding, Shift
from mlplatform.monitor.performance import MetricEstimate, measure_metric
from mlplatform.monitor.profile import Profile
from mlplatform.monitor.rows import Counts
from mlplatform.monitor.summary import ONE, RowSummary, group_names
from mlplatform.spec.monitor_job import MonitorSettings
from mlplatform.spec.monitor_questions import LESS_IS_BETTER, VALUE_METRICS, MonitorMetric

LEAST_OF_LABEL = 30
"""Rows of one label without which its inputs are not compared."""


@dataclass
class LabelFindings:
    """What the labels say."""

    judged: bool = False
    """Whether there were enough of them."""

    prior: list[Shift] = field(default_factory=list[Shift])
    """That labels became more or less frequent."""

    concept: list[Shift] = field(default_factory=list[Shift])
    """That labels are more or less likely at the same score."""

    inputs_of_label_moved: bool = False
    """Whether the inputs of one and the same label changed."""

    performance: list[MonitorFinding] = field(default_factory=list[MonitorFinding])
    """Metrics that are too bad."""

    measured: list[Measured] = field(default_factory=list[Measured])
    """All metrics."""

    estimated: float | None = None
    """The accuracy to expect of all rows."""

    estimated_mae: float | None = None
    """The mean absolute error to expect of all rows."""

    not_judged: list[str] = field(default_factory=list[str])
    """What could not be judged."""


def judge_labels(
    settings: MonitorSettings,
    profile: Profile,
    reference: RowSummary,
    window: RowSummary,
    share: float,
    *,
    labels_expected: bool = True,
) -> LabelFindings:
    """Judge everything that needs labels.

    Args:
        settings: what is asked.
        profile: the bins.
        reference: counts of the reference.
        window: counts of the window.
        share: chance of a false alarm of each question.
        labels_expected: whether labels were given.
    """
    made = LabelFindings(
        estimated=_estimate(settings, reference, window),
        estimated_mae=_estimate_mae(settings, profile, reference, window),
    )
    needs = "metrics" if settings.task == "language" else "the frequency of labels, what inputs mean, and metrics"
    for what, summary in (("reference", reference), ("window", window)):
        if summary.labelled < settings.least_labels:
            why = f"{summary.labelled} of {summary.rows} rows of the {what} have labels"
            due = (
                f"; they are due {settings.label_days:g} days after the rows"
                if what == "window" and settings.label_days
                else ""
            )
            named = "" if labels_expected or what == "reference" else "; no labels were given"
            made.not_judged.append(f"{needs}: {why}; expected at least {settings.least_labels}{due}{named}")
            return made
    made.judged = True
    if settings.task == "language":
        # a label says whether an answer was good: rarer good ones are a worse metric, and no other world
        made.performance = list(_performance(settings, profile, reference, window, share, made))
        return made
    made.prior = list(_prior(settings, profile, reference, window, share))
    made.concept = list(_concept(settings, profile, reference, window, share, made.not_judged))
    made.inputs_of_label_moved = _inputs_of_label_moved(settings, profile, reference, window, share)
    made.performance = list(_performance(settings, profile, reference, window, share, made))
    return made


def _prior(
    settings: MonitorSettings, profile: Profile, reference: RowSummary, window: RowSummary, share: float
) -> Iterator[Shift]:
    now, then = window.counts["labels"], reference.counts["labels"]
    compare = compare_classes if settings.has_classes else compare_numbers
    found = compare(now, then)
    if found.p_value > share or found.size < min(settings.least_shift, settings.least_concept):
        return
    ours, theirs = now / now.sum(), then / then.sum()
    most = int(np.argmax(ours - theirs))
    if settings.has_classes:
        what = f"label {profile.classes[most]}"
        words = f"The label {profile.classes[most]} is {ours[most]:.1%} of labels, and was {theirs[most]:.1%}"
    else:
        what, words = "label", f"{found.size:.1%} of the labels moved to other values"
    yield Shift(what=what, p_value=found.p_value, size=found.size, words=words)


def _concept(
    settings: MonitorSettings,
    profile: Profile,
    reference: RowSummary,
    window: RowSummary,
    share: float,
    not_judged: list[str],
) -> Iterator[Shift]:
    """Labels at the same score: for all rows with half of the chance, for the slices together with the other half."""
    for what, summary in (("window", window), ("reference", reference)):
        # with one answer for all rows, labels at the same answer are those of other rows than before
        if profile.answer.kind == "number" and np.count_nonzero(summary.counts["answers"][: profile.answer.bins]) == 1:
            not_judged.append(f"what inputs mean: all answers of the {what} are alike")
            return
    groups = group_names(settings, profile)
    overall = _outcomes(settings, profile, window.counts["outcomes"][0], reference.counts["outcomes"][0])
    slices = len(groups) > 1
    if overall is not None:
        found, words = overall
        if found.p_value <= (share / 2 if slices else share) and found.size >= settings.least_concept:
            yield Shift(what="all rows", p_value=found.p_value, size=found.size, words=words)
    judged: list[tuple[str, CountDifference, str]] = []
    small: list[str] = []
    for group, (name, value) in enumerate(groups[1:], start=1):
        ours, theirs = window.counts["outcomes"][group], reference.counts["outcomes"][group]
        if min(ours.sum(), theirs.sum()) < settings.least_labels:
            if ours.sum() or theirs.sum():
                small.append(f"{name}={value}")
            continue
        each = _outcomes(settings, profile, ours, theirs)
        if each is not None:
            judged.append((f"{name}={value}", *each))
    for (what, found, words), p_value in zip(judged, adjusted([f.p_value for _, f, _ in judged]), strict=True):
        if p_value <= share / 2 and found.size >= settings.least_concept:
            yield Shift(what=what, p_value=p_value, size=found.size, words=f"{what}: {words}")
    if small:
        more = f" and {len(small) - 5} more" if len(small) > 5 else ""
        not_judged.append(f"the slices {', '.join(small[:5])}{more}: fewer than {settings.least_labels} labelled rows")


def _outcomes(
    settings: MonitorSettings, profile: Profile, now: Counts, then: Counts
) -> tuple[CountDifference, str] | None:
    """The outcome that changed most, with its chance among all outcomes."""
    kinds = now.shape[1]
    # of two classes one says all
    asked = [1] if settings.has_classes and kinds == 2 else list(range(kinds))
    found: list[tuple[CountDifference, int]] = []
    for kind in asked:
        ours, theirs = (np.stack([c.sum(axis=1) - c[:, kind], c[:, kind]], axis=1) for c in (now, then))
        found.append((compare_outcomes(ours, theirs), kind))
    if not found:
        return None
    least, kind = min(found, key=lambda each: each[0].p_value)
    p_value = min(1.0, least.p_value * len(found))
    if settings.has_classes:
        words = f"at the same answer the chance of label {profile.classes[kind]} changed by {least.size:.2f} on average"
    else:
        words = f"at the same answer {least.size:.1%} of the errors became larger or smaller"
    return CountDifference(p_value, least.size), words


def _inputs_of_label_moved(
    settings: MonitorSettings, profile: Profile, reference: RowSummary, window: RowSummary, share: float
) -> bool:
    found: list[CountDifference] = []
    columns = (*profile.columns, profile.answer)
    for label in range(len(window.counts["labels"])):
        if min(window.counts["labels"][label], reference.counts["labels"][label]) < LEAST_OF_LABEL:
            continue
        for place, column in enumerate(columns):
            ours, theirs = (each.counts["by_label"][label, place][: column.bins] for each in (window, reference))
            found.append((compare_numbers if column.kind == "number" else compare_classes)(ours, theirs))
    together = adjusted([each.p_value for each in found])
    return any(
        p_value <= share and each.size >= settings.least_shift / 2
        for each, p_value in zip(found, together, strict=True)
    )


def _performance(
    settings: MonitorSettings,
    profile: Profile,
    reference: RowSummary,
    window: RowSummary,
    share: float,
    made: LabelFindings,
) -> Iterator[MonitorFinding]:
    asked: list[tuple[str, float, float, str]] = []
    for group, (name, value) in enumerate(group_names(settings, profile)):
        part = f"{name}={value}" if name else ""
        for metric in settings.watched:
            ours, theirs = (
                measure_metric(metric.metric, each.counts, group, profile.scale) for each in (window, reference)
            )
            if ours is None or ours.rows < settings.least_labels:
                if not part:
                    made.not_judged.append(f"{metric.metric}: the labelled rows do not define it, or are too few")
                continue
            made.measured.append(
                Measured(
                    metric=metric.metric,
                    part=part,
                    value=ours.value,
                    margin=1.96 * ours.error,
                    reference=None if theirs is None else theirs.value,
                    rows=ours.rows,
                )
            )
            asked += [(part or "all rows", *each) for each in _too_bad(settings, metric, ours, theirs)]
    together = adjusted([p_value for _, p_value, _, _ in asked])
    shifts = [
        Shift(what=part, p_value=p_value, size=size, words=words)
        for (part, _, size, words), p_value in zip(asked, together, strict=True)
        if p_value <= share and size > 0
    ]
    if shifts:
        worst = "; ".join(f"{each.what}: {each.words}" for each in shifts[:3])
        yield MonitorFinding(kind="performance", words=f"The answers are worse: {worst}.", shifts=tuple(shifts[:20]))


def _too_bad(
    settings: MonitorSettings, metric: MonitorMetric, now: MetricEstimate, then: MetricEstimate | None
) -> Iterator[tuple[float, float, str]]:
    """p-value, size and words of each bound, or of the comparison with the reference."""
    name = metric.metric
    if metric.at_least is not None:
        gap = metric.at_least - now.value
        yield _chance(gap, now.error), gap, f"{name} is {now.value:.4g}, and should be at least {metric.at_least:g}"
    if metric.at_most is not None:
        gap = now.value - metric.at_most
        yield _chance(gap, now.error), gap, f"{name} is {now.value:.4g}, and should be at most {metric.at_most:g}"
    # nobody says whether more or fewer positive answers are worse
    if metric.at_least is None and metric.at_most is None and then is not None and name != "positive_rate":
        loss = (now.value - then.value) if name in LESS_IS_BETTER else (then.value - now.value)
        least = settings.least_loss * (then.value if name in VALUE_METRICS else 1.0)
        error = float(np.hypot(now.error, then.error))
        if loss >= least:
            yield _chance(loss, error), loss, f"{name} is {now.value:.4g}, and was {then.value:.4g}"
        else:
            yield 1.0, 0.0, ""


def _chance(gap: float, error: float) -> float:
    if error <= 0:
        return 0.0 if gap > 0 else 1.0
    return float(ndtr(-gap / error))


def _estimate(settings: MonitorSettings, reference: RowSummary, window: RowSummary) -> float | None:
    """The accuracy of the window's answers if at each score they are right as often as in the reference."""
    if settings.task != "classification" or reference.labelled < settings.least_labels:
        return None
    now, judged = window.counts["strata"][0], reference.counts["outcomes"][0].sum(axis=1)
    asked = now > 0
    if not asked.any() or not judged[asked].all():
        return None
    right = reference.counts["right"][asked] / judged[asked]
    return float(np.sum(now[asked] * right) / now.sum())


def _estimate_mae(
    settings: MonitorSettings, profile: Profile, reference: RowSummary, window: RowSummary
) -> float | None:
    """The mean absolute error of the window's answers if at each score they are as wrong as in the reference."""
    if settings.task != "regression" or reference.labelled < settings.least_labels:
        return None
    now, (judged, errors) = window.counts["strata"][0], reference.counts["stratum_errors"].T
    asked = now > 0
    if not asked.any() or not judged[asked].all():
        return None
    mean = errors[asked] / ONE / judged[asked]
    return float(profile.scale * np.sum(now[asked] * mean) / now.sum())
