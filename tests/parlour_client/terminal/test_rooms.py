"""What a conversation shows, whatever comes in which order."""

from datetime import UTC, datetime, timedelta

from parlour_client.frames import Read, SomeoneTypes
from parlour_client.happenings import Deleted, Edited, Message, Withheld
from parlour_client.terminal.rooms import Room

ADA, BEN = 1, 2
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def room(last: int = 0) -> Room:
    return Room(1, "ben", [BEN], 0, last)


def message(number: int, text: str = "hello", sender: int = BEN, client_id: str = "") -> Message:
    return Message(
        conversation_id=1,
        message_id=number,
        message=text,
        sender_id=sender,
        sender="ben",
        timestamp=NOW + timedelta(seconds=number),
        client_id=client_id or str(number),
    )


def edited(number: int, message_id: int, text: str) -> Edited:
    return Edited(
        seq=number,
        conversation_id=1,
        message_id=message_id,
        actor_id=BEN,
        timestamp=NOW,
        client_id=f"e{number}",
        message=text,
    )


def test_what_others_say_is_unread_until_it_is_read() -> None:
    chat = room()
    for event in (message(1), message(2, sender=ADA), edited(3, 1, "Hello"), Withheld(4, 1)):
        chat.hear(event, ADA)
    assert (chat.unread, chat.last) == (1, 4)
    chat.take_position(Read(1, 4, 0, 0))
    assert chat.unread == 0


def test_an_echo_goes_when_it_is_heard() -> None:
    chat = room()
    first, second = chat.says("one"), chat.says("two")
    chat.hear(message(1, "one", ADA, first.client_id), ADA)
    assert chat.echoes == [second]


def test_a_change_that_was_heard_while_an_older_page_was_on_its_way_is_not_lost() -> None:
    chat = room(last=2)
    chat.begin_reading()
    chat.hear(edited(3, 1, "Hello"), ADA)
    deleted = Deleted(seq=4, conversation_id=1, message_id=2, actor_id=BEN, timestamp=NOW, client_id="d")
    chat.hear(deleted, ADA)
    chat.join([message(1), message(2)], whole=True)
    assert [(one.message, one.deleted) for one in chat.messages.values()] == [("Hello", False), ("", True)]


def test_earlier_pages_come_before_what_is_there() -> None:
    chat = room()
    chat.hear(message(9), ADA)
    chat.begin_reading()
    chat.join([message(7), message(8), message(9)], whole=False)
    assert (list(chat.messages), chat.first, chat.from_start) == ([7, 8, 9], 7, False)


def test_who_types_is_shown_until_they_have_said_it_or_some_seconds_have_passed() -> None:
    chat = room()
    chat.learn_who_types(SomeoneTypes(1, BEN, "ben", typing=True, expires_in=6), now=100.0)
    assert chat.who_types(105.0) == ["ben"]
    assert chat.who_types(106.5) == []
    chat.hear(message(1), ADA)
    assert chat.who_types(101.0) == []
