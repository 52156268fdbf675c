"""Did the guarantee hold? Pure functions over a run's history, the database after it, and what its watchers saw.

Each check is one invariant of the guarantee and answers with the violations that it found, each a sentence that begins
with the invariant's name. `violations` runs them all.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from tests.faults.history import Event, Sighting

REMOVED_SECONDS = 5.0
"""After this long, nothing more reaches who left, was removed or logged out (I10)."""

OF_THE_GROUP = "group "
"""How the client ids of a group's own messages begin, which tell who joins and leaves. Nobody can send such a one."""

RECOVERY_SECONDS = 10.0
"""From the end of a fault to an answering service without a backlog (I11)."""


class MessageRow(NamedTuple):
    conversation: int
    number: int
    sender: int
    client_id: str
    body: str


class PlayRow(NamedTuple):
    id: int
    user: int
    key: str
    number: int
    won: bool
    prize_cents: int


class BallotRow(NamedTuple):
    user: int
    key: str
    draw: int
    seq: int


class Tally(NamedTuple):
    games: int
    wins: int
    prize_cents: int
    best_prize_cents: int


class Recovery(NamedTuple):
    """After a fault: how long until everything answered, and what still waited in the inboxes then."""

    fault: str
    seconds: float
    backlog: int


@dataclass(frozen=True)
class Evidence:
    events: Sequence[Event] = ()
    sightings: Sequence[Sighting] = ()
    messages: Sequence[MessageRow] = ()
    """Of the run's conversations, in no order."""
    plays: Sequence[PlayRow] = ()
    """Of the run's users, from earlier runs as well."""
    tallies: Mapping[int, Tally] = field(default_factory=dict)
    ballots: Sequence[BallotRow] = ()
    unfair: Sequence[str] = ()
    """What the verifier said against the log, the draws that were held, and the receipts."""
    watched: Sequence[tuple[str, int]] = ()
    """A watcher and a conversation that it was on from the first message to after the last."""
    recoveries: Sequence[Recovery] = ()


Check = Callable[[Evidence], Iterator[str]]
MessageKey = tuple[int, int, str]
"""Conversation, sender, client id."""


def violations(evidence: Evidence) -> list[str]:
    return [violation for check in CHECKS for violation in check(evidence)]


def message_key(event: Event) -> MessageKey:
    return event.conversation, event.user, event.key


def of(events: Iterable[Event], op: str, kind: str) -> Iterator[Event]:
    return (event for event in events if event.op == op and event.type == kind)


def acknowledged_is_stored(evidence: Evidence) -> Iterator[str]:
    """I1: what was acknowledged is in the database, under the number and with the text (or the score) acknowledged."""
    rows = {(row.conversation, row.sender, row.client_id): row for row in evidence.messages}
    for ok in of(evidence.events, "send", "ok"):
        row = rows.get(message_key(ok))
        if row is None:
            yield f"I1: {message_key(ok)} was acknowledged as {ok.number} and is not stored"
        elif (row.number, row.body) != (ok.number, ok.body):
            yield f"I1: {message_key(ok)} was acknowledged as {ok.number} {ok.body!r} and is stored as {row}"
    plays = {(play.user, play.key): play for play in evidence.plays}
    for ok in of(evidence.events, "play", "ok"):
        play = plays.get((ok.user, ok.key))
        if play is None:
            yield f"I1: play {ok.user, ok.key} was acknowledged and is not stored"
        elif (play.id, str(play.number), play.prize_cents) != (ok.number, ok.body, ok.prize_cents):
            yield f"I1: play {ok.user, ok.key} was acknowledged as {ok} and is stored as {play}"


def acknowledged_ballots_are_stored(evidence: Evidence) -> Iterator[str]:
    """I1: each ballot that was acknowledged is in the database at its place in its draw, and no other under its key."""
    stored: defaultdict[tuple[int, str], set[tuple[int, int]]] = defaultdict(set)
    for row in evidence.ballots:
        stored[row.user, row.key].add((row.draw, row.seq))
    for ok in of(evidence.events, "ballot", "ok"):
        acknowledged = {(signed.receipt.draw, signed.receipt.seq) for signed in ok.receipts}
        if acknowledged != stored[ok.user, ok.key] or len(acknowledged) != int(ok.body):
            there = sorted(stored[ok.user, ok.key])
            yield f"I1: ballots {ok.user, ok.key} were acknowledged as {sorted(acknowledged)} and are stored as {there}"


