"""What a GCP project says of a plan. Read only; imports no SDK.

Documents of gcloud are those of the APIs: https://docs.cloud.google.com/sdk/gcloud/reference
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import cast

from mlplatform import discovery
from mlplatform.backends.gcp.bootstrap.steps import FIRST_SERVICES
from mlplatform.backends.gcp.network.zones import zones_in_use
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.catalog.quota import QuotaDemand
from mlplatform.components.live_account import (
    UNASKED,
    AccountNeeds,
    DoctorFinding,
    cannot_say,
    judge_machine,
    judge_quota,
)
from mlplatform.components.live_traffic import Ask, NotAnswered, fields_of, items_of, text_of
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_COMPUTE, _RUN = "compute.googleapis.com", "run.googleapis.com"
_OF_RUN = "Cloud Run: "
"""Beginning of the quotas of Cloud Run in the catalogue."""
_ALIKE = re.compile(r"\((?P<key>[a-z_]+)=(?P<value>[A-Za-z0-9_-]+)\)")
"""A dimension in the catalogue's name of a quota, for example `GPUS_PER_GPU_FAMILY (gpu_family=NVIDIA_H100)`."""
_CONSTRAINT = "constraints/"
_ROLE, _POOL = "gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:iam/workloadIdentityPool:WorkloadIdentityPool"


def build(spec: PlatformSpec, needs: AccountNeeds, ask: Ask) -> Iterator[DoctorFinding]:
    """Ask the project of a spec that is narrowed to GCP."""
    target = target_of(spec, GcpTarget)
    asks = _Project(target, ask)
    who = tuple(asks.identity())
    yield from who
    if any(each.word == "unknown" for each in who[:1]):
        yield UNASKED
        return
    yield from asks.services()
    yield from asks.quotas(needs.quotas)
    yield from asks.machines(needs, zones_in_use(spec, target, discovery.backend("gcp").catalog))
    yield from asks.policies(needs.policies)
    yield from asks.sleeping(
        "role", {str(each.get("roleId", "")) for each in needs.planned(_ROLE)}, ("iam", "roles", "list")
    )
    yield from asks.sleeping(
        "identity pool",
        {str(each.get("workloadIdentityPoolId", "")) for each in needs.planned(_POOL)},
        ("iam", "workload-identity-pools", "list", "--location=global"),
    )


