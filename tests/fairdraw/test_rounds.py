"""A round's transcript says what follows from its picks and its seed, and no change to it goes unnoticed."""

import copy
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fairdraw.making import chain, h, round_

from app.fairdraw import rounds
from app.fairdraw.draws import user_tag
from app.fairdraw.hashing import Record, digest
from app.fairdraw.plays import luck_from
from app.fairdraw.rounds import CHAIN_ROUNDS, DoesNotVerifyError, Luck, Pick, Place, Scored, check

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CHAIN = rounds.chain_of(b"a secret", "7/0/0")
CHANGES: Sequence[Any] = (0, 2, -1, "x", "", None, True, False, [], {}, 1.5, "00" * 32)


def coin(game: str, move: Record, luck: Luck) -> Scored:
    """Heads or tails, of a coin that is thrown once for everybody."""
    if game != "coin" or move.keys() != {"heads"} or move["heads"] not in {0, 1}:
        raise ValueError(move)
    heads = luck(2)
    guessed = int(heads == move["heads"])
    return Scored(bool(guessed), 200 * guessed, {"heads": heads, "guessed": guessed})


def made_of(opened: Record, picks: Sequence[Pick], seed: bytes) -> dict[str, Any]:
    drawn = rounds.entropy_of(rounds.close_record(opened, len(picks), rounds.root_of(picks)), seed)
    scores = [coin("coin", pick.move, luck_from(drawn)) for pick in picks]
    return dict(rounds.transcript(opened, picks, seed, scores))


def transcript(players: int = 5, number: int = 3) -> dict[str, Any]:
    place = rounds.place_in(CHAIN, number)
    opened = rounds.open_record(
        number=12, group=7, game="coin", opens_at=NOON, closes_at=NOON + timedelta(minutes=1), place=place
    )
    tags = sorted(user_tag(digest(b"%d" % player), player) for player in range(players))
    picks = [Pick(tag, {"heads": n % 2}) for n, tag in enumerate(tags)]
    return made_of(opened, picks, CHAIN.seed(number))


def test_what_is_made_is_what_the_format_says() -> None:
    """Compared with what was written from the format alone, which the verifier is tried with too."""
    seeds = chain(h(b"test seed"), 3)
    picks = [(h(b"user0"), {"chance": 50, "side": "over"}), (h(b"user1"), {"chance": 8, "side": "under"})]
    opened = rounds.open_record(
        number=12,
        group=7,
        game="dice",
        opens_at=NOON,
        closes_at=NOON + timedelta(minutes=1),
        place=Place(seeds[0], 3, seeds[2]),
    )
    ordered = [Pick(*pick) for pick in sorted(picks)]
    closed = rounds.close_record(opened, len(ordered), rounds.root_of(ordered))
    drawn = rounds.entropy_of(closed, seeds[3])
    assert drawn.hex() == "df203855c61f154502ba8e26dc908f0d6db4c81f53839bee755d7a045f6596d1"
    roll = luck_from(drawn)(100)
    scores = [Scored(bool(prize), prize, {"roll": roll}) for prize in (0, 200)]
    assert rounds.transcript(opened, ordered, seeds[3], scores) == round_(seeds, picks)


@pytest.mark.parametrize("players", [0, 1, 2, 100])
@pytest.mark.parametrize("number", [1, 2, CHAIN_ROUNDS])
def test_a_round_of_any_size_anywhere_in_its_chain_verifies(players: int, number: int) -> None:
    check(transcript(players, number), coin)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  any JSON
    """The path of every field and every element."""
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in named:
        yield (*path, name)
        yield from places_in(part, (*path, name))


def test_every_change_of_a_single_field_is_refused() -> None:
    """Every field, each of these in its place: other numbers, kinds, nothing."""
    made = transcript(3)
    for *path, last in places_in(made):
        for change in CHANGES:
            changed = copy.deepcopy(made)
            holder: Any = changed
            for name in path:
                holder = holder[name]
            if type(holder[last]) is type(change) and holder[last] == change:
                continue
            holder[last] = change
            with pytest.raises(DoesNotVerifyError):
                check(changed, coin)


def test_a_field_more_or_less_is_refused() -> None:
    made = transcript(3)
    for *path, last in places_in(made):
        for act in ("drop", "add", "double"):
            changed = copy.deepcopy(made)
            holder: Any = changed
            for name in path:
                holder = holder[name]
            match act, holder:
                case "drop", _:
                    del holder[last]
                case "add", dict():
                    holder["more"] = 0
                case "double", list():
                    holder.insert(last, holder[last])
                case _:
                    continue
            with pytest.raises(DoesNotVerifyError):
                check(changed, coin)


@given(st.data())
def test_every_change_of_a_single_character_of_a_hash_is_refused(data: st.DataObject) -> None:
    made = transcript(3)
    paths = list(places_in(made))
    *path, last = data.draw(st.sampled_from(paths))
    holder: Any = made
    for name in path:
        holder = holder[name]
    if not isinstance(holder[last], str):
        return
    place = data.draw(st.integers(0, len(holder[last]) - 1))
    other = data.draw(st.sampled_from("0123456789abcdefABCDEF "))
    changed = holder[last][:place] + other + holder[last][place + 1 :]
    if changed == holder[last]:
        return
    holder[last] = changed
    with pytest.raises(DoesNotVerifyError):
        check(made, coin)


