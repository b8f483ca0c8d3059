"""Prometheus and its Alertmanager, as documents of a cloud or objects of a cluster."""

from __future__ import annotations

from mlplatform.risk.guards.directions import Appears, Differs, Extra, Fewer, Gone, More
from mlplatform.risk.guards.rows import Guard, Row, Setting

_NO_ALERT = "Nobody is told any more"
_LATE = "The alert comes later, or not at all"
_FEWER = "Somebody is not told any more"
_MUTED = "Alerts are muted"
_UNSEEN = "What it measures is no longer seen"

_ALERTMANAGER = "https://prometheus.io/docs/alerting/latest/configuration/"
_RULES = "aws:amp/ruleGroupNamespace:* kubernetes:*:PrometheusRule kubernetes:*:Rules kubernetes:*:ClusterRules kubernetes:*:GlobalRules"
_ROUTES = "aws:amp/alertManagerDefinition:* kubernetes:*:AlertmanagerConfig kubernetes:*:Alertmanager kubernetes:*:Secret kubernetes:*:ConfigMap"

KUBERNETES: tuple[Row, ...] = (
    Guard("kubernetes:*:PrometheusRule kubernetes:*:Rules kubernetes:*:ClusterRules kubernetes:*:AlertmanagerConfig kubernetes:*:Alertmanager", "high", _NO_ALERT),
    Guard("kubernetes:*:ServiceMonitor kubernetes:*:PodMonitor kubernetes:*:PodMonitoring kubernetes:*:ClusterPodMonitoring kubernetes:*:Probe kubernetes:*:Prometheus", "high", _UNSEEN),
    Setting("aws:amp/*", "/data /definition /scrapeConfiguration", Gone(), "high", _NO_ALERT),
    Setting(_RULES, "groups groups.rules", Fewer(), "high", _NO_ALERT),
    Setting(_RULES, "rules.for groups.interval rules.keep_firing_for", More(0, times=2.999), "high", _LATE),
    Setting(_RULES, "rules.for groups.interval", More(0), "medium", _LATE),
    Setting(_RULES, "rules.expr", Differs(), "medium", "The alert is about something else"),
    Setting(_RULES, "labels.severity", Differs(), "medium", "It is taken less seriously, or goes to somebody else"),
    Setting(_RULES, "labels.severity", Gone(), "high", "It goes to nobody who waits for this severity"),
    Setting("aws:amp/scraper:Scraper kubernetes:*", "scrape_configs scrapeConfigs", Fewer(), "high", _UNSEEN),
    Setting(_ROUTES, "receivers route.routes routes *_configs", Fewer(), "high", _FEWER, source=_ALERTMANAGER),
    Setting(_ROUTES, "*_configs", Gone(), "high", _FEWER, source=_ALERTMANAGER),
    Setting(_ROUTES, "route.receiver routes.receiver topic_arn url api_url routing_key", Differs(), "high", "Messages go to somebody else", source=_ALERTMANAGER),
    Setting(_ROUTES, "inhibit_rules mute_time_intervals time_intervals", Extra(), "high", _MUTED, source=_ALERTMANAGER),
    Setting(_ROUTES, "mute_time_intervals active_time_intervals inhibit_rules", Appears(), "high", _MUTED, source=_ALERTMANAGER),
    Setting(_ROUTES, "repeat_interval group_wait group_interval", More(times=2.999), "medium", _LATE, source=_ALERTMANAGER),
    Setting(_ROUTES, "routes.matchers", Extra(), "medium", _FEWER, source=_ALERTMANAGER),
)  # fmt: skip
