"""What an Azure subscription says of a plan. Read only; imports no SDK.

Documents of az are those of the APIs: https://learn.microsoft.com/cli/azure/reference-index
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlplatform.backends.azure.foundation.registrations import needed_features, needed_providers
from mlplatform.backends.azure.network.zones import zones_in_use
from mlplatform.backends.azure.target import AzureTarget
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

_SERVICES = {
    "Azure Machine Learning": "Microsoft.MachineLearningServices",
    "Container Apps": "Microsoft.App",
}
"""Beginning of a quota's name in the catalogue, and who counts it."""
_VERSIONS = {"Microsoft.MachineLearningServices": "2024-10-01", "Microsoft.App": "2024-03-01"}
"""Versions of their lists of usages.
https://learn.microsoft.com/rest/api/azureml/usages/list, https://learn.microsoft.com/rest/api/containerapps/usages/list"""
_VAULT, _ROLE = "azure-native:keyvault:Vault", "azure-native:authorization:RoleDefinition"


def build(spec: PlatformSpec, needs: AccountNeeds, ask: Ask) -> Iterator[DoctorFinding]:
    """Ask the subscription of a spec that is narrowed to Azure."""
    asks = _Subscription(target_of(spec, AzureTarget), ask)
    who = tuple(asks.identity())
    yield from who
    if any(each.word == "unknown" for each in who[:1]):
        yield UNASKED
        return
    yield from asks.providers(needed_providers(spec))
    yield from asks.features(needed_features(spec))
    yield from asks.quotas(needs.quotas)
    yield from asks.machines(needs, zones_in_use(spec))
    yield from asks.policies(needs.policies)
    yield from asks.sleeping_vaults({str(each.get("vaultName", "")) for each in needs.planned(_VAULT)})
    yield from asks.taken_roles({str(each.get("roleName", "")) for each in needs.planned(_ROLE)})


