"""The token in a digest's unsubscribe link: signed, so that it needs no login, and good for nothing else."""

import jwt

from app.domain.notices.rules.digests import UnsubscribeRefused
from app.settings import Settings

ALGORITHM = "HS256"
AUDIENCE = "unsubscribe"
"""Keeps any other token that is signed with the same key from passing for one of these, and the other way round."""


class UnsubscribeTokens:
    """They do not expire: a mail may be opened years later."""

    def __init__(self, settings: Settings) -> None:
        secrets = (settings.secret_key, settings.previous_secret_key)
        self._secrets = [secret.get_secret_value() for secret in secrets if secret]

    def issue(self, user_id: int) -> str:
        claims = {"sub": str(user_id), "aud": AUDIENCE}
        return jwt.encode(claims, self._secrets[0], ALGORITHM)

    def read(self, token: str) -> int:
        """Whose digests they are. Raises UnsubscribeRefused."""
        for secret in self._secrets:
            try:
                claims = jwt.decode(token, secret, [ALGORITHM], audience=AUDIENCE, options={"require": ["sub", "aud"]})
                return int(claims["sub"])
            except (jwt.InvalidTokenError, ValueError):
                continue
        raise UnsubscribeRefused
