"""Whether a principal belongs to the platform's own organisation, as far as the resources show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mlplatform.plan.diff.unknown import all_texts
from mlplatform.plan.model import STACK_TYPE, Step
from mlplatform.risk.right import Right

_ARN_OWNER = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_ACCOUNT = re.compile(r"(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::.*)?")
_ANY_ACCOUNT = re.compile(r"(?<!\d)(\d{12})(?!\d)")
_ORGANISATION = re.compile(r"\bo-[a-z0-9]{10,32}\b")
_EMAIL = re.compile(r"[^@\s:/]+@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
_AGENT = re.compile(r"(?:service-)?(\d{6,})(?:-compute)?@[\w.-]+")
_POOL = re.compile(r"//iam\.googleapis\.com/(?:projects/(\d+)|locations/global/workforcePools/([\w-]+))")
_IN_CLUSTER = re.compile(r"serviceAccount:([\w.:-]+)\.svc\.id\.goog\[")
_PROJECT = re.compile(r"(?:\bprojects/|project(?:Owner|Editor|Viewer):)([a-z][\w:.-]{4,}|\d{6,})")
_SERVICE_ACCOUNT = re.compile(r"@([\w.-]+)\.iam\.gserviceaccount\.com$")
_OF_GOOGLE = re.compile(
    r"@(gcp-sa-[\w-]+|[\w-]*container-engine[\w-]*|cloudbuild|cloudservices|developer|compute-system"
    r"|serverless-robot-prod|gs-project-accounts|bigquery-encryption)\b"
)
"""Google's own service agents: the number before the sign says whose they are."""
CONSUMER = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "icloud.com",
        "me.com", "aol.com", "gmx.com", "gmx.de", "proton.me", "protonmail.com", "yandex.ru", "mail.ru", "qq.com",
    }
)  # fmt: skip
"""Domains where everybody gets an address."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a principal is at home."""

    kind: str
    """`account`, `organisation`, `project`, `domain`, `pool` or `tenant`."""

    name: str
    """Its id or name."""


def homes_in(text: str) -> Iterator[Home]:
    """Everything in a text that a principal may be at home in: AWS accounts, Google's projects, domains, pools."""
    if found := _POOL.search(text):
        yield Home("project", found[1]) if found[1] else Home("pool", found[2])
        return
    if found := _IN_CLUSTER.match(text):
        yield Home("project", found[1])
        return
    if "@" in text:
        bare = text.partition(":")[2] if ":" in text.partition("@")[0] else text
        if _OF_GOOGLE.search(bare):
            if agent := _AGENT.search(bare):
                yield Home("project", agent[1])
        elif found := _SERVICE_ACCOUNT.search(bare):
            yield Home("project", found[1])
        elif found := _EMAIL.fullmatch(bare.lower()):
            yield Home("domain", found[1])
        return
    if text.startswith("domain:"):
        yield Home("domain", text.partition(":")[2].lower())
    yield from (Home("project", name) for name in _PROJECT.findall(text))
    yield from (Home("account", name) for name in _ARN_OWNER.findall(text))
    yield from (Home("organisation", name) for name in _ORGANISATION.findall(text))


class Household:
    """What the resources of a stack show to be its own."""

    def __init__(self, before: Iterable[Step], after: Iterable[Step]) -> None:
        """Gather it.

        Args:
            before: resources as they are: what stands there is known, whoever it belongs to.
            after: resources as they will be: of them only what the cloud says counts, unless nothing is there yet.
        """
        self._before = [step for step in before if step.custom]
        self._after = tuple(after)

    @property
    def is_new(self) -> bool:
        """Whether the stack itself is new, so that everybody is."""
        return not self._before and any(step.type == STACK_TYPE for step in self._after)

    @cached_property
    def accounts(self) -> frozenset[str]:
        """AWS accounts that own the resources, or that the inputs name where no resource has an ARN."""
        owners = {
            home.name
            for step in (*self._before, *self._after)
            for text in (step.id, *_arns(step))
            for home in homes_in(text)
            if home.kind == "account"
        }
        if not owners:
            steps = self._after if self.is_new else self._before
            owners = {name for step in steps for text in all_texts(step.inputs) for name in _ANY_ACCOUNT.findall(text)}
        return frozenset(owners)

    @cached_property
    def known(self) -> frozenset[Home]:
        """Homes of everybody who is named already."""
        homes: set[Home] = set()
        for step in self._after if self.is_new else self._before:
            for text in (step.id, *all_texts(step.inputs), *all_texts(step.outputs)):
                homes.update(homes_in(text))
            for values in (step.inputs, step.outputs):
                if isinstance(project := values.get("project"), str):
                    homes.add(Home("project", project))
        return frozenset(homes)

    def stranger(self, right: Right) -> str:
        """Who holds a right, in words, where they are strangers to the platform; empty where they are not.

        Somebody of whom nothing shows where they belong is no stranger: object ids of Azure, for example.
        """
        if right.kind == "fence" or right.nature == "Service":
            return ""
        if right.principal == "*" and right.narrowing:
            found = [self._of_values(one.key, one.values) for one in right.narrowing]
            # one condition on our own is enough, because all of them must hold
            return "" if "" in found else found[0]
        if right.nature == "Tenant":
            return right.principal
        if right.nature == "ForeignGroup":
            return f"a group of another tenant, {right.principal},"
        if right.principal.startswith("urn:pulumi:"):
            return ""
        return self._of_principal(right.principal, right.nature)

    def _of_principal(self, principal: str, nature: str) -> str:
        if found := _ACCOUNT.fullmatch(principal):
            return "" if found[1] in self.accounts else f"another account, {found[1]},"
        if nature == "CanonicalUser":
            return "" if self.is_new else "an account that only a canonical id names"
        for home in homes_in(principal):
            if home.kind == "account" and home.name not in self.accounts:
                return f"another account, {home.name},"
            if home.kind == "domain" and home.name in CONSUMER:
                return f"{principal}, which is anybody's address,"
            # where nothing is there, nothing says which project is the platform's
            if home.kind != "account" and home not in self.known and (home.kind != "project" or self._before):
                return f"{principal}, of a {home.kind} that the platform does not know,"
        return ""

    def _of_values(self, key: str, values: Iterable[str]) -> str:
        for value in sorted(values):
            account = _ACCOUNT.fullmatch(value) or _ARN_OWNER.match(value)
            if account and account[1] not in self.accounts:
                return f"another account, {account[1]},"
            if "orgid" in key and not any(home.name in value for home in self.known if home.kind == "organisation"):
                return f"another organisation, {value},"
        return ""


def _arns(step: Step) -> Iterator[str]:
    arn = step.outputs.get("arn")
    if isinstance(arn, str):
        yield arn
