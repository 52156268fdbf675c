"""Following the server's log: which draws have our commitment, and the ballots of which are frozen.

The log is read from its first record on, once, and every record is held against the signed checkpoints. So a server can
show nobody a close and take it back, or show a dealer another log than it shows to others, without leaving a proof.
"""

from collections.abc import Iterable, Iterator

from app.dealer.desk import Desk, Opened, Seen
from app.dealer.server import Server
from app.dealer.trouble import Trouble
from app.fairdraw.dealing import Hand
from app.fairdraw.draws import open_id
from app.fairdraw.hashing import Record
from app.fairdraw.witness import Distrusted, VerifierKey, Witness


def look(desk: Desk, server: Server) -> Seen:
    """Read what came since the last time; it is kept before this returns. Raises Trouble."""
    terms, seen, hand = desk.terms, desk.seen, desk.hand
    log = server.log()
    if log.key != terms.log_key:
        raise Trouble(f"The log has another key than the one you trusted:\n  {log.key}\n  {terms.log_key}")
    if log.checkpoint is None:
        if seen.size:
            raise Trouble("The log is empty, and was not before. Keep your directory: it has the proof.")
        return seen
    try:
        witness = Witness(VerifierKey.parse(terms.log_key), seen.size, map(bytes.fromhex, seen.peaks))
        witness.sees(log.checkpoint, noting(server.records(seen.size, log.size), seen, hand))
    except Distrusted as distrusted:
        raise Trouble(
            f"{distrusted} Nothing was revealed. Keep your directory: seen.json has the signed checkpoint of before. "
            "Show it to the others."
        ) from distrusted
    seen.size, seen.checkpoint = witness.frontier.size, log.checkpoint
    seen.peaks = [peak.hex() for peak in witness.frontier.peaks]
    desk.keep(seen)
    return seen


def noting(records: Iterable[Record], seen: Seen, hand: Hand) -> Iterator[Record]:
    """The records, noting what concerns us. Raises Distrusted."""
    for record in records:
        try:
            note(record, seen, hand)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise Distrusted(f"The log has a record that cannot be read: {error!r}.") from error
        yield record


def note(record: Record, seen: Seen, hand: Hand) -> None:
    """A record is told by its own fields: what the server says about it is not signed."""
    if "seed_commit" in record and "closes_at" in record:
        if record["lottery"] == hand.lottery:
            note_open(record, seen, hand)
    elif "root" in record and "open_id" in record:
        if opened := seen.opened.pop(record["open_id"], None):
            seen.closed[record["open_id"]] = opened
    elif record.get("kind") == "void":
        seen.opened.pop(record["open_id"], None)
        seen.closed.pop(record["open_id"], None)


def note_open(record: Record, seen: Seen, hand: Hand) -> None:
    number = int(record["draw"])
    if number <= seen.newest:
        raise Distrusted(f"Draw {number} is opened after draw {seen.newest}.")
    seen.newest = number
    if hand.commitment(number).hex() in record["dealers"]:
        seen.opened[open_id(record).hex()] = Opened(number, int(record["closes_at"]))
