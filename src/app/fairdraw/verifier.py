"""Check Parlour's draws, plays and rounds offline.

    python3 verifier.py FILE...              every file, and the files against each other
    python3 verifier.py verify-all LOG ...   a whole log, and everything else against it

FILE is a transcript of a draw or of a round, a receipt, ballot, log, checkpoint, proof of consistency, or a file of
plays. This needs Python 3.11 and nothing else, but for the signature of a public beacon (pip install py_ecc). It exits
with 0 when all that was given holds, with 1 when something does not or could not be checked, with 2 when it is called
wrongly.

The bytes are those of docs/fairdraw-format.md. Files are read by value: spaces, the order of keys, and how a character
is escaped do not count; everything else does.
"""

import argparse
import base64
import hmac
import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from io import TextIOWrapper
from itertools import accumulate, count
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

Record = dict[str, Any]
"""A JSON object whose shape has been checked."""


class Refused(Exception):
    """What is wrong, in words for whoever gave the file."""


def demand(holds: object, otherwise: str) -> None:
    if not holds:
        raise Refused(otherwise)


@contextmanager
def naming(what: str) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise Refused(f"{what}: {refusal}") from None


def ok(what: str) -> None:
    print(f"  ok  {what}")


def quoted(text: str) -> str:
    """Somebody else's text on our terminal: nothing in it can move the cursor."""
    return json.dumps(text)


# --- Bytes and hashes ------------------------------------------------------------------------------------------------


def digest(data: bytes) -> bytes:
    return sha256(data).digest()


def tag(name: str) -> bytes:
    return f"fairdraw/1/{name}\0".encode()


def u32(number: int) -> bytes:
    return number.to_bytes(4)


def u64(number: int) -> bytes:
    return number.to_bytes(8)


def unhex(texts: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def canonical(record: Record) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode()


def id_of(kind: str, record: Record) -> str:
    return digest(tag(kind) + canonical(record)).hex()


def seed_below(seed: str, n: int, steps: int) -> str:
    """s[n - steps] of the chain, from s[n]."""
    hashed = bytes.fromhex(seed)
    for number in range(n, n - steps, -1):
        hashed = digest(tag("chain") + u64(number) + hashed)
    return hashed.hex()


def chosen(entropy: bytes, purpose: bytes, bound: int) -> int:
    """A number below the bound, each as likely as the others."""
    for attempt in count():
        number = int.from_bytes(hmac.digest(entropy, purpose + u64(attempt), sha256)[:8])
        if number < 2**64 - 2**64 % bound:
            break
    return number % bound


# --- Reading ---------------------------------------------------------------------------------------------------------


def without_repetition(pairs: list[tuple[str, Any]]) -> Record:
    demand(len(dict(pairs)) == len(pairs), "an object has the same key twice")
    return dict(pairs)


def whole_number(digits: str) -> int:
    demand(re.fullmatch("[0-9]{1,20}", digits) and int(digits) < 2**64, "a number is below 0 or beyond 2^64-1")
    return int(digits)


def no_number(_: str) -> None:
    raise Refused("a number has a fraction or an exponent, or is none")


DEEPEST = 20
"""How far JSON may be nested: beyond what the format needs, and far from what a stack does not hold."""


def depth_of(text: str) -> int:
    brackets = re.findall(r"[]\[{}]", re.sub(r'"([^"\\]|\\.)*"', "", text))
    return max(accumulate(1 if bracket in "[{" else -1 for bracket in brackets), default=0)


def read_json(text: str) -> Any:  # noqa: ANN401  any JSON
    """Nothing that two readers could take for different things, and no number that a u64 does not hold."""
    demand(depth_of(text) <= DEEPEST, "this JSON is nested too deeply")
    strict = json.JSONDecoder(
        object_pairs_hook=without_repetition, parse_int=whole_number, parse_float=no_number, parse_constant=no_number
    )
    try:
        return strict.decode(text)
    except ValueError as error:
        raise Refused(f"this is neither JSON nor a checkpoint: {error}") from None


def hex_of(size: int) -> re.Pattern[str]:
    return re.compile(f"[0-9a-f]{{{2 * size}}}")


# Shapes: an object has exactly these keys; a list, parts of one shape; a tuple names what the value may be.
HASH, LEAF = hex_of(32), hex_of(114)
TEXTS = "format lottery tz reason log checkpoint old new game"
NUMBERS = "draw opens_at closes_at prizes count first last seq at user_id player epoch n round"
HASHES = "seed_commit open_id close_id root seed salt net nonce entropy"
USUAL = {name: kind for names, kind in ((TEXTS, str), (NUMBERS, int), (HASHES, HASH)) for name in names.split()}
OTHERS = {"v": 1, "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"), "dealers": [HASH], "path": [HASH], "leaf": LEAF}


def shape(fields: str, **others: object) -> dict[str, object]:
    """Fields that have the same shape wherever they stand, and others."""
    return {**{name: {**USUAL, **OTHERS}[name] for name in fields.split()}, **others}


