"""Limits of identities on GCP: people's groups and CI. Imports no SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlplatform.backends.gcp.naming import rbac_subject
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.backend import Backend, Limit
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.problem import Problem

MAX_SUBJECT = 127
"""Bytes of a token's subject, https://docs.cloud.google.com/iam/docs/workload-identity-federation#mapping"""

_PERSON = re.compile(r"(group:|user:)?[^@\s:]+@[^@\s:]+\.[^@\s:]+|(principal|principalSet)://iam\.googleapis\.com/\S+")


def _runners(spec: PlatformSpec) -> Iterator[tuple[str, str]]:
    if spec.access.ci and spec.access.ci.runner == "network":
        yield "access.ci.runner", "network"


LIMITS: tuple[Limit, ...] = (
    Limit(
        field="access.ci.runner",
        support="partial",
        reason="no service of Google's starts machines in a network for jobs of GitHub or GitLab",
        alternative="leave it hosted: Artifact Registry, and the cluster's API with access.entry broker, are reached "
        "from everywhere by the CI identity's rights; or run a machine of your own in a hub (access.entry peering)",
        violations=_runners,
    ),
)


def problems(spec: PlatformSpec, target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Members that GCP does not know, groups with two roles or teams, and CI that its identity pool cannot name."""
    yield from _people(target, backend)
    yield from _groups_in_cluster(target, backend)
    yield from _ci(spec, backend)


def _people(target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    holders: dict[str, str] = {}
    named = {f"people.{role}": names for role, names in target.people.items()}
    named |= {f"members.{team}": names for team, names in target.members.items()}
    for field, names in named.items():
        role = field.partition(".")[2]
        for name in names:
            if not _PERSON.fullmatch(name):
                yield backend.refuse(
                    f"targets[gcp].{field}",
                    name,
                    "the e-mail address of a Google group, or a member such as user:… or principalSet://…",
                    f"write for example {role}s@your-domain.example",
                )
            member = name.removeprefix("group:").lower()
            if member in holders:
                yield backend.refuse(
                    f"targets[gcp].{field}",
                    name,
                    f"one role or team per group: it already holds {holders[member]}, and GCP keeps only one of two "
                    "equal grants",
                    "create one group per role and team, and add the people to both",
                )
            holders.setdefault(member, role)


def _groups_in_cluster(target: GcpTarget, backend: Backend) -> Iterator[Problem]:
    """Google groups as members of teams: RBAC inside of the cluster knows those in the security group only.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/google-groups-rbac
    """
    if target.security_group:
        return
    for team, names in target.members.items():
        for name in names:
            kind, _ = rbac_subject(name)
            if kind == "group" and "://" not in name:
                yield backend.refuse(
                    f"targets[gcp].members.{team}",
                    name,
                    "a user, or a group with the target's security_group: without it, the cluster knows no groups of "
                    "Google, and the team's people may do nothing",
                    "set security_group to gke-security-groups@your-domain.example, and make the group a member of it",
                )


def _ci(spec: PlatformSpec, backend: Backend) -> Iterator[Problem]:
    ci = spec.access.ci
    if ci is None:
        return
    if f"{spec.name}-".startswith("gcp-"):
        yield backend.refuse(
            "name",
            spec.name,
            "a name that does not start with 'gcp-': Google reserves it for its own identity pools, and CI needs one",
            f"use {spec.name.removeprefix('gcp').strip('-') or 'ml'} or another name, or omit access.ci",
        )
    if len(ci.subject) > MAX_SUBJECT:
        yield backend.refuse(
            "access.ci.repository",
            ci.subject,
            f"at most {MAX_SUBJECT} characters in the subject of {ci.system}'s tokens: repository and branch",
            "shorten the repository's path or the branch",
        )
