"""The secrets of an installation in an archive, which without them holds draws that nobody can go on with."""

import hashlib
import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from app.archive.manifest import BadArchiveError
from app.settings import Settings

NAMES = ("secret_key", "draw_secret", "log_key", "vapid_private_key")

SALT_BYTES, NONCE_BYTES = 16, 12
SCRYPT_N, SCRYPT_R, SCRYPT_P, SCRYPT_BYTES = 2**16, 8, 1, 128 * 2**20
"""A fifth of a second and 64 MiB for each guess (OWASP, password storage)."""


def keys_of(settings: Settings) -> dict[str, str]:
    """Those that were given, by their settings' names."""
    found = {name: getattr(settings, name) for name in NAMES}
    return {name: key.get_secret_value() for name, key in found.items() if isinstance(key, SecretStr)}


def pack(keys: dict[str, str], passphrase: str | None) -> bytes:
    plain = msgspec.json.encode(keys)
    if passphrase is None:
        return plain
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    return salt + nonce + cipher(passphrase, salt).encrypt(nonce, plain, None)


def unpack(packed: bytes, passphrase: str | None) -> dict[str, str]:
    """Raises BadArchiveError for another passphrase."""
    if passphrase is not None:
        salt, nonce, sealed = packed[:SALT_BYTES], packed[SALT_BYTES:][:NONCE_BYTES], packed[SALT_BYTES + NONCE_BYTES :]
        try:
            packed = cipher(passphrase, salt).decrypt(nonce, sealed, None)
        except InvalidTag as error:
            raise BadArchiveError("The keys were sealed with another passphrase.") from error
    return msgspec.json.decode(packed, type=dict[str, str])


def cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(
        hashlib.scrypt(
            passphrase.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, maxmem=SCRYPT_BYTES, dklen=32
        )
    )
