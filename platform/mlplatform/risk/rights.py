"""Rights read from the resources of a plan: one form for policy documents, roles on scopes, and trust."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache

from mlplatform.checks.resource import Resource, plain_type
from mlplatform.plan.documents import UnknownInput
from mlplatform.plan.model import Step
from mlplatform.risk.grants import aws, azure, gcp, kubernetes
from mlplatform.risk.grants.fields import Reader
from mlplatform.risk.right import Right

_READERS = {**aws.READERS, **gcp.READERS, **azure.READERS, **kubernetes.READERS}


def rights_of(step: Step) -> frozenset[Right]:
    """Rights that a resource gives or denies; what is unknown before creation is left out."""
    return read_rights(step)[0]


def read_rights(step: Step) -> tuple[frozenset[Right], str]:
    """The rights of a resource, and the first input that would tell more but cannot be read; empty where all can."""
    resource = Resource(step)
    rights: set[Right] = set()
    unknown = ""
    for read in _readers(plain_type(step.type)):
        try:
            rights.update(read(resource))
        except UnknownInput as error:
            unknown = unknown or error.path
    return frozenset(rights), unknown


def reads_rights(token: str) -> bool:
    """Whether the fields of a type are read as rights; policy documents are read in every type."""
    return any(fnmatchcase(token, pattern) for pattern in _READERS)


@lru_cache(maxsize=10_000)
def _readers(token: str) -> tuple[Reader, ...]:
    found = next((read for pattern, read in _READERS.items() if fnmatchcase(token, pattern)), None)
    documents = (aws.policy_rights,) if token.startswith("aws:") else ()
    return documents if found is None else (*documents, found)
