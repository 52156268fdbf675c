"""What a round in a group consists of, and what follows from it: many picks, one seed. docs/fairdraw-format.md.

Everybody's picks are frozen by the root of their tree before the seed is shown; the luck of all comes from both.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from app.fairdraw.chain import SeedChain, before, tail_of
from app.fairdraw.draws import entropy
from app.fairdraw.hashing import HASH_BYTES, Record, canonical, digest, tag
from app.fairdraw.plays import luck_from
from app.fairdraw.tree import Frontier, leaf_hash

V = 1
FILE = "fairdraw-round/1"
CHAIN_ROUNDS = 1024
"""Rounds of one seed chain; the next round begins another. So few that any seed is found in half a millisecond."""

OPEN, PICK, CLOSE = map(tag, ("round-open", "round-pick", "round-close"))


class DoesNotVerifyError(ValueError):
    """What is wrong with a transcript: the first thing that was found."""


class Pick(NamedTuple):
    player: bytes
    """`draws.user_tag`: whose it is, to who knows the salt."""
    move: Record


class Place(NamedTuple):
    """Where a round stands in its chain."""

    genesis: bytes
    """s[0], by which the chain is known."""
    number: int
    commitment: bytes
    """s[number-1]."""


class Scored(NamedTuple):
    won: bool
    prize_cents: int
    outcome: Record


Luck = Callable[[int], int]
Score = Callable[[str, Record, Luck], Scored]
"""What the game of this name makes of a move. Raises ValueError for what is no game, or no move of it."""


def chain_of(secret: bytes, name: str) -> SeedChain:
    return SeedChain(tail_of(secret, f"round/{name}"), CHAIN_ROUNDS)


def place_in(chain: SeedChain, number: int) -> Place:
    return Place(chain.seed(0), number, chain.commitment(number))


def fits(seed: bytes, place: Place) -> bool:
    """Is it the one that was committed to, and of the chain that it is said to be of?"""
    if (
        len(seed) != HASH_BYTES
        or not 1 <= place.number <= CHAIN_ROUNDS
        or before(place.number, seed) != place.commitment
    ):
        return False
    for n in range(place.number, 0, -1):
        seed = before(n, seed)
    return seed == place.genesis


def open_record(*, number: int, group: int, game: str, opens_at: datetime, closes_at: datetime, place: Place) -> Record:
    """`number` is the round's own, `place.number` that of its seed. Times are cut to whole seconds."""
    return {
        "v": V,
        "round": number,
        "group": group,
        "game": game,
        "opens_at": int(opens_at.timestamp()),
        "closes_at": int(closes_at.timestamp()),
        "genesis": place.genesis.hex(),
        "n": place.number,
        "seed_commit": place.commitment.hex(),
    }


def leaf(pick: Pick) -> bytes:
    return PICK + pick.player + canonical(pick.move)


def root_of(picks: Sequence[Pick]) -> bytes:
    """Of picks in the order of their players' tags."""
    tree = Frontier()
    for pick in picks:
        tree.append(leaf_hash(leaf(pick)))
    return tree.root


def close_record(opened: Record, count: int, root: bytes) -> Record:
    return {"v": V, "open_id": digest(OPEN + canonical(opened)).hex(), "count": count, "root": root.hex()}


def close_id(closed: Record) -> bytes:
    return digest(CLOSE + canonical(closed))


def entropy_of(closed: Record, seed: bytes) -> bytes:
    """E: nothing that went into it can change any more. Each pick's luck follows from it anew, so all have the same."""
    return entropy(close_id(closed), seed)


def in_common(outcomes: Sequence[Record]) -> Record:
    """The one result of all picks: what is the same in what came of each."""
    if not outcomes:
        return {}
    first, *others = outcomes
    return {name: fact for name, fact in first.items() if all(name in one and one[name] == fact for one in others)}


def transcript(opened: Record, picks: Sequence[Pick], seed: bytes, scores: Sequence[Scored]) -> Record:
    """All of a round, for anyone to check. `picks` are in the order of their players' tags, `scores` in theirs."""
    closed = close_record(opened, len(picks), root_of(picks))
    return {
        "format": FILE,
        "open": opened,
        "picks": [{"player": pick.player.hex(), "move": pick.move} for pick in picks],
        "close": closed,
        "result": {
            "v": V,
            "close_id": close_id(closed).hex(),
            "seed": seed.hex(),
            "outcome": in_common([one.outcome for one in scores]),
            "prizes": [one.prize_cents for one in scores],
        },
    }


def check(given: Record, score: Score) -> None:
    """A round is what it has to be, to the last byte. Raises DoesNotVerifyError."""
    try:
        opened = given["open"]
        place = Place(bytes.fromhex(opened["genesis"]), opened["n"], bytes.fromhex(opened["seed_commit"]))
        seed = bytes.fromhex(given["result"]["seed"])
        picks = [Pick(bytes.fromhex(pick["player"]), pick["move"]) for pick in given["picks"]]
        _check_open(opened)
        if not fits(seed, place):
            raise DoesNotVerifyError("the seed is not the one that was committed to")
        players = [pick.player for pick in picks]
        if any(len(one) != HASH_BYTES for one in players) or sorted(set(players)) != players:
            raise DoesNotVerifyError("the picks are not in the order of their players, one for each")
        drawn = entropy_of(close_record(opened, len(picks), root_of(picks)), seed)
        scores = [score(opened["game"], pick.move, luck_from(drawn)) for pick in picks]
        same = canonical(transcript(opened, picks, seed, scores)) == canonical(given)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        if isinstance(error, DoesNotVerifyError):
            raise
        raise DoesNotVerifyError(f"this is no transcript of a round: {error!r}") from error
    if not same:
        raise DoesNotVerifyError("what is written does not follow from the picks and the seed")


def _check_open(opened: Mapping[str, Any]) -> None:
    """Its form: what it says is fixed by its hash, which stands in everything after it."""
    numbers = ("v", "round", "group", "opens_at", "closes_at", "n")
    if opened.keys() != {*numbers, "game", "genesis", "seed_commit"} or opened["v"] != V:
        raise DoesNotVerifyError("this is no opening record")
    if any(type(opened[name]) is not int for name in numbers) or type(opened["game"]) is not str:
        raise DoesNotVerifyError("a field of the opening record is of the wrong kind")
    if not opened["opens_at"] < opened["closes_at"]:
        raise DoesNotVerifyError("it closes before it opens")
