"""What GCP refuses in names, people, store, registry, logs and budget. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.gcp.identity.ci_subject import LONGEST, subject
from mlplatform.backends.gcp.naming import slug
from mlplatform.backends.gcp.network.limits import problem
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend
from mlplatform.components.problems import replica_problems
from mlplatform.spec.monitoring import SEVERITIES, EmailRoute
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

MOST_LOG_DAYS = 3650
"""Longest retention of a log bucket, days."""

MOST_BUDGET_EMAILS = 5
"""Channels that a budget tells."""

MOST_CHANNELS = 16
"""Channels that one alert tells, https://docs.cloud.google.com/monitoring/quotas#alerting_uptime_limits"""

_PERSON = re.compile(r"(group:|user:)?[^@\s:]+@[^@\s:]+\.[^@\s:]+|(principal|principalSet)://iam\.googleapis\.com/\S+")


def platform_problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Everything that is no network and no training."""
    yield from _names(spec)
    yield from _store(spec, target, backend)
    yield from _people(target)
    yield from _ci(spec)
    yield from _monitoring(spec)
    yield from _budget(spec, target)


def _names(spec: PlatformSpec) -> Iterator[Problem]:
    for field, name in (("name", spec.name), ("environment", spec.environment)):
        if (field == "name" and name.startswith("goog")) or "google" in name or "g00gle" in name:
            yield problem(
                field,
                name,
                "a name without 'google' in it, and not starting with 'goog': no bucket may carry that",
                f"use {re.sub('g(oo|00)g(le)?', 'g', name)} or another name",
            )
    if spec.access.ci and f"{spec.name}-".startswith("gcp-"):
        yield problem(
            "name",
            spec.name,
            "a name that does not start with 'gcp-': Google keeps that for identity pools of its own, and CI needs one",
            f"use {spec.name.removeprefix('gcp').strip('-') or 'ml'} or another name, or leave access.ci out",
        )
    taken = {f"cache-{slug(upstream)}": "registry.pull_through" for upstream in spec.registry.pull_through}
    if spec.monitoring.grafana:
        taken["grafana-cache"] = "monitoring.grafana"
    for name in spec.registry.repositories:
        if name in taken:
            yield problem(
                "registry.repositories",
                name,
                f"a name that {taken[name]} does not take for a cache of its own",
                f"use {name}-images",
            )


def _store(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    others = [region for region in backend.catalog.regions if region != target.region]
    near = [region for region in others if region.split("-")[0] == target.region.split("-")[0]]
    yield from replica_problems(backend, spec, target, next(iter(near or others), None))


def _people(target: GcpTarget) -> Iterator[Problem]:
    holders: dict[str, str] = {}
    for role, names in target.people.items():
        for name in names:
            if not _PERSON.fullmatch(name):
                yield problem(
                    f"targets[gcp].people.{role}",
                    name,
                    "a Google group's e-mail address, or a member such as user:… or principalSet://…",
                    f"write for example {role}s@your-domain.example",
                )
            member = name.removeprefix("group:").lower()
            if member in holders:
                yield problem(
                    f"targets[gcp].people.{role}",
                    name,
                    f"one role per group: it holds {holders[member]} already, and GCP keeps only one of two equal "
                    "grants",
                    "make a group per role and put the members into both",
                )
            holders.setdefault(member, role)


def _ci(spec: PlatformSpec) -> Iterator[Problem]:
    ci = spec.access.ci
    if ci and len(subject(ci)) > LONGEST:
        yield problem(
            "access.ci.repository",
            subject(ci),
            f"at most {LONGEST} characters in the name that {ci.system}'s tokens give the branch",
            "shorten the repository's path or the branch",
        )


def _monitoring(spec: PlatformSpec) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, route in enumerate(spec.monitoring.routes):
        match route.kind:
            case "email":
                name = f"email-{slug(route.address)}"
            case "slack":
                name = f"slack-{slug(route.channel)}"
            case _:
                name = f"{route.kind}-{route.name}"
        if name in seen:
            yield problem(
                f"monitoring.routes[{index}]",
                name,
                "each address, channel or name once",
                "merge the routes: name all their severities in one",
            )
        seen.add(name)
    for severity in SEVERITIES:
        told = sum(severity in route.severities for route in spec.monitoring.routes)
        if told > MOST_CHANNELS:
            yield problem(
                "monitoring.routes",
                f"{told} routes for {severity} alerts",
                f"at most {MOST_CHANNELS}, as many as one alert can tell",
                "put people into a mailing group, or give some routes fewer severities",
            )


def _budget(spec: PlatformSpec, target: GcpTarget) -> Iterator[Problem]:
    if spec.budget is None:
        return
    if target.billing_account is None:
        yield problem(
            "targets[gcp].billing_account",
            "nothing",
            "the billing account that the budget is made in",
            "set billing_account='012345-6789AB-CDEF01', as `gcloud billing accounts list` shows it",
        )
    routes = {route.address for route in spec.monitoring.routes if isinstance(route, EmailRoute)}
    if not spec.budget.emails and len(routes) > MOST_BUDGET_EMAILS:
        yield problem(
            "budget.emails",
            f"{len(routes)} e-mail routes",
            f"at most {MOST_BUDGET_EMAILS} addresses told by a budget",
            "name up to five in budget.emails",
        )