def test_picks_are_those_of_players_in_the_order_of_their_tags_though_everything_was_made_to_fit_others() -> None:
    made, one, other = transcript(), bytes(32), b"\xff" * 32
    wrong = "^the picks are not in the order of their players, one for each$"
    for players in ([other, one], [one, one], [one[1:]], [other + other]):
        picks = [Pick(player, {"heads": 1}) for player in players]
        with pytest.raises(DoesNotVerifyError, match=wrong):
            check(made_of(made["open"], picks, CHAIN.seed(3)), coin)


def test_what_does_not_follow_or_is_of_another_form_is_named_so() -> None:
    made = transcript()
    prizes = {**made, "result": {**made["result"], "prizes": [0] * 6}}
    with pytest.raises(DoesNotVerifyError, match=r"^what is written does not follow from the picks and the seed$"):
        check(prizes, coin)
    with pytest.raises(DoesNotVerifyError, match=r"^this is no transcript of a round: KeyError\('open'\)$"):
        check({}, coin)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda some: st.lists(some) | st.dictionaries(st.text(), some),
    )
)
def test_what_is_no_transcript_is_refused_and_breaks_nothing(anything: Any) -> None:  # noqa: ANN401  any JSON
    for given_file in (anything, {"open": anything, "result": anything, "picks": anything}):
        with pytest.raises(DoesNotVerifyError):
            check(given_file, coin)


def test_a_seed_that_was_not_committed_to_makes_no_round() -> None:
    """Also one that everything else was made to fit."""
    place = rounds.place_in(CHAIN, 3)
    opened = rounds.open_record(
        number=12, group=7, game="coin", opens_at=NOON, closes_at=NOON + timedelta(minutes=1), place=place
    )
    for seed in (CHAIN.seed(4), CHAIN.seed(2), digest(b"another"), b""):
        with pytest.raises(DoesNotVerifyError, match=r"^the seed is not the one that was committed to$"):
            check(made_of(opened, [], seed), coin)


def test_a_commitment_of_another_chain_than_the_round_says_is_refused() -> None:
    other = rounds.chain_of(b"a secret", "7/0/1")
    place = rounds.place_in(CHAIN, 3)._replace(genesis=other.seed(0))
    opened = rounds.open_record(
        number=12, group=7, game="coin", opens_at=NOON, closes_at=NOON + timedelta(minutes=1), place=place
    )
    with pytest.raises(DoesNotVerifyError, match="committed"):
        check(made_of(opened, [], CHAIN.seed(3)), coin)


@pytest.mark.parametrize(
    ("tail", "number"),
    [(bytes(32), 0), (bytes(32), CHAIN_ROUNDS + 1), (bytes(31), 3), (bytes(33), 3), (b"", 3)],
    ids=["no number", "beyond the chain", "a short seed", "a long seed", "an empty seed"],
)
def test_a_seed_of_another_size_or_beyond_its_chain_fits_nothing_though_every_hash_fits(
    tail: bytes, number: int
) -> None:
    seeds = chain(tail, number)
    assert not rounds.fits(tail, Place(seeds[0], number, seeds[number - 1]))


@pytest.mark.parametrize(
    ("others", "wrong"),
    [
        ({"v": 2}, "this is no opening record"),
        ({"more": 1}, "this is no opening record"),
        ({"round": True}, "a field of the opening record is of the wrong kind"),
        ({"group": "7"}, "a field of the opening record is of the wrong kind"),
        ({"game": 1}, "a field of the opening record is of the wrong kind"),
        ({"closes_at": 1795176000}, "it closes before it opens"),
        ({"closes_at": 1795175999}, "it closes before it opens"),
    ],
)
def test_an_opening_of_another_form_is_refused_though_everything_was_made_to_fit_it(
    others: dict[str, Any], wrong: str
) -> None:
    opened = {**transcript()["open"], **others}
    with pytest.raises(DoesNotVerifyError, match=f"^{wrong}$"):
        check(made_of(opened, [], CHAIN.seed(3)), coin)


@pytest.mark.parametrize("number", [0, -1, CHAIN_ROUNDS + 1, 2**62])
def test_a_number_beyond_its_chain_is_refused_at_once(number: int) -> None:
    made = transcript()
    made["open"]["n"] = number
    with pytest.raises(DoesNotVerifyError):
        check(made, coin)


def test_a_round_reveals_what_the_next_one_commits_to() -> None:
    for number in (1, 2, CHAIN_ROUNDS - 1):
        assert rounds.place_in(CHAIN, number + 1).commitment == CHAIN.seed(number)


def test_one_pick_more_is_another_luck_for_everybody() -> None:
    """So that nobody knows the result while picks are taken, but for who knows the seed."""
    made = [transcript(players) for players in range(20)]
    assert len({rounds.entropy_of(one["close"], bytes.fromhex(one["result"]["seed"])) for one in made}) == 20


def test_what_all_outcomes_have_in_common_is_the_result() -> None:
    assert rounds.in_common([{"roll": 7, "over": 1}, {"roll": 7, "over": 0}, {"roll": 7}]) == {"roll": 7}
    assert rounds.in_common([]) == {}
