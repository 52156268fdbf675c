"""A file of plays proves what it says and nothing else: whatever is changed in it, a reader of the page refuses it."""

import copy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fairdraw.plays_reader import Refused, check

from app.domain.game.games.dice import DiceMove, play
from app.domain.game.models import Epoch, Play
from app.domain.game.schemas.proofs import NextSeed, Proof
from app.domain.game.services.epochs import new_epoch, next_seed
from app.domain.game.services.proofs import as_file
from app.domain.game.services.turns import bare
from app.fairdraw.plays import entropy, luck_from

Json = dict[str, Any]
SECRET = b"\x07" * 32
MOVES = (DiceMove(side="over", chance=50, epoch=1, nonce="ab" * 32), DiceMove(side="under", chance=80))


def played(epoch: Epoch, move: DiceMove, nonce: bytes) -> Play:
    """The next play of an epoch, as a worker stores it."""
    seed = next_seed(SECRET, epoch)
    assert seed is not None
    commitment, epoch.played, epoch.commitment = epoch.commitment, epoch.played + 1, seed
    drawn = entropy(
        game="dice",
        player=epoch.user_id,
        epoch=epoch.number,
        n=epoch.played,
        seed=seed,
        nonce=nonce,
        by_player=move.nonce is not None,
        move=bare(msgspec.to_builtins(move)),
    )
    won, prize_cents, outcome = play(move, luck_from(drawn))
    proof = Proof(
        epoch=epoch.number,
        n=epoch.played,
        commitment=commitment.hex(),
        seed=seed.hex(),
        nonce=nonce.hex(),
        nonce_by="player" if move.nonce else "server",
        entropy=drawn.hex(),
        next=NextSeed(epoch.number, epoch.played + 1, seed.hex()),
    )
    return Play(
        game="dice",
        user_id=epoch.user_id,
        move=msgspec.to_builtins(move),
        outcome=msgspec.to_builtins(outcome),
        proof=msgspec.to_builtins(proof),
        won=won,
        prize_cents=prize_cents,
    )


def a_file(plays: int) -> tuple[Json, str]:
    epoch = new_epoch(SECRET, 7, "dice", 1)
    made = [played(epoch, MOVES[n % 2], bytes([0xAB if n % 2 == 0 else n]) * 32) for n in range(plays)]
    file: Json = msgspec.to_builtins(as_file(epoch, made))
    return file, epoch.genesis.hex()


FILE, GENESIS = a_file(4)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where everything is that the file says."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in places(inner, (*path, key))]
    if isinstance(value, list):
        return [place for index, inner in enumerate(value) for place in places(inner, (*path, index))]
    return [path]


def at(file: Any, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  any JSON
    for step in path:
        file = file[step]
    return file


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
)


def test_a_whole_file_is_accepted_and_a_part_of_it_is_known_for_one() -> None:
    assert check(FILE, GENESIS)
    assert not check(FILE | {"plays": FILE["plays"][1:]}, GENESIS)
    assert not check(FILE | {"plays": [FILE["plays"][0], FILE["plays"][2]]}, GENESIS)


@given(st.sampled_from(places(FILE)), st.data())
def test_whatever_is_changed_in_a_file_a_reader_refuses_it(path: tuple[str | int, ...], data: st.DataObject) -> None:
    changed = copy.deepcopy(FILE)
    now = at(changed, path)
    near = [now + 1, now - 1] if isinstance(now, int) else [now[:-1] + chr(ord(now[-1]) ^ 1), now.upper(), now[1:]]
    another = data.draw(
        st.one_of(st.sampled_from(near), ANYTHING).filter(lambda one: type(one) is not type(now) or one != now)
    )
    at(changed, path[:-1])[path[-1]] = another
    with pytest.raises(Refused):
        check(changed, GENESIS)


@given(st.sampled_from(sorted({path[:-1] for path in places(FILE)}, key=str)), st.data())
def test_a_file_with_a_field_more_or_less_is_refused(path: tuple[str | int, ...], data: st.DataObject) -> None:
    changed = copy.deepcopy(FILE)
    record = at(changed, path)
    if data.draw(st.booleans()):
        del record[data.draw(st.sampled_from(sorted(record)))]
    else:
        record["more"] = 1
    with pytest.raises(Refused):
        check(changed, GENESIS)


@given(st.permutations(range(4)).filter(lambda order: order != [0, 1, 2, 3]))
def test_plays_in_another_order_are_refused(order: list[int]) -> None:
    with pytest.raises(Refused):
        check(FILE | {"plays": [FILE["plays"][n] for n in order]}, GENESIS)


def test_a_play_twice_is_refused() -> None:
    with pytest.raises(Refused):
        check(FILE | {"plays": [*FILE["plays"], FILE["plays"][-1]]}, GENESIS)
