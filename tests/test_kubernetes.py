"""Policy for the manifests, and that they fit the schemas of Kubernetes. Nothing here needs a cluster."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it publishes no types
import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML publishes no types

from app.cli import main
from app.settings import Settings

ROOT = Path(__file__).parents[1]
KUBERNETES = ROOT / "deploy/kubernetes"
BASE, PRODUCTION, MONITORING = KUBERNETES / "base", KUBERNETES / "overlays/production", KUBERNETES / "monitoring"
VERSIONS = ("1.31", "1.33")
COMPONENTS = ("api", "worker", "scheduler")
Manifest = dict[str, Any]


def documents(file: Path) -> list[Manifest]:
    return [one for one in yaml.safe_load_all(file.read_text()) if one]


def kustomization(directory: Path) -> Manifest:
    (found,) = documents(directory / "kustomization.yaml")
    return dict(found)


def resources(directory: Path) -> list[Manifest]:
    files = [directory / name for name in kustomization(directory)["resources"]]
    return [one for file in files if file.is_file() for one in documents(file)]


MANIFESTS = [*resources(BASE), *resources(PRODUCTION)]


def named(manifest: Manifest) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


def of(kind: str, component: str) -> Manifest:
    (found,) = [one for one in MANIFESTS if named(one) == f"{kind}/parlour-{component}"]
    return found


def pod(component: str) -> Manifest:
    template: Manifest = of("Deployment", component)["spec"]["template"]["spec"]
    return template


def containers(component: str) -> list[Manifest]:
    return [*pod(component)["initContainers"], *pod(component)["containers"]]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("manifest", MANIFESTS, ids=named)
def test_every_manifest_fits_its_schema(manifest: Manifest, version: str) -> None:
    kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("directory", [BASE, PRODUCTION, MONITORING], ids=lambda directory: directory.name)
def test_every_file_is_used_and_every_used_file_is_there(directory: Path) -> None:
    listed = kustomization(directory)
    used = {*listed["resources"], *(patch["path"] for patch in listed.get("patches", []))}
    there = {file.name for file in directory.glob("*.yaml")} - {"kustomization.yaml", "prometheus-adapter.yaml"}
    assert {name for name in used if not name.startswith("..")} == there
    assert all((directory / name).exists() for name in used)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
@pytest.mark.parametrize("directory", [BASE, PRODUCTION], ids=lambda directory: directory.name)
def test_what_kustomize_builds_fits_the_schemas_too(directory: Path) -> None:
    built = subprocess.run(  # noqa: S603
        ["kubectl", "kustomize", str(directory)],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    for manifest in yaml.safe_load_all(built.stdout):
        kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)
        if directory is PRODUCTION and manifest["kind"] != "Namespace":
            assert manifest["metadata"]["namespace"] == "parlour"
        if manifest["kind"] == "Deployment" and directory is PRODUCTION:
            for container in manifest["spec"]["template"]["spec"]["containers"]:
                assert container["image"] == "registry.example.org/parlour:0.1.0"


@pytest.mark.parametrize("component", COMPONENTS)
class TestEveryComponent:
    def test_runs_a_command_of_ours(self, component: str) -> None:
        for container in containers(component):
            command, *arguments = container["args"]
            main.commands[command].make_context(command, list(arguments))  # Raises UsageError for an unknown option.

    def test_has_no_rights_that_it_does_not_need(self, component: str) -> None:
        assert pod(component)["automountServiceAccountToken"] is False
        assert pod(component)["securityContext"]["runAsNonRoot"] is True
        assert pod(component)["securityContext"]["runAsUser"] == 10001
        assert pod(component)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in containers(component):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }

    def test_says_what_it_needs_and_may_take(self, component: str) -> None:
        for container in containers(component):
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]

    def test_is_asked_whether_it_lives(self, component: str) -> None:
        (container,) = pod(component)["containers"]
        ports = {port["name"] for port in container["ports"]}
        for probe in ("startupProbe", "livenessProbe"):
            assert container[probe]["httpGet"]["port"] in ports
        assert "ready" not in container["livenessProbe"]["httpGet"]["path"], "an outage would restart everything"

    def test_is_not_taken_away_all_at_once(self, component: str) -> None:
        budget = of("PodDisruptionBudget", component)["spec"]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"] == of("Deployment", component)["spec"]["selector"]

    def test_migrates_before_it_starts(self, component: str) -> None:
        assert pod(component)["initContainers"][0]["args"] == ["migrate"]

    def test_takes_its_secrets_by_reference(self, component: str) -> None:
        for container in containers(component):
            assert {"secretRef": {"name": "parlour"}} in container["envFrom"]
            assert "env" not in container

    def test_mounts_only_volumes_that_it_has(self, component: str) -> None:
        volumes = {volume["name"] for volume in pod(component)["volumes"]}
        for container in containers(component):
            assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_no_secret_is_in_a_file() -> None:
    assert not [one for one in MANIFESTS if one["kind"] == "Secret"]
    for file in KUBERNETES.rglob("*.yaml"):
        for line in file.read_text().splitlines():
            name = re.match(r"\s*([A-Z_]+):\s*\S", line)
            assert not name or not re.search("KEY|SECRET|PASSWORD|TOKEN|DSN", name[1]), f"{file.name}: {line}"


def test_the_settings_are_ours_and_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    (base,) = [one for one in MANIFESTS if named(one) == "ConfigMap/parlour"]
    (patch,) = documents(PRODUCTION / "settings.yaml")
    given: dict[str, str] = base["data"] | patch["data"]
    known = {f"PARLOUR_{name.upper()}" for name in Settings.model_fields}
    assert given.keys() <= known
    secret = {
        "DATABASE_URL": "postgresql://parlour:c0ffee@db:5432/parlour",
        "REDIS_URL": "redis://:decade@redis:6379/0",
        "SECRET_KEY": "b7f3" * 16,
        "PARLOUR_DRAW_SECRET": "5eed" * 16,
        "PARLOUR_LOG_KEY": "0109" * 16,
        "PARLOUR_METRICS_TOKEN": "abad1dea" * 4,
    }
    for name, value in (given | secret).items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None)
    assert settings.environment == "production"
    assert all(isinstance(value, str) for value in given.values())
    for component in ("worker", "scheduler"):
        (port,) = pod(component)["containers"][0]["ports"]
        assert port["containerPort"] == settings.metrics_port


def test_workers_grow_with_the_backlog_and_everyone_with_the_load() -> None:
    assert {metric["type"] for metric in of("HorizontalPodAutoscaler", "worker")["spec"]["metrics"]} == {
        "Resource",
        "External",
    }
    (rules,) = documents(MONITORING / "prometheus-adapter.yaml")
    (rule,) = rules["rules"]["external"]
    wanted = next(
        one for one in of("HorizontalPodAutoscaler", "worker")["spec"]["metrics"] if one["type"] == "External"
    )
    assert rule["name"]["as"] == wanted["external"]["metric"]["name"]
    for component in ("api", "worker"):
        scaler = of("HorizontalPodAutoscaler", component)["spec"]
        assert scaler["scaleTargetRef"]["name"] == of("Deployment", component)["metadata"]["name"]
        assert "replicas" not in of("Deployment", component)["spec"], "the autoscaler decides"
        assert scaler["minReplicas"] >= 2


def test_only_what_is_named_gets_in() -> None:
    policies = [one for one in MANIFESTS if one["kind"] == "NetworkPolicy"]
    everyone = next(one for one in policies if one["metadata"]["name"] == "parlour")
    assert everyone["spec"]["ingress"] == []
    assert everyone["spec"]["policyTypes"] == ["Ingress", "Egress"]
    for policy in policies:
        for rule in policy["spec"].get("ingress", []):
            assert rule["from"]
            assert rule["ports"]


def test_the_way_in_leads_to_the_api() -> None:
    (ingress,) = [one for one in MANIFESTS if one["kind"] == "Ingress"]
    (rule,) = ingress["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    service = of("Service", "api")
    assert backend["name"] == service["metadata"]["name"]
    assert backend["port"]["name"] in {port["name"] for port in service["spec"]["ports"]}
    assert ingress["spec"]["tls"][0]["hosts"] == [rule["host"]]


def test_figures_are_fetched_with_the_token() -> None:
    api = next(one for one in resources(MONITORING) if one["metadata"]["name"] == "parlour-api")
    (endpoint,) = api["spec"]["podMetricsEndpoints"]
    assert endpoint["authorization"]["credentials"] == {"name": "parlour", "key": "PARLOUR_METRICS_TOKEN"}
    names = {port["name"] for component in COMPONENTS for port in pod(component)["containers"][0]["ports"]}
    for monitor in resources(MONITORING):
        assert {one["port"] for one in monitor["spec"]["podMetricsEndpoints"]} <= names