def draws_are_fair(evidence: Evidence) -> Iterator[str]:
    """I8: every draw follows from its frozen ballots, with those in it that were acknowledged, and was held once."""
    yield from (f"I8: {refusal}" for refusal in evidence.unfair)


def stored_once(evidence: Evidence) -> Iterator[str]:
    """I2: one row for each sender and client id, one for each player and idempotency key."""
    keys = Counter((row.conversation, row.sender, row.client_id) for row in evidence.messages)
    yield from (f"I2: {key} is stored {times} times" for key, times in keys.items() if times > 1)
    plays = Counter((play.user, play.key) for play in evidence.plays)
    yield from (f"I2: play {key} is stored {times} times" for key, times in plays.items() if times > 1)


def numbered_without_gaps(evidence: Evidence) -> Iterator[str]:
    """I3: the messages of a conversation are numbered 1 to n, each number once."""
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for row in evidence.messages:
        numbers[row.conversation].append(row.number)
    for conversation, found in numbers.items():
        wanted = range(1, len(found) + 1)
        if sorted(found) != list(wanted):
            missing = sorted(set(wanted) - set(found))
            doubled = sorted(number for number, times in Counter(found).items() if times > 1)
            yield f"I3: conversation {conversation} misses the numbers {missing} and has {doubled} more than once"


def watched_in_order(evidence: Evidence) -> Iterator[str]:
    """I4: every watcher saw the same messages, each once, in their order and without a gap, also when reconnecting."""
    rows = {(row.conversation, row.number): row for row in evidence.messages}
    seen: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for one in evidence.sightings:
        seen[one.watcher, one.conversation].append(one.number)
        row = rows.get((one.conversation, one.number))
        if row is None:
            yield f"I4: {one.watcher} saw {one.conversation}/{one.number}, which is not stored"
        elif (row.sender, row.client_id, row.body) != (one.sender, one.client_id, one.body):
            yield f"I4: {one.watcher} saw {one}, which is stored as {row}"
    for (watcher, conversation), numbers in seen.items():
        for before, number in pairwise([0, *numbers]):
            if number != before + 1:
                yield f"I4: {watcher} in {conversation} saw {number} right after {before}"
    lasts = Counter(row.conversation for row in evidence.messages)
    for watcher, conversation in evidence.watched:
        if len(set(seen[watcher, conversation])) < lasts[conversation]:
            missing = sorted(set(range(1, lasts[conversation] + 1)) - set(seen[watcher, conversation]))
            yield f"I4: {watcher} never saw {missing} of conversation {conversation}"


@dataclass
class Sent:
    """A stored message as its sender knows it. Places count the history's events."""

    number: int
    first: int
    line: str
    attempts: int = 0
    acknowledged: float = float("inf")


def sent_and_stored(evidence: Evidence) -> dict[MessageKey, Sent]:
    """In the order of their first attempts."""
    numbers = {(row.conversation, row.sender, row.client_id): row.number for row in evidence.messages}
    found: dict[MessageKey, Sent] = {}
    for place, event in enumerate(evidence.events):
        key = message_key(event)
        if event.op != "send" or key not in numbers:
            continue
        sent = found.setdefault(key, Sent(numbers[key], place, event.line))
        sent.attempts += event.type == "invoke"
        if event.type == "ok":
            sent.acknowledged = min(sent.acknowledged, place)
    return found


def kept_the_senders_order(evidence: Evidence) -> Iterator[str]:
    """I5: what one sender sent one after the other is numbered so.

    "After the other" means: after its acknowledgement, or later over the same line where neither had to be sent again.
    """
    by_sender: defaultdict[tuple[int, int], list[tuple[MessageKey, Sent]]] = defaultdict(list)
    for key, sent in sent_and_stored(evidence).items():
        by_sender[key[0], key[1]].append((key, sent))
    for all_sent in by_sender.values():
        acknowledged = deque(sorted((sent.acknowledged, sent.number) for _, sent in all_sent))
        highest = 0
        highest_of_line: defaultdict[str, int] = defaultdict(int)
        for key, sent in all_sent:
            while acknowledged[0][0] < sent.first:
                highest = max(highest, acknowledged.popleft()[1])
            once = sent.attempts == 1
            before = max(highest, highest_of_line[sent.line] if once else 0)
            if before > sent.number:
                yield f"I5: {key} has number {sent.number}, and what was sent before it has {before}"
            if once:
                highest_of_line[sent.line] = max(highest_of_line[sent.line], sent.number)


