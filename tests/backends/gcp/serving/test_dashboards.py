"""The dashboard of an endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable

from ....planned import Planned

Plan = Callable[..., Planned]


def test_the_dashboard_shows_what_the_endpoint_has(watched: Planned) -> None:
    charts = json.loads(str(watched.one("endpoint-fraud-dashboard").inputs["dashboardJson"]))
    assert charts["displayName"] == "acme-ml-dev-endpoint-fraud"
    places = [(tile.get("xPos", 0), tile.get("yPos", 0)) for tile in charts["mosaicLayout"]["tiles"]]
    assert len(set(places)) == len(places)
    assert "GPU" not in json.dumps(charts)