BEACON = shape("net round", genesis=int, period=int, margin=int)
# The open of the vector names no lottery. One in a log does.
NAMELESS = shape("v draw date tz opens_at closes_at prizes seed_commit dealers", beacon=(None, BEACON))
OPEN = {**NAMELESS, "lottery": str}
CLOSE = shape("v draw open_id count root")
SIGNED_ROUND = shape("round", signature=hex_of(48))
RESULT = shape("v draw close_id seed dealers", beacon=(None, SIGNED_ROUND), winners=[int])
RECORDS = {
    "genesis": shape("v lottery first last seed_commit", kind="genesis"),
    "open": OPEN,
    "close": CLOSE,
    "result": RESULT,
    "void": shape("v lottery draw reason", kind="void", open_id=(None, HASH), close_id=(None, HASH)),
    "rekey": shape("v lottery first last seed_commit reason", kind="rekey"),
}
SIGNED = shape("format", receipt=shape("v log lottery draw seq leaf at", kind="receipt"), signature=hex_of(64))
INCLUSION = shape("path", close=CLOSE)
PLAY = shape("n seed nonce entropy", nonce_by=re.compile("player|server"), move=dict, outcome=dict, prize_cents=int)
TRANSCRIPT, RECEIPT, BALLOT = "fairdraw/1", "fairdraw-receipt/1", "fairdraw-ballot/1"
LOG, CONSISTENCY, PLAYS, CHECKPOINT = "fairdraw-log/1", "fairdraw-consistency/1", "fairdraw-plays/1", "checkpoint"
ROUND = "fairdraw-round/1"
ROUND_RECORDS = {
    "open": shape("v round game opens_at closes_at n seed_commit", group=int, genesis=HASH),
    "picks": [{"player": HASH, "move": dict}],
    "close": shape("v open_id count root"),
    "result": shape("v close_id seed", outcome=dict, prizes=[int]),
}
FORMATS = {
    TRANSCRIPT: shape("format", open=(NAMELESS, OPEN), close=CLOSE, ballots=[LEAF], result=RESULT),
    RECEIPT: SIGNED,
    BALLOT: {**SIGNED, **shape("user_id salt", inclusion=(None, INCLUSION))},
    LOG: shape("format checkpoint", records=[dict]),
    CONSISTENCY: shape("format old new path"),
    PLAYS: shape("format game player epoch", genesis=HASH, plays=[PLAY]),
    ROUND: shape("format", **ROUND_RECORDS),
}


def fits(value: Any, wanted: Any) -> bool:  # noqa: ANN401  any JSON, any shape
    if isinstance(wanted, dict):
        return isinstance(value, dict) and not misfits(value, wanted)
    if isinstance(wanted, list):
        return isinstance(value, list) and all(fits(part, wanted[0]) for part in value)
    if isinstance(wanted, tuple):
        return any(fits(value, one) for one in wanted)
    if isinstance(wanted, re.Pattern):
        return isinstance(value, str) and wanted.fullmatch(value) is not None
    if isinstance(wanted, type):
        return type(value) is wanted
    return type(value) is type(wanted) and value == wanted


def misfits(value: Record, wanted: Record) -> list[str]:
    """The fields that are missing, unknown, or not of their shape."""
    unlike = value.keys() ^ wanted.keys()
    return sorted(unlike) or sorted(name for name in wanted if not fits(value[name], wanted[name]))


def demand_shape(value: Record, wanted: Record) -> None:
    wrong = misfits(value, wanted)
    demand(not wrong, f"not as the format says: {', '.join(map(quoted, wrong))}")


class File(NamedTuple):
    path: str
    kind: str
    content: Any


def read_file(path: str, data: bytes) -> File:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Refused("this is not UTF-8") from None
    if SIGNED_NOTE.fullmatch(text):
        return File(path, CHECKPOINT, text)
    content = read_json(text)
    kind = str(content.get("format")) if isinstance(content, dict) else ""
    demand(kind in FORMATS, "this is of none of the known formats")
    demand_shape(content, FORMATS[kind])
    return File(path, kind, content)


