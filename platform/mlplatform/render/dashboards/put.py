"""Finds the platform's Grafana and puts the dashboards there, by whichever way it has."""

from __future__ import annotations

from collections.abc import Mapping

from mlplatform import discovery
from mlplatform.components.boards import BOARDS
from mlplatform.components.grafana import GrafanaServer, OpensGrafana
from mlplatform.components.names import platform_name
from mlplatform.promote.carry_out import Runner, json_asker
from mlplatform.render.dashboards.apply import Applied, DashboardSet, apply_to_server
from mlplatform.render.dashboards.grafana import dashboard_uid
from mlplatform.render.dashboards.upload import apply_to_files
from mlplatform.services.rest import Transport, send
from mlplatform.spec.platform import PlatformSpec


def put_dashboards(
    spec: PlatformSpec, files: Mapping[str, str], *, change: bool, run: Runner, transport: Transport = send
) -> tuple[Applied, ...]:
    """Make the dashboards of the platform's Grafana what they should be.

    Args:
        spec: the platform, narrowed to one target, with a Grafana.
        files: dashboards by file name.
        change: False to say what would be done, and do nothing.
        run: runs a command of the cloud's command line.
        transport: how requests to Grafana are sent. Omitted: over the network.

    Raises:
        mlplatform.components.live_traffic.NotAnswered: the Grafana is not found.
        NotApplied: it refuses something.
        CommandFailed: a command of the cloud fails.
    """
    ask = json_asker(run)
    place = discovery.backend(spec.targets[0].cloud).load(OpensGrafana)(spec, ask)
    if not isinstance(place, GrafanaServer):
        known = tuple(f"{board}.json" for board in BOARDS)
        return apply_to_files(place, files, known, change=change, ask=ask, run=run)
    wanted = DashboardSet(
        folder=dashboard_uid(spec, "folder"),
        title=f"{platform_name(spec, ' ')} {spec.targets[0].name}",
        documents={dashboard_uid(spec, name.removesuffix(".json")): text for name, text in files.items()},
        known=tuple(dashboard_uid(spec, board) for board in BOARDS),
    )
    try:
        return apply_to_server(place, wanted, change=change, transport=transport)
    finally:
        place.close()
