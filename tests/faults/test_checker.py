"""The checker, checked: a small healthy run passes, and every bug planted into it is caught under its invariant."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.faults.checker import BallotRow, Evidence, MessageRow, PlayRow, Recovery, Tally, score, violations
from tests.faults.history import Event, History, Sighting, read

from app.domain.lottery.schemas import ReceiptRecord, SignedReceipt

ALICE, BOB, ROOM = 1, 2, 7
Plant = Callable[[Evidence], Evidence]


def event(type: str, op: str, time: float, **fields: Any) -> Event:  # noqa: A002, ANN401  Jepsen's word; any field
    return Event(type=type, op=op, time=time, **fields)  # type: ignore[arg-type]


def said(user: int, key: str, at: float, number: int = 0, *, line: str = "", outcome: str = "ok") -> list[Event]:
    """A send and its outcome a tenth of a second later."""
    fields: dict[str, Any] = {"user": user, "key": key, "conversation": ROOM, "body": f"text of {key}"}
    return [
        event("invoke", "send", at, line=line or f"line{user}", **fields),
        event(outcome, "send", at + 0.1, number=number, **fields),
    ]


def seen(watcher: str, row: MessageRow, at: float = 1.0, session: str = "") -> Sighting:
    return Sighting(
        watcher=watcher,
        user=BOB,
        session=session,
        time=at,
        conversation=row.conversation,
        number=row.number,
        sender=row.sender,
        client_id=row.client_id,
        body=row.body,
    )


def receipt(draw: int, seq: int) -> SignedReceipt:
    record = ReceiptRecord(log="parlour", lottery="minute", draw=draw, seq=seq, leaf="00", at=0)
    return SignedReceipt(receipt=record, signature="00")


def took_part(*receipts: SignedReceipt, count: int) -> Event:
    return event("ok", "ballot", 8.2, user=ALICE, key="v1", body=str(count), receipts=receipts)


ROWS = [
    MessageRow(ROOM, number, sender, key, f"text of {key}")
    for number, (sender, key) in enumerate([(ALICE, "a1"), (BOB, "b1"), (ALICE, "a2"), (ALICE, "a3")], start=1)
]
HEALTHY = Evidence(
    events=[
        *said(ALICE, "a1", 1, 1),
        *said(BOB, "b1", 2, 2),
        *said(ALICE, "a2", 3, outcome="info"),
        *said(ALICE, "a2", 4, 3),
        *said(ALICE, "a3", 5, 4),
        *said(ALICE, "a1", 6, 1),
        *said(BOB, "b2", 7, outcome="info"),
        event("invoke", "play", 8, user=ALICE, key="p1", body="842"),
        event("ok", "play", 8.1, user=ALICE, key="p1", body="842", number=11, prize_cents=42100),
        event("info", "ballot", 8.1, user=ALICE, key="v1", body="2"),
        took_part(receipt(3, 5), receipt(3, 6), count=2),
    ],
    sightings=[seen(watcher, row) for row in ROWS for watcher in ("first", "second")],
    messages=ROWS,
    plays=[
        PlayRow(11, ALICE, "p1", 842, won=True, prize_cents=42100),
        PlayRow(12, ALICE, "p2", 7, won=False, prize_cents=0),
    ],
    tallies={ALICE: Tally(2, 1, 42100, 42100)},
    ballots=[BallotRow(ALICE, "v1", 3, 5), BallotRow(ALICE, "v1", 3, 6)],
    watched=[("first", ROOM), ("second", ROOM)],
    recoveries=[Recovery("FLUSHALL", 0.4, 0)],
)


def rows(*changed: MessageRow) -> Plant:
    return lambda healthy: replace(healthy, messages=changed)


def seen_by_first(numbers: Sequence[int], rest: Sequence[Sighting] = ()) -> Plant:
    """The second watcher saw all; the first one these."""
    return lambda healthy: replace(
        healthy,
        sightings=[
            *(one for one in healthy.sightings if one.watcher == "second"),
            *(seen("first", ROWS[number - 1]) for number in numbers),
            *rest,
        ],
    )


def plays(*changed: PlayRow, **tallies: Tally) -> Plant:
    return lambda healthy: replace(
        healthy, plays=changed, tallies={ALICE: tallies.get("tally", healthy.tallies[ALICE])}
    )


def also(*events: Event, sightings: Sequence[Sighting] = ()) -> Plant:
    return lambda healthy: replace(
        healthy, events=[*healthy.events, *events], sightings=[*healthy.sightings, *sightings]
    )


def recovered(recovery: Recovery) -> Plant:
    return lambda healthy: replace(healthy, recoveries=[recovery])


ONE, TWO, THREE, FOUR = ROWS
LEFT = event("ok", "leave", 20, user=BOB, conversation=ROOM)
ENDED = event("ok", "logout", 20, user=BOB, key="phone")
LATE = Sighting(
    watcher="third", user=BOB, session="phone", time=26, conversation=ROOM, number=1, sender=ALICE, client_id="a1",
    body="text of a1",
)  # fmt: skip

PLANTED: dict[str, tuple[str, Plant]] = {
    "an acknowledged message is missing": ("I1", rows(ONE, TWO, THREE)),
    "an acknowledged message has another number": (
        "I1",
        rows(ONE, TWO, THREE._replace(number=4), FOUR._replace(number=3)),
    ),
    "an acknowledged message has another text": ("I1", rows(ONE, TWO, THREE, FOUR._replace(body="other"))),
    "an acknowledged play is missing": (
        "I1",
        plays(PlayRow(12, ALICE, "p2", 7, won=False, prize_cents=0), tally=Tally(1, 0, 0, 0)),
    ),
    "an acknowledged play has another result": (
        "I1",
        plays(PlayRow(11, ALICE, "p1", 844, won=True, prize_cents=42200), tally=Tally(1, 1, 42200, 42200)),
    ),
    "an acknowledged ballot is missing": (
        "I1",
        lambda healthy: replace(healthy, ballots=healthy.ballots[:1]),
    ),
    "a ballot is stored that nobody was told of": (
        "I1",
        lambda healthy: replace(healthy, ballots=[*healthy.ballots, BallotRow(ALICE, "v1", 4, 0)]),
    ),
    "fewer ballots were acknowledged than were asked for": (
        "I1",
        also(took_part(receipt(3, 5), receipt(3, 6), count=3)),
    ),
    "it was acknowledged when it was accepted": ("I1", also(*said(BOB, "b2", 9, 5))),
    "a resend was acknowledged under another number": ("I1", also(*said(ALICE, "a1", 9, 5))),
    "a message is stored twice": ("I2", rows(*ROWS, ONE._replace(number=5))),
    "a play is stored twice": (
        "I2",
        plays(
            PlayRow(11, ALICE, "p1", 842, won=True, prize_cents=42100),
            PlayRow(12, ALICE, "p1", 842, won=True, prize_cents=42100),
            tally=Tally(2, 2, 84200, 42100),
        ),
    ),
    "a number was left out": ("I3", rows(ONE, TWO, THREE, FOUR._replace(number=5))),
    "a number was given twice": ("I3", rows(ONE, TWO, THREE, FOUR._replace(number=3))),
    "numbers begin at 0": ("I3", rows(*(row._replace(number=row.number - 1) for row in ROWS))),
    "a watcher saw one twice": ("I4", seen_by_first([1, 2, 2, 3, 4])),
    "a watcher saw two swapped": ("I4", seen_by_first([1, 3, 2, 4])),
    "a watcher missed one in the middle": ("I4", seen_by_first([1, 2, 4])),
    "a watcher missed the last one": ("I4", seen_by_first([1, 2, 3])),
    "a watcher missed the first one": ("I4", seen_by_first([2, 3, 4])),
    "a watcher saw nothing": ("I4", seen_by_first([])),
    "a watcher saw the beginning again after it had reconnected": ("I4", seen_by_first([1, 2, 3, 4, 1])),
    "a watcher saw what was rolled back": ("I4", seen_by_first([1, 2, 3, 4], [seen("first", ONE._replace(number=5))])),
    "a watcher saw another text": (
        "I4",
        lambda healthy: replace(
            healthy,
            sightings=[*healthy.sightings[:-1], msgspec.structs.replace(healthy.sightings[-1], body="other")],
        ),
    ),
    "what was sent after an acknowledgement came before it": (
        "I5",
        lambda healthy: replace(
            healthy,
            events=[
                *said(ALICE, "a1", 1, 3),
                *said(BOB, "b1", 2, 2),
                *said(ALICE, "a2", 4, 1),
                *said(ALICE, "a3", 5, 4),
            ],
            messages=[ONE._replace(number=3), TWO, THREE._replace(number=1), FOUR],
        ),
    ),
    "two on one line were swapped": (
        "I5",
        lambda healthy: replace(
            healthy,
            events=[said(ALICE, "a1", 1)[0], said(ALICE, "a2", 2)[0], *said(BOB, "b1", 3, 2), *said(ALICE, "a3", 5, 4)],
            messages=[ONE._replace(number=3), TWO, THREE._replace(number=1), FOUR],
        ),
    ),
    "there is a row that nobody sent": ("I6", rows(*ROWS, MessageRow(ROOM, 5, BOB, "x", "never said"))),
    "a text went under another's id": (
        "I6",
        rows(*ROWS, MessageRow(ROOM, 5, BOB, "b2", "text of a1")),
    ),
    "what was refused was stored": (
        "I6",
        lambda healthy: also(*said(BOB, "b3", 9, outcome="fail"))(
            replace(healthy, messages=[*ROWS, MessageRow(ROOM, 5, BOB, "b3", "text of b3")])
        ),
    ),
    "a play was scored wrongly": (
        "I7",
        plays(PlayRow(11, ALICE, "p1", 842, won=True, prize_cents=58940), tally=Tally(1, 1, 58940, 58940)),
    ),
    "a play was counted twice": (
        "I7",
        lambda healthy: replace(healthy, tallies={ALICE: Tally(3, 2, 84200, 42100)}),
    ),
    "a play was not counted": ("I7", lambda healthy: replace(healthy, tallies={})),
    "somebody was counted who never played": (
        "I7",
        lambda healthy: replace(healthy, tallies={**healthy.tallies, BOB: Tally(1, 0, 0, 0)}),
    ),
    "the verifier refuses a draw": ("I8", lambda healthy: replace(healthy, unfair=["REFUSED: draw-3.json"])),
    "a message reached somebody who had left": ("I10", also(LEFT, sightings=[LATE])),
    "a message reached somebody who had logged out": ("I10", also(ENDED, sightings=[LATE])),
    "a fault was not recovered from in time": ("I11", recovered(Recovery("FLUSHALL", 10.1, 0))),
    "something waits for ever": ("I11", recovered(Recovery("FLUSHALL", 0.4, 1))),
    "the server failed": ("Refused", also(event("fail", "play", 9, user=BOB, key="p", code="500 internal_error"))),
    "a message was refused for no reason": ("Refused", also(*said(BOB, "b3", 9, outcome="fail"))),
}


def test_a_healthy_run_violates_nothing() -> None:
    assert violations(HEALTHY) == []


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught_under_its_invariant(bug: str) -> None:
    invariant, plant = PLANTED[bug]
    found = violations(plant(HEALTHY))
    assert any(violation.startswith(invariant) for violation in found), found


def test_a_message_may_reach_somebody_until_five_seconds_after_leaving_and_again_after_coming_back() -> None:
    back = event("invoke", "join", 25.5, user=BOB, conversation=ROOM)
    in_time = msgspec.structs.replace(LATE, time=24.9)
    assert violations(also(LEFT, sightings=[in_time])(HEALTHY)) == []
    assert violations(also(LEFT, back, sightings=[LATE])(HEALTHY)) == []


def test_what_was_sent_again_may_come_after_what_was_sent_later() -> None:
    overtaken = replace(
        HEALTHY,
        events=[
            said(ALICE, "a1", 1)[0],
            *said(ALICE, "a2", 2, 1),
            *said(ALICE, "a1", 3, 3),
            *said(BOB, "b1", 3, 2),
            *said(ALICE, "a3", 5, 4),
        ],
        messages=[ONE._replace(number=3), TWO, THREE._replace(number=1), FOUR],
        sightings=[],
        watched=[],
        plays=[],
        tallies={},
    )
    assert violations(overtaken) == []


@pytest.mark.parametrize(
    ("number", "won", "cents"),
    [(1, False, 0), (300, True, 3000), (302, True, 9060), (602, True, 30100), (842, True, 42100), (902, True, 63140)],
)
def test_the_oracle_pays_what_the_documents_say(number: int, won: bool, cents: int) -> None:
    assert score(number) == (won, cents)


def test_a_history_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.jsonl")
    for one in HEALTHY.events:
        history.note(one)
    for sighting in HEALTHY.sightings:
        history.saw(sighting)
    history.close()
    assert read(tmp_path / "history.jsonl") == (history.events, history.sightings)
