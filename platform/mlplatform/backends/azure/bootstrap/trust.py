"""Who may act as the two identities: the jobs of the CI system."""

from __future__ import annotations

from mlplatform.components.ci_login import Duty
from mlplatform.spec.access import CiSpec
from mlplatform.spec.platform import PlatformSpec

DUTIES: tuple[Duty, ...] = ("deploy", "preview")


def trusted_subjects(spec: PlatformSpec, ci: CiSpec, duty: str) -> tuple[str, ...]:
    """Subjects of the tokens that may act as the identity of a duty, `deploy` or `preview`."""
    if duty == "deploy":
        return (ci.deploy_subject(spec.environment),)
    return ci.preview_subjects
