"""Where each conversation was heard to, on one line and the next."""

from datetime import UTC, datetime

import pytest

from parlour_client import Message, Refused, Unreachable
from parlour_client.frames import Problem, Subscribed, Unsubscribed
from parlour_client.positions import Positions
from parlour_client.telling import Resume, Subscribe

pytestmark = pytest.mark.anyio
CHESS, CHECKERS = 1, 2


def message(conversation: int, number: int) -> Message:
    return Message(
        conversation_id=conversation,
        message_id=number,
        message="hello",
        sender_id=1,
        sender="ada",
        timestamp=datetime(2026, 11, 21, tzinfo=UTC),
        client_id=str(number),
    )


async def heard_from(positions: Positions, conversation: int, position: int) -> None:
    positions.want(conversation, None)
    positions.subscribed(Subscribed(conversation, position))


async def test_an_event_is_admitted_once_and_only_where_it_is_wanted() -> None:
    positions = Positions()
    await heard_from(positions, CHESS, 4)
    assert [positions.admit(message(CHESS, n)) for n in (4, 5, 5, 6)] == [False, True, False, True]
    assert not positions.admit(message(CHECKERS, 7))


async def test_a_new_line_resumes_what_was_heard_and_asks_anew_for_what_was_not_answered() -> None:
    positions = Positions()
    await heard_from(positions, CHESS, 4)
    positions.admit(message(CHESS, 5))
    positions.want(CHECKERS, None)
    positions.want(3, 7)
    assert list(positions.resumption()) == [Subscribe(CHECKERS), Subscribe(3, 7), Resume({CHESS: 5})]


async def test_a_position_does_not_move_past_what_was_not_admitted() -> None:
    """It was dropped, for want of room: the answer to the subscription does not make it heard."""
    positions = Positions()
    positions.want(CHESS, 0)
    positions.admit(message(CHESS, 1))
    positions.subscribed(Subscribed(CHESS, 50))
    assert list(positions.resumption()) == [Resume({CHESS: 1})]


async def test_what_comes_before_unsubscribed_belongs_to_the_old_wish() -> None:
    positions = Positions()
    await heard_from(positions, CHESS, 4)
    positions.forget(CHESS)
    positions.leave(CHESS)
    positions.want(CHESS, 0)
    assert not positions.admit(message(CHESS, 5))
    assert not positions.unsubscribed(Unsubscribed(CHESS))
    assert positions.admit(message(CHESS, 1))


async def test_being_put_out_is_told_once() -> None:
    positions = Positions()
    await heard_from(positions, CHESS, 4)
    assert positions.unsubscribed(Unsubscribed(CHESS))
    assert not positions.unsubscribed(Unsubscribed(CHESS))
    assert list(positions.resumption()) == []


async def test_a_refusal_goes_to_whoever_asked() -> None:
    positions = Positions()
    place = positions.want(CHESS, None)
    problem = Problem("no_such_conversation", "There is none.", conversation_id=CHESS)
    assert positions.refused_by(problem) == CHESS
    assert positions.refuse(CHESS, problem)
    with pytest.raises(Refused):
        await place.began
    assert positions.refused_by(problem) is None


async def test_an_error_about_something_else_in_a_conversation_is_no_answer() -> None:
    positions = Positions()
    positions.want(CHESS, None)
    assert positions.refused_by(Problem("throttled", "Too fast.", client_id="a", conversation_id=CHESS)) is None
    positions.subscribed(Subscribed(CHESS, 4))
    assert positions.refused_by(Problem("no_such_conversation", "There is none.", conversation_id=CHESS)) is None


async def test_after_the_end_of_a_socket_what_had_begun_is_still_wanted() -> None:
    positions = Positions()
    await heard_from(positions, CHESS, 4)
    waiting = positions.want(CHECKERS, None)
    positions.end(Unreachable("closed"))
    with pytest.raises(Unreachable):
        await waiting.began
    assert list(positions.resumption()) == [Resume({CHESS: 4})]
