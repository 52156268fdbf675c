"""A file of plays: the chain of seeds, the nonces, and the dice."""

from typing import Any

import pytest
from tests.fairdraw import making
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Json, chain, changed, h, plays

from app.fairdraw import verifier

SEEDS = chain(h(b"test seed"), 2)
OVER, UNDER = {"chance": 50, "side": "over"}, {"chance": 8, "side": "under"}
MOVES = [(OVER, h(b"nonce1"), "player"), (UNDER, h(b"nonce2"), "server")]
CHANCES = (1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80)


@pytest.fixture(scope="module")
def vector() -> Json:
    """As the format's page has it."""
    return plays(SEEDS, MOVES)


def test_the_vector_of_the_format(verify: Verify, vector: Json) -> None:
    assert vector["genesis"] == "46a39f290379cfd920cf8e2576772b247b3a144c8bb2e60fff4a020553313bc6"
    first, second = vector["plays"]
    assert first["entropy"] == "5c88f93a9a0b24c1ea62a11a4f919c71424457f8587a12ea589f733fc093c16b"
    assert second["entropy"] == "19d99d4cdf8e6e70cbd012a98e6a681700e5a9f0b631fe9b0a8562545b178d75"
    assert (first["outcome"], first["prize_cents"]) == ({"roll": 54}, 200)
    assert (second["outcome"], second["prize_cents"]) == ({"roll": 75}, 0)
    verdict = verify(vector)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  2 plays of "dice" by user 7, from 1 to 2 with no gap\n'
        "  Each seed was settled before its nonce. Of these, 1 came from the server, which knew the seeds.\n"
        "  This does not show that the player had the genesis before the first play.\n"
        "All of this holds.\n"
    )


def test_a_file_may_hold_some_of_the_plays_and_says_so(verify: Verify) -> None:
    file = plays(chain(bytes(32), 9), MOVES * 4)
    some = {**file, "plays": [file["plays"][n] for n in (1, 2, 6)]}
    said = verify(some).said
    assert '  ok  3 plays of "dice" by user 7, from 1 to 7 with gaps\n' in said
    assert "Of these, 1 came from the server" in said
    assert '  ok  0 plays of "dice" by user 7, from 1 to 0 with no gap\n' in verify({**file, "plays": []}).said


@pytest.mark.parametrize(
    ("where", "to", "wrong"),
    [
        ("game", "roulette", 'the game "roulette" is not known here'),
        ("player", 8, "play 1: its entropy is not that of its seed, nonce and move"),
        ("epoch", 2, "play 1: its entropy is not that of its seed, nonce and move"),
        ("genesis", "00" * 32, "play 1: its seed is not of the chain"),
        ("plays.0.n", 0, "play 0: it does not follow play 0"),
        ("plays.0.n", 2, "play 2: its seed is not of the chain"),
        ("plays.1.n", 1, "play 1: it does not follow play 1"),
        ("plays.1.seed", "00" * 32, "play 2: its seed is not of the chain"),
        ("plays.1.nonce", "00" * 32, "play 2: its entropy is not that of its seed, nonce and move"),
        ("plays.1.nonce_by", "player", "play 2: its entropy is not that of its seed, nonce and move"),
        ("plays.0.nonce_by", "server", "play 1: its entropy is not that of its seed, nonce and move"),
        ("plays.0.nonce_by", "dealer", 'not as the format says: "plays"'),
        ("plays.0.move", UNDER, "play 1: its entropy is not that of its seed, nonce and move"),
        ("plays.0.entropy", "00" * 32, "play 1: its entropy is not that of its seed, nonce and move"),
        ("plays.0.outcome", {"roll": 53}, 'play 1: its outcome has to be {"roll": 54}'),
        ("plays.0.outcome", {"roll": 54, "luck": 1}, 'play 1: its outcome has to be {"roll": 54}'),
        ("plays.0.prize_cents", 201, "play 1: its prize has to be 200 cents"),
        ("plays.1.prize_cents", 1250, "play 2: its prize has to be 0 cents"),
    ],
)
def test_a_change_is_named(verify: Verify, vector: Json, where: str, to: Any, wrong: str) -> None:  # noqa: ANN401  any JSON
    verdict = verify(changed(vector, where, to))
    assert (verdict.code, verdict.refusal) == (1, wrong)


@pytest.mark.parametrize(
    ("move", "wrong"),
    [
        ({"chance": 3, "side": "over"}, "play 1: dice has no such chance"),
        ({"chance": 50, "side": "middle"}, 'play 1: not as the format says: "side"'),
        ({"chance": True, "side": "over"}, 'play 1: not as the format says: "chance"'),
        ({"side": "over"}, 'play 1: not as the format says: "chance"'),
        ({"chance": 50, "side": "over", "stake": 1}, 'play 1: not as the format says: "stake"'),
    ],
)
def test_a_move_that_dice_does_not_know_is_refused(
    verify: Verify, monkeypatch: pytest.MonkeyPatch, move: Json, wrong: str
) -> None:
    monkeypatch.setattr(making, "dice", lambda *_: ({"roll": 1}, 0))
    assert verify(plays(SEEDS, [(move, bytes(32), "player")])).refusal == wrong


def test_a_roll_of_true_is_no_roll_of_one(verify: Verify) -> None:
    """In Python they are equal."""
    seeds = chain(bytes(32), 400)
    file = plays(seeds, [(OVER, bytes(32), "player")] * 400)
    ones = [n for n, play in enumerate(file["plays"]) if play["outcome"] == {"roll": 1}]
    refused = verify(changed(file, f"plays.{ones[0]}.outcome.roll", True)).refusal  # noqa: FBT003  any JSON
    assert refused == f'play {ones[0] + 1}: its outcome has to be {{"roll": 1}}'


@pytest.mark.parametrize("chance", CHANCES)
def test_every_chance_pays_what_it_costs_on_average(monkeypatch: pytest.MonkeyPatch, chance: int) -> None:
    for side in ("over", "under"):
        paid = 0
        for roll in range(100):
            monkeypatch.setattr(verifier, "chosen", lambda _, purpose, bound, roll=roll: (purpose, bound, roll)[2])
            outcome, prize = verifier.dice({"chance": chance, "side": side}, b"")
            assert outcome == {"roll": roll}
            assert bool(prize) == (roll < chance if side == "under" else roll >= 100 - chance)
            paid += prize
        assert paid == 100 * 100


def test_an_epoch_has_ten_thousand_plays(verify: Verify) -> None:
    seeds = chain(bytes(32), 10_001)
    whole = plays(seeds, MOVES[:1] * 10_001)
    last, beyond = whole["plays"][-2:]
    assert verify({**whole, "plays": [last]}).code == 0
    assert verify({**whole, "plays": [beyond]}).refusal == "play 10001: it does not follow play 0"
    assert verify({**whole, "plays": [last, beyond]}).refusal == "play 10001: it does not follow play 10000"
