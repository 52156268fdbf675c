"""What a server makes, written once more from docs/fairdraw-format.md alone, to try the verifier with.

Trees and proofs follow the definitions of RFC 9162, 2.1, word by word; signatures are those of `cryptography`.
"""

import base64
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Json = dict[str, Any]


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def t(name: str) -> bytes:
    return b"fairdraw/1/" + name.encode("ascii") + b"\x00"


def u(size: int, number: int) -> bytes:
    return number.to_bytes(size, "big")


def canon(record: Json) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def changed(value: Any, where: str, to: Any) -> Any:  # noqa: ANN401  any JSON
    """A copy that has something else at this place: `changed(transcript, "open.dealers.0", "")`."""
    name, _, rest = where.partition(".")
    place: Any = int(name) if isinstance(value, list) else name
    copy = value.copy()
    copy[place] = changed(value[place], rest, to) if rest else to
    return copy


# Trees


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return h()
    if len(leaves) == 1:
        return h(b"\x00", leaves[0])
    k = largest_power_below(len(leaves))
    return h(b"\x01", mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    return subproof(m, leaves, whole=True) if m else []


# Seeds, ballots, winners


def chain(tail: bytes, last: int) -> list[bytes]:
    """s[0] … s[last]."""
    seeds = [tail]
    for n in range(last, 0, -1):
        seeds.append(h(t("chain"), u(8, n), seeds[-1]))
    return seeds[::-1]


def commitment(n: int, secret: bytes) -> str:
    return h(t("dealer"), u(8, n), secret).hex()


def leaf(n: int, seq: int, user_tag: bytes, nonce: bytes, ballot_id: bytes) -> bytes:
    return t("ballot") + u(8, n) + u(8, seq) + user_tag + nonce + ballot_id


def user_tag(salt: bytes, user_id: int) -> bytes:
    return h(t("user"), salt, u(8, user_id))


def some_leaves(n: int, count: int) -> list[bytes]:
    return [leaf(n, i, h(b"user%d" % i), h(b"nonce%d" % i), h(b"id%d" % i)[:16]) for i in range(count)]


def entropy(close: Json, sources: Sequence[bytes]) -> bytes:
    return h(t("entropy"), h(t("close"), canon(close)), *(u(4, len(source)) + source for source in sources))


def picked(e: bytes, n: int, prizes: int, ballots: int) -> list[int]:
    remaining, winners = list(range(ballots)), list[int]()
    while remaining and len(winners) < prizes:
        r, j = len(remaining), 0
        while True:
            x = int.from_bytes(hmac.new(e, t("pick") + u(8, n) + u(4, len(winners)) + u(8, j), "sha256").digest()[:8])
            if x < 2**64 - 2**64 % r:
                break
            j += 1
        winners.append(remaining.pop(x % r))
    return winners


@dataclass
class Drawn:
    """A draw as its server has it. What is not given is as in most tests."""

    seeds: Sequence[bytes]
    n: int = 1
    lottery: str | None = "daily"
    leaves: Sequence[bytes] | None = None
    prizes: int = 1
    dealers: Sequence[bytes] = ()
    beacon: Json | None = None
    signature: bytes = b""
    opens_at: int = 1795039200
    closes_at: int = 1795125600
    open: Json = field(init=False)
    close: Json = field(init=False)
    result: Json = field(init=False)

    def __post_init__(self) -> None:
        n = self.n
        self.leaves = some_leaves(n, 5) if self.leaves is None else self.leaves
        self.open = {
            "v": 1,
            "draw": n,
            "date": "2026-11-20",
            "tz": "Europe/Kyiv",
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "prizes": self.prizes,
            "seed_commit": self.seeds[n - 1].hex(),
            "dealers": [commitment(n, secret) for secret in self.dealers],
            "beacon": self.beacon,
            **({} if self.lottery is None else {"lottery": self.lottery}),
        }
        open_id = h(t("open"), canon(self.open)).hex()
        self.close = {"v": 1, "draw": n, "open_id": open_id, "count": len(self.leaves), "root": mth(self.leaves).hex()}
        sources = [self.seeds[n], *self.dealers, *([h(self.signature)] if self.beacon else [])]
        round_ = {"round": self.beacon["round"], "signature": self.signature.hex()} if self.beacon else None
        self.result = {
            "v": 1,
            "draw": n,
            "close_id": h(t("close"), canon(self.close)).hex(),
            "seed": self.seeds[n].hex(),
            "dealers": [secret.hex() for secret in self.dealers],
            "beacon": round_,
            "winners": picked(entropy(self.close, sources), n, self.prizes, len(self.leaves)),
        }

    @property
    def transcript(self) -> Json:
        ballots = [one.hex() for one in self.leaves or ()]
        return {
            "format": "fairdraw/1",
            "open": self.open,
            "close": self.close,
            "ballots": ballots,
            "result": self.result,
        }

    @property
    def records(self) -> list[Json]:
        return [self.open, self.close, self.result]


def genesis(seeds: Sequence[bytes], first: int = 1, lottery: str = "daily") -> Json:
    last, commit = len(seeds) - 1, seeds[0].hex()
    return {"v": 1, "kind": "genesis", "lottery": lottery, "first": first, "last": last, "seed_commit": commit}


def void(n: int, opened: Json | None = None, closed: Json | None = None, lottery: str = "daily") -> Json:
    ids = {
        "open_id": opened and h(t("open"), canon(opened)).hex(),
        "close_id": closed and h(t("close"), canon(closed)).hex(),
    }
    return {"v": 1, "kind": "void", "lottery": lottery, "draw": n, **ids, "reason": "lost"}


def rekey(seeds: Sequence[bytes], first: int, lottery: str = "daily") -> Json:
    """A chain whose s[first-1] is the first of these seeds."""
    last, commit = first + len(seeds) - 2, seeds[0].hex()
    names = {"v": 1, "kind": "rekey", "lottery": lottery, "first": first, "last": last}
    return {**names, "seed_commit": commit, "reason": "the secret was lost"}


# What is signed


class LogKey:
    """The log's key, which signs checkpoints and receipts."""

    def __init__(self, origin: str = "draws.example.org/fairdraw", secret: bytes = bytes(32)) -> None:
        self.origin = origin
        self._private = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._private.public_key().public_bytes_raw()
        self.id = h(origin.encode(), b"\x0a\x01", self.public)[:4]

    def __str__(self) -> str:
        typed = base64.b64encode(b"\x01" + self.public).decode()
        return f"{self.origin}+{self.id.hex()}+{typed}"

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def note(self, size: int, root: bytes) -> str:
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        return f"{text}\n\u2014 {self.origin} {base64.b64encode(self.id + self.sign(text.encode())).decode()}\n"

    def checkpoint(self, records: Sequence[Json]) -> str:
        return self.note(len(records), mth([canon(record) for record in records]))

    def log(self, records: Sequence[Json]) -> Json:
        return {"format": "fairdraw-log/1", "records": list(records), "checkpoint": self.checkpoint(records)}

    def consistency(self, old: int, records: Sequence[Json]) -> Json:
        hashes = proof(old, [canon(record) for record in records])
        old_note, new_note = self.checkpoint(records[:old]), self.checkpoint(records)
        return {"format": "fairdraw-consistency/1", "old": old_note, "new": new_note, "path": [x.hex() for x in hashes]}

    def receipt(self, drawn: Drawn, seq: int, at: int = 1795100000) -> Json:
        assert drawn.leaves is not None
        receipt = {
            "v": 1,
            "kind": "receipt",
            "log": self.origin,
            "lottery": drawn.lottery,
            "draw": drawn.n,
            "seq": seq,
            "leaf": drawn.leaves[seq].hex(),
            "at": at,
        }
        signature = self.sign(t("receipt") + canon(receipt)).hex()
        return {"format": "fairdraw-receipt/1", "receipt": receipt, "signature": signature}

    def ballot(self, drawn: Drawn, seq: int, user_id: int, salt: bytes, *, included: bool = True) -> Json:
        assert drawn.leaves is not None
        inclusion = {"close": drawn.close, "path": [x.hex() for x in path(seq, drawn.leaves)]} if included else None
        owned = {"user_id": user_id, "salt": salt.hex(), "inclusion": inclusion}
        return {**self.receipt(drawn, seq), "format": "fairdraw-ballot/1", **owned}


# Plays


def dice(e: bytes, move: Json) -> tuple[Json, int]:
    j = 0
    while True:
        x = int.from_bytes(hmac.new(e, t("luck") + u(4, 0) + u(8, j), "sha256").digest()[:8])
        if x < 2**64 - 2**64 % 100:
            break
        j += 1
    roll, chance = x % 100, move["chance"]
    won = roll < chance if move["side"] == "under" else roll >= 100 - chance
    return {"roll": roll}, 10000 // chance if won else 0


def plays(seeds: Sequence[bytes], moves: Sequence[tuple[Json, bytes, str]], player: int = 7, epoch: int = 1) -> Json:
    """One play for each (move, nonce, whose nonce)."""
    made = []
    for n, (move, nonce, by) in enumerate(moves, 1):
        place = u(4, 4) + b"dice" + u(8, player) + u(8, epoch) + u(8, n)
        chosen = canon(move)
        e = h(t("play"), place, seeds[n], u(1, by == "player"), nonce, u(4, len(chosen)), chosen)
        outcome, prize = dice(e, move)
        made.append(
            {
                "n": n,
                "seed": seeds[n].hex(),
                "nonce": nonce.hex(),
                "nonce_by": by,
                "move": move,
                "entropy": e.hex(),
                "outcome": outcome,
                "prize_cents": prize,
            }
        )
    header = {"format": "fairdraw-plays/1", "game": "dice", "player": player, "epoch": epoch}
    return {**header, "genesis": seeds[0].hex(), "plays": made}


def round_(seeds: Sequence[bytes], picks: Sequence[tuple[bytes, Json]], place: int = 3, **others: object) -> Json:
    """Of dice, with one pick for each player's tag."""
    opened: Json = {
        "v": 1,
        "round": 12,
        "group": 7,
        "game": "dice",
        "opens_at": 1795176000,
        "closes_at": 1795176060,
        "genesis": seeds[0].hex(),
        "n": place,
        "seed_commit": seeds[place - 1].hex(),
        **others,
    }
    ordered = sorted(picks, key=lambda pick: pick[0])
    root = mth([t("round-pick") + player + canon(move) for player, move in ordered])
    open_id = h(t("round-open"), canon(opened)).hex()
    close = {"v": 1, "open_id": open_id, "count": len(picks), "root": root.hex()}
    close_id = h(t("round-close"), canon(close))
    e = h(t("entropy"), close_id, u(4, 32), seeds[place])
    scores = [dice(e, move) for _, move in ordered]
    return {
        "format": "fairdraw-round/1",
        "open": opened,
        "picks": [{"player": player.hex(), "move": move} for player, move in ordered],
        "close": close,
        "result": {
            "v": 1,
            "close_id": close_id.hex(),
            "seed": seeds[place].hex(),
            "outcome": scores[0][0] if scores else {},
            "prizes": [prize for _, prize in scores],
        },
    }
