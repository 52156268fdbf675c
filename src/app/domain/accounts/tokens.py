"""The access token: a JWT signed with HMAC-SHA-256 (RFC 8725, RFC 9068), valid for minutes, read from memory alone."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import jwt
from litestar.exceptions import NotAuthorizedException
from litestar.security.jwt import Token
from pydantic import SecretStr

from app.domain.accounts.models import User
from app.domain.accounts.schemas import Actor
from app.errors import NotLoggedIn
from app.settings import Settings

ALGORITHM = "HS256"
"""The only one that is ever accepted, whatever a token's header says."""

TYPE = "at+jwt"
"""RFC 9068, 2.1: keeps any other JWT signed with the same key from passing as an access token."""

ISSUER = "parlour"
AUDIENCE = "parlour"
TOKENS_REMEMBERED = 8192
"""Checking a signature takes 60-90 microseconds and every request does it: remembered, it takes one. About 8 MB."""

REQUIRED = ("exp", "iat", "iss", "aud", "sub", "jti", "sid")


@dataclass(kw_only=True)
class AccessToken(Token):
    sid: UUID
    name: str
    staff: bool
    mod: bool = False
    """Not in tokens that an earlier version has issued."""

    def encode_for(self, key: "Key") -> str:
        payload = asdict(self) | {"sid": str(self.sid)}
        del payload["extras"]
        return jwt.encode(payload, key.secret, ALGORITHM, headers={"typ": TYPE, "kid": key.id})


@dataclass(frozen=True)
class Key:
    id: str
    secret: str

    @classmethod
    def of(cls, secret: SecretStr) -> "Key":
        value = secret.get_secret_value()
        return cls(id=sha256(b"kid:" + value.encode()).hexdigest()[:12], secret=value)


class AccessTokens:
    """Issues with the current key, and reads what either key has signed."""

    def __init__(self, settings: Settings) -> None:
        self.lifetime = timedelta(seconds=settings.access_token_seconds)
        self._key = Key.of(settings.secret_key)
        previous = [Key.of(settings.previous_secret_key)] if settings.previous_secret_key else []
        self._secrets = {key.id: key.secret for key in [self._key, *previous]}
        self._verified = lru_cache(TOKENS_REMEMBERED)(self._verify)

    def issue(self, user: User, session_id: UUID) -> str:
        now = datetime.now(UTC)
        token = AccessToken(
            sub=str(user.id),
            iss=ISSUER,
            aud=AUDIENCE,
            iat=now,
            exp=now + self.lifetime,
            jti=uuid4().hex,
            sid=session_id,
            name=user.username,
            staff=user.is_staff,
            mod=user.is_moderator,
        )
        return token.encode_for(self._key)

    def read(self, encoded: str) -> Actor:
        """Raises NotLoggedIn, whatever is wrong with it. Whether its session has ended is not looked at."""
        try:
            actor = self._verified(encoded)
        except (jwt.InvalidTokenError, NotAuthorizedException, ValueError) as error:
            raise NotLoggedIn from error
        if actor.has_expired():
            raise NotLoggedIn
        return actor

    def _verify(self, encoded: str) -> Actor:
        token = AccessToken.decode(
            encoded,
            secret=self._secret_for(encoded),
            algorithm=ALGORITHM,
            audience=[AUDIENCE],
            issuer=ISSUER,
            require_claims=REQUIRED,
            strict_audience=True,
        )
        return Actor(
            id=int(token.sub),
            username=token.name,
            session_id=token.sid,
            is_staff=token.staff,
            expires_at=token.exp,
            is_moderator=token.mod,
        )

    def _secret_for(self, encoded: str) -> str:
        header: dict[str, Any] = jwt.get_unverified_header(encoded)
        secret = self._secrets.get(str(header.get("kid")))
        if secret is None or header.get("typ") != TYPE:
            raise jwt.InvalidTokenError
        return secret
