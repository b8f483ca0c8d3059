"""What the queue tells is collected on each cloud, and a queue that does not move raises an alert there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml

from mlplatform import MonitoringSpec
from mlplatform.backends.aws.training.scraper import scrape_config
from mlplatform.cluster.content import layer_context, layer_items
from mlplatform.cluster.objects.base import KubeObject
from mlplatform.cluster.objects.wire import wire_object
from mlplatform.components.queue_alert import stalled_queues
from mlplatform.plan.model import Plan

from ..conftest import CLOUDS
from .conftest import small_spec


def _collected(cloud: str, **changes: object) -> dict[str, str]:
    items = layer_items(layer_context(small_spec(cloud, **changes), cloud))
    return {
        item.role: json.dumps(wire_object(item.body))
        for item in items
        if item.role.startswith("queue-metrics") and isinstance(item.body, KubeObject)
    }


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_queue_that_does_not_move_raises_an_alert(cloud: str, layered: Callable[[str], Plan]) -> None:
    # other rules record what dashboards show of the same series
    words = ("kueue_pending_workloads", "kueue_admitted_workloads_total")
    said = [step for step in layered(cloud).resources() if all(word in json.dumps(step.inputs) for word in words)]
    assert len(said) == 1
    text = json.dumps(said[0].inputs)
    assert {"aws": "240m", "gcp": "14400s", "azure": "PT240M"}[cloud] in text
    assert "kueue_admitted_workloads_total" in text


def test_the_queue_is_read_as_each_collector_can_prove_itself() -> None:
    assert _collected("aws") == {}
    (monitor,) = _collected("azure").values()
    assert '"bearerTokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token"' in monitor
    google = _collected("gcp")
    assert '"secret": {"name": "queue-metrics", "key": "token"}' in google["queue-metrics-pods"]
    assert '"resourceNames": ["queue-metrics"]' in google["queue-metrics-role"], "no other secret of the namespace"
    assert "data" not in json.loads(google["queue-metrics-token"])
    for cloud in ("azure", "gcp"):
        assert _collected(cloud, monitoring=MonitoringSpec(prometheus=False)) == {}


def test_the_collector_of_aws_sends_its_token_to_the_queue_alone() -> None:
    jobs = {job["job_name"]: job for job in yaml.safe_load(scrape_config(gpus=True, queue=True))["scrape_configs"]}
    assert jobs["queue"]["relabel_configs"][0]["regex"] == "kueue-system;8443"
    assert "bearer_token_file" not in jobs["gpus"]
    assert all(jobs[name]["tls_config"] == {"insecure_skip_verify": True} for name in ("gpus", "queue"))
    plain = {job["job_name"] for job in yaml.safe_load(scrape_config(gpus=False, queue=False))["scrape_configs"]}
    assert plain == {"containers", "pods"}


def test_each_series_of_the_alert_is_of_one_cluster() -> None:
    assert stalled_queues('cluster="a"').count('cluster="a"') == 4
