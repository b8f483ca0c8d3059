"""The jobs of each namespace act as an identity of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from mlplatform.checks.index import PlanIndex
from mlplatform.checks.nodes_and_pods import RELEASE
from mlplatform.checks.queues import ACCOUNT, LOCAL_QUEUE, queues_of
from mlplatform.checks.resource import Resource
from mlplatform.checks.rule import CheckFault, CheckRule, Entry
from mlplatform.checks.wording import shown

_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"
_CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"
_ANNOTATIONS = {"iam.gke.io/gcp-service-account": _MEMBER, "azure.workload.identity/client-id": _CREDENTIAL}
"""By annotation of an account: the type of resource that lets its pods act as the identity."""

_LINK = "https://kubernetes.io/docs/concepts/security/multi-tenancy/#access-controls"
_POD = re.compile(r"serviceAccount:[^\[]+\[([^/\]]+)/([^\]]+)\]")
_SUBJECT = re.compile(r"system:serviceaccount:([^:]+):(.+)")


def _bound(binding: Resource) -> tuple[str, str] | None:
    """Namespace and name of the account that a binding is for; None for one of another kind, or that is not known."""
    match binding.step.type:
        case "aws:eks/podIdentityAssociation:PodIdentityAssociation":
            found = binding.text("namespace"), binding.text("serviceAccount")
            return found if all(found) else None
        case "gcp:serviceaccount/iAMMember:IAMMember":
            member = _POD.fullmatch(binding.text("member"))
            return (member[1], member[2]) if member else None
        case _:
            subject = _SUBJECT.fullmatch(binding.text("subject"))
            return (subject[1], subject[2]) if subject else None


def _identity(binding: Resource) -> str:
    """The identity that pods act as, by the resource or by its name; empty where neither is known."""
    prop = {_ASSOCIATION: "roleArn", _MEMBER: "serviceAccountId"}.get(binding.step.type, "resourceName")
    return next(iter(binding.from_others(prop)), "") or binding.text(prop)


def _accounts(index: PlanIndex) -> frozenset[tuple[str, str]]:
    return frozenset(
        (account.text("metadata.namespace"), account.text("metadata.name")) for account in index.of_type(ACCOUNT)
    )


def _bindings(index: PlanIndex) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for token in (_ASSOCIATION, _MEMBER, _CREDENTIAL):
        for binding in index.of_type(token):
            if account := _bound(binding):
                found.setdefault(account, []).append(_identity(binding))
    return {account: tuple(identities) for account, identities in found.items()}


def _shared(index: PlanIndex) -> frozenset[str]:
    """Identities that the jobs of several namespaces act as."""
    pairs = {
        (account[0], identity)
        for account, identities in index.cached(_bindings).items()
        for identity in identities
        if identity and account[0] in queues_of(index)
    }
    counts = Counter(identity for _, identity in pairs)
    return frozenset(identity for identity, count in counts.items() if count > 1)


def _of_binding(binding: Resource) -> Iterator[CheckFault]:
    account = _bound(binding)
    if account is None or account[0] not in queues_of(binding.index):
        return
    charts = {release.text("namespace") for release in binding.index.of_type(RELEASE)}
    if account not in binding.index.cached(_accounts) and account[0] not in charts:
        yield CheckFault(f"It is for the account {shown('/'.join(account))}, which the layer does not have.")
    if _identity(binding) in binding.index.cached(_shared):
        yield CheckFault("The jobs of another namespace act as the same identity.")


def _of_account(account: Resource) -> list[CheckFault]:
    found = account.get("metadata.annotations")
    annotations: Mapping[str, object] = cast("Mapping[str, object]", found) if isinstance(found, Mapping) else {}
    name = account.text("metadata.namespace"), account.text("metadata.name")
    bound = account.index.cached(_bindings)
    return [
        CheckFault(f"It names an identity, and no {shown(token)} lets its pods act as one.", "metadata.annotations")
        for annotation, token in _ANNOTATIONS.items()
        if annotation in annotations and name not in bound and account.index.of_type(token)
    ]


def _of_queue(queue: Resource) -> list[CheckFault]:
    namespace = queue.text("metadata.namespace")
    if any(account[0] == namespace for account in queue.index.cached(_accounts)):
        return []
    return [CheckFault(f"Jobs wait for it in {shown(namespace)}, which has no account with an identity.")]


RULE = CheckRule(
    id="account-identity",
    level="high",
    topic="access",
    title="The jobs of each namespace have an account, bound to an identity of its own",
    why="Without the binding a job is refused at its first checkpoint; with a shared identity each team may read and "
    "write what the others may.",
    fix="Make a service account in each namespace of jobs, and bind it to an identity that no other namespace has.",
    entries=(
        Entry(
            (_ASSOCIATION, _MEMBER, _CREDENTIAL),
            _of_binding,
            when=lambda binding: bool(queues_of(binding.index)),
            siblings=True,
            link=_LINK,
        ),
        Entry((ACCOUNT,), _of_account, link=_LINK, siblings=True),
        Entry((LOCAL_QUEUE,), _of_queue, link=_LINK, siblings=True),
    ),
)
