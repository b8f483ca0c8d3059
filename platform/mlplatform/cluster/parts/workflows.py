"""Argo Workflows: pipelines of steps in the namespaces of jobs, with the platform's store for what steps hand on."""

from __future__ import annotations

from collections.abc import Iterator

from mlplatform import discovery
from mlplatform.cluster.addon_facts import SupportsAddOns
from mlplatform.cluster.facts import LayerContext
from mlplatform.cluster.items import ChartRelease, LayerItem
from mlplatform.cluster.objects.base import Metadata
from mlplatform.cluster.objects.rbac import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRule,
    Role,
    RoleBinding,
    RoleRef,
    Verb,
    pods_of,
)
from mlplatform.cluster.parts.base import TRAINING_ACCOUNT
from mlplatform.cluster.parts.engines import SMALL
from mlplatform.cluster.parts.pods import KEPT_SECONDS
from mlplatform.cluster.parts.walls import port_forward, walled
from mlplatform.spec.cluster import ClusterSpec

WORKFLOWS_NAMESPACE = "argo"
WORKFLOW_KINDS = ("argoproj.io", ("workflows", "workflowtemplates", "cronworkflows"))
"""Group and plurals of the kinds that people make."""

SERVER = "argo-workflows-server"
"""Name of the user interface: its service, account and rights."""

STEP_REPORTS = PolicyRule(api_groups=("argoproj.io",), resources=("workflowtaskresults",), verbs=("create", "patch"))
"""How a step tells Argo of its end and its values."""

_POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_READ: tuple[Verb, ...] = ("get", "list", "watch")


def build(layer: LayerContext) -> Iterator[LayerItem]:
    """Argo's controller and user interface, where the spec names it."""
    cluster = layer.spec.cluster
    if cluster is None or "argo-workflows" not in cluster.addons:
        return
    yield from walled(WORKFLOWS_NAMESPACE)
    yield LayerItem(
        role="release-argo-workflows",
        stage="addons",
        body=ChartRelease(chart="argo-workflows", namespace=WORKFLOWS_NAMESPACE, values=_values(layer)),
    )
    yield from _server_rights()
    yield from step_rights(cluster, layer.spec.access.training_namespace)
    yield from port_forward(layer, WORKFLOWS_NAMESPACE)


def _values(layer: LayerContext) -> dict[str, object]:
    spec = layer.spec
    facts = discovery.backend(spec.targets[0].cloud).load(SupportsAddOns)(spec)
    return {
        # otherwise a job with rights over all kinds gets them from GitHub, before the release
        "crds": {"full": False, "keep": True},
        "images": {"pullPolicy": "IfNotPresent"},
        # the rights of people are the platform's own, which a newer chart cannot widen
        "createAggregateRoles": False,
        "useStaticCredentials": False,
        "artifactRepository": {"archiveLogs": True, **facts.artifacts},
        "workflow": {
            "serviceAccount": {"name": TRAINING_ACCOUNT},
            # in the namespaces of jobs they are our own objects: teams may be in a stack of their own
            "rbac": {"create": False},
        },
        "executor": {"resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "512Mi"}}},
        "controller": {
            "replicas": 2,
            "pdb": {"enabled": True},
            "resources": SMALL,
            "podSecurityContext": _POD_SECURITY,
            "clusterWorkflowTemplates": {"enabled": False},
            "workflowDefaults": {
                "spec": {
                    "serviceAccountName": TRAINING_ACCOUNT,
                    "podMetadata": {"labels": dict(facts.labels)},
                    "podGC": {"strategy": "OnPodSuccess"},
                    "ttlStrategy": {"secondsAfterCompletion": KEPT_SECONDS},
                }
            },
        },
        "server": {
            # everybody brings the token of their own login to the cluster, and has the rights of that one
            "authModes": ["client"],
            # the chart's would read all secrets of the cluster
            "rbac": {"create": False},
            "clusterWorkflowTemplates": {"enabled": False},
            "podSecurityContext": _POD_SECURITY,
            "resources": SMALL,
        },
    }


def step_rights(cluster: ClusterSpec, namespace: str) -> Iterator[LayerItem]:
    """Rights of steps in a namespace of jobs: to report their end, and to make jobs of the engines there.

    Args:
        cluster: which engines there are; nothing is made without Argo.
        namespace: where.
    """
    if "argo-workflows" not in cluster.addons:
        return
    groups = {"batch": ("jobs",), "jobset.x-k8s.io": ("jobsets",)}
    groups |= {"trainer.kubeflow.org": ("trainjobs",)} if "trainer" in cluster.engines else {}
    groups |= {"ray.io": ("rayjobs", "rayclusters")} if "ray" in cluster.engines else {}
    verbs: tuple[Verb, ...] = (*_READ, "create", "patch", "delete")
    metadata = Metadata(name="workflow-steps", namespace=namespace)
    rules = (
        STEP_REPORTS,
        *(PolicyRule(api_groups=(group,), resources=plurals, verbs=verbs) for group, plurals in groups.items()),
    )
    yield LayerItem(role=f"role-steps-{namespace}", stage="access", body=Role(metadata=metadata, rules=rules))
    binding = RoleBinding(
        metadata=metadata,
        role_ref=RoleRef(name=metadata.name, kind="Role"),
        subjects=(pods_of(TRAINING_ACCOUNT, namespace),),
    )
    yield LayerItem(role=f"binding-steps-{namespace}", stage="access", body=binding)


def _server_rights() -> Iterator[LayerItem]:
    """What the user interface does itself: it reads its configuration, and watches workflows and their templates."""
    watch = PolicyRule(api_groups=("argoproj.io",), resources=("workflows", "workflowtemplates"), verbs=_READ)
    settings = PolicyRule(api_groups=("",), resources=("configmaps",), verbs=_READ)
    account = (pods_of(SERVER, WORKFLOWS_NAMESPACE),)
    at_home = Metadata(name=SERVER, namespace=WORKFLOWS_NAMESPACE)
    bodies = {
        "role-argo-server": ClusterRole(metadata=Metadata(name=SERVER), rules=(watch,)),
        "binding-argo-server": ClusterRoleBinding(
            metadata=Metadata(name=SERVER), role_ref=RoleRef(name=SERVER), subjects=account
        ),
        "role-argo-server-settings": Role(metadata=at_home, rules=(settings,)),
        "binding-argo-server-settings": RoleBinding(
            metadata=at_home, role_ref=RoleRef(name=SERVER, kind="Role"), subjects=account
        ),
    }
    for role, body in bodies.items():
        yield LayerItem(role=role, stage="access", body=body)
