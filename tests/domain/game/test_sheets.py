"""What a batch of picks comes to, however it is cut: an oracle that takes them one by one says the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.game import rules
from app.domain.game.rules import (
    PICKS_PER_PLAYER,
    NoSuchRound,
    RoundCancelled,
    RoundClosed,
    RoundFull,
    TooManyPicks,
)
from app.domain.game.schemas.rounds import Slip
from app.domain.game.services.sheets import Held, Known, Made, Sheet
from app.errors import AppError, IdempotencyConflict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HELD = Held(1, 7, "dice", NOON, closed=False, cancelled=False, picks=0)
BEFORE, AFTER = NOON - timedelta(seconds=1), NOON


def slip(user: int, key: str, round_id: int = 1) -> Slip:
    return Slip(round_id, user, msgspec.Raw(b""), key)


def sheet(now: datetime = BEFORE) -> Sheet:
    return Sheet(now, lambda user: (b"salt", b"%d" % user))


@dataclass
class Rounds:
    """As the database holds them between batches."""

    picks: list[Made] = field(default_factory=list)

    def known(self, one: Slip) -> Known:
        mine = [made for made in self.picks if (made.round_id, made.user_id) == (one.round_id, one.user_id)]
        players = {made.user_id for made in self.picks if made.round_id == one.round_id}
        earlier = next((made for made in mine if made.idempotency_key == one.idempotency_key), None)
        return Known(replace(HELD, round_id=one.round_id, picks=len(players)), len(mine), earlier)

    def take(self, batch: Sequence[tuple[Slip, Any]]) -> list[Any]:
        """What each was answered, and the picks kept."""
        taken = sheet()
        known = [self.known(one) for one, _ in batch]
        answers: list[Any] = []
        for (one, move), what in zip(batch, known, strict=True):
            try:
                answers.append(taken.take(one, move, what).move)
            except AppError as refusal:
                answers.append(type(refusal))
        self.picks += taken.fresh
        standing = {(one.round_id, one.user_id): one for one in taken.fresh}
        assert taken.standing == {id(one) for one in standing.values()}
        return answers


slips = st.lists(
    st.tuples(
        st.builds(slip, st.integers(1, 3), st.sampled_from("abc"), st.integers(1, 2)),
        st.sampled_from([{"side": "over"}, {"side": "under"}]),
    ),
    max_size=25,
)


@given(slips, st.integers(1, 8))
def test_a_batch_comes_to_what_its_slips_come_to_one_by_one(given_slips: list[Any], size: int) -> None:
    together, singly = Rounds(), Rounds()
    answers = [
        answer
        for start in range(0, len(given_slips), size)
        for answer in together.take(given_slips[start : start + size])
    ]
    assert answers == [answer for one in given_slips for answer in singly.take([one])]
    assert together.picks == singly.picks


@given(slips)
def test_a_key_means_the_same_for_ever_and_the_last_new_one_counts(given_slips: list[Any]) -> None:
    rounds = Rounds()
    answers = rounds.take(given_slips)
    first: dict[Any, Any] = {}
    for (one, move), answer in zip(given_slips, answers, strict=True):
        name = (one.round_id, one.user_id, one.idempotency_key)
        assert answer == (move if first.setdefault(name, move) == move else IdempotencyConflict)
    assert len(rounds.picks) == len(first)


@pytest.mark.parametrize(
    ("held", "now", "error"),
    [
        (HELD, AFTER, RoundClosed),
        (replace(HELD, closed=True), BEFORE, RoundClosed),
        (replace(HELD, cancelled=True), BEFORE, RoundCancelled),
        (replace(HELD, cancelled=True), AFTER, RoundCancelled),
        (replace(HELD, picks=rules.PICKS_PER_ROUND), BEFORE, RoundFull),
    ],
)
def test_a_round_that_takes_no_more_picks_says_why(held: Held, now: datetime, error: type[AppError]) -> None:
    taken = sheet(now)
    with pytest.raises(error):
        taken.take(slip(1, "k"), {}, Known(held, 0, None))
    assert not taken.fresh


def test_what_was_picked_in_time_is_answered_in_the_same_way_when_the_round_is_closed() -> None:
    made = Made(1, 1, "k", {"side": "over"}, b"", b"", BEFORE)
    for held in (replace(HELD, closed=True), replace(HELD, cancelled=True)):
        known = Known(held, 1, made)
        assert sheet(AFTER).take(slip(1, "k"), {"side": "over"}, known) is made
        with pytest.raises(IdempotencyConflict):
            sheet(AFTER).take(slip(1, "k"), {"side": "under"}, known)


def test_an_outsider_is_told_of_no_round() -> None:
    with pytest.raises(NoSuchRound):
        sheet().take(slip(1, "k"), {}, None)


def test_one_changes_one_s_mind_so_many_times_and_a_full_round_lets_its_players() -> None:
    taken, known = sheet(), Known(replace(HELD, picks=rules.PICKS_PER_ROUND), 1, None)
    for n in range(1, PICKS_PER_PLAYER):
        taken.take(slip(1, f"k{n}"), {"n": n}, known)
    with pytest.raises(TooManyPicks):
        taken.take(slip(1, "last"), {}, known)
    assert taken.added == {}


def test_the_last_place_is_taken_once() -> None:
    taken, known = sheet(), Known(replace(HELD, picks=rules.PICKS_PER_ROUND - 1), 0, None)
    taken.take(slip(1, "k"), {}, known)
    with pytest.raises(RoundFull):
        taken.take(slip(2, "k"), {}, known)
    assert taken.picks(known.held) == rules.PICKS_PER_ROUND
