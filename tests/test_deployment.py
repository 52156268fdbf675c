"""Policy for what is deployed: the image, the compose files, nginx, the workflow. Nothing here needs Docker."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML publishes no types
from pydantic import ValidationError

from app.cli import main
from app.cli.processes import PING_SECONDS
from app.errors import AppError, Unavailable
from app.problems import TITLES, BodyTooLarge, Problem
from app.settings import KIB, MIB, Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text()
NGINX = (ROOT / "docker/nginx.conf").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OVERLAY = yaml.safe_load((ROOT / "docker-compose.dev.yml").read_text())
DEVELOPMENT: dict[str, dict[str, Any]] = OVERLAY["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"].startswith("parlour:"))

HEALTHCHECK_IN_THE_IMAGE = {"api"}
WITHOUT_A_HEALTHCHECK = {
    "worker": "It answers no requests. Its heartbeat is counted in /health.",
    "scheduler": "It answers no requests. Its heartbeat is counted in /health.",
    "migrate": "It runs once and ends.",
}

VARIABLE = re.compile(r"\$\{(\w+)(?::(-|\?)([^}]*))?\}")
FILLED_IN = {
    "SECRET_KEY": "b7f3" * 16,
    "POSTGRES_PASSWORD": "c0ffee" * 8,
    "REDIS_PASSWORD": "decade" * 8,
    "PARLOUR_DRAW_SECRET": "5eed" * 16,
    "PARLOUR_LOG_KEY": "0109" * 16,
    "PARLOUR_PUBLIC_URL": "https://parlour.example.org",
    "PARLOUR_TRUSTED_PROXIES": "2",
}


def required(text: str) -> set[str]:
    """The variables without which compose refuses to go on."""
    return {name for name, kind, _ in VARIABLE.findall(text) if kind == "?"}


def assigned(text: str) -> dict[str, str]:
    """The lines `NAME=value` of an environment file."""
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


class Container(Protocol):
    def __call__(self, environment: dict[str, str], given: dict[str, str]) -> Settings: ...


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Container:
    """The settings as a container reads them that compose starts with this environment and these variables."""

    def read(environment: dict[str, str], given: dict[str, str]) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, VARIABLE.sub(lambda found: given[found[1]], value))
        return Settings(_env_file=None)

    return read


def images() -> Iterator[str]:
    yield from (service["image"] for service in SERVICES.values())
    yield from re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)


class TestEveryService:
    @pytest.mark.parametrize("name", SERVICES)
    def test_can_be_asked_for_its_health_or_says_why_not(self, name: str) -> None:
        check = SERVICES[name].get("healthcheck")
        if name in WITHOUT_A_HEALTHCHECK:
            assert check == {"disable": True}
            assert f"healthcheck: {{ disable: true }} # {WITHOUT_A_HEALTHCHECK[name]}" in COMPOSE_TEXT
        elif name in HEALTHCHECK_IN_THE_IMAGE:
            assert check is None
            assert "/health/live" in DOCKERFILE.partition("HEALTHCHECK")[2]
        else:
            assert "test" in (check or {})

    @pytest.mark.parametrize("name", SERVICES)
    def test_has_no_rights_that_it_does_not_need(self, name: str) -> None:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & service.keys()

    @pytest.mark.parametrize("name", SERVICES)
    def test_runs_as_somebody_else_than_root(self, name: str) -> None:
        user = str(SERVICES[name].get("user", "root"))
        if name in OURS:
            assert user == "root", "the image says who"
            user = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1]
        assert user.split(":")[0] not in {"root", "0"}

    def test_comes_from_an_image_with_a_version(self) -> None:
        for image in images():
            name, _, tag = image.partition(":")
            assert re.search(r"\d", tag), f"{name} has no version"
            assert "latest" not in tag

    def test_starts_after_what_it_needs(self) -> None:
        for name in ("api", "worker", "scheduler"):
            assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}

    def test_names_only_networks_and_volumes_that_exist(self) -> None:
        for service in [*SERVICES.values(), *DEVELOPMENT.values()]:
            assert set(service.get("networks", [])) <= COMPOSE["networks"].keys()
            named = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("./")}
            assert named <= COMPOSE["volumes"].keys()


class TestProduction:
    def test_there_are_two_apis_and_two_workers_and_one_scheduler(self) -> None:
        replicas = {name: SERVICES[name].get("deploy", {}).get("replicas", 1) for name in OURS}
        assert replicas == {"api": 2, "worker": 2, "scheduler": 1, "migrate": 1}

    def test_one_service_builds_the_image_of_all(self) -> None:
        """Each that builds makes an image of its own, and every start with --build would replace everything."""
        assert [name for name, service in SERVICES.items() if "build" in service] == ["migrate"]

    def test_a_migration_that_fails_ends_the_start(self) -> None:
        """Tried again for ever, it would keep `up` waiting without a word."""
        assert re.fullmatch(r"on-failure:\d+", SERVICES["migrate"]["restart"])

    def test_nobody_but_nginx_can_be_reached_from_outside(self) -> None:
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
        assert COMPOSE["networks"]["data"] == {"internal": True}
        assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["data"]

    def test_no_secret_has_a_default(self) -> None:
        assert required(COMPOSE_TEXT) == FILLED_IN.keys()
        for name, _, _ in VARIABLE.findall(COMPOSE_TEXT):
            assert name in FILLED_IN or not re.search("_KEY|SECRET|PASSWORD|TOKEN", name)

    def test_the_example_names_what_is_required_and_gives_no_secret(self) -> None:
        example = assigned((ROOT / ".env.example").read_text())
        assert required(COMPOSE_TEXT) <= example.keys()
        assert {name for name, value in example.items() if not value} == FILLED_IN.keys() - {"PARLOUR_TRUSTED_PROXIES"}

    @pytest.mark.parametrize("name", OURS)
    def test_the_settings_are_accepted(self, settings_of: Container, name: str) -> None:
        settings = settings_of(SERVICES[name]["environment"], FILLED_IN)
        assert settings.environment == "production"
        assert settings.database_url == f"postgresql+asyncpg://parlour:{'c0ffee' * 8}@postgres:5432/parlour"
        assert settings.log_format == "json"

    def test_the_values_for_development_are_refused(self, settings_of: Container) -> None:
        values = assigned((ROOT / "docker/development.env").read_text())
        assert values.keys() == FILLED_IN.keys()
        with pytest.raises(ValidationError, match=r"SECRET_KEY .* PARLOUR_PUBLIC_URL"):
            settings_of(SERVICES["api"]["environment"], values)

    @pytest.mark.parametrize("name", OURS)
    def test_the_command_is_one_of_ours(self, name: str) -> None:
        command, *arguments = SERVICES[name]["command"]
        main.commands[command].make_context(command, list(arguments))  # Raises UsageError for an unknown option.

    def test_the_data_is_kept(self) -> None:
        assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]
        assert "valkey:/data" in SERVICES["valkey"]["volumes"]

    def test_files_are_kept_where_apis_and_workers_look_for_them(self) -> None:
        directory = assigned(DOCKERFILE.replace("ENV ", ""))["PARLOUR_FILES_DIRECTORY"]
        assert re.search(rf"install .*--owner=10001 .*{directory}$", DOCKERFILE, re.MULTILINE)
        for name in ("api", "worker"):
            assert f"files:{directory}" in SERVICES[name]["volumes"]

    def test_valkey_writes_down_and_never_forgets(self) -> None:
        words = SERVICES["valkey"]["command"]
        options = {word: words[place + 1] for place, word in enumerate(words) if word.startswith("--")}
        assert options["--appendonly"] == "yes"
        assert options["--maxmemory-policy"] == "noeviction"
        assert options["--requirepass"].startswith("${REDIS_PASSWORD:?")

    def test_postgresql_has_a_connection_for_everyone(self) -> None:
        """Every process may open its pool; three are kept for the superuser."""
        pool = Settings.model_fields["database_pool"].default
        wanted = sum(SERVICES[name].get("deploy", {}).get("replicas", 1) for name in OURS) * pool
        allowed = int(next(word for word in SERVICES["postgres"]["command"] if "max_connections" in word).split("=")[1])
        assert wanted + 3 <= allowed


class TestDevelopment:
    def test_it_lays_over_services_that_exist(self) -> None:
        assert DEVELOPMENT.keys() <= SERVICES.keys()

    def test_its_data_is_not_that_of_production(self) -> None:
        assert OVERLAY["name"] != COMPOSE["name"]

    def test_every_process_runs_the_mounted_source(self) -> None:
        for name in OURS:
            assert "./src:/app/src:ro" in DEVELOPMENT[name]["volumes"]
            assert DEVELOPMENT[name]["environment"]["PARLOUR_ENVIRONMENT"] == "development"

    def test_the_published_ports_are_this_machines_alone(self) -> None:
        ports = [port for service in DEVELOPMENT.values() for port in service.get("ports", [])]
        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_the_minute_lottery_runs_and_mail_is_printed(self, settings_of: Container) -> None:
        settings = settings_of(
            SERVICES["worker"]["environment"] | DEVELOPMENT["worker"]["environment"],
            assigned((ROOT / "docker/development.env").read_text()),
        )
        assert settings.minute_lottery
        assert settings.smtp_url is None


class TestImage:
    def test_it_is_made_from_the_hashed_locks_alone(self) -> None:
        """What builds a package would be fetched by pip, unless it is told that it is there."""
        for lock in ("requirements-build.lock", "requirements.lock", "requirements-extras.lock"):
            assert "--hash=sha256:" in (ROOT / lock).read_text()
        for installation in re.findall(r"pip install (.+?)(?:&&|$)", DOCKERFILE.replace("\\\n", " "), re.MULTILINE):
            assert "--require-hashes" in installation or "--editable ." in installation
            assert "--no-build-isolation" in installation or "--only-binary=:all: --requirement" in installation

    def test_it_has_all_extras_of_a_server(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        extras = project["project"]["optional-dependencies"]
        of_a_server = {need for name, needs in extras.items() if name != "terminal" for need in needs}
        assert of_a_server == set(project["dependency-groups"]["extras"])
        assert "requirements-extras.lock" in DOCKERFILE

    def test_it_builds_only_what_has_no_wheel(self) -> None:
        """Of a package with one file in the lock that file is its source; everything else comes as a wheel."""
        lock = "".join((ROOT / name).read_text() for name in ("requirements.lock", "requirements-extras.lock"))
        packages = re.findall(r"^([\w.-]+)==.*\n((?: +--hash.*\n)+)", lock, re.MULTILINE)
        built = {name for name, files in packages if files.count("--hash") == 1}
        allowed = re.search(r"--only-binary=:all: --no-binary=(\S+)", DOCKERFILE)
        assert allowed is not None
        assert built == set(allowed[1].split(","))

    def test_the_last_stage_brings_no_compiler_and_installs_nothing(self) -> None:
        last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
        assert "slim" in last.splitlines()[1]
        assert not re.search(r"\b(apt-get|pip|npm|make|gcc)\b", last)

    def test_commands_are_in_exec_form(self) -> None:
        """In shell form, `sh` would be process 1 and keep the signals to itself."""
        for instruction in re.findall(r"^ *(?:CMD|ENTRYPOINT) (.+)$", DOCKERFILE, re.MULTILINE):
            assert instruction.startswith("[")

    def test_the_command_by_default_is_one_of_ours(self) -> None:
        command, *arguments = yaml.safe_load(DOCKERFILE[DOCKERFILE.rindex("CMD ") + 4 :])
        assert main.commands[command].make_context(command, arguments).params["port"] == 8000

    def test_it_sees_only_what_it_copies(self) -> None:
        lines = (ROOT / ".dockerignore").read_text().splitlines()
        admitted = {line[1:] for line in lines if line.startswith("!")}
        copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        assert lines[1] == "*"
        assert admitted == {source for copy in copies for source in copy.split()}
        assert all((ROOT / source).exists() for source in admitted)


class TestNginx:
    def test_sockets_are_let_through(self) -> None:
        assert "proxy_http_version 1.1;" in NGINX
        assert "proxy_set_header Upgrade $http_upgrade;" in NGINX
        assert "proxy_set_header Connection $upstream_connection;" in NGINX
        assert "default upgrade;" in NGINX

    def test_a_socket_outlives_the_pings_of_the_api(self) -> None:
        timeout = re.search(r"location /ws \{.*?proxy_read_timeout (\d+)s;", NGINX, re.DOTALL)
        assert timeout is not None
        assert int(timeout[1]) > 2 * PING_SECONDS

    def test_the_body_limit_is_that_of_the_settings(self) -> None:
        limit = re.search(r"client_max_body_size (\d+)k;", NGINX)
        assert limit is not None
        assert int(limit[1]) * KIB == Settings.model_fields["body_limit_bytes"].default

    def test_uploads_stream_through_up_to_the_limit_of_the_settings(self) -> None:
        uploads = re.search(r"location /api/files \{(.*?)\}", NGINX, re.DOTALL)
        assert uploads is not None
        limit = re.search(r"client_max_body_size (\d+)m;", uploads[1])
        assert limit is not None
        assert int(limit[1]) * MIB == Settings.model_fields["file_limit_bytes"].default
        assert "proxy_request_buffering off;" in uploads[1]

    def test_it_adds_to_the_forwarded_addresses(self) -> None:
        assert "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;" in NGINX

    def test_it_asks_the_apis_where_they_are(self) -> None:
        address = re.search(r"server (\w+):(\d+) resolve", NGINX)
        assert address is not None
        assert address[1] in SERVICES
        assert SERVICES[address[1]]["command"][-1] == address[2]
        assert set(SERVICES["nginx"]["networks"]) & set(SERVICES[address[1]]["networks"])

    def test_no_credential_reaches_its_log(self) -> None:
        log = re.search(r"log_format .*?;", NGINX, re.DOTALL)
        assert log is not None
        for leaking in (
            "$request ",
            '$request"',
            "$request_uri",
            "$args",
            "$query_string",
            "$http_referer",
            "$http_auth",
        ):
            assert leaking not in log[0]

    @pytest.mark.parametrize(
        "path", ["/ws", "/api/hooks/", "/api/chat/invites/", "/api/notifications/unsubscribe", "/invite/"]
    )
    def test_where_a_line_has_a_credential_no_failure_is_written_down(self, path: str) -> None:
        """The log of errors repeats the whole line of a request, whatever the format of the other log."""
        pattern = r"location (?:~ \^)?([^@=]*?) \{(.*?)\n        \}"
        locations = {where: text for where, text in re.findall(pattern, NGINX, re.DOTALL) if re.match(where, path)}
        assert "error_log /dev/null;" in locations[max(locations, key=len)]

    @pytest.mark.parametrize("error", [BodyTooLarge, Unavailable])
    def test_its_own_errors_look_like_ours(self, error: type[AppError]) -> None:
        problems = [json.loads(body) for body in re.findall(r"return \d+ '(.+)';", NGINX)]
        problem = next(problem for problem in problems if problem["code"] == error.code)
        assert problem.keys() == {field.name for field in msgspec.structs.fields(Problem) if field.required}
        assert problem["type"] == f"urn:parlour:problem:{error.code}"
        assert problem["status"] == error.status
        assert problem["title"] == TITLES[error.status]

    def test_it_says_nothing_about_itself(self) -> None:
        assert "server_tokens off;" in NGINX

    def test_it_writes_nowhere_but_to_its_own_tmp(self) -> None:
        paths = re.findall(r"(?:_temp_path|pid) (\S+);", NGINX)
        assert len(paths) == 6
        assert all(path.startswith("/tmp/") for path in paths)  # noqa: S108  a tmpfs in the container
        assert SERVICES["nginx"]["tmpfs"] == ["/tmp"]  # noqa: S108  the same


class TestWorkflow:
    WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())

    def test_it_runs_what_a_developer_runs_on_every_python(self) -> None:
        check = self.WORKFLOW["jobs"]["check"]
        assert ".ci/run" in [step.get("run") for step in check["steps"]]
        assert check["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
        assert "services" not in check

    def test_it_may_read_and_nothing_else(self) -> None:
        assert self.WORKFLOW["permissions"] == {"contents": "read"}
