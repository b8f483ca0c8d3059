"""What an AWS account says of a plan. Read only; imports no SDK.

Documents of the AWS CLI are those of the APIs: https://docs.aws.amazon.com/cli/latest/reference/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlplatform import discovery
from mlplatform.backends.aws.network.zones import zones_in_use
from mlplatform.backends.aws.target import AwsTarget
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

_COUNTED_BY = ("ec2", "ebs", "vpc", "eks", "sagemaker")
"""Services whose quotas a plan can need, as Service Quotas names them."""
_MOST_TRAILS = 5
"""Trails of a region. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html"""
_DENIES = "deny "
_TAGGED = "platform"
"""The tag by which a resource of the platform is known."""
_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_TRAIL = "aws:cloudtrail/trail:Trail"
_SECRET = "aws:secretsmanager/secret:Secret"


def build(spec: PlatformSpec, needs: AccountNeeds, ask: Ask) -> Iterator[DoctorFinding]:
    """Ask the account of a spec that is narrowed to AWS."""
    target = target_of(spec, AwsTarget)
    asks = _Account(target, spec, ask)
    who = tuple(asks.identity())
    yield from who
    if any(each.word == "unknown" for each in who[:1]):
        yield UNASKED
        return
    yield from asks.quotas(needs.quotas)
    yield from asks.machines(needs, zones_in_use(spec, target, discovery.backend("aws").catalog))
    yield from asks.policies(needs.policies)
    if providers := needs.planned(_PROVIDER):
        yield from asks.login_providers(str(each.get("url", "")) for each in providers)
    if trails := needs.planned(_TRAIL):
        yield from asks.trails({str(each.get("name", "")) for each in trails})
    if secrets := needs.planned(_SECRET):
        yield from asks.sleeping_secrets({str(each.get("name", "")) for each in secrets})


class _Account:
    def __init__(self, target: AwsTarget, spec: PlatformSpec, ask: Ask) -> None:
        self._target = target
        self._spec = spec
        self._ask = ask
        self._caller = ""

    def _read(self, *command: str, region: str | None = None) -> Mapping[str, object]:
        place = ("--region", region or self._target.region)
        return fields_of(self._ask(("aws", *command, *place, "--output", "json")))

    def identity(self) -> Iterator[DoctorFinding]:
        """Who asks, and in which account."""
        wanted = self._target.account_id
        try:
            answer = self._read("sts", "get-caller-identity")
        except NotAnswered as error:
            yield cannot_say("account", "the account", error, "log in: `aws sso login`, or set AWS_PROFILE")
            return
        self._caller = text_of(answer, "Arn")
        account = text_of(answer, "Account")
        if account == wanted:
            yield DoctorFinding(area="account", subject="the account", word="ok", found=f"{account}, as {self._caller}")
            return
        yield DoctorFinding(
            area="account",
            subject="the account",
            word="missing",
            found=f"the login is of account {account}, the target's is {wanted}",
            fix="log in to the target's account, or set AWS_PROFILE to a profile of it",
        )

    def quotas(self, demands: Iterable[QuotaDemand]) -> Iterator[DoctorFinding]:
        """Every quota that the plan needs, beside the account's present value."""
        wanted = tuple(demands)
        allowed: dict[str, float] = {}
        troubles: list[str] = []
        # the second lists what has no value of the account's own yet
        for verb in ("list-service-quotas", "list-aws-default-service-quotas"):
            for service in _COUNTED_BY:
                if all(_key(each) in allowed for each in wanted):
                    break
                try:
                    answer = self._read("service-quotas", verb, "--service-code", service)
                except NotAnswered as error:
                    troubles.append(str(error))
                    continue
                for each in items_of(answer.get("Quotas")):
                    value = each.get("Value")
                    if isinstance(value, int | float):
                        for key in (text_of(each, "QuotaCode"), text_of(each, "QuotaName").lower()):
                            allowed.setdefault(key, value)
        region = self._target.region
        for demand in wanted:
            limit = allowed.get(_key(demand))
            address = f"https://{region}.console.aws.amazon.com/servicequotas/home?region={region}"
            yield judge_quota(
                demand, limit, address, why=troubles[0] if troubles else "the account lists no such quota"
            )

    def machines(self, needs: AccountNeeds, zones: Sequence[str]) -> Iterator[DoctorFinding]:
        """The zones in which each machine type is offered to the account."""
        if not needs.machines:
            return
        types = ",".join(each.machine_type for each in needs.machines)
        filters = ("--location-type", "availability-zone", "--filters", f"Name=instance-type,Values={types}")
        look = (
            f"`aws ec2 describe-instance-type-offerings --filters Name=instance-type,Values={types}` in other regions"
        )
        try:
            answer = self._read("ec2", "describe-instance-type-offerings", *filters)
        except NotAnswered as error:
            yield cannot_say("machines", types.replace(",", ", "), error, f"look: {look}")
            return
        offered: dict[str, list[str]] = {}
        for each in items_of(answer.get("InstanceTypeOfferings")):
            offered.setdefault(text_of(each, "InstanceType"), []).append(text_of(each, "Location"))
        for machine in needs.machines:
            yield judge_machine(machine, zones, offered.get(machine.machine_type, ()), look)

    def policies(self, policies: Iterable[tuple[str, str]]) -> Iterator[DoctorFinding]:
        """Whether a policy of the organisation denies a call that the plan makes."""
        ways = {name.removeprefix(_DENIES): way for name, way in policies if name.startswith(_DENIES)}
        if not ways:
            return
        look = "let an administrator of the organisation look at its service control policies"
        role = _role_of(self._caller)
        if not role:
            yield cannot_say("policies", ", ".join(ways), "the caller is no role or user", look)
            return
        # the simulation says in which part the organisation had its hand
        command = ("iam", "simulate-principal-policy", "--policy-source-arn", role, "--action-names", *ways)
        try:
            answer = self._read(*command)
        except NotAnswered as error:
            yield cannot_say("policies", ", ".join(ways), error, look)
            return
        for each in items_of(answer.get("EvaluationResults")):
            action = text_of(each, "EvalActionName")
            organisation = fields_of(each.get("OrganizationsDecisionDetail"))
            if action not in ways:
                continue
            if organisation.get("AllowedByOrganizations") is False:
                found = "a policy of the organisation denies it"
                yield DoctorFinding(area="policies", subject=action, word="missing", found=found, fix=ways[action])
            else:
                found = "no policy of the organisation denies it to the caller"
                yield DoctorFinding(area="policies", subject=action, word="ok", found=found)

    def login_providers(self, urls: Iterable[str]) -> Iterator[DoctorFinding]:
        """Whether an account has the identity provider already that the plan would make: it takes each address once."""
        look = "name it in the target's oidc_provider_arn, where the account has one"
        try:
            answer = self._read("iam", "list-open-id-connect-providers")
        except NotAnswered as error:
            yield cannot_say("already there", "identity providers of CI", error, look)
            return
        arns = [text_of(each, "Arn") for each in items_of(answer.get("OpenIDConnectProviderList"))]
        for url in urls:
            host = url.removeprefix("https://")
            there = next((arn for arn in arns if arn.endswith(f":oidc-provider/{host}")), "")
            if there and not self._is_ours(there):
                yield DoctorFinding(
                    area="already there",
                    subject=f"identity provider {host}",
                    word="missing",
                    found="the account has one, and takes no second",
                    fix=f"name it in the target: oidc_provider_arn={there!r}",
                )
            else:
                found = "the platform's own" if there else "the account has none: the platform makes it"
                yield DoctorFinding(area="already there", subject=f"identity provider {host}", word="ok", found=found)

    def _is_ours(self, arn: str) -> bool:
        try:
            answer = self._read("iam", "list-open-id-connect-provider-tags", "--open-id-connect-provider-arn", arn)
        except NotAnswered:
            return False
        tags = {text_of(each, "Key"): text_of(each, "Value") for each in items_of(answer.get("Tags"))}
        return tags.get(_TAGGED) == self._spec.name

    def trails(self, own: set[str]) -> Iterator[DoctorFinding]:
        """Whether the account has trails already, of its own or of the organisation."""
        subject = "trails of CloudTrail"
        try:
            answer = self._read("cloudtrail", "describe-trails", "--include-shadow-trails")
        except NotAnswered as error:
            yield cannot_say("already there", subject, error, "set the target's audit_trail to false where it has one")
            return
        trails = [each for each in items_of(answer.get("trailList")) if text_of(each, "Name") not in own]
        shared = next((text_of(each, "Name") for each in trails if each.get("IsOrganizationTrail") is True), "")
        number = len([each for each in trails if text_of(each, "HomeRegion") == self._target.region])
        if number >= _MOST_TRAILS:
            found = f"{number} trails in {self._target.region}, which takes {_MOST_TRAILS}"
            fix = "delete one, or set the target's audit_trail to false"
            yield DoctorFinding(area="already there", subject=subject, word="missing", found=found, fix=fix)
        elif shared:
            found = f"the organisation records the account in {shared}: a second trail is paid for"
            fix = "set the target's audit_trail to false, if that one records what you need"
            yield DoctorFinding(area="already there", subject=subject, word="look", found=found, fix=fix)
        else:
            yield DoctorFinding(area="already there", subject=subject, word="ok", found=f"{len(trails)} others")

    def sleeping_secrets(self, planned: set[str]) -> Iterator[DoctorFinding]:
        """Whether a secret of a planned name waits for its deletion: its name is taken until then."""
        subject = "deleted secrets"
        try:
            answer = self._read("secretsmanager", "list-secrets", "--include-planned-deletion")
        except NotAnswered as error:
            yield cannot_say("already there", subject, error, "look: `aws secretsmanager list-secrets`")
            return
        taken = [
            text_of(each, "Name")
            for each in items_of(answer.get("SecretList"))
            if each.get("DeletedDate") and text_of(each, "Name") in planned
        ]
        for name in taken:
            restore = f"`aws secretsmanager delete-secret --region {self._target.region} --secret-id {name}"
            yield DoctorFinding(
                area="already there",
                subject=f"secret {name}",
                word="missing",
                found="it is deleted, and its name is taken until its recovery window ends",
                fix=f"{restore} --force-delete-without-recovery`, after its value is needed no more",
            )
        if not taken:
            yield DoctorFinding(area="already there", subject=subject, word="ok", found="none has a planned name")


def _key(demand: QuotaDemand) -> str:
    """A quota's code; its name in small letters where it has none."""
    return demand.code or demand.name.lower()


def _role_of(caller: str) -> str:
    """The principal whose policies can be simulated: of a session, its role."""
    head, _, rest = caller.partition(":assumed-role/")
    if not rest:
        return caller if ":user/" in caller or ":role/" in caller else ""
    return f"{head.replace(':sts:', ':iam:', 1)}:role/{rest.partition('/')[0]}"
