"""Limits of tags and labels on AWS."""

from __future__ import annotations

from mlplatform.providers.rules.base import MapRule

_REF = "https://docs.aws.amazon.com/"
_NODES = "aws:eks/nodeGroup:NodeGroup"
MAPS = (
    MapRule(
        properties=("tags",),
        most=50,
        key=r"(?!aws:)[\w .:/=+\-@]{1,128}",
        value=r"[\w .:/=+\-@]{0,256}",
        words="keys up to 128 and values up to 256 characters: letters, digits, spaces and _ . : / = + - @; "
        "keys must not start with aws:",
        source=_REF + "tag-editor/latest/userguide/best-practices-and-strats.html",
    ),
    MapRule(
        properties=("labels",),
        most=50,
        key=r"([a-z0-9A-Z.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?",
        value=r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?",
        words="Kubernetes label syntax",
        source=_REF + "eks/latest/APIReference/API_Nodegroup.html",
        tokens=(_NODES,),
    ),
)
