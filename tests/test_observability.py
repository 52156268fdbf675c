"""Dashboard, alerts and documentation name figures that are there, and every figure is on the page."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML publishes no types
from prometheus_client import REGISTRY
from prometheus_client.metrics_core import Metric
from tests.test_documentation import anchors

from app import metrics
from app.operation.exposition import Installation
from app.operation.inboxes import Inboxes
from app.operation.queues import Queues

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy/observability"
OPERATIONS = ROOT / "docs/operations.md"
NAME = re.compile(r"\bparlour_[a-z_]+")

ALERTS: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
FUNCTIONS = {"sum", "max", "min", "rate", "increase", "histogram_quantile", "topk", "absent", "by"}


def exposed() -> dict[str, Metric]:
    """Every series that Prometheus can see, by its name, and its metric."""
    inboxes = Inboxes([], 0, [], [], [], 0, 0)
    queues = Queues(datetime.now(UTC), inboxes, [], 0)
    families = [*REGISTRY.collect(), *Installation(queues).collect()]
    found = {}
    for one in families:
        if one.name.startswith("parlour_"):
            for suffix in SUFFIXES[one.type]:
                found[one.name + suffix] = one
    return found


SUFFIXES = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}


def expressions() -> list[str]:
    return [rule["expr"] for rule in ALERTS] + [target["expr"] for panel in PANELS for target in panel["targets"]]


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_asks_for_what_is_there(expression: str) -> None:
    named = set(NAME.findall(expression))
    assert named <= exposed().keys()
    assert named or "up{" in expression


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_is_well_formed(expression: str) -> None:
    """No Prometheus is here to ask: brackets pair, functions exist, and only counters have rates."""
    for opening, closing in ("()", "[]", "{}"):
        assert expression.count(opening) == expression.count(closing)
    assert set(re.findall(r"\b([a-z_]+)\s*\(", expression)) <= FUNCTIONS
    for name in re.findall(r"(?:rate|increase)\((parlour_\w+)", expression):
        assert exposed()[name].type in {"counter", "histogram"}, name
    for name in set(NAME.findall(expression)) - set(re.findall(r"(?:rate|increase)\((parlour_\w+)", expression)):
        assert exposed()[name].type == "gauge", f"{name} only ever grows: take its rate"


def test_labels_that_are_asked_for_are_there() -> None:
    for expression in expressions():
        for name, selector in re.findall(r"\b(parlour_\w+)\{([^}]*)\}", expression):
            labels = set(re.findall(r"(\w+)\s*[=!]~?", selector))
            known = labels_of(exposed()[name].name)
            assert labels <= known, expression


def labels_of(name: str) -> set[str]:
    declared = {
        collector._name: set(collector._labelnames)  # noqa: SLF001  prometheus-client tells them nowhere else
        for collector in vars(metrics).values()
        if hasattr(collector, "_labelnames")
    }
    return declared.get(name, {"kind", "partition", "role", "outbox"})


def test_every_alert_has_a_name_of_ours_a_severity_and_a_page() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(set(names)) == len(names)
    for rule in ALERTS:
        assert rule["alert"].startswith("Parlour")
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["alert"].lower() in anchors(OPERATIONS)


def test_every_figure_is_explained_and_no_other() -> None:
    families = {one.name + ("_total" if one.type == "counter" else "") for one in exposed().values()}
    documented = set(re.findall(r"^\| `(parlour_\w+)`", OPERATIONS.read_text(), re.MULTILINE))
    assert documented == families


def test_panels_lie_beside_and_not_upon_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_every_panel_says_what_it_shows() -> None:
    for panel in PANELS:
        assert panel["description"].endswith("."), panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