def nothing_was_invented(evidence: Evidence) -> Iterator[str]:
    """I6: every row was sent by somebody, with this text, and was not refused each time; or the group tells it."""
    sent: defaultdict[MessageKey, set[str]] = defaultdict(set)
    attempts: Counter[MessageKey] = Counter()
    for event in of(evidence.events, "send", "invoke"):
        sent[message_key(event)].add(event.body)
        attempts[message_key(event)] += 1
    refused = Counter(message_key(event) for event in of(evidence.events, "send", "fail"))
    for row in evidence.messages:
        key = (row.conversation, row.sender, row.client_id)
        if row.client_id.startswith(OF_THE_GROUP):
            continue
        if row.body not in sent[key]:
            yield f"I6: nobody sent {row}"
        elif refused[key] == attempts[key]:
            yield f"I6: {row} was refused, and is stored"


def score(number: int) -> tuple[bool, int]:
    """An oracle of its own, from product.md 1.6: even wins; a share of 70, 50, 30 or 10 percent, in cents."""
    if number % 2 == 1:
        return False, 0
    percent = 70 if number > 900 else 50 if number > 600 else 30 if number > 300 else 10
    return True, number * percent


def plays_are_scored_once(evidence: Evidence) -> Iterator[str]:
    """I7: each play has the score of its number, and a player's totals are those of a recount."""
    recount: dict[int, Tally] = {}
    for play in evidence.plays:
        if (play.won, play.prize_cents) != score(play.number):
            yield f"I7: {play} should score {score(play.number)}"
        games, wins, prize, best = recount.get(play.user, Tally(0, 0, 0, 0))
        recount[play.user] = Tally(games + 1, wins + play.won, prize + play.prize_cents, max(best, play.prize_cents))
    for user in recount.keys() | evidence.tallies.keys():
        if recount.get(user) != evidence.tallies.get(user):
            yield f"I7: user {user} has {evidence.tallies.get(user)}, a recount gives {recount.get(user)}"


def nothing_reaches_who_is_gone(evidence: Evidence) -> Iterator[str]:
    """I10: nobody hears of a conversation later than five seconds after leaving it, or of any after logging out."""
    left: dict[tuple[int, int], float] = {}
    absences: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    ended = {event.key: event.time for event in of(evidence.events, "logout", "ok")}
    for event in evidence.events:
        where = event.user, event.conversation
        if event.op == "leave" and event.type == "ok":
            left.setdefault(where, event.time)
        elif event.op == "join" and event.type == "invoke" and where in left:
            absences[where].append((left.pop(where), event.time))
    for where, since in left.items():
        absences[where].append((since, float("inf")))
    for one in evidence.sightings:
        for since, until in absences[one.user, one.conversation]:
            if since + REMOVED_SECONDS < one.time < until:
                yield f"I10: {one.watcher} saw {one.number} of {one.conversation} {one.time - since:.1f} s late"
        if one.time > ended.get(one.session, float("inf")) + REMOVED_SECONDS:
            yield f"I10: {one.watcher} saw {one.number} of {one.conversation} after session {one.session} had ended"


def recovered_in_time(evidence: Evidence) -> Iterator[str]:
    """I11: ten seconds after the end of a fault everything answers, and nothing waits in the inboxes."""
    for recovery in evidence.recoveries:
        if recovery.seconds > RECOVERY_SECONDS:
            yield f"I11: {recovery.seconds:.1f} s to recover from {recovery.fault}"
        if recovery.backlog:
            yield f"I11: {recovery.backlog} entries still wait after {recovery.fault}"


def refused_only_what_may_be(evidence: Evidence) -> Iterator[str]:
    """The generator sends nothing that could be wrong: a refusal other than for load, and any 500, is a defect."""
    for event in evidence.events:
        if event.type == "fail" and event.code not in {"throttled", "inbox_full", "too_many_requests"}:
            yield f"Refused with {event.code!r}: {event}"


CHECKS: tuple[Check, ...] = (
    acknowledged_is_stored,
    acknowledged_ballots_are_stored,
    stored_once,
    numbered_without_gaps,
    watched_in_order,
    kept_the_senders_order,
    nothing_was_invented,
    plays_are_scored_once,
    draws_are_fair,
    nothing_reaches_who_is_gone,
    recovered_in_time,
    refused_only_what_may_be,
)
