"""What is shown is text, whoever has written it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parlour_client.happenings import Message
from parlour_client.terminal.wording import message_line, printable, size_of, time_of, typing_line

ESCAPES = {chr(code) for code in [*range(32), *range(0x7F, 0xA0)]} - {"\n"}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.text())
def test_no_text_commands_the_terminal(text: str) -> None:
    assert not ESCAPES & set(printable(text))
    assert len(printable(text)) == len(text)


def test_joined_emoji_and_every_script_stay_as_they_are() -> None:
    for text in ("👩\u200d👩\u200d👧", "می\u200cروم", "Привіт", "你好", "one\ntwo"):
        assert printable(text) == text


def test_a_message_says_when_who_and_what_was_done_to_it() -> None:
    message = Message(
        conversation_id=1,
        message_id=1,
        message="[bold]Hello[/bold]",
        sender_id=1,
        sender="ada",
        timestamp=datetime.now(UTC),
        client_id="a",
        edited_at=NOW,
        reactions={"👍": [2, 3]},
    )
    assert str(message_line(message, me=1))[6:] == "ada [bold]Hello[/bold] (edited) 👍 2 ✓"
    assert str(message_line(message, me=2))[6:] == "ada [bold]Hello[/bold] (edited) 👍 2"


def test_the_day_is_shown_unless_it_is_today() -> None:
    assert len(time_of(NOW, NOW)) == len("12:00")
    assert time_of(NOW - timedelta(days=30), NOW).split()[1:3] == ["Oct", "2026"]


def test_one_types_and_several_type() -> None:
    assert typing_line(["ben"]) == "ben is typing…"
    assert typing_line(["ben", "cleo"]) == "ben, cleo are typing…"
    assert typing_line([]) == ""


@pytest.mark.parametrize(
    ("size", "shown"), [(5, "5 B"), (1536, "1.5 KiB"), (25 * 1024**2, "25 MiB"), (3 * 1024**4, "3072 GiB")]
)
def test_a_size_is_short(size: int, shown: str) -> None:
    assert size_of(size) == shown
