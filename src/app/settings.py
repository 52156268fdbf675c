"""Every setting of the server, and the only reader of the environment."""

import hmac
import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_KEY_BYTES = 32
"""The shortest secret that HMAC-SHA-256 signs with at full strength (RFC 7518, 3.2)."""

KEY_BYTES = 32
"""Of the secret that seeds come from, and of an Ed25519 private key (RFC 8032)."""

HEX_KEY = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}\Z")
VAPID_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?\Z")
"""A private key on the curve P-256 in base64url."""

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


def with_driver(database_url: str) -> str:
    """The address as SQLAlchemy wants it; every host gives it without the driver."""
    scheme, _, rest = database_url.partition("://")
    return f"postgresql+asyncpg://{rest}" if scheme in {"postgres", "postgresql"} else database_url


class UnsafeSettingsError(ValueError):
    """Production refuses to start with a setting that leaves it open."""


def _plain_or_prefixed(name: str) -> AliasChoices:
    """The names every host already gives these by, and the prefixed ones beside them."""
    return AliasChoices(name, f"PARLOUR_{name}")


class Settings(BaseSettings):
    """Read once at the start of a process from `PARLOUR_*` variables (or a `.env` file), then passed along."""

    model_config = SettingsConfigDict(
        env_prefix="PARLOUR_", env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    environment: Literal["development", "production"] = "development"
    database_url: str = Field(validation_alias=_plain_or_prefixed("DATABASE_URL"))
    redis_url: str = Field(validation_alias=_plain_or_prefixed("REDIS_URL"))
    secret_key: SecretStr = Field(validation_alias=_plain_or_prefixed("SECRET_KEY"))
    previous_secret_key: SecretStr | None = None
    """Still accepted, no longer signed with: set it to the old key while changing `secret_key`."""

    public_url: str = "http://localhost:8000"
    """How clients reach this server; socket URLs and the accepted Origin are made from it."""
    allowed_origins: Annotated[list[str], NoDecode] = []
    """Further web origins, comma-separated, that may call the API with cookies."""

    access_token_seconds: int = 15 * 60
    refresh_token_seconds: int = 30 * 24 * 3600
    password_min_length: int = Field(default=8, ge=8)
    hashing_threads: int = Field(default=1, ge=1)
    """Argon2 runs that may go on at once; each takes a core for about 30 ms."""
    hashing_queue: int = 64
    """Logins and registrations that may wait for one of them before the next gets 503."""

    throttle_ms: int = Field(default=1000, ge=0)
    """One message per user and conversation in this time. 0 switches it off."""
    requests_per_minute: int = Field(default=1200, ge=0)
    """For one user, or one address when nobody is logged in. 0 switches it off."""
    attempts_per_minute: int = Field(default=20, ge=0)
    """Logins and registrations from one address, and logins to one account. 0 switches it off."""
    searches_per_minute: int = Field(default=120, ge=0)
    """Searches of one user. 0 switches it off."""
    trusted_proxies: int = Field(default=0, ge=0)
    """How many proxies of ours add to X-Forwarded-For; addresses further left are the client's own words."""

    body_limit_bytes: int = 64 * KIB
    frame_limit_bytes: int = 16 * KIB
    inbox_backlog: int = 20_000
    """Entries that may wait in one partition; beyond it sends get 503 until the workers catch up."""
    reply_seconds: float = 2.0
    """How long a request waits for its worker before the answer becomes 202 and a place to ask."""
    direct_chats: Literal["friends", "everyone"] = "friends"
    """Who may open a one-to-one chat by username."""
    retention_days: int | None = Field(default=None, ge=1)
    """How long messages are kept. A group may choose a shorter time for its own."""
    presence_lease_seconds: float = Field(default=15.0, ge=0.3)
    """How long an API process that says nothing counts as alive; its people are offline after a third more."""

    files_directory: Path = Path(".parlour/files")
    """Where uploaded files are kept, or with `files_url` only gathered. All API processes and workers share it."""
    files_url: str | None = None
    """`s3://bucket/prefix` keeps them in an object store instead. The prefix belongs to this server alone."""
    s3_endpoint: str | None = None
    """For a service other than Amazon's."""
    s3_region: str | None = None
    s3_access_key_id: str | None = None
    s3_secret_access_key: SecretStr | None = None
    file_limit_bytes: int = Field(default=25 * MIB, ge=1)
    file_quota_bytes: int = Field(default=GIB, ge=0)
    """What the files of one user may take together."""

    lottery_zone: str = "UTC"
    """Whose midnight the daily draw runs at; read when the lottery is first created."""
    minute_lottery: bool = False
    """Also run a draw every minute, for trying the lottery out."""
    ballots_per_draw: int = Field(default=1000, ge=1)
    """One user's ballots for one draw."""
    day_zone: str | None = None
    """Whose calendar days count for leaderboards and daily streaks; without it those of `lottery_zone`."""

    draw_secret: SecretStr | None = None
    """All seeds of draws and games come from it: 32 random bytes in hex. Whoever knows it knows results in advance."""
    draw_secret_file: Path | None = None
    """A file that holds it, instead."""
    log_key: SecretStr | None = None
    """Signs checkpoints and receipts: an Ed25519 private key, 32 random bytes in hex."""
    log_key_file: Path | None = None
    beacon_urls: Annotated[list[str], NoDecode] = []
    """drand's HTTP endpoints, comma-separated, that a worker asks for rounds; without them, others hand rounds in."""

    webhook_private_hosts: bool | None = None
    """May outgoing webhooks go to private addresses, and unencrypted? Without it: while developing."""

    smtp_url: SecretStr | None = None
    """`smtp://user:password@host:587`, or `smtps://` for TLS from the start. Without it, mail is only logged."""
    mail_from: str = "Parlour <parlour@localhost>"

    vapid_private_key: SecretStr | None = None
    """Signs pushes: 32 bytes in base64url, as `parlour vapid` makes them. Without it, nothing is pushed."""
    vapid_subject: str | None = None
    """Whom push services write to about this server, as `mailto:` or `https:`. By default the sender of mails."""
    push_private_hosts: bool = False
    """Devices may name push services at private addresses, and without TLS. For tests and development."""

    database_pool: int = Field(default=20, ge=1)
    pgbouncer: bool = False
    """Zeroes both statement caches, which a transaction-pooling PgBouncer cannot carry."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    log_directory: Path | None = None
    """Where each process keeps its two logs besides, application and API. They rotate by themselves."""
    log_file_bytes: int = Field(default=10 * MIB, ge=KIB)
    log_files_kept: int = Field(default=5, ge=1, le=100)
    """Beside the one that is being written, of each log."""

    metrics_token: SecretStr | None = None
    """Whoever asks for `/metrics` shows it as a Bearer token. Without it, only programs on this machine may ask."""
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    """Where workers and schedulers answer `/metrics`, which have no other port. It must not be public."""
    traces_url: str | None = None
    """Where spans go (OTLP over HTTP), as `http://collector:4318`. Needs the extra `otel`."""
    traces_share: float = Field(default=0.1, ge=0, le=1)
    """Of all requests, how many are traced."""
    sentry_dsn: SecretStr | None = None
    """Where errors are reported besides. Needs the extra `sentry`."""

    @field_validator("allowed_origins", "beacon_urls", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("beacon_urls")
    @classmethod
    def _know_the_endpoints(cls, value: list[str]) -> list[str]:
        if not all(url.startswith(("http://", "https://")) and urlsplit(url).netloc for url in value):
            raise ValueError("give addresses as https://api.drand.sh")
        return [url.rstrip("/") for url in value]

    @field_validator("files_url")
    @classmethod
    def _know_the_store(cls, value: str | None) -> str | None:
        if value is not None and not (value.startswith("s3://") and urlsplit(value).netloc):
            raise ValueError("give a bucket as s3://bucket/prefix")
        return value

    @field_validator("lottery_zone", "day_zone")
    @classmethod
    def _know_the_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError(f"{value!r} is no IANA time zone")
        return value

    @field_validator("vapid_private_key")
    @classmethod
    def _know_a_private_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not VAPID_KEY.match(value.get_secret_value()):
            raise ValueError("`parlour vapid` makes such a key")
        return value

    @field_validator("draw_secret", "log_key")
    @classmethod
    def _know_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not HEX_KEY.match(value.get_secret_value()):
            raise ValueError(f"give {KEY_BYTES} bytes in hex, as `openssl rand -hex {KEY_BYTES}` makes them")
        return value

    @field_validator("vapid_subject")
    @classmethod
    def _know_a_subject(cls, value: str | None) -> str | None:
        if value and not value.startswith(("mailto:", "https://")):
            raise ValueError("it must begin with mailto: or https://")
        return value

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: str) -> str:
        return with_driver(value)

    @model_validator(mode="before")
    @classmethod
    def _read_keys(cls, given: dict[str, object]) -> dict[str, object]:
        """From their files, for whom no environment is secret enough."""
        files = {name: given.get(f"{name}_file") for name in ("draw_secret", "log_key")}
        return {name: Path(str(file)).read_text().strip() for name, file in files.items() if file} | given

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment != "production":
            return self
        problems = list(self._unsafe())
        if problems:
            raise UnsafeSettingsError("; ".join(problems))
        return self

    def _unsafe(self) -> "list[str]":
        found = []
        secret = self.secret_key.get_secret_value()
        if len(secret.encode()) < SECRET_KEY_BYTES or "change" in secret.lower() or "secret" in secret.lower():
            found.append(f"SECRET_KEY must be a random value of at least {SECRET_KEY_BYTES} bytes")
        found += [
            f"PARLOUR_{name.upper()} or PARLOUR_{name.upper()}_FILE must be given"
            for name in ("draw_secret", "log_key")
            if getattr(self, name) is None
        ]
        if "*" in self.allowed_origins:
            found.append("PARLOUR_ALLOWED_ORIGINS must name each origin")
        if not self.public_url.startswith("https://"):
            found.append("PARLOUR_PUBLIC_URL must start with https://")
        if self.push_private_hosts:
            found.append("PARLOUR_PUSH_PRIVATE_HOSTS must be off")
        redis = urlsplit(self.redis_url)
        if redis.scheme != "unix" and redis.hostname not in {"localhost", "127.0.0.1", "::1"} and not redis.password:
            found.append("REDIS_URL must carry a password when Redis is on another machine")
        return found

    @cached_property
    def origins(self) -> frozenset[str]:
        """The web origins that may use cookies: our own and the allowed ones."""
        return frozenset({self.public_url.rstrip("/"), *self.allowed_origins})

    @cached_property
    def seed_secret(self) -> bytes:
        """What seeds come from."""
        return self._key(self.draw_secret, "draw_secret")

    @cached_property
    def signing_key(self) -> bytes:
        """What checkpoints and receipts are signed with."""
        return self._key(self.log_key, "log_key")

    def _key(self, given: SecretStr | None, name: str) -> bytes:
        """In development it follows from the secret key, so that a server runs without. Production wants it given."""
        if given:
            return bytes.fromhex(given.get_secret_value())
        return hmac.digest(self.secret_key.get_secret_value().encode(), name.encode(), "sha256")

    @cached_property
    def zone_of_days(self) -> ZoneInfo:
        """The zone whose calendar days count."""
        return ZoneInfo(self.day_zone or self.lottery_zone)

    @property
    def webhooks_stay_inside(self) -> bool:
        """Whether outgoing webhooks may go to hosts of our own network."""
        given = self.webhook_private_hosts
        return self.environment == "development" if given is None else given

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


class Provided(BaseSettings):
    """What the operator gives; `parlour up` supplies what is missing before the processes read their `Settings`."""

    model_config = SettingsConfigDict(env_prefix="PARLOUR_", env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str | None = Field(default=None, validation_alias=_plain_or_prefixed("DATABASE_URL"))
    redis_url: str | None = Field(default=None, validation_alias=_plain_or_prefixed("REDIS_URL"))
    secret_key: SecretStr | None = Field(default=None, validation_alias=_plain_or_prefixed("SECRET_KEY"))
    vapid_private_key: SecretStr | None = None
    draw_secret: SecretStr | None = None
    draw_secret_file: Path | None = None
    log_key: SecretStr | None = None
    log_key_file: Path | None = None
    public_url: str | None = None
    allowed_origins: str | None = None
    files_directory: Path | None = None
    log_directory: Path | None = None

    def missing(self, keys: Mapping[str, str], *, url: str, files: Path, logs: Path) -> dict[str, str]:
        """The variables that were not given, for a server on this machine. The keys go by their settings' names."""
        names = self.model_fields_set
        kept = {name: key for name, key in keys.items() if not names & {name, f"{name}_file"}}
        supplied = variables(kept)
        if not self.files_directory:
            supplied["PARLOUR_FILES_DIRECTORY"] = str(files)
        if not self.log_directory:
            supplied["PARLOUR_LOG_DIRECTORY"] = str(logs)
        if not self.public_url:
            supplied["PARLOUR_PUBLIC_URL"] = url
            if not self.allowed_origins:
                supplied["PARLOUR_ALLOWED_ORIGINS"] = url.replace("localhost", "127.0.0.1")
        return supplied


def variables(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings by the names of their variables."""
    plain = {"secret_key"}
    return {name.upper() if name in plain else f"PARLOUR_{name.upper()}": value for name, value in settings.items()}


def environment_with(**changes: str) -> Mapping[str, str]:
    """The environment for a child process: our own, with some variables set."""
    return {**os.environ, **changes}


FIGURES_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's own variable, read when it is imported: the processes of a machine gather their figures there."""


def figures_directory() -> Path | None:
    given = os.environ.get(FIGURES_DIRECTORY)
    return Path(given) if given else None


def gather_figures_in(directory: Path) -> None:
    """From now on, in this process and those it starts. Before `app.metrics` is imported, or it has no effect."""
    os.environ[FIGURES_DIRECTORY] = str(directory)


def runtime_directory() -> Path | None:
    """The directory the system gave this user for sockets and the like (XDG base directories), if it did."""
    given = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    return given if given.is_dir() else None
