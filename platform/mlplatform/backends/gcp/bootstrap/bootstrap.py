"""State, identities, services and the deployer's roles of one stack on GCP. Imports no SDK."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mlplatform.backends.gcp.bootstrap.policies import BUDGET_ROLE, grant_condition, role_id
from mlplatform.backends.gcp.bootstrap.record_rights import copy_condition
from mlplatform.backends.gcp.bootstrap.rights import build as derive_rights
from mlplatform.backends.gcp.bootstrap.steps import FIRST_SERVICES, bootstrap_steps
from mlplatform.backends.gcp.bootstrap.trust import trust_settings
from mlplatform.backends.gcp.naming import ACCOUNT, COMPUTE, bucket_name
from mlplatform.backends.gcp.target import GcpTarget
from mlplatform.components.bootstrap import OPERATIONS, Bootstrap, PlannedResource, sum_rights
from mlplatform.components.names import physical_name
from mlplatform.components.narrowed import target_of
from mlplatform.spec.platform import PlatformSpec

_BILLING = "billing."
_GRANT = "resourcemanager.projects.setIamPolicy"
_ALWAYS = ("logging.cmekSettings.get", "resourcemanager.projects.get", "serviceusage.services.use")
"""Calls of the provider and of data sources, whatever is planned: the provider names the project as the quota's."""
_DUTIES = ("deploy", "preview")


def build(spec: PlatformSpec, resources: Sequence[PlannedResource], state: str | None) -> Bootstrap:
    """The bootstrap, from a spec narrowed to GCP."""
    target = target_of(spec, GcpTarget)
    apply = tuple(sorted({*sum_rights(derive_rights, resources, OPERATIONS), *_ALWAYS}))
    preview = tuple(sorted({*sum_rights(derive_rights, resources, ("read",)), *_ALWAYS}))
    budget = any(right.startswith(_BILLING) for right in apply)
    granted = tuple(
        sorted({str(each.inputs["role"]) for each in resources if each.type == "gcp:projects/iAMMember:IAMMember"})
    )
    held = {"deploy": [right for right in apply if not right.startswith(_BILLING) and right != _GRANT]}
    held["preview"] = [right for right in preview if not right.startswith(_BILLING)]
    documents = {
        f"{duty}-role.json": _json(
            {
                "title": physical_name(spec, duty, 100),
                "description": f"Runs {'up' if duty == 'deploy' else 'preview'} of one stack",
                "stage": "GA",
                "includedPermissions": held[duty],
            }
        )
        for duty in _DUTIES
    }
    documents["grant-role.json"] = _json(
        {
            "title": physical_name(spec, "grant", 100),
            "description": "Grants roles on the project, under a condition that names them",
            "stage": "GA",
            "includedPermissions": ["resourcemanager.projects.getIamPolicy", _GRANT],
        }
    )
    condition = grant_condition(granted)
    documents["grant-condition.json"] = _json(
        {"title": "planned-roles", "description": "Only the roles that the platform grants", "expression": condition}
    )
    record = copy_condition(spec)
    if record:
        documents["record-condition.json"] = _json({"title": "record-copy", **record})
    bucket = _bucket_of(state) or bucket_name(spec, target, "state")
    ring = physical_name(spec, "state", COMPUTE)
    key = f"projects/{target.project}/locations/{target.region}/keyRings/{ring}/cryptoKeys/state"
    ci = spec.access.ci
    values: dict[str, object] = {
        "project": target.project,
        "region": target.region,
        "labels": {"platform": spec.name, "environment": spec.environment, "managed-by": "mlplatform-bootstrap"},
        "services": [f"{name}.googleapis.com" for name in FIRST_SERVICES],
        "bucket": bucket,
        "make_state": state is None,
        "key_ring": ring,
        "billing_account": target.billing_account if budget else None,
        "budget_role": BUDGET_ROLE,
        "condition": condition,
        "record_condition": record,
        "accounts": {duty: physical_name(spec, duty, ACCOUNT) for duty in _DUTIES},
        "roles": {duty: role_id(spec, duty) for duty in (*_DUTIES, "grant")},
        "trust": None if ci is None else trust_settings(spec, target, ci),
    }
    return Bootstrap(
        state=state or f"gs://{bucket}",
        secrets="" if state else f"gcpkms://{key}",
        apply=apply,
        preview=preview,
        documents=documents,
        steps=tuple(bootstrap_steps(spec, target, values)),
        settings=(),
        limits=(
            "whoever may set the policy of a bucket, key, account or service may give it to anybody: "
            "Google has no condition "
            "for these; the project's own policy is limited to the roles that the platform grants",
            "whoever may write custom roles can widen the platform's own; only the organisation can deny that",
            *(
                ("a billing administrator must run the step of the billing account: a project's Owner cannot",)
                if budget
                else ()
            ),
        ),
        values=values,
        program=Path(__file__).with_name("program.py"),
    )


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, indent=2) + "\n"


def _bucket_of(state: str | None) -> str:
    if state is None:
        return ""
    parts = urlsplit(state)
    if parts.scheme != "gs" or not parts.netloc:
        raise ValueError(f"got '{state[:80]}', expected `gs://BUCKET`")
    return parts.netloc