class _Project:
    def __init__(self, target: GcpTarget, ask: Ask) -> None:
        self._target = target
        self._ask = ask

    def _read(self, *command: str) -> object:
        return self._ask(("gcloud", *command, "--format=json"))

    def _of_project(self, *command: str) -> object:
        return self._read(*command, f"--project={self._target.project}")

    def identity(self) -> Iterator[DoctorFinding]:
        """Whether the project is there and paid for."""
        project = self._target.project
        try:
            found = fields_of(self._read("projects", "describe", project))
        except NotAnswered as error:
            yield cannot_say("account", "the project", error, "log in: `gcloud auth login`, with a right to see it")
            return
        state = text_of(found, "lifecycleState")
        alive = state == "ACTIVE"
        yield DoctorFinding(
            area="account",
            subject="the project",
            word="ok" if alive else "missing",
            found=f"{project} is {state or 'in no known state'}",
            fix="" if alive else f"`gcloud projects undelete {project}`, or name another project in the target",
        )
        try:
            paid = fields_of(self._read("billing", "projects", "describe", project)).get("billingEnabled") is True
        except NotAnswered as error:
            yield cannot_say("account", "billing", error, f"look: `gcloud billing projects describe {project}`")
            return
        yield DoctorFinding(
            area="account",
            subject="billing",
            word="ok" if paid else "missing",
            found="the project is paid for" if paid else "no billing account pays for the project",
            fix="" if paid else f"`gcloud billing projects link {project} --billing-account=ACCOUNT`",
        )

    def services(self) -> Iterator[DoctorFinding]:
        """Whether the APIs are enabled that `up` needs before it can enable any."""
        first = [f"{name}.googleapis.com" for name in FIRST_SERVICES]
        try:
            answer = items_of(self._of_project("services", "list", "--enabled"))
        except NotAnswered as error:
            yield cannot_say(
                "services", "enabled APIs", error, f"look: `gcloud services list --project={self._target.project}`"
            )
            return
        enabled = {text_of(each, "config", "name") for each in answer}
        lacks = [name for name in first if name not in enabled]
        if lacks:
            fix = f"`gcloud services enable {' '.join(lacks)} --project={self._target.project}`, as the bootstrap does"
            found = f"not enabled: {', '.join(lacks)}"
            yield DoctorFinding(area="services", subject="first APIs", word="missing", found=found, fix=fix)
        else:
            found = "enabled; `up` enables the others"
            yield DoctorFinding(area="services", subject="first APIs", word="ok", found=found)

    def quotas(self, demands: Iterable[QuotaDemand]) -> Iterator[DoctorFinding]:
        """Every quota that the plan needs, beside the project's present value."""
        wanted = tuple(demands)
        known: dict[str, tuple[Mapping[str, object], ...]] = {}
        troubles: list[str] = []
        for service in (_COMPUTE, *([_RUN] if any(each.name.startswith(_OF_RUN) for each in wanted) else [])):
            try:
                answer = items_of(self._of_project("beta", "quotas", "info", "list", f"--service={service}"))
            except NotAnswered as error:
                troubles.append(str(error))
                continue
            for each in answer:
                rows = items_of(each.get("dimensionsInfos"))
                known[text_of(each, "quotaId")] = rows
                known.setdefault(text_of(each, "quotaDisplayName").lower(), rows)
        look = f"https://console.cloud.google.com/iam-admin/quotas?project={self._target.project}"
        why = troubles[0] if troubles else "the project lists no such quota"
        for demand in wanted:
            rows = known.get(demand.code or demand.name.removeprefix(_OF_RUN).lower(), ())
            yield judge_quota(demand, _limit(rows, demand), look, why=why)

    def machines(self, needs: AccountNeeds, zones: Sequence[str]) -> Iterator[DoctorFinding]:
        """The zones in which each machine type is offered."""
        if not needs.machines:
            return
        types = sorted({each.machine_type for each in needs.machines})
        some = f"name=({' '.join(types)})"
        look = f"`gcloud compute machine-types list --filter='{some}'`"
        region = f"zone ~ ^{self._target.region}-"
        try:
            answer = items_of(self._of_project("compute", "machine-types", "list", f"--filter={some} AND {region}"))
        except NotAnswered as error:
            yield cannot_say("machines", ", ".join(types), error, f"look: {look}")
            return
        offered: dict[str, list[str]] = {}
        for each in answer:
            # the API gives the zone's address in some versions
            offered.setdefault(text_of(each, "name"), []).append(text_of(each, "zone").rpartition("/")[2])
        for machine in needs.machines:
            yield judge_machine(machine, zones, offered.get(machine.machine_type, ()), look)

    def policies(self, policies: Iterable[tuple[str, str]]) -> Iterator[DoctorFinding]:
        """What the policies that are in force for the project say."""
        for name, way in dict(policies).items():
            if not name.startswith(_CONSTRAINT):
                continue
            command = ("org-policies", "describe", name.removeprefix(_CONSTRAINT), "--effective")
            try:
                answer = fields_of(self._of_project(*command))
            except NotAnswered as error:
                yield cannot_say("policies", name, error, "let an administrator of the organisation look at it")
                continue
            rules = items_of(fields_of(answer.get("spec")).get("rules"))
            if any(rule.get("denyAll") is True or rule.get("enforce") is True for rule in rules):
                found = "the organisation denies it"
                yield DoctorFinding(area="policies", subject=name, word="missing", found=found, fix=way)
            elif not rules or all(rule.get("allowAll") is True or rule.get("enforce") is False for rule in rules):
                found = "the organisation allows everything"
                yield DoctorFinding(area="policies", subject=name, word="ok", found=found)
            else:
                found = (
                    f"the organisation allows or denies single values: {', '.join(_values(rules)) or 'by a condition'}"
                )
                yield DoctorFinding(area="policies", subject=name, word="look", found=found, fix=way)

    def sleeping(self, kind: str, planned: set[str], listing: tuple[str, ...]) -> Iterator[DoctorFinding]:
        """Whether something of a planned name is deleted, but still there: its name is taken for 30 days or more."""
        if not planned:
            return
        try:
            answer = items_of(self._of_project(*listing, "--show-deleted"))
        except NotAnswered as error:
            fix = f"look: `gcloud {' '.join(listing)} --show-deleted`"
            yield cannot_say("already there", f"deleted {kind}s", error, fix)
            return
        gone = {
            text_of(each, "name").rpartition("/")[2]
            for each in answer
            if each.get("deleted") is True or text_of(each, "state") == "DELETED"
        }
        for name in sorted(planned & gone):
            undelete = f"{listing[0]} {listing[1]} undelete {name}"
            place = "".join(f" {word}" for word in listing[3:])
            yield DoctorFinding(
                area="already there",
                subject=f"{kind} {name}",
                word="missing",
                found="it is deleted, and its name is taken for 30 days or more",
                fix=f"`gcloud {undelete}{place} --project={self._target.project}`, then `pulumi import` it",
            )
        if not planned & gone:
            found = "none has a planned name"
            yield DoctorFinding(area="already there", subject=f"deleted {kind}s", word="ok", found=found)


def _limit(rows: Iterable[Mapping[str, object]], demand: QuotaDemand) -> float | None:
    """The value of the row for the demand's region and dimension: a row holds for what no narrower row names.

    https://docs.cloud.google.com/docs/quotas/reference/rest/v1/projects.locations.services.quotaInfos
    """
    asked = {found["key"]: found["value"] for found in _ALIKE.finditer(demand.name)}
    if demand.region:
        asked["region"] = demand.region
    narrowest: tuple[int, float] | None = None
    for row in rows:
        dimensions = fields_of(row.get("dimensions"))
        places = cast("list[object]", row.get("applicableLocations") or [])
        if any(asked.get(key) != value for key, value in dimensions.items()):
            continue
        if demand.region and "region" not in dimensions and places and demand.region not in places:
            continue
        with suppress(ValueError):
            found = len(dimensions), float(text_of(row, "details", "value"))
            narrowest = found if narrowest is None or found[0] > narrowest[0] else narrowest
    return narrowest[1] if narrowest else None


def _values(rules: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Values that the rules of a policy allow or deny."""
    lists = [fields_of(rule.get("values")).get(key) for rule in rules for key in ("allowedValues", "deniedValues")]
    return tuple(str(value) for values in lists if isinstance(values, list) for value in cast("list[object]", values))
