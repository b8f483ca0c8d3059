"""Rights in a cluster: https://kubernetes.io/docs/reference/access-authn-authz/rbac/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.checks.resource import Resource
from mlplatform.plan.sources.fields import items, mapping, text, texts
from mlplatform.risk.grants.fields import Reader, value_at
from mlplatform.risk.right import Right


def _binding(resource: Resource) -> Iterator[Right]:
    for subject in map(mapping, items(resource.step.inputs.get("subjects"))):
        space = text(subject.get("namespace"))
        name = f"{space}/{text(subject.get('name'))}" if space else text(subject.get("name"))
        on = value_at(resource, "metadata.namespace") or "the cluster"
        yield Right(name, value_at(resource, "roleRef.name"), on, path="subjects")


def _role(resource: Resource) -> Iterator[Right]:
    for index, rule in enumerate(map(mapping, items(resource.step.inputs.get("rules")))):
        for verb in texts(rule.get("verbs")):
            for kind in texts(rule.get("resources")) or texts(rule.get("nonResourceURLs")):
                yield Right(resource.step.urn, f"{verb}:{kind}", resource.step.urn, path=f"rules[{index}]")


READERS: Mapping[str, Reader] = {
    "kubernetes:rbac.authorization.k8s.io/*RoleBinding": _binding,
    "kubernetes:rbac.authorization.k8s.io/*Role": _role,
}
