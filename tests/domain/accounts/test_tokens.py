from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import msgspec
import pytest
from pydantic import SecretStr

from app.domain.accounts.models import User
from app.domain.accounts.tokens import AUDIENCE, ISSUER, TYPE, AccessTokens, Key
from app.errors import NotLoggedIn
from app.settings import Settings

SESSION = uuid4()


@pytest.fixture
def tokens(settings: Settings) -> AccessTokens:
    return AccessTokens(settings)


@pytest.fixture
def alice() -> User:
    return User(id=7, username="Alice", is_staff=True, is_moderator=False)


def forged(settings: Settings, change: dict[str, Any] | None = None) -> str:
    """A token signed with the right key that is wrong in what `change` says; `None` leaves a claim out."""
    changes = dict(change or {})
    now = datetime.now(UTC)
    signing = Key.of(settings.secret_key)
    claims: dict[str, Any] = {
        "sub": "7", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(minutes=5), "jti": "1",
        "sid": str(SESSION), "name": "Alice", "staff": False,
    }  # fmt: skip
    key, algorithm = changes.pop("key", signing.secret), changes.pop("algorithm", "HS256")
    headers = {"typ": TYPE, "kid": signing.id} | {name: changes.pop(name) for name in ("typ", "kid") if name in changes}
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, key, algorithm, headers=headers)


def test_what_was_issued_is_read(tokens: AccessTokens, alice: User) -> None:
    actor = tokens.read(tokens.issue(alice, SESSION))
    assert (actor.id, actor.username, actor.session_id, actor.is_staff) == (7, "Alice", SESSION, True)
    assert actor.expires_at
    assert timedelta(minutes=14) < actor.expires_at - datetime.now(UTC) <= timedelta(minutes=15)


def test_the_forger_of_these_tests_can_make_a_good_one(tokens: AccessTokens, settings: Settings) -> None:
    assert tokens.read(forged(settings)).id == 7


@pytest.mark.parametrize(
    "change",
    [
        {"exp": datetime.now(UTC) - timedelta(seconds=2)},
        {"exp": None}, {"iat": None}, {"iss": None}, {"aud": None}, {"sub": None}, {"jti": None}, {"sid": None},
        {"iss": "another"}, {"aud": "another"}, {"aud": [AUDIENCE, "another"]}, {"sid": "no uuid"}, {"sub": "alice"},
        {"sub": ""}, {"name": None}, {"exp": 10**22}, {"iat": datetime.now(UTC) + timedelta(hours=1)},
        {"typ": "JWT"}, {"typ": "refresh"}, {"kid": "foreign"}, {"kid": ""},
        {"algorithm": "HS512"}, {"algorithm": "HS384"}, {"key": "somebody else's key of thirty-two bytes and more"},
    ],
)  # fmt: skip
def test_a_token_with_one_thing_wrong_is_refused(
    tokens: AccessTokens, settings: Settings, change: dict[str, Any]
) -> None:
    with pytest.raises(NotLoggedIn):
        tokens.read(forged(settings, change))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256"])
def test_an_unsigned_token_is_refused(tokens: AccessTokens, settings: Settings, algorithm: str) -> None:
    _, claims, _ = forged(settings).split(".")
    header = {"alg": algorithm, "typ": TYPE, "kid": Key.of(settings.secret_key).id}
    unsigned = f"{urlsafe_b64encode(msgspec.json.encode(header)).decode().rstrip('=')}.{claims}."
    with pytest.raises(NotLoggedIn):
        tokens.read(unsigned)


@pytest.mark.parametrize(
    "rubbish", ["", ".", "..", "a.b.c", "é.é.é", "\ud800.a.b", "." * 5000, "x" * 5000, "bnVsbA.bnVsbA.x"]
)
def test_rubbish_is_refused_and_nothing_breaks(tokens: AccessTokens, rubbish: str) -> None:
    with pytest.raises(NotLoggedIn):
        tokens.read(rubbish)


def test_a_changed_character_anywhere_is_noticed(tokens: AccessTokens, alice: User) -> None:
    good = tokens.issue(alice, SESSION)
    for place in range(0, len(good) - 1, 7):  # The very last character has bits that base64 ignores.
        changed = good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        with pytest.raises(NotLoggedIn):
            tokens.read(changed)


def test_a_token_that_was_read_before_is_still_refused_once_it_has_expired(settings: Settings) -> None:
    tokens = AccessTokens(settings)
    short = forged(settings, {"exp": datetime.now(UTC) + timedelta(seconds=1)})
    assert tokens.read(short).id == 7
    while datetime.now(UTC) < jwt_expiry(short):
        pass
    with pytest.raises(NotLoggedIn):
        tokens.read(short)


def jwt_expiry(token: str) -> datetime:
    return datetime.fromtimestamp(jwt.decode(token, options={"verify_signature": False})["exp"], UTC)


def test_while_the_key_changes_the_previous_one_is_still_read_but_no_longer_signs(
    settings: Settings, alice: User
) -> None:
    old = AccessTokens(settings)
    renewed = settings.model_copy(
        update={"secret_key": SecretStr("n" * 40), "previous_secret_key": settings.secret_key}
    )
    new = AccessTokens(renewed)
    assert new.read(old.issue(alice, SESSION)).id == 7
    with pytest.raises(NotLoggedIn):
        old.read(new.issue(alice, SESSION))
