"""A reader of `fairdraw-plays/1`, written from docs/fairdraw-format.md, "Provable plays", and using nothing of ours."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
HEX = re.compile(r"[0-9a-f]{64}")
CHANCES = (1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80)


class Refused(Exception):
    pass


def insist(holds: bool, what: str) -> None:
    if not holds:
        raise Refused(what)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def named(name: str) -> bytes:
    return f"fairdraw/1/{name}".encode() + b"\x00"


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    return number.to_bytes(8, "big")


def whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def bytes_in(value: object) -> bytes:
    insist(isinstance(value, str) and HEX.fullmatch(value) is not None, "32 bytes in hex")
    return bytes.fromhex(str(value))


def seed_before(n: int, seed: bytes) -> bytes:
    return sha256(named("chain") + u64(n) + seed)


def luck_of(entropy: bytes) -> Callable[[int, int], int]:
    def luck(i: int, bound: int) -> int:
        j = 0
        while True:
            x = int.from_bytes(hmac.digest(entropy, named("luck") + u32(i) + u64(j), "sha256")[:8], "big")
            if x < 2**64 - 2**64 % bound:
                return x % bound
            j += 1

    return luck


def dice(move: Json, luck: Callable[[int, int], int]) -> tuple[Json, int]:
    insist(set(move) == {"chance", "side"} and move["side"] in {"over", "under"}, "a move in dice")
    insist(type(move["chance"]) is int and move["chance"] in CHANCES, "a chance")
    roll, chance = luck(0, 100), move["chance"]
    wins = roll < chance if move["side"] == "under" else roll >= 100 - chance
    return {"roll": roll}, 10_000 // chance if wins else 0


def check(file: Json, genesis: str) -> bool:
    """Are these all plays of the epoch so far? `genesis` is what the player had. Raises Refused."""
    insist(set(file) == {"format", "game", "player", "epoch", "genesis", "plays"}, "the fields of a file")
    insist(file["format"] == "fairdraw-plays/1" and file["game"] == "dice", "a known format and game")
    insist(whole(file["player"], 1, 2**63 - 1) and whole(file["epoch"], 1, 2**63 - 1), "numbers")
    insist(file["genesis"] == genesis, "the genesis that the player had")
    known, down_to = bytes_in(genesis), 0
    for play in file["plays"]:
        insist(
            set(play) == {"n", "seed", "nonce", "nonce_by", "move", "entropy", "outcome", "prize_cents"},
            "the fields of a play",
        )
        insist(whole(play["n"], down_to + 1, 10_000), "plays in order")
        seed = found = bytes_in(play["seed"])
        for n in range(play["n"], down_to, -1):
            found = seed_before(n, found)
        insist(found == known, "a seed that was committed to")
        insist(play["nonce_by"] in {"player", "server"}, "whose nonce")
        entropy = entropy_of(file, play, seed)
        insist(bytes_in(play["entropy"]) == entropy, "the entropy")
        outcome, prize_cents = dice(play["move"], luck_of(entropy))
        insist(canonical(play["outcome"]) == canonical(outcome), "the outcome")
        insist(type(play["prize_cents"]) is int and play["prize_cents"] == prize_cents, "the prize")
        known, down_to = seed, play["n"]
    return down_to == len(file["plays"])


def canonical(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def entropy_of(file: Json, play: Json, seed: bytes) -> bytes:
    game, move = file["game"].encode(), canonical(play["move"])
    return sha256(
        named("play")
        + u32(len(game))
        + game
        + u64(file["player"])
        + u64(file["epoch"])
        + u64(play["n"])
        + seed
        + (b"\x01" if play["nonce_by"] == "player" else b"\x00")
        + bytes_in(play["nonce"])
        + u32(len(move))
        + move
    )
