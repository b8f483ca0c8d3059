"""What the deployer may do with the copy of the record of releases, which gates read."""

from __future__ import annotations

from mlplatform.backends.gcp.addresses import place_uri
from mlplatform.components.record_copy import compares
from mlplatform.spec.platform import PlatformSpec
from mlplatform.spec.releases import COPY_PATH

COPY_ROLE = "roles/storage.objectUser"
"""To replace an object takes the right to delete it too,
https://docs.cloud.google.com/storage/docs/access-control/iam-roles"""


def copy_condition(spec: PlatformSpec) -> dict[str, str] | None:
    """The condition under which a role holds for one object and the listing of its bucket, without which Cloud Storage
    answers before the first copy that it may not be read; None where no gate reads it.

    https://docs.cloud.google.com/iam/docs/conditions-resource-attributes#resource-name
    """
    if not compares(spec):
        return None
    bucket = place_uri(spec, "models").removeprefix("gs://")
    return {
        "description": "The copy of the record of releases, which gates read",
        "expression": f"resource.name == 'projects/_/buckets/{bucket}/objects/{COPY_PATH}' || "
        f"resource.name == 'projects/_/buckets/{bucket}'",
    }
