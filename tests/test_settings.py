"""Settings come from the environment, and production refuses to start with unsafe ones."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings

SAFE = {
    "DATABASE_URL": "postgresql://parlour@db/parlour",
    "REDIS_URL": "redis://:a-password@valkey:6379/0",
    "SECRET_KEY": "f3b1c6d84a7e4f0f9b5d2e8c7a1b4d6e9f0c3a5b",
    "PARLOUR_DRAW_SECRET": "5d" * 32,
    "PARLOUR_LOG_KEY": "a1" * 32,
    "PARLOUR_PUBLIC_URL": "https://parlour.example.org",
    "PARLOUR_ENVIRONMENT": "production",
}


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_safe_settings_start_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **SAFE)
    assert settings.secure_cookies
    assert settings.origins == {"https://parlour.example.org"}


@pytest.mark.parametrize(
    "change",
    [
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "your-secret-key-here-and-some-more-of-it"},
        {"PARLOUR_ALLOWED_ORIGINS": "https://a.example,*"},
        {"PARLOUR_PUBLIC_URL": "http://parlour.example.org"},
        {"REDIS_URL": "redis://valkey:6379/0"},
        {"PARLOUR_PUSH_PRIVATE_HOSTS": "true"},
        {"PARLOUR_DRAW_SECRET": ""},
        {"PARLOUR_LOG_KEY": ""},
        {"PARLOUR_LOG_KEY": "a1" * 31},
    ],
)
def test_production_refuses_an_unsafe_setting(monkeypatch: pytest.MonkeyPatch, change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        read(monkeypatch, **(SAFE | change))


def test_the_keys_of_draws_may_stand_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "draws").write_text("7f" * 32 + "\n")
    settings = read(
        monkeypatch, **(SAFE | {"PARLOUR_DRAW_SECRET": "", "PARLOUR_DRAW_SECRET_FILE": str(tmp_path / "draws")})
    )
    assert settings.seed_secret == bytes.fromhex("7f" * 32)
    assert settings.signing_key == bytes.fromhex("a1" * 32)


def test_endpoints_of_the_beacon_are_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = "https://api.drand.sh/, http://relay.internal:8080"
    settings = read(monkeypatch, **SAFE, PARLOUR_BEACON_URLS=urls)
    assert settings.beacon_urls == ["https://api.drand.sh", "http://relay.internal:8080"]
    for bad in ("api.drand.sh", "https://", "https://api.drand.sh,ftp://x"):
        with pytest.raises(ValidationError, match="give addresses as"):
            read(monkeypatch, **SAFE, PARLOUR_BEACON_URLS=bad)


def test_development_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, **(SAFE | {"PARLOUR_ENVIRONMENT": "development", "SECRET_KEY": "short"}))


def test_the_driver_is_ours_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **SAFE).database_url == "postgresql+asyncpg://parlour@db/parlour"


def test_a_zone_that_does_not_exist_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="no IANA time zone"):
        read(monkeypatch, **SAFE, PARLOUR_LOTTERY_ZONE="Europe/Atlantis")


@pytest.mark.parametrize(
    "change",
    [
        {"PARLOUR_VAPID_PRIVATE_KEY": "too-short"},
        {"PARLOUR_VAPID_PRIVATE_KEY": "x" * 42 + "!"},
        {"PARLOUR_VAPID_SUBJECT": "post@parlour.example.org"},
    ],
)
def test_what_no_push_service_would_take_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        read(monkeypatch, **SAFE, **change)


def test_secrets_do_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SAFE["SECRET_KEY"] not in repr(read(monkeypatch, **SAFE))
