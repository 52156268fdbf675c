"""What two people may be to each other."""

import pytest

from app.domain.social.rules import Audience, Relation, admits, relation

ME, THEM = 1, 2


@pytest.mark.parametrize(
    ("audience", "strangers", "friends"),
    [("everyone", True, True), ("friends", False, True), ("nobody", False, False)],
)
def test_an_audience_admits_friends_strangers_or_nobody(audience: Audience, *, strangers: bool, friends: bool) -> None:
    assert admits(audience, friends=False) is strangers
    assert admits(audience, friends=True) is friends


@pytest.mark.parametrize(
    ("asked_by", "accepted", "what"),
    [
        (None, False, "none"),
        (ME, False, "requested_by_me"),
        (THEM, False, "requested_by_them"),
        (ME, True, "friend"),
        (THEM, True, "friend"),
    ],
)
def test_what_another_is_to_me(asked_by: int | None, *, accepted: bool, what: Relation) -> None:
    assert relation(blocked=False, asked_by=asked_by, accepted=accepted, other_id=THEM, reader_id=ME) == what


def test_a_block_is_seen_before_anything_else() -> None:
    assert relation(blocked=True, asked_by=ME, accepted=True, other_id=THEM, reader_id=ME) == "blocked_by_me"


def test_i_am_myself() -> None:
    assert relation(blocked=False, asked_by=None, accepted=False, other_id=ME, reader_id=ME) == "self"
