"""VAPID (RFC 8292): the key pair by which push services know this server, and the token that it signs with it.

The private key is written as in most other software: its 32 bytes in base64url, without padding.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.settings import Settings

CURVE = ec.SECP256R1()
KEY_BYTES = 32

TOKEN_LIFETIME = timedelta(hours=12)
"""RFC 8292, 2: at most 24 hours."""


def new_private_key() -> str:
    value = ec.generate_private_key(CURVE).private_numbers().private_value
    return unpadded(value.to_bytes(KEY_BYTES, "big"))


class Vapid:
    """Who this server is to push services."""

    def __init__(self, private_key: str, subject: str) -> None:
        """`subject` is a `mailto:` or `https:` address, for the people who run push services."""
        self._key = ec.derive_private_key(int.from_bytes(padded(private_key), "big"), CURVE)
        self._subject = subject

    @classmethod
    def of(cls, settings: Settings) -> "Vapid | None":
        """None for a server that sends no pushes."""
        if settings.vapid_private_key is None:
            return None
        subject = settings.vapid_subject or f"mailto:{parseaddr(settings.mail_from)[1]}"
        return cls(settings.vapid_private_key.get_secret_value(), subject)

    @cached_property
    def public_key(self) -> str:
        """The uncompressed point in base64url, as `applicationServerKey` takes it."""
        return unpadded(point_of(self._key.public_key()))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """The header's value: for the push service of this endpoint alone."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + TOKEN_LIFETIME, "sub": self._subject}
        return f"vapid t={jwt.encode(claims, self._key, 'ES256')}, k={self.public_key}"


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def padded(encoded: str) -> bytes:
    """The bytes of base64url, padded or not. Raises ValueError."""
    bare = encoded.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
