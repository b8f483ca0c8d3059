"""Rights read from the resources of a plan: one form for policy documents, roles on scopes, and trust."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from mlplatform.checks.resource import Resource, UnknownInput, plain_type
from mlplatform.plan.model import Step
from mlplatform.risk.grants import aws, azure, gcp, kubernetes
from mlplatform.risk.grants.fields import Reader
from mlplatform.risk.right import Right

_READERS = {**aws.READERS, **gcp.READERS, **azure.READERS, **kubernetes.READERS}


def rights_of(step: Step) -> frozenset[Right]:
    """Rights that a resource gives or denies; none where it gives none or they are unknown before creation."""
    resource = Resource(step)
    rights: set[Right] = set()
    for read in _readers(plain_type(step.type)):
        try:
            rights.update(read(resource))
        except UnknownInput:
            continue
    return frozenset(rights)


def _readers(token: str) -> Iterator[Reader]:
    if token.startswith("aws:"):
        yield aws.policy_rights
    found = next((read for pattern, read in _READERS.items() if fnmatchcase(token, pattern)), None)
    if found is not None:
        yield found
