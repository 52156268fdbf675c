"""The transcript of a round: the seed that was committed to, the picks that were frozen, and the prizes."""

from typing import Any

import pytest
from tests.fairdraw.conftest import Verify
from tests.fairdraw.making import Json, chain, changed, h, round_

from app.fairdraw.verifier import LONGEST_CHAIN

SEEDS = chain(h(b"test seed"), 3)
OVER, UNDER = {"chance": 50, "side": "over"}, {"chance": 8, "side": "under"}
PICKS = [(h(b"user0"), OVER), (h(b"user1"), UNDER)]


@pytest.fixture(scope="module")
def vector() -> Json:
    """As the format's page has it."""
    return round_(SEEDS, PICKS)


def test_the_vector_of_the_format(verify: Verify, vector: Json) -> None:
    assert vector["close"]["root"] == "ac5bf86ea2f6189bcd880acea456a68dc8720317e36db23d93512cdfc602e60d"
    assert vector["result"]["outcome"] == {"roll": 93}
    assert vector["result"]["prizes"] == [0, 200]
    verdict = verify(vector)
    assert verdict.code == 0
    assert verdict.said == (
        "1:\n"
        '  ok  it is round 12 of group 7, in "dice"\n'
        "  ok  the close is of this open, and the result of this close\n"
        "  ok  the seed is what the open commits to\n"
        "  ok  its 2 picks are those of the close\n"
        "  ok  the prizes follow from the close and the seed\n"
        "  The group has to have been told this commitment when the round was opened: "
        f"{SEEDS[2].hex()}.\n"
        "  But the operator knows the seed, and this does not stop them from trying picks before the close.\n"
        "All of this holds.\n"
    )


@pytest.mark.parametrize("players", [0, 1, 2, 3, 100])
def test_a_round_of_any_size_holds(verify: Verify, players: int) -> None:
    picks = [(h(b"%d" % n), (OVER, UNDER)[n % 2]) for n in range(players)]
    assert verify(round_(SEEDS, picks)).code == 0


@pytest.mark.parametrize("n", [1, 2, LONGEST_CHAIN])
def test_a_round_anywhere_in_its_chain_holds(verify: Verify, n: int) -> None:
    assert verify(round_(chain(bytes(32), n), PICKS, n)).code == 0


@pytest.mark.parametrize(
    ("where", "to", "wrong"),
    [
        ("open.game", "chess", 'the game "chess" is not known here'),
        ("open.group", 8, "the close is of another open"),
        ("open.closes_at", 1795176061, "the close is of another open"),
        ("open.closes_at", 1795176000, "the round opened later than it closed"),
        ("close.count", 3, "the result is of another close"),
        ("result.seed", "00" * 32, "the seed is not what the open commits to"),
        ("result.prizes", [0, 0], "the prizes have to be others"),
        ("result.prizes", [200], "the prizes have to be others"),
        ("result.outcome", {}, 'its outcome has to be {"roll": 93}'),
        ("picks.0.move", OVER, "the close is of other picks"),
        ("picks.0.player", "00" * 32, "the close is of other picks"),
        ("picks.0.player", "ff" * 32, "the picks are not one for each player, in their order"),
    ],
)
def test_a_change_is_named(verify: Verify, vector: Json, where: str, to: Any, wrong: str) -> None:  # noqa: ANN401  any JSON
    verdict = verify(changed(vector, where, to))
    assert (verdict.code, verdict.refusal) == (1, wrong)


@pytest.mark.parametrize(
    ("others", "wrong"),
    [
        ({"genesis": "00" * 32}, "the seed is not what the open commits to"),
        ({"seed_commit": "00" * 32}, "the seed is not what the open commits to"),
        ({"n": 0}, "no chain is so long"),
        ({"n": LONGEST_CHAIN + 1}, "no chain is so long"),
        ({"n": 2**62}, "no chain is so long"),
        ({"opens_at": 1795176060}, "the round opened later than it closed"),
    ],
)
def test_what_was_made_to_fit_all_the_rest_is_refused_all_the_same(
    verify: Verify, others: dict[str, Any], wrong: str
) -> None:
    verdict = verify(round_(SEEDS, PICKS, **others))
    assert (verdict.code, verdict.refusal) == (1, wrong)


def test_two_picks_of_one_player_are_refused(verify: Verify) -> None:
    twice = round_(SEEDS, [PICKS[0], PICKS[0]])
    assert verify(twice).refusal == "the picks are not one for each player, in their order"


def test_a_close_that_counts_others_is_refused_also_where_its_hash_is_that_of_the_result(verify: Verify) -> None:
    one, two = round_(SEEDS, PICKS[:1]), round_(SEEDS, PICKS)
    mixed = {**two, "picks": one["picks"]}
    assert verify(mixed).refusal == "the close is of 2 picks, not 1"


def test_a_roll_of_true_is_no_roll_of_one(verify: Verify) -> None:
    """In Python they are equal."""
    for n in range(1000):
        file = round_(chain(h(b"%d" % n), 3), PICKS)
        if file["result"]["outcome"] == {"roll": 1}:
            break
    assert verify(changed(file, "result.outcome.roll", True)).refusal == 'its outcome has to be {"roll": 1}'  # noqa: FBT003  any JSON