class _Subscription:
    def __init__(self, target: AzureTarget, ask: Ask) -> None:
        self._target = target
        self._ask = ask
        self._own = ("--subscription", target.subscription_id)

    def _read(self, *command: str) -> object:
        return self._ask(("az", *command, *self._own, "--output", "json"))

    def identity(self) -> Iterator[DoctorFinding]:
        """Whether the login sees the subscription, and the subscription is alive and of the target's tenant."""
        wanted = self._target.subscription_id
        try:
            answer = fields_of(self._read("account", "show"))
        except NotAnswered as error:
            fix = f"log in: `az login --tenant {self._target.tenant_id}`, with a right on {wanted}"
            yield cannot_say("account", "the subscription", error, fix)
            return
        state, tenant = text_of(answer, "state"), text_of(answer, "tenantId")
        if tenant != self._target.tenant_id:
            found = f"{wanted} is in tenant {tenant}, the target names {self._target.tenant_id}"
            fix = "write its tenant into the target's tenant_id"
            yield DoctorFinding(area="account", subject="the subscription", word="missing", found=found, fix=fix)
        elif state != "Enabled":
            fix = "let its owner enable it: a disabled subscription takes no changes"
            yield DoctorFinding(
                area="account", subject="the subscription", word="missing", found=f"{wanted} is {state}", fix=fix
            )
        else:
            found = f"{text_of(answer, 'name') or wanted}, as {text_of(answer, 'user', 'name')}"
            yield DoctorFinding(area="account", subject="the subscription", word="ok", found=found)

    def providers(self, needed: Iterable[str]) -> Iterator[DoctorFinding]:
        """Whether every resource provider is registered: no resource can register one."""
        names = [f"Microsoft.{name}" for name in needed]
        try:
            answer = items_of(self._read("provider", "list"))
        except NotAnswered as error:
            yield cannot_say("services", "resource providers", error, "look: `az provider list`")
            return
        states = {text_of(each, "namespace").lower(): text_of(each, "registrationState") for each in answer}
        lacks = [name for name in names if states.get(name.lower()) != "Registered"]
        for name in lacks:
            state = states.get(name.lower()) or "unknown to the subscription"
            command = f"`az provider register --subscription {self._target.subscription_id} --namespace {name}`"
            yield DoctorFinding(
                area="services",
                subject=name,
                word="look" if state == "Registering" else "missing",
                found=state,
                fix="wait some minutes" if state == "Registering" else f"{command}, as the bootstrap does",
            )
        if not lacks:
            found = f"all {len(names)} are registered"
            yield DoctorFinding(area="services", subject="resource providers", word="ok", found=found)

    def features(self, needed: Iterable[tuple[str, str]]) -> Iterator[DoctorFinding]:
        """Whether every feature is registered."""
        for namespace, name in needed:
            subject = f"feature {namespace}/{name}"
            command = f"az feature register --subscription {self._target.subscription_id} --namespace {namespace}"
            fix = f"`{command} --name {name}`, as the bootstrap does; it takes some minutes"
            try:
                answer = fields_of(self._read("feature", "show", "--namespace", namespace, "--name", name))
            except NotAnswered as error:
                yield cannot_say("services", subject, error, fix)
                continue
            state = text_of(answer, "properties", "state")
            there = state == "Registered"
            yield DoctorFinding(
                area="services",
                subject=subject,
                word="ok" if there else "missing",
                found=state or "not registered",
                fix="" if there else fix,
            )

    def quotas(self, demands: Iterable[QuotaDemand]) -> Iterator[DoctorFinding]:
        """Every quota that the plan needs, beside the subscription's present value."""
        wanted, location = tuple(demands), self._target.location
        allowed: dict[str, dict[str, float]] = {"": {}}
        troubles: dict[str, str] = {}
        self._list(allowed[""], troubles, "", "vm", "list-usage", "--location", location)
        self._list(allowed[""], troubles, "", "network", "list-usages", "--location", location)
        for title, provider in _SERVICES.items():
            if any(each.name.startswith(title) for each in wanted):
                place = f"subscriptions/{self._target.subscription_id}/providers/{provider}/locations/{location}/usages"
                address = f"https://management.azure.com/{place}?api-version={_VERSIONS[provider]}"
                self._list(allowed.setdefault(title, {}), troubles, title, "rest", "--method", "get", "--url", address)
        look = "https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/~/myQuotas"
        for demand in wanted:
            title = next((each for each in _SERVICES if demand.name.startswith(each)), "")
            names = (demand.code or "", demand.name.removeprefix(title).lstrip(": "))
            limit = next((found for name in names if (found := _of_name(allowed[title], name)) is not None), None)
            why = troubles.get(title, "the subscription lists no such quota")
            yield judge_quota(demand, limit, look, why=why)

    def _list(self, allowed: dict[str, float], troubles: dict[str, str], title: str, *command: str) -> None:
        try:
            answer = self._read(*command)
        except NotAnswered as error:
            troubles.setdefault(title, str(error))
            return
        for each in items_of(fields_of(answer).get("value") or answer):
            # az prints the limits of machines as texts
            limit = str(each.get("limit", ""))
            if re.fullmatch(r"-?\d+(\.\d+)?", limit):
                for key in ("value", "localizedValue"):
                    allowed[_alike(text_of(each, "name", key))] = float(limit)

    def machines(self, needs: AccountNeeds, zones: Sequence[str]) -> Iterator[DoctorFinding]:
        """The zones in which each machine type is offered to the subscription."""
        for machine in needs.machines:
            look = f"`az vm list-skus --size {machine.machine_type} --all --output table`"
            command = ("vm", "list-skus", "--location", self._target.location, "--size", machine.machine_type, "--all")
            try:
                answer = items_of(self._read(*command))
            except NotAnswered as error:
                yield cannot_say("machines", machine.machine_type, error, f"look: {look}")
                continue
            offered: set[str] = set()
            for each in answer:
                if text_of(each, "name").lower() == machine.machine_type.lower():
                    offered |= _zones(each)
            yield judge_machine(machine, zones, sorted(offered), look)

    def policies(self, policies: Iterable[tuple[str, str]]) -> Iterator[DoctorFinding]:
        """Whether a usual policy is assigned to the subscription, here or above."""
        wanted = dict(policies)
        if not wanted:
            return
        try:
            answer = items_of(self._read("policy", "assignment", "list", "--disable-scope-strict-match"))
        except NotAnswered as error:
            fix = "let an owner of the management group look at its policies"
            yield cannot_say("policies", ", ".join(wanted), error, fix)
            return
        names = {
            _alike(text_of(each, key))
            for each in answer
            for key in ("displayName", "name")
            if text_of(each, "enforcementMode") != "DoNotEnforce"
        }
        sets = sorted(
            text_of(each, "displayName") or text_of(each, "name")
            for each in answer
            if "/policysetdefinitions/" in text_of(each, "policyDefinitionId").lower()
        )
        for name, way in wanted.items():
            if _alike(name) in names:
                found = "it is assigned; whether it denies or only reports, its effect says"
                yield DoctorFinding(area="policies", subject=name, word="look", found=found, fix=way)
            elif sets:
                found = f"not assigned by itself; it may be part of {', '.join(sets[:3])}"
                yield DoctorFinding(area="policies", subject=name, word="unknown", found=found, fix=way)
            else:
                yield DoctorFinding(area="policies", subject=name, word="ok", found="not assigned")

    def sleeping_vaults(self, planned: set[str]) -> Iterator[DoctorFinding]:
        """Whether a key vault of a planned name is deleted, but not gone: its name is taken until then."""
        if not planned:
            return
        try:
            answer = items_of(self._read("keyvault", "list-deleted", "--resource-type", "vault"))
        except NotAnswered as error:
            yield cannot_say("already there", "deleted key vaults", error, "look: `az keyvault list-deleted`")
            return
        taken = sorted(planned & {text_of(each, "name") for each in answer})
        for name in taken:
            yield DoctorFinding(
                area="already there",
                subject=f"key vault {name}",
                word="missing",
                found="it is deleted, and its name is taken until its retention ends",
                fix=f"`az keyvault recover --name {name}`, and take it over with `mlplatform import --live`; only "
                "before the first `up` of a platform: another `incarnation` of the target, which renames every vault",
            )
        if not taken:
            found = "none has a planned name"
            yield DoctorFinding(area="already there", subject="deleted key vaults", word="ok", found=found)

    def taken_roles(self, planned: set[str]) -> Iterator[DoctorFinding]:
        """Whether another subscription of the tenant has a role of a planned name: a tenant takes each name once."""
        if not planned:
            return
        try:
            answer = items_of(self._read("role", "definition", "list", "--custom-role-only", "true"))
        except NotAnswered as error:
            yield cannot_say("already there", "names of roles", error, "look: `az role definition list`")
            return
        own = f"/subscriptions/{self._target.subscription_id}"
        taken = [
            text_of(each, "roleName")
            for each in answer
            if text_of(each, "roleName") in planned
            and not any(str(scope).startswith(own) for scope in _list_of(each.get("assignableScopes")))
        ]
        for name in sorted(taken):
            fix = "delete it there, or give the platform another name: a tenant takes each name of a role once"
            yield DoctorFinding(
                area="already there", subject=f"role {name}", word="missing", found="another scope has it", fix=fix
            )
        if not taken:
            found = "no other scope has a planned name"
            yield DoctorFinding(area="already there", subject="names of roles", word="ok", found=found)


def _zones(sku: object) -> set[str]:
    """Zones of one offer, without those that it is restricted in; the form of the target's zones."""
    found = fields_of(sku)
    zones = {str(zone) for place in items_of(found.get("locationInfo")) for zone in _list_of(place.get("zones"))}
    for restriction in items_of(found.get("restrictions")):
        if text_of(restriction, "type") == "Location":
            return set()
        zones -= {str(zone) for zone in _list_of(fields_of(restriction.get("restrictionInfo")).get("zones"))}
    return zones


def _list_of(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list) else ()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _of_name(allowed: Mapping[str, float], name: str) -> float | None:
    """The limit of a quota: under its name, or under one that only says before it who counts."""
    wanted = _alike(name)
    if not wanted:
        return None
    if wanted in allowed:
        return allowed[wanted]
    longer = {limit for key, limit in allowed.items() if key.endswith(wanted)}
    return min(longer) if longer else None


def _alike(name: str) -> str:
    """A name without what its writers differ in."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
