from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.notices.couriers import message_of, seal
from app.domain.notices.parcels import Parcel
from app.domain.notices.rules.kinds import EXCERPT_CHARACTERS, Kind
from app.domain.notices.schemas import NoticeBody
from app.domain.notices.vapid import CURVE, Vapid, new_private_key, padded, point_of, unpadded
from app.domain.notices.words import words_for

# RFC 8291, appendix A.
PRIVATE_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95"
    "bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
LARGEST_PUSH = 4096
"""RFC 8030, 7.2: what every push service takes."""


def test_what_the_tests_open_pushes_with_opens_the_example_of_the_standard() -> None:
    key = ec.derive_private_key(int.from_bytes(padded(PRIVATE_KEY), "big"), CURVE)
    assert unpadded(point_of(key.public_key())) == PUBLIC_KEY
    opened = http_ece.decrypt(padded(MESSAGE), private_key=key, auth_secret=padded(AUTH), version="aes128gcm")
    assert opened == b"When I grow up, I want to be a watermelon"


def test_the_same_message_is_sealed_differently_each_time() -> None:
    one, other = (seal(b"hello", p256dh=padded(PUBLIC_KEY), auth=padded(AUTH)) for _ in range(2))
    assert one != other
    key = ec.derive_private_key(int.from_bytes(padded(PRIVATE_KEY), "big"), CURVE)
    for sealed in (one, other):
        opened = http_ece.decrypt(sealed, private_key=key, auth_secret=padded(AUTH), version="aes128gcm")
        assert opened == b"hello"


@pytest.mark.parametrize("character", ["x", "ї", "🎲", "\x7f"])
def test_the_longest_notice_fits_into_a_push(character: str) -> None:
    body = NoticeBody(
        user_id=2**63 - 1,
        username="u" * 30,
        conversation=character * 100,
        message_id=2**63 - 1,
        excerpt=character * EXCERPT_CHARACTERS,
    )
    parcel = Parcel(
        notification_id=2**63 - 1,
        subscription_id=1,
        attempt=1,
        endpoint="https://push.example.net/a",
        p256dh=padded(PUBLIC_KEY),
        auth=padded(AUTH),
        kind=Kind.MENTION,
        conversation_id=2**63 - 1,
        body=body,
        created_at=datetime.now(UTC),
    )
    assert len(seal(message_of(parcel), p256dh=parcel.p256dh, auth=parcel.auth)) <= LARGEST_PUSH
    assert len(parcel.topic) == 32


def test_a_key_pair_survives_being_written_down() -> None:
    for _ in range(20):
        private_key = new_private_key()
        assert len(private_key) == 43
        assert Vapid(private_key, "").public_key == Vapid(f"{private_key}=", "").public_key
    assert Vapid(PRIVATE_KEY, "").public_key == PUBLIC_KEY


@pytest.mark.parametrize("kind", [*Kind, "of_a_newer_version"])
def test_every_kind_has_words_whatever_is_known_about_it(kind: str) -> None:
    full = words_for(
        kind, NoticeBody(username="grace", conversation="Chess", excerpt="Hi", lottery="daily", period="p")
    )
    assert full.title
    assert full.title in full.line
    assert words_for(kind, NoticeBody()).line