# --- Trees: RFC 9162, 2.1 --------------------------------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    return digest(b"\0" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    return digest(b"\1" + left + right)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Level by level. An odd node at the end goes up as it is: that splits at the largest power of two."""
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        odd = level[len(level) // 2 * 2 :]
        level = [*map(node_hash, level[::2], level[1::2]), *odd]
    return level[0] if level else digest(b"")


def split(size: int) -> int:
    """How many leaves stand on the left: the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def last_of(path: Sequence[bytes]) -> tuple[Sequence[bytes], bytes]:
    demand(path, "the proof is too short")
    return path[:-1], path[-1]


def root_with(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root of a tree of this size, by the hash of the leaf at this place and a proof of inclusion."""
    if size == 1:
        demand(not path, "the proof is too long")
        return leaf
    below, beside = last_of(path)
    left = split(size)
    if index < left:
        return node_hash(root_with(leaf, index, left, below), beside)
    return node_hash(beside, root_with(leaf, index - left, size - left, below))


def roots_with(known: bytes | None, old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of both sizes, by a proof of consistency. It leaves out the old root, `known`, where that is a node."""
    if old == new:
        below, root = (path, known) if known else last_of(path)
        demand(not below, "the proof is too long")
        return root, root
    below, beside = last_of(path)
    left = split(new)
    if old <= left:
        before, after = roots_with(known, old, left, below)
        return before, node_hash(after, beside)
    before, after = roots_with(None, old - left, new - left, below)
    return node_hash(beside, before), node_hash(beside, after)


# --- Ed25519: RFC 8032, 5.1 ------------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

Point = tuple[int, int, int, int]
"""X, Y, Z, T: x is X/Z, y is Y/Z, and x*y is T/Z."""


def added(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]), (one[1] + one[0]) * (other[1] + other[0])
    c, d = 2 * D * one[3] * other[3], 2 * one[2] * other[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiplied(factor: int, point: Point) -> Point:
    product = (0, 1, 1, 0)
    while factor:
        if factor % 2:
            product = added(product, point)
        factor, point = factor // 2, added(point, point)
    return product


def to_point(data: bytes) -> Point:
    """Strict: y is below P, and a zero has no sign."""
    sign, y = divmod(int.from_bytes(data, "little"), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    demand(y < P and x * x % P == square and (x or not sign), "the public key is no point of Ed25519")
    x = x if x % 2 == sign else P - x
    return x, y, 1, x * y % P


def to_bytes(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y + x % 2 * 2**255).to_bytes(32, "little")


BASE = to_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Strict: S is below the order, and R is compared as bytes."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    challenge = int.from_bytes(sha512(r + public + message).digest(), "little") % ORDER
    x, y, z, t = to_point(public)
    return s < ORDER and r == to_bytes(added(multiplied(s, BASE), multiplied(challenge, (-x, y, z, -t))))


# --- What is signed: C2SP signed-note and tlog-checkpoint ------------------------------------------------------------

KEY = re.compile(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\n?")
SIGNED_NOTE = re.compile(
    "([!-*,-~]+)\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/]{43}=)\n\n\u2014 ([!-*,-~]+) ([A-Za-z0-9+/]{91}=)\n"
)


class Key(NamedTuple):
    origin: str
    number: bytes
    public: bytes


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


@dataclass
class Terms:
    """What the caller trusts, and what may stay unchecked."""

    key: Key | None = None
    unsigned: bool = False
    beacon_unchecked: bool = False
    hold_receipts: bool = False
    hold_checkpoints: bool = False
    unchecked: int = 0

    def pass_over(self, what: str) -> None:
        self.unchecked += 1
        print(f"  --  NOT CHECKED: {what}")


def from_base64(text: str) -> bytes:
    data = base64.b64decode(text)
    demand(base64.b64encode(data).decode() == text, f"{text} is not how base64 is written")
    return data


def read_key(text: str) -> Key:
    found = KEY.fullmatch(text)
    if found is None:
        raise Refused("the key is not of the form <origin>+<8 hex digits>+<base64>")
    origin, number, public = found[1], bytes.fromhex(found[2]), from_base64(found[3])
    demand(public[0] == 1, "the key is not one of Ed25519")
    demand(number == digest(f"{origin}\n".encode() + public)[:4], "the key has another id than it says")
    to_point(public[1:])
    return Key(origin, number, public[1:])


def check_signature(terms: Terms, what: str, origin: str, message: bytes, signature: bytes) -> None:
    if terms.key is None:
        demand(terms.unsigned, f"{what} is signed: check it with --key, or leave it unchecked with --unsigned")
        terms.pass_over(f"the signature of {what}")
        return
    demand(origin == terms.key.origin, f"{what} is of {quoted(origin)}, the key of {quoted(terms.key.origin)}")
    demand(is_signed(terms.key.public, message, signature), f"{what} is not signed with this key")
    ok(f"{what} is signed by {quoted(origin)}")


def check_checkpoint(text: str, terms: Terms, what: str = "the checkpoint") -> Checkpoint:
    found = SIGNED_NOTE.fullmatch(text)
    if found is None:
        raise Refused(f"{what} is not of the form origin, size, root, empty line, signature")
    origin, size, root, signature = found[1], int(found[2]), from_base64(found[3]), from_base64(found[5])
    demand(size < 2**64, f"{what} is of more than 2^64-1 records")
    demand(found[4] == origin, f"{what} is of {quoted(origin)}, its signature of {quoted(found[4])}")
    demand(terms.key is None or signature[:4] == terms.key.number, f"{what} is signed with another key")
    check_signature(terms, what, origin, text[: text.index("\n\n") + 1].encode(), signature[4:])
    ok(f"{what} is of {size} records")
    return Checkpoint(origin, size, root)


def check_consistency(file: Record, terms: Terms) -> tuple[Checkpoint, Checkpoint]:
    old = check_checkpoint(file["old"], terms, "the old checkpoint")
    new = check_checkpoint(file["new"], terms, "the new checkpoint")
    demand(old.origin == new.origin, "the checkpoints are of two logs")
    demand(old.size <= new.size, "the old checkpoint is of more records than the new one")
    if old.size:
        roots = roots_with(old.root, old.size, new.size, unhex(file["path"]))
    else:  # Every log begins with the empty one.
        demand(not file["path"], "the proof is too long")
        roots = root_of([]), new.root
    demand(roots == (old.root, new.root), "the new log does not begin with the old one")
    ok("the new log begins with the old one")
    return old, new


# --- A ballot --------------------------------------------------------------------------------------------------------


def check_receipt(file: Record, terms: Terms) -> None:
    """A receipt, or a ballot, which is one with more."""
    receipt, leaf = file["receipt"], bytes.fromhex(file["receipt"]["leaf"])
    n, seq = receipt["draw"], receipt["seq"]
    demand(leaf.startswith(tag("ballot") + u64(n) + u64(seq)), f"the leaf is not that of ballot {seq} of draw {n}")
    ok(f"it is for ballot {seq} of {name_of(receipt)}")
    message = tag("receipt") + canonical(receipt)
    check_signature(terms, "the receipt", receipt["log"], message, bytes.fromhex(file["signature"]))
    if "user_id" in file:
        check_owner(leaf, file["user_id"], bytes.fromhex(file["salt"]))
    if file.get("inclusion"):
        check_inclusion(leaf, receipt, file["inclusion"]["close"], unhex(file["inclusion"]["path"]))


def check_owner(leaf: bytes, user: int, salt: bytes) -> None:
    demand(leaf[34:66] == digest(tag("user") + salt + u64(user)), f"the ballot is not of user {user} with this salt")
    ok(f"it belongs to user {user}")


def check_inclusion(leaf: bytes, receipt: Record, close: Record, path: list[bytes]) -> None:
    demand(close["draw"] == receipt["draw"], "the close is of another draw")
    demand(receipt["seq"] < close["count"], f"the close is of {close['count']} ballots only")
    root = root_with(leaf_hash(leaf), receipt["seq"], close["count"], path)
    demand(root.hex() == close["root"], "the ballot is not in the tree of the close")
    ok(f"it is one of the {close['count']} ballots of the close")


# --- A draw ----------------------------------------------------------------------------------------------------------

NET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
QUICKNET = {"net": NET, "genesis": 1692803367, "period": 3}
QUICKNET_KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
BEACON_DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"

LEVELS = {
    0: "nothing could be changed after the close. But the operator knows the seed, and this does not stop them from "
    "adding ballots before the close until one of them wins.",
    1: "if one dealer kept its secret, nobody knew the winners before the close. But this does not stop all dealers "
    "and the operator together.",
    2: "nobody knew the winners before the close. But this does not stop the operator from dating a close back, unless "
    "somebody kept the checkpoint that was published with it.",
}


def level_of(opened: Record) -> int:
    return 2 if opened["beacon"] else 1 if opened["dealers"] else 0


def name_of(record: Record) -> str:
    return f"draw {record['draw']} of {quoted(record.get('lottery', ''))}"


def check_links(opened: Record, closed: Record, result: Record) -> str:
    demand(1 <= opened["draw"] == closed["draw"] == result["draw"], "open, close and result are not of one draw")
    demand(opened["opens_at"] <= opened["closes_at"], "the draw opened later than it closed")
    demand(closed["open_id"] == id_of("open", opened), "the close is of another open")
    demand(result["close_id"] == id_of("close", closed), "the result is of another close")
    return "the close is of this open, and the result of this close"


def check_seed(opened: Record, _: Record, result: Record) -> str:
    below = seed_below(result["seed"], opened["draw"], 1)
    demand(below == opened["seed_commit"], "the seed is not what the open commits to")
    return "the seed is what the open commits to"


def check_dealers(opened: Record, _: Record, result: Record) -> str:
    purpose = tag("dealer") + u64(opened["draw"])
    commitments = [digest(purpose + secret).hex() for secret in unhex(result["dealers"])]
    demand(commitments == opened["dealers"], "the dealers' secrets are not what the open commits to")
    return f"the secrets of {len(commitments)} dealers are what the open commits to"


def check_winners(opened: Record, closed: Record, result: Record) -> str:
    sources = unhex([result["seed"], *result["dealers"]])
    if result["beacon"]:
        sources.append(digest(bytes.fromhex(result["beacon"]["signature"])))
    mixed = b"".join(u32(len(source)) + source for source in sources)
    entropy = digest(tag("entropy") + bytes.fromhex(result["close_id"]) + mixed)
    prizes = min(opened["prizes"], closed["count"])
    demand(len(result["winners"]) == prizes, f"there have to be {prizes} winners")
    demand(result["winners"] == picked(entropy, opened["draw"], prizes, closed["count"]), "other ballots have won")
    return "the winners follow from the close and its sources"


def picked(entropy: bytes, draw: int, prizes: int, ballots: int) -> list[int]:
    winners: list[int] = []
    taken: list[int] = []  # In order, so that the ballots that remain need not be written out.
    for prize in range(prizes):
        place = chosen(entropy, tag("pick") + u64(draw) + u32(prize), ballots - prize)
        passed = bisect_right(range(prize), place, key=lambda index: taken[index] - index)
        taken.insert(passed, place + passed)
        winners.append(place + passed)
    return winners


def check_beacon(opened: Record, result: Record, terms: Terms) -> None:
    declared, given = opened["beacon"], result["beacon"]
    demand((declared is None) == (given is None), "the beacon stands in one of open and result only")
    if declared is None:
        return
    demand({name: declared[name] for name in QUICKNET} == QUICKNET, "the beacon is not drand's quicknet")
    demand(given["round"] == declared["round"], "the round of the beacon is not the one that the open declares")
    at = declared["genesis"] + (declared["round"] - 1) * declared["period"]
    demand(at > opened["closes_at"] + declared["margin"], "the round of the beacon is not later than close and margin")
    check_beacon_signature(given["round"], bytes.fromhex(given["signature"]), terms)
    ok(f"round {given['round']} of the beacon is the one that the open declares, and later than the close")


def check_beacon_signature(number: int, signature: bytes, terms: Terms) -> None:
    """A BLS signature on G1 with the key above, which no record can replace."""
    try:
        from py_ecc.bls.g2_primitives import subgroup_check  # noqa: PLC0415  everything else works without it
        from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: PLC0415
        from py_ecc.bls.point_compression import decompress_G1, decompress_G2  # noqa: PLC0415
        from py_ecc.optimized_bls12_381 import G2, pairing  # noqa: PLC0415
    except ImportError:
        demand(terms.beacon_unchecked, "checking the beacon takes py_ecc; --beacon-unchecked leaves it unchecked")
        terms.pass_over("the signature of the beacon, for want of py_ecc")
        return
    public = decompress_G2((int.from_bytes(QUICKNET_KEY[:48]), int.from_bytes(QUICKNET_KEY[48:])))
    message = hash_to_G1(digest(u64(number)), BEACON_DOMAIN, sha256)
    try:
        point = decompress_G1(int.from_bytes(signature))
    except ValueError:
        raise Refused("the signature of the beacon is no point") from None
    signed = subgroup_check(point) and pairing(G2, point) == pairing(public, message)
    demand(signed, "the signature of the beacon is not quicknet's for this round")


CHECKS = (check_links, check_seed, check_dealers, check_winners)


def check_transcript(transcript: Record, terms: Terms) -> None:
    opened, closed, result = transcript["open"], transcript["close"], transcript["result"]
    ok(f"it is of {name_of(opened)}, for {opened['date']} in {quoted(opened['tz'])}")
    leaves, head = unhex(transcript["ballots"]), tag("ballot") + u64(opened["draw"])
    for seq, leaf in enumerate(leaves):
        demand(leaf.startswith(head + u64(seq)), f"ballot {seq} is not of this draw and place")
    demand(len(leaves) == closed["count"], f"the close is of {closed['count']} ballots, not {len(leaves)}")
    demand(root_of(leaves).hex() == closed["root"], "the close is of other ballots")
    ok(f"its {len(leaves)} ballots are those of the close")
    check_beacon(opened, result, terms)
    for check in CHECKS:
        ok(check(opened, closed, result))
    for prize, seq in enumerate(result["winners"], 1):
        print(f"  prize {prize}: ballot {seq}, {UUID(bytes=leaves[seq][-16:])}")
    print(f"  level {level_of(opened)}: {LEVELS[level_of(opened)]}")


# --- The log ---------------------------------------------------------------------------------------------------------

LONGEST_STEP = 2**24
"""How many seeds may lie between two that are shown: some seconds of hashing."""


@dataclass
class Draw:
    """What the log has said of it so far."""

    opened: Record | None = None
    closed: Record | None = None
    result: Record | None = None
    is_void: bool = False


@dataclass
class Lottery:
    """`next` is the first draw that is neither closed nor void, `shown` the newest seed that everybody knows."""

    first: int
    last: int
    next: int
    shown: str
    number: int = 0
    undecided: int = 0
    draws: dict[int, Draw] = field(default_factory=dict)

    def move_on(self) -> None:
        while (draw := self.draws.get(self.next)) and (draw.closed or draw.is_void):
            self.next += 1


class Log:
    """The records so far. The rules that a method names are those of the format, by their numbers."""

    def __init__(self, checkpoint: Checkpoint, terms: Terms) -> None:
        self.checkpoint, self.terms = checkpoint, terms
        self.leaves: list[bytes] = []
        self.lotteries: dict[str, Lottery] = {}
        self.by_open: dict[str, Draw] = {}
        self.by_close: dict[str, Draw] = {}

    def admit(self, record: Record) -> None:
        kind = next((kind for kind, wanted in RECORDS.items() if record.keys() == wanted.keys()), "")
        demand(kind, "it has the fields of no record")
        demand_shape(record, RECORDS[kind])
        getattr(self, f"admit_{kind}")(record)
        self.leaves.append(canonical(record))

    def lottery_of(self, record: Record) -> Lottery:
        demand(record["lottery"] in self.lotteries, "its lottery has no genesis before it")
        return self.lotteries[record["lottery"]]

    def admit_genesis(self, record: Record) -> None:
        """Rule 1."""
        name, first, last = record["lottery"], record["first"], record["last"]
        demand(name not in self.lotteries, "its lottery has a genesis already")
        demand(1 <= first <= last, "its first draw is not in its chain")
        self.lotteries[name] = Lottery(first, last, first, record["seed_commit"])

    def admit_open(self, record: Record) -> None:
        """Rules 2 and 4."""
        lottery, n = self.lottery_of(record), record["draw"]
        demand(n not in lottery.draws, "its draw was opened before, or is void")
        demand(n == lottery.next, f"the next draw is {lottery.next}, not {n}")
        demand(n <= lottery.last, f"its chain ends with draw {lottery.last}")
        steps = n - 1 - lottery.number
        demand(steps <= LONGEST_STEP, f"{steps} seeds lie between it and its chain's first commitment")
        demand(seed_below(record["seed_commit"], n - 1, steps) == lottery.shown, "its commitment is not of its chain")
        lottery.number, lottery.shown = n - 1, record["seed_commit"]
        lottery.draws[n] = self.by_open[id_of("open", record)] = Draw(record)
        lottery.undecided += 1

    def admit_close(self, record: Record) -> None:
        """Rule 3."""
        draw = self.by_open.get(record["open_id"], Draw())
        if draw.opened is None:
            raise Refused("its open is not before it")
        demand(record["draw"] == draw.opened["draw"], "its open is of another draw")
        demand(not draw.closed and not draw.is_void, "its draw was closed before, or is void")
        draw.closed = record
        self.by_close[id_of("close", record)] = draw
        self.lottery_of(draw.opened).move_on()

    def admit_result(self, record: Record) -> None:
        """Rule 3."""
        draw = self.by_close.get(record["close_id"], Draw())
        if draw.opened is None or draw.closed is None:
            raise Refused("its close is not before it")
        demand(not draw.result and not draw.is_void, "its draw has a result, or is void")
        check_beacon(draw.opened, record, self.terms)
        for check in CHECKS:
            check(draw.opened, draw.closed, record)
        draw.result = record
        self.lottery_of(draw.opened).undecided -= 1
        winners = ", ".join(map(str, record["winners"])) or "none"
        ok(f"{name_of(draw.opened)}: level {level_of(draw.opened)}, {draw.closed['count']} ballots, winners {winners}")

    def admit_void(self, record: Record) -> None:
        """Rule 3."""
        lottery, n = self.lottery_of(record), record["draw"]
        demand(n >= lottery.first, f"the first draw of its lottery is {lottery.first}")
        draw = lottery.draws.setdefault(n, Draw())
        demand(not draw.result and not draw.is_void, "its draw has a result, or is void")
        ids = draw.opened and id_of("open", draw.opened), draw.closed and id_of("close", draw.closed)
        demand((record["open_id"], record["close_id"]) == ids, "its ids are not those of what was written of its draw")
        draw.is_void = True
        lottery.undecided -= draw.opened is not None
        lottery.move_on()
        ok(f"draw {n} of {quoted(record['lottery'])}: void, {quoted(record['reason'])}")

    def admit_rekey(self, record: Record) -> None:
        """Rule 5."""
        lottery, first = self.lottery_of(record), record["first"]
        demand(not lottery.undecided, "a draw was opened that has no result and is not void")
        demand(first == lottery.next, f"the next draw is {lottery.next}, not {first}")
        demand(first <= record["last"], "its first draw is not in its chain")
        lottery.last, lottery.number, lottery.shown = record["last"], first - 1, record["seed_commit"]
        ok(f"{quoted(record['lottery'])}: a new chain from draw {first} on, {quoted(record['reason'])}")


def check_log(file: Record, terms: Terms) -> Log:
    log = Log(check_checkpoint(file["checkpoint"], terms), terms)
    for place, record in enumerate(file["records"]):
        with naming(f"record {place}"):
            log.admit(record)
    check_beginning(log.checkpoint, log)
    demand(len(log.leaves) == log.checkpoint.size, f"the checkpoint is of {log.checkpoint.size} records only")
    ok(f"its {log.checkpoint.size} records follow the rules, and the checkpoint is of them")
    for level in sorted({level_of(draw.opened) for draw in log.by_open.values() if draw.opened and draw.result}):
        print(f"  level {level}: {LEVELS[level]}")
    return log


def check_beginning(checkpoint: Checkpoint, log: Log) -> None:
    size = len(log.leaves)
    demand(checkpoint.origin == log.checkpoint.origin, "the checkpoint is of another log")
    demand(checkpoint.size <= size, f"the checkpoint is of {checkpoint.size} records, the log of {size} only")
    demand(root_of(log.leaves[: checkpoint.size]) == checkpoint.root, "the checkpoint is of other records")


# --- Plays -----------------------------------------------------------------------------------------------------------


def dice(move: Record, entropy: bytes) -> tuple[Record, int]:
    demand_shape(move, {"chance": int, "side": re.compile("over|under")})
    demand(move["chance"] in {1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80}, "dice has no such chance")
    roll = chosen(entropy, tag("luck") + u32(0), 100)
    wins = roll < move["chance"] if move["side"] == "under" else roll >= 100 - move["chance"]
    return {"roll": roll}, 10000 // move["chance"] if wins else 0


GAMES = {"dice": dice}
"""By name, what a move and the entropy lead to: the outcome, and the prize in cents."""


LONGEST_EPOCH = 10_000
"""Plays of one chain."""


def check_plays(file: Record) -> None:
    plays, number, shown = file["plays"], 0, file["genesis"]
    demand(file["game"] in GAMES, f"the game {quoted(file['game'])} is not known here")
    for play in plays:
        with naming(f"play {play['n']}"):
            demand(number < play["n"] <= LONGEST_EPOCH, f"it does not follow play {number}")
            demand(seed_below(play["seed"], play["n"], play["n"] - number) == shown, "its seed is not of the chain")
            number, shown = play["n"], play["seed"]
            check_play(file, play)
    gaps = "no gap" if number == len(plays) else "gaps"
    ok(f"{len(plays)} plays of {quoted(file['game'])} by user {file['player']}, from 1 to {number} with {gaps}")
    servers = sum(play["nonce_by"] == "server" for play in plays)
    print(f"  Each seed was settled before its nonce. Of these, {servers} came from the server, which knew the seeds.")
    print("  This does not show that the player had the genesis before the first play.")


def check_play(file: Record, play: Record) -> None:
    game, move = file["game"].encode(), canonical(play["move"])
    place = u32(len(game)) + game + u64(file["player"]) + u64(file["epoch"]) + u64(play["n"])
    seed, nonce = unhex([play["seed"], play["nonce"]])
    by = bytes([play["nonce_by"] == "player"])
    entropy = digest(tag("play") + place + seed + by + nonce + u32(len(move)) + move)
    demand(entropy.hex() == play["entropy"], "its entropy is not that of its seed, nonce and move")
    outcome, prize = GAMES[file["game"]](play["move"], entropy)
    demand(canonical(play["outcome"]) == canonical(outcome), f"its outcome has to be {json.dumps(outcome)}")
    demand(play["prize_cents"] == prize, f"its prize has to be {prize} cents")


# --- Rounds ----------------------------------------------------------------------------------------------------------

LONGEST_CHAIN = 1024
"""Rounds of one chain."""


def check_round(file: Record) -> None:
    opened, picks, closed, result = (file[name] for name in ROUND_RECORDS)
    demand(opened["game"] in GAMES, f"the game {quoted(opened['game'])} is not known here")
    ok(f"it is round {opened['round']} of group {opened['group']}, in {quoted(opened['game'])}")
    demand(opened["opens_at"] < opened["closes_at"], "the round opened later than it closed")
    demand(closed["open_id"] == id_of("round-open", opened), "the close is of another open")
    demand(result["close_id"] == id_of("round-close", closed), "the result is of another close")
    ok("the close is of this open, and the result of this close")
    demand(1 <= opened["n"] <= LONGEST_CHAIN, "no chain is so long")
    below = [seed_below(result["seed"], opened["n"], steps) for steps in (1, opened["n"])]
    demand(below == [opened["seed_commit"], opened["genesis"]], "the seed is not what the open commits to")
    ok("the seed is what the open commits to")
    players = [pick["player"] for pick in picks]
    demand(players == sorted(set(players)), "the picks are not one for each player, in their order")
    leaves = [tag("round-pick") + bytes.fromhex(pick["player"]) + canonical(pick["move"]) for pick in picks]
    demand(len(leaves) == closed["count"], f"the close is of {closed['count']} picks, not {len(leaves)}")
    demand(root_of(leaves).hex() == closed["root"], "the close is of other picks")
    ok(f"its {len(leaves)} picks are those of the close")
    check_scores(opened["game"], picks, result)
    ok("the prizes follow from the close and the seed")
    print(f"  The group has to have been told this commitment when the round was opened: {opened['seed_commit']}.")
    print("  But the operator knows the seed, and this does not stop them from trying picks before the close.")


def check_scores(game: str, picks: list[Record], result: Record) -> None:
    close_id, seed = unhex([result["close_id"], result["seed"]])
    entropy = digest(tag("entropy") + close_id + u32(len(seed)) + seed)
    scores = [GAMES[game](pick["move"], entropy) for pick in picks]
    demand(result["prizes"] == [prize for _, prize in scores], "the prizes have to be others")
    outcomes = [outcome for outcome, _ in scores]
    common = {name: fact for name, fact in (outcomes or [{}])[0].items() if all(one[name] == fact for one in outcomes)}
    demand(canonical(result["outcome"]) == canonical(common), f"its outcome has to be {json.dumps(common)}")


# --- Files, each by itself and against those before it ---------------------------------------------------------------


class Bench:
    """What has been checked so far. What two files say of the same thing has to agree."""

    ORDER = (LOG, TRANSCRIPT, CONSISTENCY, CHECKPOINT, RECEIPT, BALLOT, PLAYS, ROUND)

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.log: Log | None = None
        self.transcripts: list[Record] = []
        self.proven: list[Checkpoint] = []
        self.said: dict[str, object] = {}

    def check(self, kind: str, content: Any) -> None:  # noqa: ANN401  of the shape of its kind
        if kind == LOG:
            demand(not self.log, "this is a second log: of the older one give the checkpoint")
            self.log = check_log(content, self.terms)
        elif kind == TRANSCRIPT:
            check_transcript(content, self.terms)
            self.compare_transcript(content)
        elif kind == CONSISTENCY:
            proof = check_consistency(content, self.terms)
            self.proven += proof
            for checkpoint in proof:
                self.compare_checkpoint(checkpoint)
        elif kind == CHECKPOINT:
            self.compare_checkpoint(check_checkpoint(content, self.terms))
        elif kind == PLAYS:
            check_plays(content)
        elif kind == ROUND:
            check_round(content)
        else:
            check_receipt(content, self.terms)
            self.compare_receipt(content["receipt"], content.get("inclusion"))

    def agree(self, what: str, said: object) -> None:
        demand(self.said.setdefault(what, said) == said, f"another file says otherwise of {what}")

    def compare_transcript(self, transcript: Record) -> None:
        opened, closed, result = transcript["open"], transcript["close"], transcript["result"]
        self.agree(name_of(opened), closed)
        self.transcripts.append(transcript)
        if self.log:
            draw = self.log.by_open.get(closed["open_id"], Draw())
            demand((draw.opened, draw.closed, draw.result) == (opened, closed, result), "the log says otherwise")
            ok("its open, close and result are in the log")

    def compare_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.agree(f"{checkpoint.size} records of {quoted(checkpoint.origin)}", checkpoint.root)
        if self.log:
            check_beginning(checkpoint, self.log)
            ok(f"the log begins with these {checkpoint.size} records")
        elif self.proven:
            demand(checkpoint in self.proven, "the proof of consistency is of other checkpoints")
            ok(f"the proof of consistency is of these {checkpoint.size} records")
        else:
            demand(not self.terms.hold_checkpoints, "there is nothing to hold this against: give the log")

    def compare_receipt(self, receipt: Record, inclusion: Record | None) -> None:
        """The close of an inclusion is signed by nobody: it has to be that of a transcript, or in the log."""
        named = name_of(receipt)
        self.agree(f"ballot {receipt['seq']} of {named}", receipt["leaf"])
        own = [transcript for transcript in self.transcripts if name_of(transcript["open"]) == named]
        for transcript in own:
            demand(receipt["at"] < transcript["open"]["closes_at"], "the ballot was taken too late")
            ballot, winners = transcript["ballots"][receipt["seq"] :][:1], transcript["result"]["winners"]
            demand(ballot == [receipt["leaf"]], "the transcript has not this ballot")
            demand(not inclusion or inclusion["close"] == transcript["close"], "the transcript has another close")
            won = receipt["seq"] in winners and f"prize {winners.index(receipt['seq']) + 1}"
            ok(f"the ballot is in the transcript, and won {won or 'nothing'}")
        if self.log:
            demand(receipt["log"] == self.log.checkpoint.origin, "the receipt is of another log")
        if self.log and inclusion:
            draw = self.log.by_open.get(inclusion["close"]["open_id"], Draw())
            demand(draw.closed == inclusion["close"], "the log has not this close")
            demand(draw.opened and draw.opened["lottery"] == receipt["lottery"], "the close is of another lottery")
            ok("the close is in the log")
        held = own or (self.log and inclusion)
        alone = not (self.transcripts or self.log or inclusion or self.terms.hold_receipts)
        demand(held or alone, "there is nothing to hold this against: give the transcript of its draw")


def options_of(program: str) -> argparse.ArgumentParser:
    about, _, what, _ = str(__doc__).split("\n\n")
    usage = f"{program} [verify | verify-all] FILE... [options]"
    parser = argparse.ArgumentParser(prog=program, usage=usage, description=about, epilog=what)
    parser.add_argument("files", nargs="+", metavar="FILE")
    signatures = parser.add_mutually_exclusive_group()
    signatures.add_argument("--key", help="the log's verifier key, or the file that holds it")
    signatures.add_argument("--unsigned", action="store_true", help="leave signatures unchecked, for want of the key")
    parser.add_argument("--beacon-unchecked", action="store_true", help="leave a beacon unchecked, for want of py_ecc")
    parser.add_argument("--receipt", action="append", default=[], metavar="FILE", help="has to be in a transcript here")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="FILE", help="has to begin the log here")
    return parser


def verify(options: argparse.Namespace, *, whole_log: bool) -> Terms:
    """Raises Refused, and OSError for what cannot be read."""
    terms = Terms(None, options.unsigned, options.beacon_unchecked, bool(options.receipt), bool(options.checkpoint))
    if options.key is not None:
        is_key = KEY.fullmatch(options.key)
        terms.key = read_key(options.key if is_key else Path(options.key).read_bytes().decode(errors="replace"))
    files = []
    for path in (*options.files, *options.receipt, *options.checkpoint):
        with naming(path):
            files.append(read_file(path, Path(path).read_bytes()))
    demand(not whole_log or files[0].kind == LOG, f"{files[0].path}: this is no log")
    bench = Bench(terms)
    for file in sorted(files, key=lambda file: Bench.ORDER.index(file.kind)):
        print(f"{file.path}:")
        with naming(file.path):
            bench.check(file.kind, file.content)
    return terms


def main(arguments: Sequence[str], program: str) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    parser, command = options_of(program), arguments[:1]
    rest = arguments[1:] if command in (["verify"], ["verify-all"]) else arguments
    try:
        terms = verify(parser.parse_intermixed_args(rest), whole_log=command == ["verify-all"])
    except OSError as error:
        parser.error(str(error))
    except Refused as refusal:
        sys.stdout.flush()
        print(f"REFUSED: {refusal}", file=sys.stderr)
        return 1
    print(f"This holds, but for what was NOT CHECKED ({terms.unchecked})." if terms.unchecked else "All of this holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(sys.argv[0]).name))
